"""The pieces of a portfolio file, checked cell by cell: names, profiles and grades to be scored, and every problem found.

Source: contracts, "Portfolio input".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from scoring.files.guard import meant
from scoring.kinds.grid import Grid
from scoring.portfolio.file_in import NOTE, SERVICE, Columns, Piece, Problem, records, refuse_unreadable
from scoring.score.assessment import allowed_grades
from scoring.score.tally import GRADES, NOT_FEASIBLE, NOT_FEASIBLE_CODE, UNANSWERED_CODE, grade_code

if TYPE_CHECKING:
    import pyarrow as pa

_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_NO_CHARACTER = ("\ufffe".encode(), "\uffff".encode())


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
        self.found += [
            Problem(row, column, value, allowed) for row, value in zip(self.rows[places].tolist(), values, strict=True)
        ]


def checked(piece: Piece, columns: Columns, grid: Grid, repeated: Mapping[int, int] | None = None) -> Services:
    """Read a piece and check its every cell.

    repeated: row within the piece -> the earlier row of the file that has its service's name.
    Raises PortfolioError, its rows counted within the piece, where what is there is not UTF-8.
    """
    from scoring.portfolio import arrow

    refuse_unreadable(piece)
    table, height, rows, ragged = _table(piece, columns)
    faults = _Faults(rows)
    faults.found += ragged
    names = _names(table[SERVICE], faults)
    again = repeated or {}
    for place, earlier in zip(
        np.searchsorted(rows, np.array([*again], dtype=rows.dtype)).tolist(), again.values(), strict=True
    ):
        faults.add(
            np.array([place]), SERVICE, [names[place].as_py()], f"each name once; row {earlier} has this one already"
        )
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
        piece.number,
        piece.start,
        height,
        rows if whole else rows[good],
        names if whole else names.take(arrow.array(good)),
        profile if whole else profile[good],
        grades if whole else grades[:, good],
        problems,
        rows[named],
        fingerprints(names)[named],
    )


def names_of(piece: Piece, columns: Columns, rows: np.ndarray) -> list[tuple[int, str]]:
    """The services' names in these rows of a piece, with the rows."""
    table, _, there, _ = _table(piece, columns)
    names = _names(table[SERVICE], _Faults(there))
    wanted = np.searchsorted(there, rows)
    return [(int(there[place]), names[place].as_py()) for place in wanted.tolist()]


def _table(piece: Piece, columns: Columns) -> tuple[dict[str, "pa.StringArray"], int, np.ndarray, list[Problem]]:
    """What the piece's cells say, by column; its height; the row of each service; rows with too few or too many cells."""
    import pyarrow as pa
    from pyarrow import csv as csv_files

    from scoring.portfolio import arrow

    ragged: list[Problem] = []

    def too_few_or_many(row: csv_files.InvalidRow) -> str:
        allowed = f"{row.expected_columns}, one for each column of the header"
        ragged.append(
            Problem(row.number, "", f"{row.actual_columns} cell{'s' if row.actual_columns > 1 else ''}", allowed)
        )
        return "skip"

    table = csv_files.read_csv(
        pa.BufferReader(piece.data),
        read_options=csv_files.ReadOptions(
            column_names=list(columns.names), block_size=len(piece.data) + 1, use_threads=False
        ),
        parse_options=csv_files.ParseOptions(
            newlines_in_values=piece.quoted, ignore_empty_lines=False, invalid_row_handler=too_few_or_many
        ),
        convert_options=csv_files.ConvertOptions(
            column_types={name: pa.string() for name in columns.names}, check_utf8=False
        ),
    )
    height = len(table) + len(ragged)
    rows = np.arange(1, height + 1, dtype=np.int32)
    if ragged:
        rows = np.delete(rows, [each.row - 1 for each in ragged])
    cells = {
        name: column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays([*column.chunks, arrow.texts([])])
        for name, column in zip(table.column_names, table.columns, strict=True)
    }
    blank = _blank_lines(piece, cells[SERVICE], rows)
    if len(blank):
        stays = np.delete(np.arange(len(rows)), blank)
        cells, rows = {name: column.take(arrow.array(stays)) for name, column in cells.items()}, rows[stays]
    if b"'" in piece.data:  # which every guard against formulas is
        cells = {name: _meant(column) for name, column in cells.items()}
    return cells, height, rows, ragged


def _meant(column: "pa.StringArray") -> "pa.StringArray":
    """What the cells say: guards that a spreadsheet needed are taken off, whatever column they stand in."""
    from pyarrow import compute

    from scoring.portfolio import arrow

    data, places = arrow.buffers(column)
    if b"'" not in bytes(data[places[0] : places[-1]]):
        return column
    perhaps = compute.match_substring_regex(column, r"(^|\W)'")  # a guard stands at the beginning or behind a separator
    said = arrow.texts([meant(cell) for cell in column.filter(perhaps).to_pylist()])
    return compute.replace_with_mask(column, perhaps, said)


def _blank_lines(piece: Piece, services: "pa.StringArray", rows: np.ndarray) -> np.ndarray:
    """The places of rows that are blank lines (and not rows of empty cells)."""
    from scoring.portfolio.arrow import buffers

    empty = np.flatnonzero(np.diff(buffers(services)[1]) == 0)
    if not len(empty):
        return empty
    blank = {number for number, cells in enumerate(records(piece.data), start=1) if not cells}
    return np.array([place for place in empty.tolist() if int(rows[place]) in blank], dtype=np.int64)


