"""Text that somebody else wrote, made safe to stand in a message or beside other text."""

import re
from unicodedata import bidirectional
from urllib.parse import quote, urlsplit

_END_EMBEDDING, _BEGIN_ISOLATE, _END_ISOLATE = "\u202c", "\u2068", "\u2069"
_CLOSED_BY = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", _END_EMBEDDING),
    **dict.fromkeys("\u2066\u2067\u2068", _END_ISOLATE),
}
"""The signs that open a stretch of another direction, and what closes each (Unicode Standard Annex 9)."""
_LINE_ENDS = re.compile("([\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")

NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""The characters that no text of a saved file may hold: controls, half characters and what Unicode says is none."""

_LOST = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!|SPILL!|CALC!|ERROR!)|Err:\d{3}")
NO_VALUE = "(a formula whose value is not in the file)"
"""Stands behind the formula in the text of a cell that was never worked out, by a script that wrote the formula and no value."""
ERROR = "(an error in place of a value)"
"""Stands behind what a workbook's cell shows that is in error: a text that only looks like one has nothing behind it."""
LOST_ALLOWED = "the text itself: a spreadsheet took it for a formula, and wrote in its place that it has no value"

_SHOWN, _LONGEST_SHOWN = 100, 400
"""Characters of a cell that a message shows, and how long they may get where they do not print and are written as escapes."""


def is_lost(cell: str) -> bool:
    """Whether a cell holds, in place of its text or value, what a spreadsheet writes where a formula has none."""
    return cell.endswith((NO_VALUE, ERROR)) or _LOST.fullmatch(cell) is not None


def printable(text: str) -> str:
    """Text that somebody else may have chosen, such as a file's name, for a message: what does not print is written as an escape, so that it moves no cursor and turns no line around."""
    return "".join(sign if sign.isprintable() or sign == "\n" else repr(sign)[1:-1] for sign in text)


def isolated(text: str) -> str:
    """Text that somebody typed, for a place beside other text, such that it reorders nothing but itself.

    A line that runs from right to left, or holds signs of direction, stands between signs that isolate it. What it
    opens is closed within it, and what would close something outside is left out. Any other line stays as it is; and in
    files that are read again all do.
    """
    if text.isascii():
        return text
    lines = _LINE_ENDS.split(text)
    return "".join(f"{_BEGIN_ISOLATE}{_closed(line)}{_END_ISOLATE}" if _turns(line) else line for line in lines)


def _turns(line: str) -> bool:
    """Whether a line holds letters or figures from right to left, or signs of direction."""
    signs = {*_CLOSED_BY, _END_EMBEDDING, _END_ISOLATE, "\u200e"}
    return any(sign in signs or bidirectional(sign) in ("R", "AL", "AN") for sign in line)


def _closed(line: str) -> str:
    """The line with every stretch that it opens closed, and without signs that close none of them."""
    kept, waiting, isolates = [], [], 0
    for sign in line:
        if sign in _CLOSED_BY:
            waiting.append(_CLOSED_BY[sign])
            isolates += _CLOSED_BY[sign] == _END_ISOLATE
        elif sign == _END_EMBEDDING:
            if waiting[-1:] != [_END_EMBEDDING]:
                continue
            waiting.pop()
        elif sign == _END_ISOLATE:
            if not isolates:
                continue
            while waiting.pop() != _END_ISOLATE:  # an isolate ends what was opened in it
                pass
            isolates -= 1
        kept.append(sign)
    return "".join(kept + waiting[::-1])


def link_of(text: str) -> str:
    """The address that a text is, as a link may have it; empty for whatever is not http or https, or has a sign that does not show."""
    address = text.strip()
    if not re.fullmatch(r"https?://[^\s\\\"<>^`{|}]+", address, re.IGNORECASE) or not address.isprintable():
        return ""
    try:
        parts = urlsplit(address)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return ""
    return quote(address, safe=":/?#[]@!$&'()*+,;=%-._~") if has_host else ""


def abridged(text: str, around: int = 0) -> str:
    """A cell in a message: in quotes, on one line, and of a long one only the part around a place."""
    if not text:
        return "empty"
    start = max(0, min(around - _SHOWN // 4, len(text) - _SHOWN))
    part = text[start : start + _SHOWN]
    while len(repr(part)) > _LONGEST_SHOWN:
        part = part[:-10]
    return f"{'…' if start else ''}{part!r}{'…' if start + len(part) < len(text) else ''}"
