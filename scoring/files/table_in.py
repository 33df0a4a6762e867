"""Every table of text that somebody brings, as CSV in whatever form a spreadsheet left it: read in pieces, as cells of text.

Nothing here knows a rule: whoever knows the columns hands them in. Rows are numbered as `text_in` says.
What is regular is read by pyarrow. What is not (rows that end early, stray quotation marks, blanks before them, other
encodings) is gone through with the csv module, row by row, which alone refuses. Source: contracts, "Files as spreadsheets leave them".
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial, reduce
from typing import TYPE_CHECKING, BinaryIO

from scoring.files.header import BLANKS, RESAVED, SEPARATORS, Expected, Header, header, is_blank
from scoring.files.text_in import LONGEST_ROW, Rows, Source, TableError, csv_rows, in_utf_8, unchanging

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["BLANKS", "LONGEST_ROW", "Expected", "Source", "Table", "TableError", "csv_rows", "open_table"]

BLOCK = 4 * 1024 * 1024
"""Bytes that are read at a time."""
ROWS = 50_000
"""Rows in a piece at most."""
SURPLUS = "surplus"
"""The key of a piece's `attrs` under which cells beyond the last column stand: row number -> cells."""


@dataclass(frozen=True)
class _Piece:
    """Some rows: their numbers, a column of text for each column of the header, and the cells beyond the last one by row."""

    numbers: Sequence[int]
    columns: list[pa.Array]
    surplus: dict[int, list[str]]


