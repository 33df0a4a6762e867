"""The row that names the columns: which row it is, what separates its cells, and which columns it names."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from scoring.files.text_in import JSON, TableError, csv_rows

BLANKS = (
    " \t\n\r\v\f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
    "\u200b\u200c\u200d\u2060\ufeff"
)
"""What a cell is trimmed of: blanks, line ends, no-break spaces and signs without a width."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
"""What may stand between two cells, and what it is called. Of those that name as many columns, the one that makes the rows more even is taken, or the first."""
_OF_PRINT = str.maketrans({**dict.fromkeys("‐‑‒–—―−", "-"), **dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"')})
_TURKISH = str.maketrans({"ı": "i", "\u0307": None})
"""What is left of the letter i where a program with Turkish rules changed its capitals."""
_TRUTHS = {"yes": "true wahr vrai verdadero vero", "no": "false falsch faux falso"}
"""What spreadsheets write for true and false in the languages in which they are most often used."""
_SEPARATOR_CELL = re.compile("sep=.?", re.IGNORECASE)
_SEARCHED = 10
"""Rows that are searched for the names of the columns, where the first one does not name them."""
_ALLOWED = "allowed: CSV, or a workbook (.xlsx)"
RESAVED = (
    "was opened and saved by a spreadsheet program that separates cells by semicolons, so that the commas in it no longer separate cells; "
    "allowed: the file as it was downloaded, or the workbook (.xlsx)"
)


@dataclass(frozen=True)
class Expected:
    """What a file is to be.

    what: for messages, such as "a portfolio". columns: the ids of the known columns. titles: what a header cell may say
    besides -> the id of the column ("Risk tier" -> "tier"). sheet: the sheet of a workbook to be read, where it has one of that
    name; else its first. as_typed: columns whose cells are kept as typed; those of all others are trimmed of BLANKS.
    elsewhere: a column that tells a file for another page -> what that file is, and which page takes it. distinct: columns
    in which hardly any text is there twice, as of names: they come as plain text, and all others as pandas' categories.
    """

    what: str
    columns: tuple[str, ...]
    titles: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""
    as_typed: Collection[str] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    distinct: Collection[str] = ()

    @cached_property
    def _ids(self) -> dict[str, str]:
        known = {compared(column): column for column in self.columns}
        return known | {compared(title): column for title, column in self.titles.items()}

    def names(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The columns that a header names, in its order: the id of a known one, else what is written, and "" where there is no name."""
        return tuple(self._ids.get(compared(cell), cell.strip(BLANKS)) for cell in cells)

    def known(self, cells: Sequence[str]) -> int:
        """How many of the known columns these cells name."""
        return len({*self.names(cells)} & {*self._ids.values()})


def plain(text: str) -> str:
    """A text without what programs make of it while it is typed or laid out.

    Quotation marks and hyphens of print, full-width letters, signs that do not show, and any amount of blank stand for the plain ones.
    """
    if text.isascii():
        return " ".join(text.split())
    shown = (sign for sign in unicodedata.normalize("NFKC", text) if unicodedata.category(sign) != "Cf")
    return " ".join("".join(shown).translate(_OF_PRINT).split())


def compared(name: str) -> str:
    """A name as it is compared: plain, whatever its capitals, Turkish ones too, and without quotation marks around it, unless they are all of it."""
    shown = plain(name).casefold().translate(_TURKISH)
    return shown.strip("'\" ") or shown


def chosen(cell: str, labels: Mapping[str, str]) -> str | None:
    """The id that a cell names, by itself or by its label: "" for an empty cell, None for one that names none. labels: id -> label.

    Where yes and no are asked, what spreadsheets write for true and false names them too.
    """
    ids = _ids(tuple(labels.items()))
    return ids.get(as_words(cell), ids.get(compared(cell)))


@lru_cache(maxsize=256)
def _ids(labels: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """What a cell may say, as it is compared -> the id that it names."""
    truths = {word: name for name, _ in labels for word in _TRUTHS.get(name, "").split()}
    return (
        truths
        | {compared(label): name for name, label in labels}
        | {as_words(name): name for name in ("", *dict(labels))}
    )


def as_words(name: str) -> str:
    """An id as it is compared: whatever its capitals, and with blanks or the signs that stand for them."""
    return " ".join(compared(name).replace("_", " ").split())


@dataclass(frozen=True)
class Header:
    """The row that names the columns: its number, its columns with "" for those without a name, what it says to the letter, and what separates the cells."""

    number: int
    names: tuple[str, ...]
    written: tuple[str, ...]
    separator: str = ","


def header(rows_of: Mapping[str, Iterable[tuple[int, list[str]]]], expected: Expected) -> Header:
    """The header of a file, recognised by the names of the known columns.

    rows_of: for each separator that there may be, the rows of the file as read with it (of a workbook there is but one reading).
    Raises TableError for a file that is empty, is something else, or names its columns in a later row than the first.
    """
    readings = {separator: _beginning(rows) for separator, rows in rows_of.items()}
    known = {
        separator: [expected.known(cells) for _, cells in reading.rows] or [0]
        for separator, reading in readings.items()
    }
    separator = max(known, key=lambda sign: (known[sign][0], readings[sign].even))
    reading = readings[separator]
    if not reading.rows:
        if reading.error:
            what = str(reading.error)
            raise TableError(f"header: {what if what.startswith('is ') else f'is not CSV: {what}'}")
        raise TableError(f"is empty; allowed: {expected.what}: a first row that names the columns, and rows under it")
    number, cells = reading.rows[0]
    refuse_other(cells, expected)
    for sign, counts in known.items():
        if max(counts) > 2 * known[separator][0] + 1:
            at = readings[sign].rows[counts.index(max(counts))][0] + 1
            raise TableError(f"the first row has to name the columns; row {at} seems to; allowed: no rows above it")
    return Header(number, expected.names(cells), tuple(cell.strip(BLANKS) for cell in cells), separator)


@dataclass(frozen=True)
class _Beginning:
    rows: list[tuple[int, list[str]]]
    error: TableError | None = None

    @property
    def even(self) -> int:
        """How many of the rows have as many cells as the first one, where that has several."""
        width = len(self.rows[0][1]) if self.rows else 0
        return sum(len(cells) == width for _, cells in self.rows) if width > 1 else 0


def _beginning(rows: Iterable[tuple[int, list[str]]]) -> _Beginning:
    """The first rows that are not blank, and what is wrong with the one behind them, if anything is."""
    beginning: list[tuple[int, list[str]]] = []
    try:
        for row in rows:
            if not (is_blank(row[1]) or _was_separator_line(row)):
                beginning.append(row)
            if len(beginning) == _SEARCHED:
                break
    except TableError as error:
        return _Beginning(beginning, error)
    return _Beginning(beginning)


def _was_separator_line(row: tuple[int, list[str]]) -> bool:
    """Whether a file begins with a line `sep=` that a program took for a row, and saved with as many cells as the others have."""
    number, cells = row
    return number == 0 and _SEPARATOR_CELL.fullmatch(cells[0].strip(BLANKS)) is not None and is_blank(cells[1:])


def is_blank(cells: Sequence[str]) -> bool:
    """Whether no cell of a row holds anything."""
    return not any(cells) or not any(cell.strip(BLANKS) for cell in cells)


def refuse_other(cells: Sequence[str], expected: Expected) -> None:
    """Raise TableError where the first row tells that the file is something else, and is nobody's header."""
    first = cells[0].strip(BLANKS)
    if first.startswith(("{", "[")):
        raise TableError(
            f"this is not {expected.what} but {JSON}, as a saved assessment is; {_ALLOWED}", elsewhere=JSON
        )
    if first.startswith("<"):
        raise TableError(f"this is not {expected.what} but a web page or XML; {_ALLOWED}")
    said = {compared(cell) for cell in cells}
    mostly_other = 2 * expected.known(cells) <= len(said - {""})
    for column, what in expected.elsewhere.items():
        if mostly_other and compared(column) in said:
            raise TableError(f"this is not {expected.what} but {what}", elsewhere=column)
    stuck = expected.known(cells) and cells[-1].rstrip(BLANKS).endswith(";")
    if stuck or expected.known(next(csv_rows(first), [])) > max(1, expected.known(cells)):
        raise TableError(RESAVED)
