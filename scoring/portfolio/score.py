"""Many services at once: read, checked, scored and written piece by piece, so that a file may be of any length.

What each kind of service owes is resolved once (`obligations`); a service's score is `engine.tally` under that mask,
the same sum as that of a single scorecard. Source: rulebook, section 4; contracts, "Portfolio output".
"""

import os
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from scoring.kinds.obligations import EXEMPT, Obligations, Owed
from scoring.portfolio.check import Services, checked, names_of
from scoring.portfolio.file_in import (
    Columns,
    Piece,
    PortfolioError,
    Problem,
    Source,
    length,
    opened,
    pieces,
    refuse_cut_short,
    unchanging,
)
from scoring.rules.model import Rules
from scoring.score.tally import FULL, STATUSES, Tally, status_codes, tally

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told, now and then, how many bytes of how many are done."""
MOST_PROBLEMS = 100_000
"""How many problems are kept in full; all are counted."""
MET, SILENT = STATUSES.index("met"), STATUSES.index("unanswered")


# ------------------------------------------------------------------------------------------------- the scoring
@dataclass(frozen=True)
class Totals:
    """Sums over a service's measures under one regime, one element a service. Source: rulebook, section 4."""

    measures_applying: np.ndarray
    measures_met: np.ndarray
    points: np.ndarray
    out_of: np.ndarray
    unanswered: np.ndarray
    measures_unanswered: np.ndarray

    @property
    def shortfall(self) -> np.ndarray:
        """Points known to be missing."""
        return self.out_of - self.points - FULL * self.unanswered

    @property
    def possible_shortfall(self) -> np.ndarray:
        """Points that would be missing if everything unanswered were not in place."""
        return self.out_of - self.points

    @property
    def score_low(self) -> np.ndarray:
        """Points as a share of `out_of`; not a number where nothing is owed."""
        return _share(self.points, self.out_of)

    @property
    def score_high(self) -> np.ndarray:
        """The share there would be if everything unanswered were met; not a number where nothing is owed."""
        return _share(self.points + FULL * self.unanswered, self.out_of)

    @property
    def bound(self) -> np.ndarray:
        """Which services a measure applies to."""
        return self.measures_applying > 0

    @property
    def meeting(self) -> np.ndarray:
        """Which services meet every measure that applies to them, one at least."""
        return self.bound & (self.measures_met == self.measures_applying)

    @property
    def open(self) -> np.ndarray:
        """Which bound services have unanswered requirements: more may be missing than is known."""
        return self.bound & (self.unanswered > 0)

    @property
    def silent(self) -> np.ndarray:
        """Which bound services have answered nothing that they owe: nothing is known of what is missing."""
        return self.bound & (self.measures_unanswered == self.measures_applying)


def _share(points: np.ndarray, out_of: np.ndarray) -> np.ndarray:
    return np.divide(points, out_of, out=np.full(len(points), np.nan), where=out_of > 0)


@dataclass(frozen=True)
class MeasureResult:
    """One measure for the services of its code: what `engine` gives under each regime, one element a service."""

    place: int
    drafted: Tally
    amended: Tally
    drafted_status: np.ndarray
    amended_status: np.ndarray
    change: np.ndarray


@dataclass(frozen=True)
class CodeResult:
    """The services of one code, by their places in the piece, and their measures in order."""

    services: np.ndarray
    measures: tuple[MeasureResult, ...]


@dataclass(frozen=True)
class Scored:
    """The services of a piece, scored. `code`: int8, the place of each one's code among the grid's codes."""

    services: Services
    code: np.ndarray
    drafted: Totals
    amended: Totals
    codes: tuple[CodeResult, ...]


def scored(services: Services, found: Obligations) -> Scored:
    """Score services under both regimes: each measure is a tally under the mask of what the service's profile owes."""
    count = len(services.rows)
    code = found.grid.code[services.profile]
    totals = np.zeros((2, 6, count), dtype=np.int16)  # regimes x the fields of Totals x services
    codes = []
    for number, code_id in enumerate(found.grid.codes):
        here = np.flatnonzero(code == number)
        if not len(here):
            continue
        profile = services.profile[here]
        results = []
        sums = np.zeros((2, 6, len(here)), dtype=np.int16)
        for place, measure in enumerate(found.measures):
            if measure.code == code_id:
                rows = found.columns[measure.id]
                grades = services.grades[rows] if len(here) == count else services.grades[rows].take(here, axis=1)
                before = _under(found.drafted, place, rows, profile, grades)
                after = _under(found.amended, place, rows, profile, grades)
                for regime, (tallied, status) in enumerate((before, after)):
                    told = (
                        status > EXEMPT,
                        status == MET,
                        tallied.points,
                        tallied.out_of,
                        tallied.unanswered,
                        status == SILENT,
                    )
                    for row, each in zip(sums[regime], told, strict=True):
                        np.add(row, each, out=row, casting="unsafe")
                results.append(
                    MeasureResult(place, before[0], after[0], before[1], after[1], found.change[place].take(profile))
                )
        totals[:, :, here] = sums
        codes.append(CodeResult(here, tuple(results)))
    return Scored(services, code, Totals(*totals[0]), Totals(*totals[1]), tuple(codes))


