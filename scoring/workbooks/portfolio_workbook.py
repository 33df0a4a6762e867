"""The scores of many services as a workbook. Source: contracts, "Workbooks"."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from scoring.files.guard import guarded
from scoring.files.table_in import Source
from scoring.files.workbook_out import Column, NewWorkbook
from scoring.kinds.obligations import obligations
from scoring.portfolio.check import Checked
from scoring.portfolio.problems import Problem
from scoring.portfolio.read import Progress, Reading, read
from scoring.portfolio.score import by_measure, by_service, score
from scoring.portfolio.tables import PortfolioRefused
from scoring.rules.model import Recommendation, Regimes, Rules
from scoring.workbooks.about import about

MOST_SERVICES = 20_000
_TOO_MANY = f"a workbook takes up to {MOST_SERVICES:,} services: use the CSV, which takes any number"


class TooManyServices(ValueError):
    """More services than a workbook of them may have; the message says what to use instead."""


@dataclass(frozen=True)
class Sheet:
    """A table as it is computed elsewhere: the names of its columns, and its rows of text and numbers."""

    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


def portfolio_workbook(
    rules: Rules,
    adopted: tuple[Recommendation, ...],
    services: Sheet,
    of_measures: Sheet,
    problems: Sheet | None = None,
) -> bytes:
    """The portfolio as the bytes of an .xlsx: About, Services, By measure, and Problems where there are any.

    services: two rows a service, one a regime, as in the portfolio's CSV. Raises TooManyServices beyond 20,000 services.
    """
    rows = list(islice(services.rows, 2 * MOST_SERVICES + 1))
    if len(rows) > 2 * MOST_SERVICES:
        raise TooManyServices(_TOO_MANY)
    what = "The scores of many services: two rows a service, as drafted and as amended; and one row for each of its measures."
    book = NewWorkbook("Portfolio: MCM Scorecard", about(rules, what, adopted))
    book.table("Services", [Column(column) for column in services.columns], rows)
    book.table("By measure", [Column(column) for column in of_measures.columns], of_measures.rows)
    if problems is not None and (listed := list(problems.rows)):
        book.table("Problems", [Column(column) for column in problems.columns], listed)
    return book.finished()


def portfolio_as_workbook(
    rules: Rules,
    source: Source,
    regimes: Regimes,
    bad_rows_left_out: bool = False,
    progress: Progress | None = None,
    matched: Mapping[str, str] | None = None,
) -> tuple[bytes, Reading]:
    """Score a file of services; the bytes of an .xlsx, and what is known of the file. matched: as `expected` takes it.

    Raises PortfolioRefused where there are bad rows that are not to be left out, PortfolioError for a file that cannot be read at all, and
    TooManyServices.
    """
    owed = obligations(rules, regimes)
    services: list[pd.DataFrame] = []
    measures: list[pd.DataFrame] = []
    readings: list[Reading] = []

    def take(_: pd.DataFrame, checked: Checked) -> None:
        if readings[0].scored > MOST_SERVICES:
            raise TooManyServices(_TOO_MANY)
        services.append(by_service(score(checked.services, owed)))
        measures.append(by_measure(checked.services, owed))

    reading = read(rules, source, owed, readings.append, take, progress, matched)
    if reading.problems and not bad_rows_left_out:
        raise PortfolioRefused(tuple(reading.problems), reading.problem_count)
    problems = Sheet(("Row", "Column", "Value", "Allowed"), _problem_rows(reading.problems))
    return portfolio_workbook(rules, regimes.adopted, _sheet(services), _sheet(measures), problems), reading


def _sheet(pieces: list[pd.DataFrame]) -> Sheet:
    """The pieces of a table one below the other; where nothing is owed, a score is an empty cell."""
    return Sheet(
        list(pieces[0].columns), (_cells(row) for piece in pieces for row in piece.itertuples(index=False, name=None))
    )


def _cells(row: Sequence[object]) -> list[object]:
    """A row's cells. The name of a service is guarded, for whoever saves the sheet as CSV."""
    name, *figures = row
    return [guarded(str(name)), *map(_figure, figures)]


def _figure(value: object) -> object:
    """A figure as the CSV has it: nothing where there is none, a share with four decimals."""
    if value is None or value != value:
        return None
    return round(value, 4) if isinstance(value, float) else value


def _problem_rows(problems: Iterable[Problem]) -> Iterator[tuple[object, ...]]:
    for problem in problems:
        yield problem.row, problem.column, guarded(problem.value), problem.allowed