@dataclass(frozen=True)
class Table:
    """A table of text: its columns, and its rows in pieces."""

    _header: Header
    _expected: Expected
    _read: Callable[[int], Iterator[_Piece]]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of the file: the id of each known one, else what is written. Those without a name are left out."""
        return tuple(name for name in self._header.names if name)

    def pieces(self, rows: int = ROWS) -> Iterator[pd.DataFrame]:
        """The rows in order, at most `rows` at a time: a column of text for each of `columns`, indexed by the number of the row.

        A cell is never missing: "" is what an empty one holds, and one that a row which ends early does not have.
        Blank rows are passed over. Cells beyond the last column stand under `attrs[SURPLUS]`, where one of them is not blank.
        Raises TableError, with the row, where rows or characters cannot be told apart, or a column without a name holds something.
        """
        for piece in self._read(rows):
            frame = self._tidy(piece)
            if len(frame):
                yield frame

    def _tidy(self, piece: _Piece) -> pd.DataFrame:
        """The rows of a piece that are not blank, their cells trimmed, without the columns that have no name."""
        import pyarrow as pa
        from pyarrow import compute

        trimmed = [compute.utf8_trim(column, BLANKS) for column in piece.columns]
        full = [compute.not_equal(column, "") for column in trimmed]
        for place, name in enumerate(self._header.names):
            if not name and compute.any(full[place]).as_py():
                at = full[place].index(True).as_py()
                what = f"column {place + 1} has no name and is {trimmed[place][at].as_py()!r}"
                raise TableError(f"{what}; allowed: a name for each column that holds something", piece.numbers[at])
        kept = [
            column if name in self._expected.as_typed else plain
            for name, column, plain in zip(self._header.names, piece.columns, trimmed, strict=True)
            if name
        ]
        frame = pa.table(kept, names=list(self.columns)).to_pandas()
        frame.index = piece.numbers
        blank = reduce(compute.or_, full)
        if not compute.all(blank).as_py():
            frame = frame[blank.to_numpy(zero_copy_only=False)]
        frame.attrs[SURPLUS] = piece.surplus
        return frame


@contextmanager
def open_table(source: Source, expected: Expected) -> Iterator[Table]:
    """The table that a file holds.

    Raises TableError where the file is no such table, and where it was written to while it was open.
    """
    with unchanging(source) as given, in_utf_8(given) as (file, start, separator):
        readings = {sign: Rows(file, start, sign, 0) for sign in ([separator] if separator else SEPARATORS)}
        named = header(readings, expected)
        above = Rows(file, start, named.separator, 0)
        next(number for number, _ in above if number == named.number)
        yield Table(named, expected, partial(_text_pieces, file, named, above.position))


# ------------------------------------------------------------------------------------------------------- CSV
def _text_pieces(file: BinaryIO, header: Header, start: int, most: int) -> Iterator[_Piece]:
    """The rows from an offset on, at most so many at a time: quickly as long as they are regular, then row by row."""
    number, size, width = header.number + 1, BLOCK, len(header.names)
    while True:
        file.seek(start)
        data = file.read(size)
        block = _whole_rows(data, len(data) < size)
        if not block and len(data) < size:
            return
        if max(block.count(b"\n"), block.count(b"\r")) > most:
            size //= 2
            continue
        if not block or not _is_regular(block, header.separator):
            yield from _row_by_row(Rows(file, start, header.separator, number), width, most)
            return
        columns = _quickly(block, header.separator, width)
        if columns:
            yield _Piece(range(number, number + len(columns[0])), columns, {})
            number += len(columns[0])
        else:
            rows = Rows(io.BytesIO(block), 0, header.separator, number)
            yield from _row_by_row(rows, width, most)
            number = rows.number
        start, size = start + len(block), min(2 * size, BLOCK)


def _whole_rows(data: bytes, is_last: bool) -> bytes:
    """The rows that are whole in some data which begins with a row: up to a line end outside quotation marks; nothing where there is none."""
    if is_last:
        return data.rstrip(b"\x1a")
    end = b"\n" if b"\n" in data else b"\r"
    cut = len(data) - 1  # behind a carriage return at the very end, a line feed may follow
    inside = data.count(b'"', 0, cut) % 2
    while (place := data.rfind(end, 0, cut)) >= 0:
        inside ^= data.count(b'"', place, cut) % 2
        if not inside:
            return data[: place + 1]
        cut = place
    return b""


def _is_regular(data: bytes, separator: str) -> bool:
    """Whether each cell is quoted whole or holds no quotation mark, so that every program reads the same rows and cells."""
    import pyarrow as pa
    from pyarrow import compute

    if b'"' not in data:
        return True
    sign = re.escape(separator)
    pattern = rf'^(?:(?:"(?:[^"]|"")*"|[^"{sign}\r\n]*)(?:[{sign}\r\n]|$))*$'
    return compute.match_substring_regex(pa.array([data], pa.large_binary()), pattern)[0].as_py()


def _quickly(data: bytes, separator: str, width: int) -> list[pa.Array] | None:
    """The columns of regular rows. None where a row has too few or too many cells, or something is not UTF-8."""
    import pyarrow as pa
    from pyarrow import csv

    names = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(column_names=names, block_size=len(data) + 1),
            parse_options=csv.ParseOptions(delimiter=separator, newlines_in_values=True, ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.large_string())),
        )
    except pa.ArrowInvalid:
        return None
    return [column.combine_chunks() for column in table.columns]


def _row_by_row(rows: Iterable[tuple[int, list[str]]], width: int, most: int) -> Iterator[_Piece]:
    """Rows of any number of cells, at most so many at a time, made as wide as the header."""
    import pyarrow as pa

    numbers: list[int] = []
    cells: list[list[str]] = []
    surplus: dict[int, list[str]] = {}
    held = 0

    def piece() -> _Piece:
        columns = zip(*cells, strict=True) if cells else [()] * width
        return _Piece(numbers, [pa.array(column, pa.large_string()) for column in columns], surplus)

    for number, row in rows:
        if is_blank(row):
            continue
        if is_blank(row[1:]) and width > 2 and row[0].count(",") >= width - 1:
            raise TableError(RESAVED, number)
        if not is_blank(row[width:]):
            surplus[number] = row[width:]
        numbers.append(number)
        cells.append(row[:width] + [""] * (width - len(row)))
        held += sum(map(len, row))
        if len(numbers) == most or held > BLOCK:
            yield piece()
            numbers, cells, surplus, held = [], [], {}, 0
    if numbers:
        yield piece()
