"""The words and signs that pages use for what the table says. Colour never speaks alone."""

from scoring.scorecard import RegimeResult, Sums

REGIME = {"drafted": "As drafted", "amended": "With IJM's recommendations"}
STATUS = {
    "not_applicable": "– Does not apply",
    "exempt": "○ Exempt",
    "unanswered": "? Unanswered",
    "incomplete": "… Partly answered",
    "met": "✓ Met",
    "not_met": "✗ Not met",
    "partly_met": "◐ Partly met",
}
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
