"""The words and signs for what the table says, on pages and in documents. Colour never speaks alone."""

from scoring.rules.in_words import HasSource
from scoring.rules.model import AMENDED, DRAFTED
from scoring.score.assessment import ANSWER
from scoring.score.scorecard import RegimeResult, Row, number
from scoring.score.tally import UNANSWERED_CODE, Sums, grade_code
from scoring.score.verdict import REGIMES

REGIME = {DRAFTED: REGIMES[DRAFTED], AMENDED: "With IJM's recommendations"}
SHORT = {DRAFTED: "Drafted", AMENDED: "Amended"}
STATUS = {
    "not_applicable": "– Does not apply",
    "exempt": "○ Exempt",
    "unanswered": "? Unanswered",
    "incomplete": "… Some unanswered",
    "met": "✓ Met",
    "not_met": "✗ Not met",
    "partly_met": "◐ Partly met",
}
STANDING = {**{standing: STATUS[standing] for standing in ("not_applicable", "exempt")}, "applies": "● Applies"}
CELL = {
    "out_of_scope": "– Out of scope",
    "exempt": STATUS["exempt"],
    "only_amended": "◐ Bound only as amended",
    "both": "● Bound in both",
}
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


def amended(adopted: int, of: int) -> str:
    """The amended text by how many of the recommendations it adopts."""
    if adopted == of:
        return f"With IJM's {number(of)} recommendations"
    return f"With {adopted} of IJM's {of} recommendations" if adopted else "With none of IJM's recommendations"


def basis(said: str) -> str:
    """A basis, or several with semicolons between them, in words."""
    return "; ".join(BASIS[one] for one in said.split("; "))


def source(rule: HasSource) -> str:
    """On what basis a rule stands, and its place in the submission."""
    return f"{basis(rule.basis)}; {rule.where}"


def points(sums: Sums) -> str:
    """The points as a count, a range of counts while something is unanswered, or that nothing is owed."""
    return sums.counted if sums.out_of else "No obligations apply"


def score(sums: Sums) -> str:
    """The score in percent, or the range; no score where nothing is owed."""
    if sums.percentages is None:
        return "No score"
    low, high = sums.percentages
    return f"{low} %" if low == high and not sums.unanswered else f"{low} % to {high} %"


def measures(result: RegimeResult) -> str:
    """How many measures apply, of those in the regime's rulebook."""
    return f"{result.measures_applying} of {result.measures}"


def reason(because: str) -> str:
    """A reason without the verdict at its head, for a place where the verdict stands already."""
    head, mark, rest = because.partition(": ")
    heads = ("Applies", "Exempt", "Does not apply", "Not owed", "Not in the text as drafted")
    return rest[0].upper() + rest[1:] if mark and head in heads else because


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
