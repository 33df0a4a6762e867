"""A portfolio file, read in pieces and checked cell by cell: one row a service, with its facts, grades and notes.

How rows are counted: the first row under the header is row 1, and a blank line counts (it is passed over). A
spreadsheet counts the header too, so that messages give both numbers.

What is refused whole, whatever else it holds: a file that is not UTF-8, has no rows, has an unknown, repeated or
missing `service` column, or quotation marks that do not pair up. What is an error of its row: everything else.
Source: contracts, "Portfolio input".
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from scoring.assessment import all_requirements, allowed_grades
from scoring.engine import GRADES, NOT_FEASIBLE, NOT_FEASIBLE_CODE, UNANSWERED_CODE, grade_code
from scoring.grid import Grid
from scoring.model import Requirement, Rules

if TYPE_CHECKING:
    import pyarrow as pa

Source = Path | bytes | BinaryIO
"""A file by its path, its bytes, or an open one that can be read again from its start."""

SERVICE = "service"
NOTE = ".note"
PIECE = 4 * 1024 * 1024
"""Bytes that are read at a time."""
STRIP = 32 * 1024
"""Bytes that are looked through at a time."""
LONGEST_ROW = 16 * 1024 * 1024
"""Bytes."""
_BOM = b"\xef\xbb\xbf"
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


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
        what = f"{self.column!r} is {_shown(self.value)}" if self.column else self.value
        return f"{_place(self.row)}: {what}; allowed: {self.allowed}"


def _shown(value: str) -> str:
    if not value.strip():
        return "empty"
    return repr(value) if len(value) <= 60 else f"{value[:57]!r}... ({len(value):,} characters)"


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
    unknown = [f"column {place} is {_shown(name)}" for place, name in enumerate(names, start=1) if name not in allowed]
    if unknown:
        more = f" (and {len(unknown) - 20} more)" if len(unknown) > 20 else ""
        split = "; cells have to be separated by commas" if len(names) == 1 and re.search(r"[;\t]", names[0]) else ""
        raise PortfolioError(f"header: unknown columns: {', '.join(unknown[:20])}{more}{split}; allowed: {said}")
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise PortfolioError(f"header: repeated columns: {', '.join(map(repr, twice))}; allowed: each column once")
    if SERVICE not in names:
        raise PortfolioError(f"header: the column {SERVICE!r} is missing; allowed: {said}")
    return Columns(rules, tuple(each.id for each in requirements), names)


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


def length(source: Source) -> int:
    """Bytes in all."""
    if isinstance(source, Path):
        try:
            return source.stat().st_size
        except OSError as error:
            raise PortfolioError(f"cannot be read: {error.strerror}") from None
    return len(source) if isinstance(source, bytes) else source.seek(0, io.SEEK_END)


def pieces(file: BinaryIO, rules: Rules, requirements: Sequence[Requirement], piece: int = PIECE) -> tuple[Columns, Iterator[Piece]]:
    """The columns that the header names, and then the rows, some at a time.

    requirements: those that are to be scored; the others are checked all the same.
    Raises PortfolioError for a file without a header that can be used.
    """
    start = file.read(len(_BOM))
    skipped = len(_BOM) if start == _BOM else 0
    held = b"" if skipped else start
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise PortfolioError("is not UTF-8 text: it looks like UTF-16; allowed: CSV in UTF-8")
    end = b"\n"
    while True:
        more = file.read(piece)
        held += more
        cut = _row_end(held, end, first=True)
        if cut is None and not more and end == b"\n" and b"\r" in held:
            end, cut = b"\r", _row_end(held, b"\r", first=True)
        if cut is not None or not more:
            break
        if end not in held and b"\r" in held:
            end = b"\r"
        if len(held) > LONGEST_ROW:
            raise PortfolioError(f"header: is longer than {LONGEST_ROW:,} bytes; allowed: a CSV file whose first row names the columns")
    header = held if cut is None else held[:cut]
    try:
        text = header.decode()
        cells = next(csv.reader(io.StringIO(text, newline=""), strict=True), [])
    except UnicodeDecodeError:
        raise PortfolioError("header: is not UTF-8 text; allowed: CSV in UTF-8") from None
    except csv.Error as error:
        raise PortfolioError(f"header: is not CSV: {error}; allowed: a first row that names the columns, with commas between them") from None
    if not held.strip():
        raise PortfolioError(f"is empty; allowed: a first row that names the columns ({SERVICE!r} among them), and a row for each service")
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
        data = data[:cut]
        yield Piece(number, start, data, b'"' in data)
        number, start, wanted = number + 1, start + cut, size


def _full(file: BinaryIO, size: int) -> bytes:
    """As many bytes as are wanted; fewer only at the end of the file."""
    data = file.read(size)
    while data and len(data) < size:
        more = file.read(size - len(data))
        if not more:
            break
        data += more
    return data


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
    """True where as many quotation marks begin a cell as end one, and there are no others: the usual file, told quickly."""
    begin = end = count = 0
    for strip in _strips(b"\n" + data + b"\n", overlap=1):
        marks = strip == ord('"')
        between = (strip == ord(",")) | (strip == ord("\n")) | (strip == ord("\r"))
        begin += int(np.count_nonzero(marks[1:] & between[:-1]))
        end += int(np.count_nonzero(marks[:-1] & between[1:]))
        count += int(np.count_nonzero(marks[1:]))
    return begin == end and begin + end == count


def _strips(data: bytes | memoryview, overlap: int = 0) -> Iterator[np.ndarray]:
    """The characters of a piece, so many at a time that what is worked out from them stays close at hand."""
    characters = np.frombuffer(data, dtype=np.uint8)
    for start in range(0, max(len(characters) - overlap, 1), STRIP):
        yield characters[start:start + STRIP + overlap]


def _stray_quote(data: bytes) -> tuple[int, str] | None:
    """The first quotation mark that neither begins nor ends a cell nor is doubled inside one: its row, and what is wrong."""
    characters = np.frombuffer(data, dtype=np.uint8)
    marks = np.flatnonzero(characters == ord('"'))
    begins, ends = marks[::2], marks[1::2]
    border = np.zeros(256, dtype=bool)
    border[[ord(","), ord("\n"), ord("\r")]] = True
    good = border[characters[begins - 1]]  # before the first character stands the last one, which is a line end, or nothing to speak of
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
    return 1 + _records(data[:at]), f"{what}; allowed: a cell that holds one is put in quotation marks whole, and each one in it is doubled"


# ---------------------------------------------------------------------------------------------------- checked
@dataclass(frozen=True)
class Services:
    """The services of one piece that can be scored, one element or column each.

    rows: int32, the row of each within the piece (from 1); names; profile: int32, its place in the grid; grades: int8,
    the requirements in question x services, as grade codes.
    height: rows of the piece, blank and bad ones included. problems: with rows within the piece. read: the rows whose
    service name could be read, and `fingerprints` of those names.
    """

    piece: int
    start: int
    height: int
    rows: np.ndarray
    names: "pa.StringArray"
    profile: np.ndarray
    grades: np.ndarray
    problems: tuple[Problem, ...]
    read: np.ndarray
    fingerprints: np.ndarray


@dataclass
class _Faults:
    """The problems of a piece as they are found, and which of its services have one."""

    rows: np.ndarray
    found: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bad = np.zeros(len(self.rows), dtype=bool)

    def add(self, places: np.ndarray, column: str, values: Sequence[str], allowed: str) -> None:
        self.bad[places] = True
        self.found += [Problem(row, column, value, allowed) for row, value in zip(self.rows[places].tolist(), values, strict=True)]


def checked(piece: Piece, columns: Columns, grid: Grid, repeated: Mapping[int, int] | None = None) -> Services:
    """Read a piece and check its every cell.

    repeated: row within the piece -> the earlier row of the file that has its service's name.
    Raises PortfolioError, its rows counted within the piece, where what is there is not UTF-8.
    """
    from scoring import arrow

    stray = _stray_quote(piece.data) if piece.quoted and not _marks_in_pairs(piece.data) else None
    if stray:
        row, what = stray
        raise PortfolioError(what, row)
    if piece.too_long:
        raise PortfolioError(f"is longer than {LONGEST_ROW:,} bytes; allowed: shorter rows", 1)
    table, height, rows, ragged = _table(piece, columns)
    faults = _Faults(rows)
    faults.found += ragged
    names = _names(table[SERVICE], faults)
    for row, earlier in (repeated or {}).items():
        place = np.flatnonzero(rows == row)
        faults.add(place, SERVICE, names.take(arrow.array(place)).to_pylist(), f"each name once; row {earlier} has this one already")
    profile = _profiles(table, columns, grid, faults)
    grades = _grades(table, columns, faults, len(rows))
    for name in columns.names:
        if name.endswith(NOTE):
            _text(table[name], name, faults)
    good = np.flatnonzero(~faults.bad)
    whole = len(good) == len(rows)
    order = columns.place
    problems = tuple(sorted(faults.found, key=lambda each: (each.row, order.get(each.column, len(order)))))
    named = np.flatnonzero(np.diff(arrow.buffers(names)[1]) > 0)
    return Services(
        piece.number, piece.start, height, rows if whole else rows[good], names if whole else names.take(arrow.array(good)), profile if whole else profile[good],
        grades if whole else grades[:, good], problems, rows[named], fingerprints(names)[named],
    )


def names_of(piece: Piece, columns: Columns, rows: np.ndarray) -> list[tuple[int, str]]:
    """The services' names in these rows of a piece, with the rows."""
    table, _, there, _ = _table(piece, columns)
    names = _names(table[SERVICE], _Faults(there))
    wanted = np.flatnonzero(np.isin(there, rows))
    return [(int(there[place]), names[place].as_py()) for place in wanted.tolist()]


