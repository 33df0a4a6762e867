"""Tables that are read on a page and in a document alike: a sign, a word and a colour for what a measure does, and a reason that opens in its cell.

On a narrow screen each row is a block of its own, in which every cell says what its column is.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from scoring.documents import colours, words
from scoring.rules.in_words import ID
from scoring.score.attribution import in_words, signed

TEMPLATES = Path(__file__).parent
_WHOLE = r'<span style="white-space:nowrap">\g<0></span>'


@dataclass(frozen=True)
class Cell:
    """A cell of a table: texts, which are escaped.

    said: what it says; lines: a list below that; small: what is said less loudly. sign: one of words.CELL or words.GRADE_CELL, with its colour. why: what
    opens at a press, each text a paragraph. changed: what it was before the last switch. link: an address, opened beside the page, and its text.
    """

    said: str = ""
    lines: tuple[str, ...] = ()
    small: str = ""
    sign: str = ""
    why: tuple[str, ...] = ()
    changed: str = ""
    link: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """A table of rows in groups. about: what it is, for those who do not see it. Of columns, by their headings: numbers have numbers, kept are not
    broken into lines, bare ones need no name where a row is a block of its own, and even ones have
    a third of the width each. wide: whether the table may be wider than its place, and scrolls there.

    The first cell of a group is its name, and stands beside all its rows; the rows of the group have the cells behind it.
    """

    about: str
    headings: tuple[str, ...]
    groups: tuple[tuple[Cell, tuple[tuple[Cell, ...], ...]], ...]
    numbers: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    wide: bool = False
    even: tuple[str, ...] = ()


def html(table: Table) -> str:
    """The table as HTML, with the style of it. What stands in it is text, escaped."""
    return environment().get_template("html_table.html.j2").module.draw(table)  # type: ignore[attr-defined]


def rows(cells: Sequence[Sequence[Cell]]) -> tuple[tuple[Cell, tuple[tuple[Cell, ...], ...]], ...]:
    """Rows that are each a group of its own."""
    return tuple((row[0], (tuple(row[1:]),)) for row in cells)


def whole_ids(text: str) -> Markup:
    """A text, escaped, in which no id is broken over two lines, and none begins with the dot between two facts."""
    return Markup(ID.sub(_WHOLE, str(escape(text)).replace(" · ", "\N{NO-BREAK SPACE}· ")))


def with_whole_ids(document: str) -> str:
    """A document of HTML in whose body no id is broken over two lines. What stands in its tags stays as it is."""
    head, begins, body = document.partition("<body>")
    return head + begins + re.sub(r">[^<]+", lambda text: ID.sub(_WHOLE, text[0]), body)


def unbroken_ids(text: str) -> str:
    """The same where there can be no markup: hyphens at which no line ends."""
    return ID.sub(lambda found: found[0].replace("-", "\N{NON-BREAKING HYPHEN}"), text)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, with the words and colours. Everything that is put into them is escaped."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(whole_ids=whole_ids, unbroken_ids=unbroken_ids)
    made.globals.update(words=words, colours=colours, blank=Cell(), zip=zip, in_words=in_words, signed=signed)
    return made
