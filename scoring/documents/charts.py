"""The table as a picture: HTML that follows the theme of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scoring.documents import words
from scoring.documents.colours import RESULT
from scoring.documents.html_table import environment
from scoring.rules.model import Measure
from scoring.score.attribution import Attribution
from scoring.score.scorecard import RegimeResult, Row, Scorecard
from scoring.score.tally import POINTS


@dataclass(frozen=True)
class Bar:
    """One measure under one regime: its points by part, in the order of PARTS; all 0 where nothing is owed."""

    measure: str
    regime: str
    points: tuple[int, int, int, int]
    status: str


def bars(card: Scorecard) -> tuple[Bar, ...]:
    """For each measure and regime: points from requirements met and partly met, points missing, points unanswered."""
    return tuple(
        _bar(measure, regime, result, [row for row in card.rows if row.measure == measure.id])
        for measure in card.measures
        for regime, result in zip(words.REGIME, (card.drafted, card.amended), strict=True)
    )


def _bar(measure: Measure, regime: str, result: RegimeResult, rows: list[Row]) -> Bar:
    line = result.line(measure.id)
    met = sum(getattr(row, f"{regime}_points") or 0 for row in rows if row.grade == next(iter(POINTS)))
    sums = line.sums
    points = (met, sums.points - met, sums.shortfall, sums.highest - sums.points)
    return Bar(measure.title, regime, points, line.status)


def picture(name: str, *given: object) -> str:
    """A picture of pictures.html.j2 as HTML, with its style."""
    macros: Any = environment().get_template("pictures.html.j2").module
    return f"{macros.style()}{getattr(macros, name)(*given)}"


def sides(card: Scorecard, drawn_bars: Sequence[Bar]) -> list[tuple[object, ...]]:
    """Both results: what each is called and is, its colour, the result, what is said of it, and its points by part, in the order of PARTS."""
    return [
        (
            card.names[regime],
            words.WHAT[regime],
            RESULT[regime],
            getattr(card, regime),
            words.result(getattr(card, regime), card.amended.measures),
            tuple(map(sum, zip(*(bar.points for bar in drawn_bars if bar.regime == regime), strict=True))),
        )
        for regime in words.REGIME
    ]


def results_picture(card: Scorecard) -> str:
    """Both results side by side, in words and each as a bar of its points. The bars have one scale, so that the difference is seen."""
    return picture("results", sides(card, bars(card)))


def points_picture(card: Scorecard) -> str:
    """Two bars a measure, drafted above amended: points met, partly met, missing and unanswered."""
    return picture("by_measure", bars(card), card.names)


def waterfall_picture(attribution: Attribution) -> str:
    """The way from the points missing as drafted to those as amended: a bar a stage, each beginning where the one above it ends."""
    return picture("waterfall", attribution.waterfall())