def _under(side: Owed, place: int, rows: slice, profile: np.ndarray, grades: np.ndarray) -> tuple[Tally, np.ndarray]:
    sums = tally(side.owed[rows].take(profile, axis=1), grades)
    return sums, status_codes(side.standing[place].take(profile), sums)


# ------------------------------------------------------------------------------------------------ piece by piece
@dataclass
class Reading:
    """What is known of a file once it is read: how many rows, what is wrong, where its pieces begin."""

    columns: Columns
    rows: int = 0
    scored: int = 0
    rejected: int = 0
    problem_count: int = 0
    by_column: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    starts: list[tuple[int, int]] = field(default_factory=list)
    named: list[tuple[int, np.ndarray, np.ndarray]] = field(default_factory=list)

    def add(self, services: Services) -> None:
        """Count a piece in. Its rows become rows of the file."""
        self.starts.append((services.start, self.rows))
        self.named.append((services.piece, services.read, services.fingerprints))
        for each in services.problems[: MOST_PROBLEMS - len(self.problems)]:
            self.problems.append(Problem(each.row + self.rows, each.column, each.value, each.allowed))
        self.problem_count += len(services.problems)
        self.by_column.update(each.column for each in services.problems)
        self.rejected += len({each.row for each in services.problems})
        self.rows += services.height
        self.scored += len(services.rows)


Repeated = dict[int, dict[int, int]]
"""Number of a piece -> row within it -> the earlier row of the file with the same service name."""


def read(
    rules: Rules,
    source: Source,
    found: Obligations,
    make: Callable[[Piece, Columns, Scored], T],
    take: Callable[[Reading, Scored, T], None],
    repeated: Repeated | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read, check and score a file; `make` something of each piece, several at a time, and `take` it in the order of the file.

    Raises PortfolioError for a file that cannot be read at all.
    """
    with opened(source) as file, ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        total = length(file)
        file.seek(0)
        columns, rows = pieces(file, rules, found.requirements)
        reading = Reading(columns)

        def work(piece: Piece) -> tuple[Scored, T]:
            result = scored(checked(piece, columns, found.grid, (repeated or {}).get(piece.number)), found)
            return result, make(piece, columns, result)

        for piece, future in _in_order(pool, rows, work):
            try:
                result, made = future.result()
            except PortfolioError as error:
                raise error.below(reading.rows) from None
            reading.add(result.services)
            take(reading, result, made)
            if progress:
                progress(min(total, piece.start + len(piece.data)), total)
        refuse_cut_short(file, total)
    if not reading.rows or not (reading.scored or reading.problem_count):
        raise PortfolioError("has no services; allowed: a row for each service under the header")
    return reading


def _in_order(
    pool: ThreadPoolExecutor, rows: Iterator[Piece], work: Callable[[Piece], T]
) -> Iterator[tuple[Piece, "Future[T]"]]:
    """Work on a few pieces ahead, and no more than that: memory is for these few only."""
    ahead: deque[tuple[Piece, Future[T]]] = deque()
    try:
        for piece in rows:
            ahead.append((piece, pool.submit(work, piece)))
            if len(ahead) > pool._max_workers:
                yield ahead.popleft()
        while ahead:
            yield ahead.popleft()
    finally:
        for _, future in ahead:
            future.cancel()


def repeated_names(source: Source, rules: Rules, found: Obligations, reading: Reading) -> Repeated:
    """The rows whose service an earlier row has. Fingerprints say where to look; the names themselves decide."""
    if not reading.named:
        return {}
    every = np.sort(np.concatenate([prints for _, _, prints in reading.named]))
    twice = every[1:][every[1:] == every[:-1]]
    if not len(twice):
        return {}
    suspects = {
        number: rows[twice[np.searchsorted(twice, prints).clip(max=len(twice) - 1)] == prints]
        for number, rows, prints in reading.named
    }
    above = {number: first for (number, _, _), (_, first) in zip(reading.named, reading.starts, strict=True)}
    first_row: dict[str, int] = {}
    again: Repeated = {}
    with opened(source) as file:
        columns, rows = pieces(file, rules, found.requirements)
        for piece in rows:
            if len(suspects.get(piece.number, ())):
                for row, name in names_of(piece, columns, suspects[piece.number]):
                    earlier = first_row.setdefault(name, above[piece.number] + row)
                    if earlier != above[piece.number] + row:
                        again.setdefault(piece.number, {})[row] = earlier
    return again


def read_whole(
    rules: Rules,
    source: Source,
    found: Obligations,
    make: Callable[[Piece, Columns, Scored], T],
    take: Callable[[Reading, Scored, T], None],
    restart: Callable[[], None],
    progress: Progress | None = None,
) -> Reading:
    """As `read`, services that are there twice found out; the file is then read again, after a call of `restart`."""
    with unchanging(source) as file:  # one file, whatever its name leads to by the time that it is read again
        reading = read(rules, file, found, make, take, progress=progress)
        repeated = repeated_names(file, rules, found, reading)
        if not repeated:
            return reading
        restart()
        return read(rules, file, found, make, take, repeated, progress)
