"""The table as a picture: HTML that follows the theme of the page, and plotly figures with their alternative text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scoring.documents import words
from scoring.documents.colours import RESULT
from scoring.documents.html_table import environment
from scoring.follow_up.compare import CAUSES, Step
from scoring.follow_up.comparison_file import SUMS
from scoring.rules.model import AMENDED, DRAFTED, Measure
from scoring.score.attribution import Attribution
from scoring.score.scorecard import RegimeResult, Row, Scorecard
from scoring.score.tally import POINTS, STATUSES

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from scoring.portfolio.summary import Distribution


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


def _together(parts: Sequence[tuple[int, int, int, int]]) -> tuple[int, int, int, int]:
    """The points of several bars, part by part."""
    met, partly, missing, unanswered = map(sum, zip(*parts, strict=True))
    return met, partly, missing, unanswered


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
            _together([bar.points for bar in drawn_bars if bar.regime == regime]),
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


def movement_picture(step: Step) -> str:
    """What moved with each cause under either result: points, and points missing. What is gained or no longer missing has the colour of what is met."""
    of_sum = {
        name: max(
            (abs(getattr(step.moved(cause)[regime], name)) for cause in CAUSES for regime in words.REGIME), default=0
        )
        for name in SUMS
    }
    sides = []
    for regime, name in step.after.names.items():
        then, now = (getattr(card, regime).sums for card in (step.before, step.after))
        ends = {
            "points": f"{then.counted} then, {now.counted} now",
            "shortfall": f"{then.shortfall} then, {now.shortfall} now",
        }
        sums = [
            (
                title,
                ends[sum_],
                sum_ == "points",
                [(what, getattr(step.moved(cause)[regime], sum_)) for cause, what in CAUSES.items()],
                max(float(of_sum[sum_]), 1.0),
            )
            for sum_, title in SUMS.items()
        ]
        sides.append((name, RESULT[regime], sums))
    return picture("movement", sides)


def course_picture(cards: Sequence[tuple[str, Scorecard]]) -> str:
    """Rounds one below the other, each with two bars: points met, partly met, missing and unanswered. cards: what to call a round, and its scorecard."""
    drawn_bars = [
        Bar(title, regime, _together([bar.points for bar in bars(card) if bar.regime == regime]), STATUSES[0])
        for title, card in cards
        for regime in words.REGIME
    ]
    return picture("by_measure", drawn_bars, cards[-1][1].names)


def drawn(traces: Sequence[Mapping[str, object]], layout: dict[str, object]) -> "go.Figure":
    """A figure of traces and a layout, both in plotly's own terms. plotly would check each part of them, which takes ten times
    as long as everything else: a test does that instead. plotly has no public way to leave the check out, hence `_validate`.
    """
    import plotly.graph_objects as go

    return go.Figure(traces, layout, _validate=False)


def _marker(colour: str, pattern: str) -> dict[str, object]:
    return {
        "color": colour,
        "pattern": {"shape": pattern, "fgcolor": "#000000", "fgopacity": 0.35, "fillmode": "overlay", "size": 7},
    }


_LAYOUT: dict[str, object] = {
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "font": {"size": 14},
    "legend": {"orientation": "h", "y": 1.0, "yref": "container", "yanchor": "top", "x": 0, "xref": "container"},
}


def distribution_figure(drafted: "Distribution", amended: "Distribution", name: str) -> "go.Figure":
    """How many bound services are known to miss 0, 1, 2 ... points, drafted beside amended; those that have answered nothing stand apart, on the left.

    name: what to call the amended result. No text has a colour of its own: the page gives it the colour of its theme, and another when that changes.
    """
    sides = ((words.REGIME[DRAFTED], drafted, RESULT[DRAFTED], ""), (name, amended, RESULT[AMENDED], "/"))
    longest = max(len(side.points) for _, side, *_ in sides)
    apart = -max(2, -(-longest // 4))
    ticks = range(0, longest, _step(longest, 8))
    between = (apart - 0.5) / 2
    return drawn(
        [
            {
                "type": "bar",
                "name": regime,
                "x": [apart, *range(len(side.points))],
                "y": [count or None for count in (side.silent, *side.points.tolist())],
                "marker": _marker(colour, pattern),
            }
            for regime, side, colour, pattern in sides
        ],
        {
            **_LAYOUT,
            "barmode": "group",
            "height": 400,
            "margin": {"l": 8, "r": 8, "t": 72, "b": 8},
            "shapes": [
                {
                    "type": "line",
                    "x0": between,
                    "x1": between,
                    "y0": 0,
                    "y1": 1,
                    "yref": "paper",
                    "line": {"color": "#767676", "width": 1, "dash": "dot"},
                }
            ],
            "xaxis": {
                "title": {"text": "Points known to be missing"},
                "showgrid": False,
                "zeroline": False,
                "tickvals": [apart, *ticks],
                "ticktext": ["Nothing<br>answered", *map(str, ticks)],
                "tickangle": 0,
                "range": [apart - max(1.2, longest / 5), max(longest, 2) - 0.4],
                "automargin": True,
            },
            "yaxis": {
                "title": {"text": "Bound services"},
                "gridcolor": "rgba(128,128,128,0.35)",
                "automargin": True,
                "rangemode": "tozero",
                "tickformat": ",d",
                "dtick": _step(1 + max(max(side.silent, *side.points.tolist(), 0) for _, side, *_ in sides), 8),
            },
        },
    )


def _step(count: int, most: int) -> int:
    """The smallest round whole number that gets to `count` in so many stages."""
    step = 1
    while True:
        for round_number in (step, 2 * step, 5 * step):
            if round_number * most >= count:
                return round_number
        step *= 10


def distribution_alt(drafted: "Distribution", amended: "Distribution", name: str) -> str:
    """The distribution in words."""

    def said(side: "Distribution") -> str:
        counts = [
            f"{count:,} {'misses' if count == 1 else 'miss'} {points}"
            for points, count in enumerate(side.points.tolist())
            if count
        ]
        nothing = [f"{side.silent:,} {'has' if side.silent == 1 else 'have'} answered nothing"] if side.silent else []
        return ", ".join(nothing + counts) or "none is bound"

    return f"Bar chart of bound services by points known to be missing. {words.REGIME[DRAFTED]}: {said(drafted)}. {name}: {said(amended)}."
