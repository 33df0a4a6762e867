"""Every table of text that somebody brings, as CSV or as a workbook, in whatever form a spreadsheet left it: read in pieces, as cells of text.

Nothing here knows a rule: whoever knows the columns hands them in. Rows are numbered as `text_in` says.
What is regular is read by pyarrow. What is not (rows that end early, stray quotation marks, blanks before them, other
encodings) is gone through with the csv module, row by row, which alone refuses. Source: contracts, "Files as spreadsheets leave them".
"""

from __future__ import annotations

import io
import re
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from scoring.files.header import BLANKS, RESAVED, SEPARATORS, Expected, Header, header, is_blank, refuse_other
from scoring.files.messages import abridged
from scoring.files.text_in import LONGEST_ROW, Rows, Source, TableError, in_utf_8, unchanging
from scoring.files.workbook_in import Workbook, WorkbookError, is_workbook, open_workbook

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    _Quick = tuple[int, pd.DataFrame]

__all__ = ["BLANKS", "SURPLUS", "Expected", "Source", "Table", "TableError", "open_table"]

BLOCK = 8 * 1024 * 1024
"""Bytes that are read at a time."""
ROWS = 50_000
"""Rows in a piece, and lines in a block, at most."""
AHEAD = 2
"""Blocks that are read ahead, each in a thread of its own, while whoever asked works on a piece."""
SURPLUS = "surplus"
"""The key of a piece's `attrs` under which cells beyond the last column stand: row number -> cells."""


@dataclass(frozen=True)
class Table:
    """A table of text: its columns, and its rows in pieces.

    columns: in the order of the file: the id of each known one, else what is written. Those without a name are left out.
    """

    columns: tuple[str, ...]
    _pieces: Callable[[int], Iterator[pd.DataFrame]]

    def pieces(self, rows: int = ROWS) -> Iterator[pd.DataFrame]:
        """The rows in order, at most `rows` at a time: a column of text (as categories) for each of `columns`, indexed by the number of the row.

        A cell is never missing: "" is what an empty one holds, and one that a row which ends early does not have.
        Blank rows are passed over. Cells beyond the last column stand under `attrs[SURPLUS]`, where one of them is not blank.
        Raises TableError, with the row, where rows or characters cannot be told apart, or a column without a name holds something.
        """
        return (piece for piece in self._pieces(rows) if len(piece))


@contextmanager
def open_table(source: Source, expected: Expected) -> Iterator[Table]:
    """The table that a file holds.

    Raises TableError where the file is no such table, and where it was written to while it was open.
    """
    with unchanging(source) as given:
        given.seek(0)
        if is_workbook(given.read(4)):
            given.seek(0)
            yield _of_workbook(given, expected)
            return
        with in_utf_8(given) as (file, start, separator):
            readings = {sign: Rows(file, start, sign, 0) for sign in ([separator] if separator else SEPARATORS)}
            named = header(readings, expected)
            above = Rows(file, start, named.separator, 0)
            next(number for number, _ in above if number == named.number)
            shape = _Shape(named, expected)
            yield Table(shape.columns, partial(_text_pieces, file, shape, above.position))


