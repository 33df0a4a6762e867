"""The scores of many services as a workbook. Source: contracts, "Workbooks". It takes rows as others made them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from scoring.files.workbook_out import Column, NewWorkbook
from scoring.rules.model import Recommendation, Rules
from scoring.workbooks.about import about

MOST_SERVICES = 20_000


class TooManyServices(ValueError):
    """More services than a workbook of them may have; the message says what to use instead."""


@dataclass(frozen=True)
class Sheet:
    """A table as it is computed elsewhere: the names of its columns, and its rows of text and numbers."""

    columns: Sequence[str]
    rows: Iterable[Sequence[object]]


def portfolio_workbook(
    rules: Rules, adopted: tuple[Recommendation, ...], services: Sheet, by_measure: Sheet, problems: Sheet | None = None
) -> bytes:
    """The portfolio as the bytes of an .xlsx: About, Services, By measure, and Problems where there are any.

    services: two rows a service, one a regime, as in the portfolio's CSV. Raises TooManyServices beyond 20,000 services.
    """
    rows = list(islice(services.rows, 2 * MOST_SERVICES + 1))
    if len(rows) > 2 * MOST_SERVICES:
        raise TooManyServices(f"a workbook takes up to {MOST_SERVICES:,} services: use the CSV, which takes any number")
    what = "The scores of many services under both texts: two rows a service, one for each text; and one row for each of its measures."
    book = NewWorkbook("Portfolio: MCM Scorecard", about(rules, what, adopted))
    book.table("Services", [Column(column) for column in services.columns], rows)
    book.table("By measure", [Column(column) for column in by_measure.columns], by_measure.rows)
    if problems is not None and (listed := list(problems.rows)):
        book.table("Problems", [Column(column) for column in problems.columns], listed)
    return book.finished()
