"""A file of services to fill in, as a workbook with drop-downs: empty, or with the made-up ones. Source: contracts, "Portfolio input"."""

import csv
import io

from scoring.files.workbook_out import NewWorkbook, ToFill, fitting
from scoring.portfolio.columns import SERVICE
from scoring.rules.model import Rules
from scoring.score.assessment import all_requirements, allowed_grades
from scoring.workbooks.about import about

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
