"""The words and signs for what the table says, on pages and in documents. Colour never speaks alone."""

from collections.abc import Sequence

from scoring.documents.colours import PARTS
from scoring.rules.model import AMENDED, DRAFTED, Requirement, Sourced
from scoring.score.assessment import ANSWER
from scoring.score.gaps import Action
from scoring.score.scorecard import MeasureLine, RegimeResult, Row
from scoring.score.tally import UNANSWERED_CODE, Sums, grade_code
from scoring.score.verdict import REGIMES, names_of_results
from scoring.score.verify import Verification

REGIME = REGIMES
RESULTS = (
    "**As drafted** is version 2.0 of the draft Codes, of March 2023, as the submission of International Justice Mission (IJM) reports it. "
    "**As amended** is the same with the recommendations of IJM that are adopted. Neither is the law."
)
"""What the two results are, in Markdown: said once on each page that has them."""
WHAT = {
    DRAFTED: "The draft of March 2023, as IJM reports it",
    AMENDED: "The draft with what IJM recommends",
}
"""The same in a few words, for the head of a result."""
IN_ANY_CASE, ONLY_AMENDED = "In any case", "Only as amended"
"""What is owed as drafted and as amended, and what is owed only as amended."""
STATUS = {
    "not_applicable": "– Not covered",
    "exempt": "○ Exempt",
    "unanswered": "? Unanswered",
    "incomplete": "… Partly answered",
    "met": "✓ Met",
    "not_met": "✗ Not met",
    "partly_met": "◐ Partly met",
}
STANDING = {**{standing: STATUS[standing] for standing in ("not_applicable", "exempt")}, "applies": "● Owed"}
CELL = {
    "out_of_scope": STATUS["not_applicable"],
    "exempt": STATUS["exempt"],
    "only_amended": "▲ Owed only as amended",
    "both": "● Owed in any case",
}
GRADE_CELL = {
    "not_owed": "– Not owed",
    "met": "✓ Met",
    "not_feasible": "○ Not feasible",
    "unanswered": "? Unanswered",
    "not_met_in_any_case": "✗ Not met",
    "partly_met_in_any_case": "◐ Partly met",
    "not_met_only_amended": "✗ Not met",
    "partly_met_only_amended": "◐ Partly met",
}
"""What is said of a requirement for a service, beside others: the grade. Of a gap it is to be said too whether it is one in any case."""
UNANSWERED = "Unanswered"
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
    """What the amended result is called, with how many of the recommendations are adopted where those are not all."""
    return names_of_results(adopted, of)[AMENDED]


def action(action: Action) -> str:
    """What to do, with the gaps that it closes where those are several, and the points missing in them."""
    several = f"{count(len(action.gaps), 'gap')}, " if len(action.gaps) > 1 else ""
    return f"{action.title}: {several}{count(action.points_missing, 'point')} missing"


def in_which_case(in_any_case: bool) -> str:
    """Whether a gap is owed as drafted and as amended, or only as amended."""
    return IN_ANY_CASE if in_any_case else ONLY_AMENDED


def count(number: int, noun: str) -> str:
    """So many of something, in figures."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def basis(said: str) -> str:
    """A basis, or several with semicolons between them, in words."""
    return "; ".join(BASIS[one] for one in said.split("; "))


def source(rule: Sourced | Requirement) -> str:
    """On what basis a rule stands, and its place in the submission."""
    return f"{basis(rule.basis)}; {rule.where}"


def points(sums: Sums) -> str:
    """The points as a count, a range of counts while something is unanswered, or that nothing is owed."""
    return sums.counted if sums.out_of else "Nothing is owed"


def score(sums: Sums) -> str:
    """The points with the percentage that they are, or the range of either; it stands beside no other result's, whose base is another."""
    if sums.percentages is None:
        return "Nothing is owed, so there is no score."
    low, high = sums.percentages
    share = f"{low} %" if low == high and not sums.unanswered else f"{low} to {high} %"
    return f"{sums.counted} points ({share})."


def gaps(result: RegimeResult) -> str:
    """How many gaps there are, and the points missing in them, of all that are owed."""
    if not result.measures_applying:
        return "Nothing is owed"
    if not result.gaps:
        return "No gap" + (" so far" if result.sums.unanswered else "")
    return f"{count(result.gaps, 'gap')}, {result.sums.shortfall} of {count(result.sums.out_of, 'point')} missing"


def parts(points: Sequence[int]) -> str:
    """The parts of a bar, in words."""
    said = [
        f"{count(number, 'point')} {part.name.lower()}" for part, number in zip(PARTS, points, strict=True) if number
    ]
    return ", ".join(said) or "nothing is owed"


def result(result: RegimeResult, of: int) -> str:
    """What is said of one result beside its points: the measures, and what is unanswered. of: how many measures there are as amended."""
    said = f"Measures: {measures(result)} owed"
    if of > result.measures:
        said += f" ({of - result.measures} more {'exists' if of - result.measures == 1 else 'exist'} only as amended)"
    if result.measures_applying:
        said += f", {result.measures_met} fully met"
    if result.sums.unanswered:
        said += f". {count(result.sums.unanswered, 'requirement')} unanswered: this may still change"
    return f"{said}."


def key(points: Sequence[int]) -> list[str]:
    """What each part of a bar stands for, with its points; empty where it has none."""
    said = ("Requirements met: {} earned", "Partly met: {} earned", "Missing: {}", "Unanswered: {}")
    return [text.format(count(number, "point")) if number else "" for text, number in zip(said, points, strict=True)]


def cell(line: MeasureLine) -> str:
    """A measure's line of one result: its status, and what is missing of it."""
    return STATUS[line.status] + (f", {count(line.sums.shortfall, 'point')} missing" if line.sums.shortfall else "")


def measures(result: RegimeResult) -> str:
    """How many measures are owed, of those in the regime's rulebook."""
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


def difference(row: Row) -> str:
    """Why a requirement differs between the two results, to stand behind its points; empty where it does not."""
    return "" if row.change == "unchanged" else f". {CHANGE[row.change]}"


def owed_points(row: Row, regime: str) -> str:
    """The points of a requirement under a regime, or why it has none."""
    owed, points, out_of = (getattr(row, f"{regime}_{name}") for name in ("owed", "points", "out_of"))
    if not owed:
        return "Not owed"
    if not out_of:
        return "Left out: not feasible"
    return "Unanswered" if grade_code(row.grade, row.note) == UNANSWERED_CODE else f"{points} of {out_of}"


def claims(verification: Verification) -> str:
    """The points that a file's own cells come to, beside those that the rules give, for each result in which the two differ."""
    said = []
    for regime, name in verification.card.names.items():
        sums: Sums = getattr(verification.card, regime).sums
        given = f"the rules give {sums.points} of {sums.out_of}"
        try:
            points, out_of = (_more(verification, f"{regime}_{what}") for what in ("points", "out_of"))
        except ValueError:  # a cell is no number
            said.append(f"{name}, the file's points do not add up; {given}.")
            continue
        if points or out_of:
            said.append(f"{name}, the file says {sums.points + points} of {sums.out_of + out_of} points; {given}.")
    return " ".join(said)


def _more(verification: Verification, column: str) -> int:
    """By how much the cells of a column come to more than the rules give. Raises ValueError where one is no number."""
    cells = [(cell.actual, cell.expected) for cell in verification.differences if cell.column == column]
    return sum(int(actual or 0) - int(expected or 0) for actual, expected in cells)