def _table(piece: Piece, columns: Columns) -> tuple[dict[str, "pa.StringArray"], int, np.ndarray, list[Problem]]:
    """The piece's cells by column, its height, the row of each service, and the rows with too few or too many cells."""
    import pyarrow as pa
    from pyarrow import csv as csv_files

    from scoring import arrow

    if not piece.data.isascii():
        try:
            piece.data.decode()
        except UnicodeDecodeError as error:
            raise PortfolioError(f"is not UTF-8 text (byte {error.object[error.start]:#x}); allowed: CSV in UTF-8", 1 + _records(piece.data[:error.start])) from None
    ragged: list[Problem] = []

    def too_few_or_many(row: csv_files.InvalidRow) -> str:
        allowed = f"{row.expected_columns}, one for each column of the header"
        ragged.append(Problem(row.number, "", f"{row.actual_columns} cell{'s' if row.actual_columns > 1 else ''}", allowed))
        return "skip"

    table = csv_files.read_csv(
        pa.BufferReader(piece.data),
        read_options=csv_files.ReadOptions(column_names=list(columns.names), block_size=len(piece.data) + 1, use_threads=False),
        parse_options=csv_files.ParseOptions(newlines_in_values=piece.quoted, ignore_empty_lines=False, invalid_row_handler=too_few_or_many),
        convert_options=csv_files.ConvertOptions(column_types={name: pa.string() for name in columns.names}, check_utf8=False),
    )
    height = len(table) + len(ragged)
    rows = np.arange(1, height + 1, dtype=np.int32)
    if ragged:
        rows = np.delete(rows, [each.row - 1 for each in ragged])
    cells = {name: column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays([*column.chunks, arrow.texts([])])
             for name, column in zip(table.column_names, table.columns, strict=True)}
    blank = _blank_lines(piece, cells[SERVICE], rows)
    if len(blank):
        stays = np.setdiff1d(np.arange(len(rows)), blank)
        cells, rows = {name: column.take(arrow.array(stays)) for name, column in cells.items()}, rows[stays]
    return cells, height, rows, ragged


