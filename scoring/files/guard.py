"""What keeps text that somebody typed from becoming a formula in a spreadsheet, and the way back to the very same text.

A spreadsheet runs a cell that begins with one of SIGNS (a full-width one too, in some languages). A ' before the sign
makes text of it. Two places of a text can come to stand at the beginning of a cell:

- its own beginning, where a tab or a carriage return counts as a sign, since programs pass over it;
- what follows a semicolon, a tab or a line end inside it, where the file is read with another separator than the comma:
  the quotation marks that held the text together then no longer count. Blanks and quotation marks before the sign do
  not help, since programs take those away.

A ' is put at each of them, and reading takes off that one and no other, so that every text comes back as it was. What
was given with such a ' already, by somebody who knew of the danger, reads as what they meant: '=1 as =1.
"""

import re

SIGNS = "=+-@＝＋－＠"
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")
"""What was never let through at the beginning of a cell, in no version of this program."""
_BEGINNINGS = (*SIGNS, *BEGINNINGS)
_SEPARATOR = re.compile("\r\n|[;\t\r\n]")
_GUARDED_SEPARATOR = re.compile("(\r\n|[;\t\r\n])'")
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
"""Signs without a width, which a program may pass over as it does blanks."""
_AFTER_SEPARATOR = re.compile(rf"""[;\t\r\n][\s{_UNSEEN};"']*[{re.escape(SIGNS)}]?""")
"""From a separator on, whatever does not keep a program from a sign that follows, and the sign where there is one."""


def guarded(text: str) -> str:
    """The text as a cell in which no part can become a formula under commas, semicolons or tabs."""
    inside = _before_signs(_SEPARATOR, r"\g<0>'", text)
    return f"'{inside}" if _begins(inside) else inside


def unguarded(cell: str) -> str:
    """The text of a guarded cell, to the letter."""
    inside = cell[1:] if cell[:1] == "'" and _begins(cell) else cell
    return _before_signs(_GUARDED_SEPARATOR, r"\1", inside)


def meant(cell: str) -> str:
    """What a cell says in a file that people fill in: trimmed, without its guards."""
    return unguarded(cell.strip()).strip()


def _before_signs(pattern: re.Pattern[str], replacement: str, text: str) -> str:
    """Replace what the pattern finds between a separator and a sign that would begin a formula behind it."""
    return _AFTER_SEPARATOR.sub(
        lambda part: pattern.sub(replacement, part[0]) if part[0][-1] in SIGNS else part[0], text
    )


def _begins(text: str) -> bool:
    """Whether a formula begins here, or would without any ' of the user's own before it.

    Text with such a ' is guarded as well, or reading would take off one too many.
    """
    return text.lstrip("'").startswith(_BEGINNINGS)
