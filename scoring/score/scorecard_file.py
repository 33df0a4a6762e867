"""The scorecard as a CSV file, and what the cells of one mean. Source: contracts, "Scorecard (CSV)"."""

from dataclasses import astuple

from scoring.files.guard import guarded, unguarded
from scoring.files.table_out import BOM, csv_line
from scoring.score.scorecard import COLUMNS, Row, Scorecard

TYPED_BY_USER = ("service", "note")


def csv_bytes(card: Scorecard) -> bytes:
    """The scorecard as a CSV file: UTF-8 with BOM, header row, LF line ends."""
    return (BOM + "".join(map(csv_line, [COLUMNS, *map(cells, card.rows)]))).encode()


def cells(row: Row) -> tuple[str, ...]:
    """A row as the cells of the file, in the order of COLUMNS."""
    return tuple(_cell(name, value) for name, value in zip(COLUMNS, astuple(row), strict=True))


def _cell(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "" if value is None else str(value)
    return guarded(text) if name in TYPED_BY_USER else text


def text_of(name: str, cell: str) -> str:
    """What a cell of a column says: where a user typed it, without what guards it."""
    return unguarded(cell) if name in TYPED_BY_USER else cell
