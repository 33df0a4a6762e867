"""Every table of text that somebody brings, as CSV or as a workbook, in whatever form a spreadsheet left it: read in pieces, as cells of text.

Nothing here knows a rule: whoever knows the columns hands them in. Rows are numbered as `text_in` says.
What is regular is read by pyarrow. What is not (rows that end early, stray quotation marks, blanks before them, other
encodings) is gone through with the csv module, row by row, which alone refuses. Source: contracts, "Files as spreadsheets leave them".
"""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from scoring.files.header import BLANKS, RESAVED, SEPARATORS, Expected, Header, compared, header, is_blank, refuse_other
from scoring.files.messages import abridged
from scoring.files.text_in import Rows, Source, TableError, blocks, in_utf_8, unchanging
from scoring.files.workbook_in import Workbook, WorkbookError, is_workbook, open_workbook

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa

__all__ = ["BLANKS", "SURPLUS", "Expected", "Source", "Table", "TableError", "open_table"]

BLOCK = 8 * 1024 * 1024
"""Bytes that are read at a time."""
ROWS = 50_000
"""Rows in a piece, at most."""
AHEAD = 2
"""Pieces that are read ahead, while whoever asked works on one."""
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
        return _ahead(piece for piece in self._pieces(rows) if len(piece))


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
        """The rows that say something, their cells trimmed, without the columns that have no name. cells: column by column.

        Neither blank rows do, nor those that name the columns again, as where files were put together.
        """
        import pyarrow as pa
        from pyarrow import compute

        given = [self._held(name, column) for name, column in zip(self.header.names, cells, strict=True)]
        trimmed = [_trimmed(column) for column in given]
        for place, name in enumerate(self.header.names):
            at = -1 if name else compute.index(_says(trimmed[place], ""), False).as_py()
            if at >= 0:
                what = f"column {place + 1} has no name and is {abridged(trimmed[place][at].as_py())}"
                raise TableError(f"{what}; allowed: a name for each column that holds something", numbers[at])
        kept = [
            column if name in self.expected.as_typed else plain
            for name, column, plain in zip(self.header.names, given, trimmed, strict=True)
            if name
        ]
        frame = pa.table(kept, names=list(self.columns)).to_pandas()
        frame.index = numbers
        frame.attrs[SURPLUS] = {}
        passed_over = _all_say(trimmed, [""] * self.width) | _all_say(trimmed, self.header.written)
        return frame[~passed_over] if passed_over.any() else frame

    def _held(self, name: str, column: pa.Array) -> pa.Array:
        """A column as it is held: each of its texts once, since most columns have few; unless nearly all of them are distinct."""
        import pyarrow as pa

        plain = name in self.expected.distinct or pa.types.is_dictionary(column.type)
        return column if plain else column.dictionary_encode()


def _trimmed(column: pa.Array) -> pa.Array:
    """A column with each of its texts trimmed."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(column.type):
        return compute.utf8_trim(column, BLANKS)
    texts = compute.utf8_trim(column.dictionary, BLANKS)
    if texts.equals(column.dictionary):
        return column
    again = texts.dictionary_encode()
    return pa.DictionaryArray.from_arrays(again.indices.take(column.indices), again.dictionary)


def _all_say(columns: Sequence[pa.Array], texts: Sequence[str]) -> np.ndarray:
    """In which rows each column holds the text that is given for it."""
    from pyarrow import compute

    said = _says(columns[0], texts[0])
    for column, text in zip(columns[1:], texts[1:], strict=True):
        if not compute.any(said).as_py():
            break
        said = compute.and_(said, _says(column, text))
    return said.to_numpy(zero_copy_only=False)


def _says(column: pa.Array, text: str) -> pa.BooleanArray:
    """In which rows a column holds this text."""
    import pyarrow as pa
    from pyarrow import compute

    if not pa.types.is_dictionary(column.type):
        return compute.equal(column, text)
    return compute.equal(column.indices, compute.index(column.dictionary, pa.scalar(text, pa.large_string())).as_py())


# ------------------------------------------------------------------------------------------------------- CSV
def _text_pieces(file: BinaryIO, shape: _Shape, start: int, most: int) -> Iterator[pd.DataFrame]:
    """The rows from an offset on, at most so many at a time: quickly as long as they are regular, then row by row."""
    import pyarrow as pa

    number, separator = shape.header.number + 1, shape.header.separator
    for begin, block, is_regular in blocks(file, start, separator, BLOCK):
        table = _quickly(shape, block) if is_regular else None
        if table is not None:
            columns = [column.combine_chunks() for column in table.columns]
            if len(table) > most:  # or each piece would have the texts of all
                columns = [column.cast(pa.large_string()) for column in columns]
            for first in range(0, len(table), most):
                cells = [column.slice(first, most) for column in columns]
                yield shape.frame(cells, range(number + first, number + first + len(cells[0])))
            number += len(table)
        elif is_regular:
            rows = Rows(io.BytesIO(block), 0, separator, number, past_blanks=False)
            yield from _row_by_row(rows, shape, most)
            number = rows.number
        else:
            yield from _row_by_row(Rows(file, begin, separator, number), shape, most)
            return


def _ahead(pieces: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """The pieces, some of them made in a thread of its own before they are asked for."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        waiting = deque(pool.submit(next, pieces, None) for _ in range(AHEAD))
        while (piece := waiting.popleft().result()) is not None:
            waiting.append(pool.submit(next, pieces, None))
            yield piece