@dataclass(frozen=True)
class _Shape:
    """How the rows of a table become frames: its header, and what is known of its columns."""

    header: Header
    expected: Expected

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in self.header.names if name)

    @property
    def width(self) -> int:
        return len(self.header.names)

    def frame(self, cells: Sequence[pa.Array], numbers: Sequence[int]) -> pd.DataFrame:
        """The rows that are not blank, their cells trimmed, without the columns that have no name. cells: column by column.

        A column keeps each text that it has once, since most have few: as pandas' categories.
        """
        import pyarrow as pa
        from pyarrow import compute

        cells = [column if pa.types.is_dictionary(column.type) else column.dictionary_encode() for column in cells]
        trimmed = [_trimmed(column) for column in cells]
        for place, name in enumerate(self.header.names):
            at = -1 if name else compute.index(_is_empty(trimmed[place]), False).as_py()
            if at >= 0:
                what = f"column {place + 1} has no name and is {abridged(trimmed[place][at].as_py())}"
                raise TableError(f"{what}; allowed: a name for each column that holds something", numbers[at])
        kept = [
            column if name in self.expected.as_typed else plain
            for name, column, plain in zip(self.header.names, cells, trimmed, strict=True)
            if name
        ]
        frame = pa.table(kept, names=list(self.columns)).to_pandas()
        frame.index = numbers
        frame.attrs[SURPLUS] = {}
        blank = _is_empty(trimmed[0])
        for column in trimmed[1:]:
            if not compute.any(blank).as_py():
                return frame
            blank = compute.and_(blank, _is_empty(column))
        return frame[~blank.to_numpy(zero_copy_only=False)]


def _trimmed(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """A column with each of its texts trimmed."""
    import pyarrow as pa
    from pyarrow import compute

    texts = compute.utf8_trim(column.dictionary, BLANKS)
    if texts.equals(column.dictionary):
        return column
    again = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(column.indices), again.dictionary)


def _is_empty(column: pa.DictionaryArray) -> pa.BooleanArray:
    """In which rows a column holds no text."""
    import pyarrow as pa
    from pyarrow import compute

    return compute.equal(column.indices, compute.index(column.dictionary, pa.scalar("", pa.large_string())).as_py())


# ------------------------------------------------------------------------------------------------------- CSV
def _text_pieces(file: BinaryIO, shape: _Shape, start: int, most: int) -> Iterator[pd.DataFrame]:
    """The rows from an offset on, at most so many at a time: quickly as long as they are regular, then row by row."""
    number, separator = shape.header.number + 1, shape.header.separator
    for begin, block, quick in _read_ahead(_blocks(file, start), shape):
        if quick:
            height, frame = quick
            frame.index += number
            yield from (frame[first : first + most] for first in range(0, len(frame), most))
            number += height
        elif block and _is_regular(block, separator):
            rows = Rows(io.BytesIO(block), 0, separator, number, past_blanks=False)
            yield from _row_by_row(rows, shape, most)
            number = rows.number
        else:
            yield from _row_by_row(Rows(file, begin, separator, number), shape, most)
            return


def _read_ahead(blocks: Iterator[tuple[int, bytes]], shape: _Shape) -> Iterator[tuple[int, bytes, _Quick | None]]:
    """Each block in order with where it begins and what `_quickly` makes of it; some are worked on before they are asked for."""
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[tuple[int, bytes, Future[_Quick | None]]] = deque()
    with ThreadPoolExecutor(AHEAD) as pool:
        for begin, block in blocks:
            waiting.append((begin, block, pool.submit(_quickly, shape, block)))
            if len(waiting) > AHEAD:
                begin, block, result = waiting.popleft()
                yield begin, block, result.result()
        for begin, block, result in waiting:
            yield begin, block, result.result()


def _blocks(file: BinaryIO, start: int) -> Iterator[tuple[int, bytes]]:
    """Where each block begins, and its rows, all of them whole; a block without rows where the end of none can be told.

    A block has few enough lines that the frame of them is small, however short they are.
    """
    size, larger = BLOCK, b""
    while True:
        file.seek(start)
        data = file.read(size)
        block = _whole_rows(data, len(data) < size) or larger
        if not block and len(data) < size:
            return
        if not block and size < LONGEST_ROW:
            size *= 2
        elif block is not larger and max(block.count(b"\n"), block.count(b"\r")) > ROWS:
            larger, size = block, size // 2
        else:
            yield start, block
            if not block:
                return
            start, size, larger = start + len(block), min(2 * size, BLOCK), b""


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