# --------------------------------------------------------------------------------------------------- columns
def _text(column: "pa.StringArray", name: str, faults: _Faults) -> None:
    """Text holds no control characters besides tabs and line ends, and nothing that Unicode keeps from being a character."""
    from scoring.portfolio.arrow import buffers

    data, places = buffers(column)
    data = data[places[0] : places[-1]]
    odd = (data < 32) & (data != 9) & (data != 10) & (data != 13) | (data == 127)
    if odd.any() or any(each in bytes(data) for each in _NO_CHARACTER):
        found = [(place, value) for place, value in enumerate(column.to_pylist()) if _NOT_TEXT.search(value)]
        faults.add(
            np.array([place for place, _ in found], dtype=np.int64),
            name,
            [value for _, value in found],
            "letters, signs, tabs and line ends",
        )


def _names(column: "pa.StringArray", faults: _Faults) -> "pa.StringArray":
    """The services' names, trimmed: not empty, and text."""
    from pyarrow import compute

    from scoring.portfolio.arrow import buffers

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

    from scoring.portfolio import arrow

    known = arrow.texts(values)
    quick = _by_length(column, tuple(values))
    if quick is None:
        found = compute.index_in(column, value_set=known)
        numbers = arrow.numbers(found)
        places = arrow.places(found.is_null()) if found.null_count else np.zeros(0, dtype=np.int64)
    else:
        numbers, places = quick
    if not len(places):
        return numbers
    rest = compute.index_in(compute.utf8_trim_whitespace(column.take(arrow.array(places))), value_set=known)
    trimmed = arrow.numbers(rest).copy()
    trimmed[arrow.places(rest.is_null())] = len(values)
    numbers = numbers.copy()
    numbers[places] = trimmed
    return numbers


WORD, LONGEST = 8, 16
"""Bytes that are compared at once, and of the longest value that two such comparisons see whole."""


@lru_cache(maxsize=64)
def _lengths(values: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None:
    """By a cell's bytes: the place of the only value so long, its first word, its last, and what of the first counts.

    None where two values are equally long, or one longer than LONGEST.
    """
    encoded = [value.encode() for value in values]
    sizes = [len(each) for each in encoded]
    if len(set(sizes)) < len(sizes) or max(sizes) > LONGEST:
        return None
    place = np.full(LONGEST + 2, len(values), dtype=np.int32)
    first, last = np.ones(
        (2, LONGEST + 2), dtype=np.uint64
    )  # where there is no value: 1, which nothing is under a mask of 0
    mask = np.zeros(LONGEST + 2, dtype=np.uint64)
    for number, (text, size) in enumerate(zip(encoded, sizes, strict=True)):
        place[size], mask[size] = number, (1 << 8 * min(size, WORD)) - 1
        first[size], last[size] = (int.from_bytes(part, "little") for part in (text[:WORD], text[-WORD:]))
    return place, first, last, mask


def _by_length(column: "pa.StringArray", values: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray] | None:
    """As `_numbers` for cells that are a value to the byte, and the places of those that are not; None where it cannot be told so.

    Its length says which value a cell may be, and one or two comparisons whether it is: no branch a cell, so that
    the order in which the values come costs nothing.
    """
    from scoring.portfolio.arrow import buffers

    known = _lengths(values)
    if known is None or column.null_count:
        return None
    data, places = buffers(column)
    if int(places[-1]) > LONGEST * len(
        column
    ):  # for columns of long text, and a bound on the memory that the words take
        return None
    place, first, last, mask = known
    sizes = np.diff(places)
    padded = np.concatenate([data[: places[-1]], np.zeros(WORD, dtype=np.uint8)])
    words = np.ascontiguousarray(np.ndarray((len(padded) - WORD + 1,), dtype="<u8", buffer=padded, strides=(1,)))
    wrong = (words.take(places[:-1]) & mask.take(sizes, mode="clip")) != first.take(sizes, mode="clip")
    long = np.flatnonzero(sizes > WORD)
    if len(long):
        wrong[long] |= words.take(places[1:].take(long) - WORD) != last.take(sizes.take(long), mode="clip")
    return place.take(sizes, mode="clip"), np.flatnonzero(wrong)


def _profiles(table: Mapping[str, "pa.StringArray"], columns: Columns, grid: Grid, faults: _Faults) -> np.ndarray:
    """The place of each service's profile in the grid; a fact that is asked has to be there and known."""
    from scoring.portfolio import arrow

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
                values = (
                    table[fact.id].take(arrow.array(places)).to_pylist() if fact.id in table else [""] * len(places)
                )
                faults.add(places, fact.id, values, ", ".join(fact.value_ids()))
    return place[of].astype(np.int32)


def _grades(table: Mapping[str, "pa.StringArray"], columns: Columns, faults: _Faults, count: int) -> np.ndarray:
    """The grades to be scored, as grade codes; not feasible without a justification is unanswered, and a column that is not there is."""
    from pyarrow import compute

    from scoring.portfolio import arrow

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
            faults.add(
                places,
                requirement.id,
                table[requirement.id].take(arrow.array(places)).to_pylist(),
                f"{', '.join(allowed)}, or empty",
            )
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
    from scoring.portfolio.arrow import buffers

    data, places = buffers(names)
    starts, lengths = places[:-1].astype(np.int64), np.diff(places)
    words = np.ndarray(
        (len(data) + 1,), dtype="<u8", buffer=np.concatenate([data, np.zeros(8, dtype=np.uint8)]), strides=(1,)
    )
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
        digest = blake2b(data[places[place] : places[place + 1]].tobytes(), digest_size=8).digest()
        mixed[place] = int.from_bytes(digest, "little")
    return mixed
