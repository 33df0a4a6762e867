"""The words and signs for what the table says, on pages and in documents. Colour never speaks alone."""

import re
from unicodedata import bidirectional

from scoring.engine import NOT_FEASIBLE, UNANSWERED_CODE, grade_code
from scoring.scorecard import RegimeResult, Row, Sums, number

REGIME = {"drafted": "As drafted", "amended": "With IJM's recommendations"}
STATUS = {
    "not_applicable": "– Does not apply",
    "exempt": "○ Exempt",
    "unanswered": "? Unanswered",
    "incomplete": "… Some unanswered",
    "met": "✓ Met",
    "not_met": "✗ Not met",
    "partly_met": "◐ Partly met",
}
STANDING = {"not_applicable": "– Does not apply", "exempt": "○ Exempt", "applies": "● Applies"}
CELL = {"out_of_scope": "– Out of scope", "exempt": "○ Exempt", "only_amended": "◐ Bound only as amended", "both": "● Bound in both"}
ANSWER = {"met": "In place", "partly": "Partly in place", "not_met": "Not in place", NOT_FEASIBLE: "Not feasible or appropriate"}
UNANSWERED = "Not answered"
CHANGE = {
    "measure_added": "The measure is new",
    "exemption_withdrawn": "An exemption is withdrawn",
    "exemption_narrowed": "An exemption is narrowed",
    "requirement_added": "A requirement is new",
    "unchanged": "No difference",
}
BASIS = {
    "quoted": "the submission quotes the code's own words",
    "described": "the submission describes it",
    "implied": "implied by a recommendation",
    "inferred": "our reading",
}
_END_EMBEDDING, _BEGIN_ISOLATE, _END_ISOLATE = "\u202c", "\u2068", "\u2069"
_CLOSED_BY = {
    **dict.fromkeys("\u202a\u202b\u202d\u202e", _END_EMBEDDING),
    **dict.fromkeys("\u2066\u2067\u2068", _END_ISOLATE),
}
"""The signs that open a stretch of another direction, and what closes each (Unicode Standard Annex 9)."""
_LINE_ENDS = re.compile("([\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029])")


def amended(adopted: int, of: int) -> str:
    """The amended text by how many of the recommendations it adopts."""
    if adopted == of:
        return f"With IJM's {number(of)} recommendations"
    return f"With {adopted} of IJM's {of} recommendations" if adopted else "With none of IJM's recommendations"


def basis(said: str) -> str:
    """A basis, or several with semicolons between them, in words."""
    return "; ".join(BASIS[each] for each in said.split("; "))


def points(sums: Sums) -> str:
    """The points as a count, a range of counts while something is unanswered, or that nothing is owed."""
    if not sums.out_of:
        return "No obligations apply"
    if sums.unanswered:
        return f"{sums.points} to {sums.highest} of {sums.out_of}"
    return f"{sums.points} of {sums.out_of}"


def score(sums: Sums) -> str:
    """The score in percent, or the range; no score where nothing is owed."""
    if sums.percentages is None:
        return "No score"
    low, high = sums.percentages
    return f"{low} %" if low == high and not sums.unanswered else f"{low} % to {high} %"


def measures(result: RegimeResult) -> str:
    """How many measures apply, of those in the regime's rulebook."""
    return f"{result.measures_applying} of {sum(line.found is not None for line in result.lines)}"


def reason(because: str) -> str:
    """A reason without the verdict at its head, for a place where the verdict stands already."""
    head, mark, rest = because.partition(": ")
    return rest[0].upper() + rest[1:] if mark and head in ("Applies", "Exempt", "Does not apply", "Not owed", "Not in the text as drafted") else because


def answer(row: Row) -> str:
    """What was answered, or that nothing was, or that it was not asked."""
    if not (row.drafted_owed or row.amended_owed):
        return "Not asked"
    return ANSWER.get(row.grade, UNANSWERED)


def owed_points(row: Row, regime: str) -> str:
    """The points of a requirement under a regime, or why it has none."""
    owed, points, out_of = (getattr(row, f"{regime}_{name}") for name in ("owed", "points", "out_of"))
    if not owed:
        return "Not owed"
    if not out_of:
        return "Left out: not feasible"
    return "Unanswered" if grade_code(row.grade, row.note) == UNANSWERED_CODE else f"{points} of {out_of}"


def printable(text: str) -> str:
    """Text that somebody else may have chosen, such as a file's name, for a message: what does not print is written as an escape, so that it moves no cursor and turns no line around."""
    return "".join(each if each.isprintable() or each == "\n" else repr(each)[1:-1] for each in text)


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
