"""The scorecard as a CSV file; and the rows of one that somebody brings. Source: contracts, "Scorecard (CSV)"."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from unicodedata import normalize

from scoring.files.guard import guarded, unguarded
from scoring.files.header import as_words, chosen, compared, plain
from scoring.files.messages import abridged
from scoring.files.table_in import BLANKS, SURPLUS, Expected, Source, TableError, open_table
from scoring.files.table_out import csv_file
from scoring.rules.amend import adopting
from scoring.rules.model import Regimes, Rules
from scoring.rules.profile import live, missing
from scoring.score.assessment import ANSWER, all_requirements
from scoring.score.scorecard import COLUMNS, Row, Scorecard

TYPED_BY_USER = ("service", "note")
_OWED = {"yes": "Yes", "no": "No"}
TEXTS = ("measure_title", "requirement_text", "drafted_because", "amended_because", "source")
"""The columns of sentences and titles, in which capitals count."""
FIGURES = ("_points", "_out_of")
"""How the columns of numbers end."""
_WHOLE_NUMBER = re.compile(r"'?\+?([0-9]{1,100})(?:[.]0*|,0{0,2})?(?:e\+?0+)?( ?%)?", re.IGNORECASE)
"""A whole number, also with decimals, as text, in scientific notation or in per cent."""
_AROUND_FACTS = re.compile(r"\s*([;=])\s*")
SHEET = "Requirements"
"""The sheet of a scorecard's workbook that has the rows of the CSV."""


class ScorecardError(ValueError):
    """A file that cannot be verified; the message names the row, the column and the value, and says what is allowed.

    elsewhere: as in TableError.
    """

    def __init__(self, what: str, elsewhere: str = "") -> None:
        super().__init__(what)
        self.elsewhere = elsewhere


class NotAScorecard(ScorecardError):
    """A table of something else, and of nothing that another page takes. header: what its first row names of the columns of a scorecard."""

    def __init__(self, header: str) -> None:
        super().__init__(f"this is not a scorecard: {header}; allowed: a scorecard, as CSV or as a workbook (.xlsx)")
        self.header = header


def csv_bytes(card: Scorecard) -> bytes:
    """The scorecard as a CSV file: UTF-8 with BOM, header row, LF line ends."""
    return csv_file([COLUMNS, *map(row_cells, card.rows)])


def row_cells(row: Row) -> tuple[str, ...]:
    """A row as the cells of the file, in the order of COLUMNS."""
    return tuple("" if value is None else str(value) for value in row_values(row))


def row_values(row: Row) -> tuple[str | int | None, ...]:
    """A row in the order of COLUMNS, with numbers as numbers. What a user typed is guarded, for whoever saves a sheet of a workbook as CSV too."""
    said = {True: "yes", False: "no"}
    return tuple(
        guarded(value) if name in TYPED_BY_USER else said[value] if isinstance(value, bool) else value
        for name, value in zip(COLUMNS, astuple(row), strict=True)
    )


def text_of(name: str, cell: str) -> str:
    """What a cell of a column says: where a user typed it, without what guards it."""
    return unguarded(cell) if name in TYPED_BY_USER else cell


# ------------------------------------------------------------------------------------------------- reading
@dataclass(frozen=True)
class FileRow:
    """A row of a scorecard's file: its number, as a spreadsheet counts with the header as row 1, and its cells by column."""

    number: int
    cells: dict[str, str]


def read_rows(rules: Rules, source: Source) -> list[FileRow]:
    """The rows of a scorecard that somebody brings, as CSV or as a workbook, in whatever form a spreadsheet left it.

    Raises ScorecardError where it is no scorecard, has no rows, has a column too few or too many, or more rows than a scorecard can have.
    No more rows are held than that, whatever the file has.
    """
    portfolio = (
        "a file of services (a portfolio), which Portfolio takes; allowed: a scorecard, as CSV or as a workbook (.xlsx)"
    )
    elsewhere = {fact.id: portfolio for fact in rules.facts}
    titles = {as_words(column): column for column in COLUMNS}
    expected = Expected("a scorecard", COLUMNS, titles, SHEET, TYPED_BY_USER, elsewhere)
    most = len(all_requirements(rules))
    rows: list[FileRow] = []
    try:
        with open_table(source, expected) as table:
            _check_header(table.columns)
            for piece in table.pieces():
                for row, cells in piece.attrs[SURPLUS].items():
                    width = len(table.columns)
                    raise ScorecardError(
                        f"row {row + 1} has {width + len(cells)} cells; allowed: {width}, as many as there are columns"
                    )
                for row, *texts in piece.itertuples(name=None):
                    rows.append(FileRow(row + 1, dict(zip(table.columns, texts, strict=True))))
                if len(rows) > most:
                    raise _too_many(rows, most)
    except TableError as error:
        raise ScorecardError(f"row {error.row + 1}: {error}" if error.row else str(error), error.elsewhere) from None
    if not rows:
        raise ScorecardError("the file has no rows; a scorecard has a row for each requirement")
    return rows