def _blank_lines(piece: Piece, services: "pa.StringArray", rows: np.ndarray) -> np.ndarray:
    """The places of rows that are blank lines (and not rows of empty cells)."""
    from scoring.arrow import buffers

    empty = np.flatnonzero(np.diff(buffers(services)[1]) == 0)
    if not len(empty):
        return empty
    blank = {number for number, cells in enumerate(records(piece.data), start=1) if not cells}
    return np.array([place for place in empty.tolist() if int(rows[place]) in blank], dtype=np.int64)


def records(data: bytes) -> Iterator[list[str]]:
    """The rows of a piece as lists of cells, a blank line as an empty one."""
    longest = csv.field_size_limit(LONGEST_ROW)
    try:
        yield from csv.reader(io.StringIO(data.decode(), newline=""))
    finally:
        csv.field_size_limit(longest)


def _records(data: bytes) -> int:
    """How many rows end in `data`, as far as it goes."""
    characters = np.frombuffer(data, dtype=np.uint8)
    ends = np.flatnonzero(characters == (10 if b"\n" in data else 13))
    return int((np.searchsorted(np.flatnonzero(characters == ord('"')), ends) % 2 == 0).sum())


# --------------------------------------------------------------------------------------------------- columns
def _text(column: "pa.StringArray", name: str, faults: _Faults) -> None:
    """Text holds no control characters besides tabs and line ends."""
    from scoring.arrow import buffers

    data, places = buffers(column)
    odd = (data < 32) & (data != 9) & (data != 10) & (data != 13) | (data == 127)
    if odd[places[0]:places[-1]].any():
        found = [(place, value) for place, value in enumerate(column.to_pylist()) if _NOT_TEXT.search(value)]
        faults.add(np.array([place for place, _ in found], dtype=np.int64), name, [value for _, value in found], "letters, signs, tabs and line ends")


