"""What every kind of service owes, as a workbook. Source: contracts, "Workbooks"."""

from scoring.files.workbook_out import NewWorkbook
from scoring.kinds.obligations import Obligations, map_columns, map_rows
from scoring.rules.model import Rules
from scoring.workbooks.about import about


def obligations_workbook(rules: Rules, owed: Obligations) -> bytes:
    """The map as the bytes of an .xlsx: About, and Map with the rows and columns of the CSV."""
    what = "What every kind of service owes, as drafted and as amended: a row for every distinct profile and measure of its code."
    book = NewWorkbook("Obligations: MCM Scorecard", about(rules, what, owed.regimes.adopted))
    book.table("Map", map_columns(owed), map_rows(owed))
    return book.finished()