def _quickly(shape: _Shape, block: bytes) -> pa.Table | None:
    """The rows of a regular block. None where they have not all as many cells as the header, or what is no text."""
    import pyarrow as pa
    from pyarrow import csv

    if block.startswith(BOM_UTF8):  # pyarrow would take one that a cell begins with for the file's own
        return None
    names = [str(place) for place in range(shape.width)]
    types = {
        place: pa.large_string() if name in shape.expected.distinct else pa.dictionary(pa.int32(), pa.large_string())
        for place, name in zip(names, shape.header.names, strict=True)
    }
    try:
        return csv.read_csv(
            pa.BufferReader(block),
            read_options=csv.ReadOptions(column_names=names, block_size=len(block) + 1),
            parse_options=csv.ParseOptions(
                delimiter=shape.header.separator, newlines_in_values=True, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(column_types=types),
        )
    except pa.ArrowInvalid:
        return None


# -------------------------------------------------------------------------------------------------- row by row
def _of_workbook(file: BinaryIO, expected: Expected) -> Table:
    """The table on the sheet that has the expected name, or on the first; where that names no column and one other alone names several, on that."""
    try:
        book = open_workbook(file)
    except WorkbookError as error:
        raise TableError(str(error)) from None
    sheet = next((name for name in book.sheets if compared(name) == compared(expected.sheet)), book.sheets[0])
    if not expected.known(_first_cells(book, sheet)):
        for other in book.sheets:  # which of them tells what the file is
            refuse_other(_first_cells(book, other), expected)
        fitting = [name for name in book.sheets if expected.known(_first_cells(book, name)) > 1]
        sheet = fitting[0] if len(fitting) == 1 else sheet
    named = header({",": _sheet_rows(book, sheet)}, expected)
    shape = _Shape(named, expected)

    def pieces(most: int) -> Iterator[pd.DataFrame]:
        under = ((number, row) for number, row in _sheet_rows(book, sheet) if number > shape.header.number)
        return _row_by_row(under, shape, most)

    return Table(shape.columns, pieces)


def _first_cells(book: Workbook, sheet: str) -> list[str]:
    """The first row of a sheet that is not blank."""
    return next((cells for _, cells in _sheet_rows(book, sheet) if not is_blank(cells)), [""])


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
        if row[0].count(",") >= shape.width - 1 > 1 and is_blank(row[1:]):
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
    whole = [row if len(row) == width else row[:width] + [""] * (width - len(row)) for row in rows]
    frame = shape.frame([pa.array(column, pa.large_string()) for column in zip(*whole, strict=True)], numbers)
    longer = {number: row[width:] for number, row in zip(numbers, rows, strict=True) if len(row) > width}
    frame.attrs[SURPLUS] = {number: cells for number, cells in longer.items() if not is_blank(cells)}
    return frame