def _names(column: "pa.StringArray", faults: _Faults) -> "pa.StringArray":
    """The services' names, trimmed: not empty, and text."""
    from pyarrow import compute

    from scoring.arrow import buffers

    data, places = buffers(column)
    full = np.diff(places) > 0
    ends = np.concatenate([data[places[:-1][full]], data[places[1:][full] - 1]])
    if ((ends <= 32) | (ends >= 128)).any():
        column = compute.utf8_trim_whitespace(column)
        data, places = buffers(column)
        full = np.diff(places) > 0
    if not full.all():
        empty = np.flatnonzero(~full)
        faults.add(empty, SERVICE, [""] * len(empty), "a name that no other row has")
    _text(column, SERVICE, faults)
    return column


def _numbers(column: "pa.StringArray", values: Sequence[str]) -> np.ndarray:
    """The place of each cell, trimmed, among `values` (int32); their number where it is none of them. Case counts."""
    from pyarrow import compute

    from scoring import arrow

    known = arrow.texts(values)
    found = compute.index_in(column, value_set=known)
    if not found.null_count:
        return arrow.numbers(found)
    places = arrow.places(found.is_null())
    rest = compute.index_in(compute.utf8_trim_whitespace(column.take(arrow.array(places))), value_set=known)
    trimmed = arrow.numbers(rest).copy()
    trimmed[arrow.places(rest.is_null())] = len(values)
    found_numbers = arrow.numbers(found).copy()
    found_numbers[places] = trimmed
    return found_numbers


