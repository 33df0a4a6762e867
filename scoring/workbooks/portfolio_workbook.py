"""Many services as a workbook: their scores, and the file of services to fill in. Source: contracts, "Workbooks" and "Portfolio input"."""

import csv
import io
from collections.abc import Mapping, Sequence

import pandas as pd

from scoring.files.guard import guarded
from scoring.files.table_in import Source
from scoring.files.workbook_out import NewWorkbook, ToFill, fitting
from scoring.portfolio.columns import SERVICE
from scoring.portfolio.read import Reading
from scoring.portfolio.score import by_measure, by_service, score
from scoring.rules.model import Regimes, Rules
from scoring.score.assessment import all_requirements, allowed_grades
from scoring.workbooks.about import about

MOST_SERVICES = 20_000


class TooManyServices(ValueError):
    """More services than a workbook of them may have; the message says what to use instead."""


def portfolio_as_workbook(
    rules: Rules,
    source: Source,
    regimes: Regimes,
    bad_rows_left_out: bool = False,
    matched: Mapping[str, str] | None = None,
) -> tuple[bytes, Reading]:
    """Score a file of services; the bytes of an .xlsx, and what is known of the file. matched: as `expected` takes it.

    It has the sheets About, Services (two rows a service, one a regime, as in the portfolio's CSV), By measure, and Problems where there are any.
    Raises PortfolioRefused where there are bad rows that are not to be left out, PortfolioError for a file that cannot be read at all, and
    TooManyServices beyond 20,000 services.
    """
    reading = Reading(rules, source, regimes, matched or {})
    services: list[pd.DataFrame] = []
    measures: list[pd.DataFrame] = []
    for _, checked in reading.pieces(bad_rows_left_out=bad_rows_left_out):
        if reading.scored > MOST_SERVICES:
            raise TooManyServices(
                f"a workbook takes up to {MOST_SERVICES:,} services: use the CSV, which takes any number"
            )
        services.append(by_service(score(checked.services, reading.owed)))
        measures.append(by_measure(checked.services, reading.owed))
    what = "The scores of many services: two rows a service, as drafted and as amended; and one row for each of its measures."
    book = NewWorkbook("Portfolio: MCM Scorecard", about(rules, what, regimes.adopted))
    for name, pieces in (("Services", services), ("By measure", measures)):
        rows = (_cells(row) for piece in pieces for row in piece.itertuples(index=False, name=None))
        book.table(name, list(pieces[0].columns), rows)
    if reading.problems:
        problems = (
            (problem.row, problem.column, guarded(problem.value), problem.allowed) for problem in reading.problems
        )
        book.table("Problems", ("Row", "Column", "Value", "Allowed"), problems)
    return book.finished(), reading


def _cells(row: Sequence[object]) -> list[object]:
    """A row's cells. The name of a service is guarded, for whoever saves the sheet as CSV."""
    name, *figures = row
    return [guarded(str(name)), *map(_figure, figures)]


def _figure(value: object) -> object:
    """A figure as the CSV has it: nothing where there is none, as of a score where nothing is owed; a share with four decimals."""
    if value is None or value != value:
        return None
    return round(value, 4) if isinstance(value, float) else value


_ROOM = 2_000  # services; beyond, there are no drop-downs


def services_workbook(rules: Rules, services: bytes) -> bytes:
    """A file of services as the bytes of an .xlsx: About, and Services with a drop-down for each fact and grade.

    services: the same as CSV, UTF-8, with a header and the rows there are. Of a note that no cell can hold, the beginning is there.
    """
    header, *rows = csv.reader(io.StringIO(services.decode("utf-8-sig"), newline=""))
    choices = {fact.id: fact.value_ids() for fact in rules.facts}
    choices |= {requirement.id: allowed_grades(requirement) for requirement in all_requirements(rules)}
    what = (
        f"Services to be scored together: a row for each on the sheet Services, with a name that no other has in the column {SERVICE}, its facts and its "
        "grades. Upload it on the page Portfolio."
    )
    book = NewWorkbook("Services: MCM Scorecard", about(rules, what, rules.recommendations))
    columns = [ToFill(name, choices.get(name, ())) for name in header]
    book.table("Services", columns, ([*map(fitting, row)] for row in rows), room=_ROOM)
    return book.finished()