def _is_regular(block: bytes, separator: str) -> bool:
    """Whether each cell is quoted whole or holds no quotation mark, so that every program reads the same rows and cells."""
    import pyarrow as pa
    from pyarrow import compute

    sign = re.escape(separator)
    pattern = rf'^(?:(?:"(?:[^"]|"")*"|[^"{sign}\r\n]*)(?:[{sign}\r\n]|$))*$'
    return b'"' not in block or compute.match_substring_regex(pa.array([block], pa.large_binary()), pattern)[0].as_py()


def _quickly(shape: _Shape, block: bytes) -> _Quick | None:
    """How many rows there are in a block, and those that are not blank, numbered from 0. None for what has to be read row by row."""
    import pyarrow as pa
    from pyarrow import csv

    names = [str(place) for place in range(shape.width)]
    if not block or block.startswith(BOM_UTF8) or not _is_regular(block, shape.header.separator):
        return None  # pyarrow would take a byte order mark that a cell begins with for the file's own
    try:
        table = csv.read_csv(
            pa.BufferReader(block),
            read_options=csv.ReadOptions(column_names=names, block_size=len(block) + 1, use_threads=False),
            parse_options=csv.ParseOptions(
                delimiter=shape.header.separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.dictionary(pa.int32(), pa.large_string()))
            ),
        )
        return len(table), shape.frame([column.combine_chunks() for column in table.columns], range(len(table)))
    except (pa.ArrowInvalid, TableError):
        return None


# -------------------------------------------------------------------------------------------------- row by row
def _of_workbook(file: BinaryIO, expected: Expected) -> Table:
    """The table on the sheet that is expected, or on the first where there is none of that name."""
    try:
        book = open_workbook(file)
    except WorkbookError as error:
        raise TableError(str(error)) from None
    sheet = next((name for name in book.sheets if name.casefold() == expected.sheet.casefold()), book.sheets[0])
    named = header({",": _sheet_rows(book, sheet)}, expected)
    for other in [] if expected.known(named.names) else book.sheets:  # which of them tells what the file is
        refuse_other(next((cells for _, cells in _sheet_rows(book, other) if not is_blank(cells)), [""]), expected)
    shape = _Shape(named, expected)

    def pieces(most: int) -> Iterator[pd.DataFrame]:
        under = ((number, row) for number, row in _sheet_rows(book, sheet) if number > shape.header.number)
        return _row_by_row(under, shape, most)

    return Table(shape.columns, pieces)


def _sheet_rows(book: Workbook, sheet: str) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from enumerate(book.rows(sheet))
    except WorkbookError as error:
        raise TableError(str(error)) from None


def _row_by_row(rows: Iterable[tuple[int, list[str]]], shape: _Shape, most: int) -> Iterator[pd.DataFrame]:
    """Rows of any number of cells, at most so many at a time, made as wide as the header."""
    numbers: list[int] = []
    cells: list[list[str]] = []
    held = 0
    for number, row in rows:
        if is_blank(row):
            continue
        if is_blank(row[1:]) and shape.width > 2 and row[0].count(",") >= shape.width - 1:
            raise TableError(RESAVED, number)
        numbers.append(number)
        cells.append(row)
        held += sum(map(len, row))
        if len(numbers) == most or held > BLOCK:
            yield _frame(cells, numbers, shape)
            numbers, cells, held = [], [], 0
    if numbers:
        yield _frame(cells, numbers, shape)


def _frame(rows: Sequence[list[str]], numbers: Sequence[int], shape: _Shape) -> pd.DataFrame:
    """Rows of any number of cells as a frame: what is missing is empty, and what is beyond the last column stands in its attrs."""
    import pyarrow as pa

    width = shape.width
    whole = [row[:width] + [""] * (width - len(row)) for row in rows]
    frame = shape.frame([pa.array(column, pa.large_string()) for column in zip(*whole, strict=True)], numbers)
    beyond = {number: row[width:] for number, row in zip(numbers, rows, strict=True) if not is_blank(row[width:])}
    frame.attrs[SURPLUS] = beyond
    return frame
