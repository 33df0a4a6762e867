"""A portfolio file, opened and cut into pieces of whole rows: one row a service, with its facts, grades and notes.

How rows are counted: the first row under the header is row 1, and a blank line counts (it is passed over). A
spreadsheet counts the header too, so that messages give both numbers.

What is refused whole, whatever else it holds: a file that is not UTF-8, has no rows, has an unknown, repeated or
missing `service` column, or quotation marks that do not pair up. What is an error of its row (`portfolio_check`):
everything else. Source: contracts, "Portfolio input".
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np

from scoring.files import file_kinds
from scoring.files.table_in import csv_rows
from scoring.files.unchanged import CHANGED, state
from scoring.rules.model import Requirement, Rules
from scoring.score.assessment import all_requirements

Source = Path | bytes | BinaryIO
"""A file by its path, its bytes, or an open one that can be read again from its start."""

SERVICE = "service"
NOTE = ".note"
PIECE = 4 * 1024 * 1024
"""Bytes that are read at a time."""
STRIP = 128 * 1024
"""Bytes that are looked through at a time."""
LONGEST_ROW = 16 * 1024 * 1024
"""Bytes."""
MOST_ROWS = 128 * 1024
"""Rows that are worked on at a time: what is wrong with them is held until they are done, and a blank row is but one byte."""
LONGEST_SHOWN, LONGEST_LIST = 100, 300
"""Characters of a cell, and of the list of unknown columns but for its last, in a message."""
_BOM = b"\xef\xbb\xbf"


class PortfolioError(ValueError):
    """A file that cannot be read as a portfolio at all; the message says where and what is allowed.

    row: where it is one row that stands in the way, its number; counted within a piece until `below` is asked.
    """

    def __init__(self, what: str, row: int = 0) -> None:
        super().__init__(f"{_place(row)}: {what}" if row else what)
        self.what, self.row = what, row

    def below(self, rows: int) -> "PortfolioError":
        """The same with `rows` more rows above it."""
        return PortfolioError(self.what, self.row + rows if self.row else 0)


def _place(row: int) -> str:
    return f"row {row} (row {row + 1} of a spreadsheet)"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell (or, where `column` is empty, with one row), and what is allowed there."""

    row: int
    column: str
    value: str
    allowed: str

    def in_words(self) -> str:
        """The place and the error in one line; the row also as a spreadsheet counts it."""
        what = f"{self.column!r} is {shown(self.value)}" if self.column else self.value
        return f"{_place(self.row)}: {what}; allowed: {self.allowed}"


def shown(value: str) -> str:
    """A cell in a message: in quotes, or that it is empty; of a long one the beginning."""
    if not value.strip():
        return "empty"
    part = value if len(value) <= 60 else value[:57]
    while len(repr(part)) > LONGEST_SHOWN:  # what does not print is written as escapes
        part = part[:-5]
    return repr(value) if part == value else f"{part!r}... ({len(value):,} characters)"


# --------------------------------------------------------------------------------------------------- columns
@dataclass(frozen=True)
class Columns:
    """The columns of a file: which there may be, and which this one has, in its order. `scored`: the requirements in question."""

    rules: Rules
    scored: tuple[str, ...]
    names: tuple[str, ...]

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """Every requirement that may have a column, whichever recommendations are adopted."""
        return all_requirements(self.rules)

    @cached_property
    def place(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}


def allowed_columns(rules: Rules) -> tuple[str, ...]:
    """Every column that a portfolio file may have, whichever recommendations are adopted."""
    ids = [each.id for each in all_requirements(rules)]
    return (SERVICE, *(fact.id for fact in rules.facts), *ids, *(each + NOTE for each in ids))


def _columns(rules: Rules, requirements: Sequence[Requirement], cells: Sequence[str]) -> Columns:
    names = tuple(cell.strip() for cell in cells)
    allowed = allowed_columns(rules)
    said = f"{', '.join(name for name in allowed if not name.endswith(NOTE))}, and each requirement's id with {NOTE!r} behind it"
    unknown = [place for place, name in enumerate(names) if name not in allowed]
    if unknown:
        between = re.search(r"[;\t]", names[0]) if len(names) == 1 else None
        if between:
            sign = "semicolons" if between[0] == ";" else "tabs"
            raise PortfolioError(
                f"header: the cells are separated by {sign}; cells have to be separated by commas: save the file as CSV with commas; allowed: {said}"
            )
        raise PortfolioError(f"header: unknown columns: {_some(names, unknown)}; allowed: {said}")
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise PortfolioError(f"header: repeated columns: {', '.join(map(repr, twice))}; allowed: each column once")
    if SERVICE not in names:
        raise PortfolioError(f"header: the column {SERVICE!r} is missing; allowed: {said}")
    return Columns(rules, tuple(each.id for each in requirements), names)


def _some(names: Sequence[str], places: Sequence[int]) -> str:
    """The columns at these places in words, as many as a message has room for, and how many more there are."""
    said: list[str] = []
    for place in places:
        said.append(f"column {place + 1} is {shown(names[place])}")
        if sum(map(len, said)) > LONGEST_LIST:
            break
    return ", ".join(said) + (f" (and {len(places) - len(said):,} more)" if len(said) < len(places) else "")