def _check_header(header: Sequence[str]) -> None:
    absent = [column for column in COLUMNS if column not in header]
    if len(absent) > len(COLUMNS) / 2:
        raise NotAScorecard(
            f"its first row names {len(COLUMNS) - len(absent)} of the {len(COLUMNS)} columns that one has ({', '.join(COLUMNS[:4])} and so on)"
        )
    if absent:
        raise ScorecardError(
            f"row 1: the column {', '.join(absent)} is missing; a scorecard has the columns {', '.join(COLUMNS)}"
        )
    for column in header:
        if column not in COLUMNS:
            raise ScorecardError(f"row 1: unknown column {abridged(column)}; allowed: {', '.join(COLUMNS)}")
        if header.count(column) > 1:
            raise ScorecardError(
                f"row 1: the column {column} is there {header.count(column)} times; each column is allowed once"
            )


def _too_many(rows: Sequence[FileRow], most: int) -> ScorecardError:
    """That there are more rows than a scorecard can have: those of a second service, where there is one."""
    first = as_compared("service", rows[0].cells["service"])
    for row in rows:
        if as_compared("service", row.cells["service"]) != first:
            return second_service(row)
    return ScorecardError(
        f"row {rows[most].number} is one too many; a scorecard has a row for each requirement, {most} at most"
    )


def second_service(row: FileRow) -> ScorecardError:
    """That a row is another service's."""
    named = abridged(row.cells["service"])
    return ScorecardError(
        f"row {row.number}, column service: {named}; allowed: rows of one service: this row is a second one's"
    )


def as_compared(column: str, cell: str) -> str:
    """What of a cell is compared: text without its guards, sentences as they sound, figures as numbers, grades by id or word, and ids whatever their capitals."""
    if column in TYPED_BY_USER:
        return normalize("NFC", unguarded(cell.strip(BLANKS)).strip(BLANKS))
    if column in TEXTS:
        return plain(cell)
    figure = _WHOLE_NUMBER.fullmatch(plain(cell)) if column.endswith(FIGURES) else None
    if figure:
        number, rest = divmod(int(figure[1]), 100 if figure[2] else 1)
        return str(number) if not rest else cell
    if column == "profile":
        cell = _AROUND_FACTS.sub(r"\1", cell).strip(";")
    labels = ANSWER if column == "grade" else _OWED if column.endswith("_owed") else {}
    return as_words(chosen(cell, labels) or cell)


# ------------------------------------------------------------------------------ what it is computed from
def agreed(rows: Sequence[FileRow], column: str) -> str:
    """What most rows say, and the first of them where as many say something else. A row that says otherwise has a cell that differs."""
    said = Counter(as_compared(column, row.cells[column]) for row in rows).most_common(1)[0][0]
    return next(row.cells[column] for row in rows if as_compared(column, row.cells[column]) == said)


def bad_cell(rows: Sequence[FileRow], column: str, allowed: str, part: str | None = None) -> ScorecardError:
    """That what most rows say in a column, or a part of it, cannot be used, with the first row that says it."""
    value = agreed(rows, column)
    row = next(row for row in rows if row.cells[column] == value)
    shown = abridged(value if part is None else part)
    return ScorecardError(f"row {row.number}, column {column}: {shown}; allowed: {allowed}")


def regimes_of(rows: Sequence[FileRow], rules: Rules) -> Regimes:
    """Both texts, with the recommendations that the column regime_amended names. Raises ScorecardError for one that there is not."""
    named = plain(agreed(rows, "regime_amended")).upper()
    if named == "ALL":
        return rules.regimes
    try:
        return adopting(rules, () if named == "NONE" else map(str.strip, named.split("+")))
    except KeyError as error:
        known = ", ".join(recommendation.id for recommendation in rules.recommendations)
        allowed = f"all, none, or any of {known} with + between them"
        raise bad_cell(rows, "regime_amended", allowed, error.args[0]) from None


def facts_of(rows: Sequence[FileRow], rules: Rules) -> dict[str, str]:
    """The profile as the file gives it. A fact that is not asked is left out, and so its cell differs.

    Raises ScorecardError for a fact or a value that there is not, and where a fact that is asked is missing.
    """
    given: dict[str, str] = {}
    for part in plain(agreed(rows, "profile")).rstrip("; ").split(";"):
        name, sign, said = (piece.strip() for piece in compared(part).partition("="))
        fact = next((fact for fact in rules.facts if fact.id == name), None)
        if fact is None or not sign:
            allowed = f"fact=value with ; between them, of the facts {', '.join(fact.id for fact in rules.facts)}"
            raise bad_cell(rows, "profile", allowed, part)
        if said not in fact.value_ids():
            raise bad_cell(rows, "profile", f"{name}={'/'.join(fact.value_ids())}", part)
        if name in given:
            raise bad_cell(rows, "profile", f"{name} once", part)
        given[name] = said
    absent = missing(rules.facts, given)
    if absent:
        raise bad_cell(rows, "profile", f"a profile with {absent[0].id}={'/'.join(absent[0].value_ids())} in it")
    return live(rules.facts, given)