def _profiles(table: Mapping[str, "pa.StringArray"], columns: Columns, grid: Grid, faults: _Faults) -> np.ndarray:
    """The place of each service's profile in the grid; a fact that is asked has to be there and known."""
    from scoring import arrow

    facts, count = columns.rules.facts, len(faults.rows)
    if not count:
        return np.zeros(0, dtype=np.int32)
    kinds = np.zeros(count, dtype=np.int64)
    sizes = [len(fact.values) + 2 for fact in facts]
    for fact, size in zip(facts, sizes, strict=True):
        kinds *= size
        if fact.id in table:
            kinds += _numbers(table[fact.id], ("", *fact.value_ids()))
    distinct = arrow.array(kinds).dictionary_encode()
    given = np.array(np.unravel_index(arrow.numbers(distinct.dictionary), sizes))
    place, fault = grid.find(given)
    of = arrow.numbers(distinct.indices)
    if fault.any():
        for fact, at_fault in zip(facts, fault, strict=True):
            places = np.flatnonzero(at_fault[of])
            if len(places):
                values = table[fact.id].take(arrow.array(places)).to_pylist() if fact.id in table else [""] * len(places)
                faults.add(places, fact.id, values, ", ".join(fact.value_ids()))
    return place[of].astype(np.int32)


def _grades(table: Mapping[str, "pa.StringArray"], columns: Columns, faults: _Faults, count: int) -> np.ndarray:
    """The grades to be scored, as grade codes; not feasible without a justification is unanswered, and a column that is not there is."""
    from pyarrow import compute

    from scoring import arrow

    cells = ("", *GRADES)
    code = np.array([*(grade_code(cell, "a justification") for cell in cells), UNANSWERED_CODE], dtype=np.int8)
    grades = np.full((len(columns.scored), count), UNANSWERED_CODE, dtype=np.int8)
    rows = dict(zip(columns.scored, grades, strict=True))
    for requirement in columns.requirements:
        if requirement.id not in table:
            continue
        found = _numbers(table[requirement.id], cells)
        allowed = allowed_grades(requirement)
        refused = np.array([cell not in ("", *allowed) for cell in cells] + [True])
        highest = int(found.max(initial=0))
        if refused[: highest + 1].any():
            places = np.flatnonzero(refused[found])
            faults.add(places, requirement.id, table[requirement.id].take(arrow.array(places)).to_pylist(), f"{', '.join(allowed)}, or empty")
        row = rows.get(requirement.id)
        if row is None:
            continue
        np.take(code, found, out=row)
        if NOT_FEASIBLE in allowed:
            places = np.flatnonzero(row == NOT_FEASIBLE_CODE)
            notes = table.get(requirement.id + NOTE)
            if notes is not None and len(places):
                justified = compute.utf8_trim_whitespace(notes.take(arrow.array(places)))
                places = places[np.diff(arrow.buffers(justified)[1]) == 0]
            row[places] = UNANSWERED_CODE
    return grades


# ----------------------------------------------------------------------------------------------- the names
def fingerprints(names: "pa.StringArray") -> np.ndarray:
    """A number (uint64) for each name: equal names have equal ones, and different names all but surely different ones."""
    from scoring.arrow import buffers

    data, places = buffers(names)
    starts, lengths = places[:-1].astype(np.int64), np.diff(places)
    words = np.ndarray((len(data) + 1,), dtype="<u8", buffer=np.concatenate([data, np.zeros(8, dtype=np.uint8)]), strides=(1,))
    kept = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)
    prime, other = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
    mixed = lengths.astype(np.uint64) * other
    short = np.flatnonzero(lengths <= 256)
    for step in range(0, int(lengths[short].max(initial=0)), 8):
        here = short if step == 0 else short[lengths[short] > step]
        word = words[starts[here] + step] & kept[np.minimum(lengths[here] - step, 8)]
        value = (mixed[here] ^ word) * prime
        mixed[here] = (value ^ (value >> np.uint64(29))) * other
    for place in np.flatnonzero(lengths > 256).tolist():
        digest = blake2b(data[places[place]:places[place + 1]].tobytes(), digest_size=8).digest()
        mixed[place] = int.from_bytes(digest, "little")
    return mixed
