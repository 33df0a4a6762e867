"""The colours of the product's pictures, each used for one thing alone. All show on a light ground and on a dark one, and under white text.

Colour never speaks alone: a bar of a status has its pattern too, and each result its name.
"""

from dataclasses import dataclass

from scoring.rules.model import AMENDED, DRAFTED

RESULT = {DRAFTED: "#1f74c4", AMENDED: "#ba5707"}
"""Blue and orange: the pair that people with any of the colour blindnesses tell apart best."""
STATUS = {"met": "#1b7f5a", "partly_met": "#8a7412", "not_met": "#c23b4e", "unanswered": "#6b7683"}
"""How much of what is owed is there. What is missing of it has the colour of what is not met."""


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it is called, its colour and the pattern that tells it apart without colour."""

    name: str
    colour: str
    pattern: str


PARTS = (
    Part("Met", STATUS["met"], ""),
    Part("Partly met", STATUS["partly_met"], "/"),
    Part("Missing", STATUS["not_met"], "x"),
    Part("Unanswered", STATUS["unanswered"], "."),
)
"""The parts of a bar of points, in their order."""
PATTERNS = {
    "/": "repeating-linear-gradient(135deg, rgba(0,0,0,.35) 0 2px, transparent 2px 7px)",
    "x": "repeating-linear-gradient(45deg, rgba(0,0,0,.35) 0 1px, transparent 1px 6px), repeating-linear-gradient(135deg, rgba(0,0,0,.35) 0 1px, transparent 1px 6px)",
    ".": "repeating-radial-gradient(circle at 3px 3px, rgba(0,0,0,.35) 0 1px, transparent 1px 5px)",
}
"""The patterns as style sheets have them; plotly knows them by their names. They darken, so that white text stays readable."""
CELL = {
    **dict.fromkeys(("both", "not_met_in_any_case", "partly_met_in_any_case"), RESULT[DRAFTED]),
    **dict.fromkeys(("only_amended", "not_met_only_amended", "partly_met_only_amended"), RESULT[AMENDED]),
}
"""What is owed, and what of it is a gap, by the result that first asks it. Who is exempt or not covered has no colour, but a sign and a word."""