# ---------------------------------------------------------------------------------------------------- pieces
@dataclass(frozen=True)
class Piece:
    """Whole rows of a file as they stand in it; or the beginning of one that is `too_long`."""

    number: int
    start: int
    data: bytes
    quoted: bool
    too_long: bool = False


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The source, from its start. What the caller opened stays open."""
    if isinstance(source, Path):
        try:
            file = source.open("rb")
        except OSError as error:
            raise PortfolioError(f"cannot be read: {error.strerror}") from None
        with file:
            yield file
    elif isinstance(source, bytes):
        yield io.BytesIO(source)
    else:
        source.seek(0)
        yield source


@contextmanager
def unchanging(source: Source) -> Iterator[BinaryIO]:
    """The source, to be read as often as is needed. Raises PortfolioError where it was written to meanwhile."""
    with opened(source) as file:
        before = state(file)
        try:
            yield file
        except Exception:  # whatever it was, it may come of the change
            if state(file) != before:
                raise PortfolioError(CHANGED) from None
            raise
        if state(file) != before:
            raise PortfolioError(CHANGED)


def length(file: BinaryIO) -> int:
    """Bytes in all."""
    try:
        return file.seek(0, io.SEEK_END)
    except OSError as error:
        raise PortfolioError(f"cannot be read: {error.strerror or error}") from None


def refuse_cut_short(file: BinaryIO, total: int) -> None:
    """Raise PortfolioError where the end that was reached is not behind as many bytes as there were at first."""
    if file.tell() != total:
        raise PortfolioError(f"{CHANGED} ({total:,} bytes at first, and {file.tell():,} could be read)")


def pieces(
    file: BinaryIO, rules: Rules, requirements: Sequence[Requirement], piece: int = PIECE
) -> tuple[Columns, Iterator[Piece]]:
    """The columns that the header names, and then the rows, some at a time.

    requirements: those that are to be scored; the others are checked all the same.
    Raises PortfolioError for a file without a header that can be used.
    """
    start = _full(file, max(len(_BOM), file_kinds.LENGTH))
    skipped = len(_BOM) if start.startswith(_BOM) else 0
    held = start[skipped:]
    foreign = file_kinds.not_csv(start)
    if foreign:
        raise PortfolioError(f"{foreign}; allowed: CSV in UTF-8")
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise PortfolioError("is not UTF-8 text: it looks like UTF-16; allowed: CSV in UTF-8")
    end = b"\n"
    while True:
        more = _read(file, piece)
        held += more
        cut = _row_end(held, end, first=True)
        if cut is None and not more and end == b"\n" and b"\r" in held:
            end, cut = b"\r", _row_end(held, b"\r", first=True)
        if cut is not None or not more:
            break
        if end not in held and b"\r" in held:
            end = b"\r"
        if len(held) > LONGEST_ROW:
            raise PortfolioError(
                f"header: is longer than {LONGEST_ROW:,} bytes; allowed: a CSV file whose first row names the columns"
            )
    header = held if cut is None else held[:cut]
    try:
        text = header.decode()
        reader = csv_rows(text, strict=True)
        cells = next(reader, [])
        if next(reader, None) is not None:
            raise PortfolioError(
                "header: ends in a carriage return, and a later row in a line feed; allowed: line ends of one kind"
            )
    except UnicodeDecodeError:
        raise PortfolioError("header: is not UTF-8 text; allowed: CSV in UTF-8") from None
    except csv.Error as error:
        raise PortfolioError(
            f"header: is not CSV: {error}; allowed: a first row that names the columns, with commas between them"
        ) from None
    if not held.strip():
        raise PortfolioError(
            f"is empty; allowed: a first row that names the columns ({SERVICE!r} among them), and a row for each service"
        )
    return _columns(rules, requirements, cells), _rows(file, skipped + len(header), end, piece)


def _rows(file: BinaryIO, start: int, end: bytes, size: int) -> Iterator[Piece]:
    """Pieces of about `size` bytes, from `start` on, each of whole rows."""
    number, wanted = 0, size
    while True:
        file.seek(start)
        data = _full(file, wanted)
        if not data:
            return
        cut = len(data) if len(data) < wanted else _row_end(data, end)
        if cut is None and len(data) > LONGEST_ROW:
            yield Piece(number, start, data, b'"' in data, too_long=True)
            return
        if cut is None:  # a long row
            wanted *= 2
            continue
        data = _fewer(data[:cut], end)
        cut = len(data)
        yield Piece(number, start, data, b'"' in data)
        number, start, wanted = number + 1, start + cut, size


def _fewer(data: bytes, end: bytes) -> bytes:
    """The rows in `data`, or the first of them where they are too many to work on at a time."""
    if data.count(end) <= MOST_ROWS:
        return data
    at = int(np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == ord(end))[MOST_ROWS - 1])
    return data[: _row_end(data[: at + 1], end)]


def _full(file: BinaryIO, size: int) -> bytes:
    """As many bytes as are wanted; fewer only at the end of the file."""
    data = _read(file, size)
    while data and len(data) < size:
        more = _read(file, size - len(data))
        if not more:
            break
        data += more
    return data


def _read(file: BinaryIO, size: int) -> bytes:
    try:
        return file.read(size)
    except OSError as error:
        raise PortfolioError(f"cannot be read: {error.strerror or error}") from None


def _row_end(data: bytes, end: bytes, first: bool = False) -> int | None:
    """Where the last (or the first) row in `data` ends that is there whole: behind a line end outside quotation marks."""
    find, step = (data.find, 1) if first else (data.rfind, -1)
    at = find(end)
    if at < 0 or b'"' not in data:
        return at + 1 if at >= 0 else None
    inside = sum(int(np.count_nonzero(each == ord('"'))) for each in _strips(memoryview(data)[:at])) % 2
    while inside:
        following = find(end, at + 1) if step > 0 else find(end, 0, at)
        if following < 0:
            return None
        inside ^= data.count(b'"', min(at, following), max(at, following)) % 2
        at = following
    return at + 1


def _marks_in_pairs(data: bytes) -> bool:
    """True where each first quotation mark begins a cell and each second one ends it: the usual file, told quickly.

    At the very beginning and the very end of a piece this need not be seen; `_stray_quote` then tells.
    """
    characters = np.frombuffer(data, dtype=np.uint8)
    border = _borders()
    inside = start = 0
    for strip in _strips(memoryview(data)):
        marks = np.flatnonzero(strip == ord('"')) + start
        before = characters.take(marks[inside::2] - 1, mode="wrap")
        behind = characters.take(marks[1 - inside :: 2] + 1, mode="clip")
        if not (border.take(before).all() and border.take(behind).all()):
            return False
        inside ^= len(marks) % 2
        start += len(strip)
    return not inside


def _borders() -> np.ndarray:
    """Which characters stand between cells."""
    border = np.zeros(256, dtype=bool)
    border[[ord(","), ord("\n"), ord("\r")]] = True
    return border


def _strips(data: memoryview) -> Iterator[np.ndarray]:
    """The characters of a piece, so many at a time that what is worked out from them stays close at hand."""
    characters = np.frombuffer(data, dtype=np.uint8)
    for start in range(0, max(len(characters), 1), STRIP):
        yield characters[start : start + STRIP]


def _stray_quote(data: bytes) -> tuple[int, str] | None:
    """The first quotation mark that neither begins nor ends a cell nor is doubled inside one: its row, and what is wrong."""
    characters = np.frombuffer(data, dtype=np.uint8)
    marks = np.flatnonzero(characters == ord('"'))
    begins, ends = marks[::2], marks[1::2]
    border = _borders()
    good = border[
        characters[begins - 1]
    ]  # before the first character stands the last one, which is a line end, or nothing to speak of
    if len(begins) and begins[0] == 0:
        good[0] = True
    good[1:] |= begins[1:] - 1 == ends[: len(begins) - 1]  # doubled
    after = characters[np.minimum(ends + 1, len(data) - 1)]
    well = border[after] | (after == ord('"')) | (ends + 1 == len(data))
    if good.all() and well.all() and len(marks) % 2 == 0:
        return None
    wrong = np.concatenate([begins[~good], ends[~well]])
    at = int(wrong.min()) if len(wrong) else int(marks[-1])
    what = "a quotation mark in the middle of a cell" if len(wrong) else "a quotation mark that is never closed"
    return 1 + _records(
        data[:at]
    ), f"{what}; allowed: a cell that holds one is put in quotation marks whole, and each one in it is doubled"


def refuse_unreadable(piece: Piece) -> None:
    """Raise PortfolioError, its row counted within the piece, where its rows or its characters cannot be told apart."""
    stray = _stray_quote(piece.data) if piece.quoted and not _marks_in_pairs(piece.data) else None
    if stray:
        row, what = stray
        raise PortfolioError(what, row)
    if piece.too_long:
        raise PortfolioError(f"is longer than {LONGEST_ROW:,} bytes; allowed: shorter rows", 1)
    if not piece.data.isascii():
        try:
            piece.data.decode()
        except UnicodeDecodeError as error:
            raise PortfolioError(
                f"is not UTF-8 text (byte {error.object[error.start]:#x}); allowed: CSV in UTF-8",
                1 + _records(piece.data[: error.start]),
            ) from None


def records(data: bytes) -> Iterator[list[str]]:
    """The rows of a piece as lists of cells, a blank line as an empty one."""
    return csv_rows(data.decode())


def _records(data: bytes) -> int:
    """How many rows end in `data`, as far as it goes."""
    characters = np.frombuffer(data, dtype=np.uint8)
    line_feeds = characters == ord("\n")
    returns = characters == ord("\r")
    returns[:-1] &= ~line_feeds[1:]  # the two together are one line end
    ends = np.flatnonzero(line_feeds | returns)
    return int((np.searchsorted(np.flatnonzero(characters == ord('"')), ends) % 2 == 0).sum())
