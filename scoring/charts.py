"""The table as a picture: plotly figures, each with its alternative text and the table that it draws."""

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.engine import POINTS
from scoring.scorecard import RegimeResult, Row, Scorecard

if TYPE_CHECKING:
    import plotly.graph_objects as go

REGIMES = (("drafted", "As drafted"), ("amended", "With IJM's recommendations"))


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it is called, its colour and the pattern that tells it apart without colour."""

    name: str
    colour: str
    pattern: str


PARTS = (
    Part("Met", "#2b8a57", ""),
    Part("Partly met", "#8fc7a8", "/"),
    Part("Missing", "#d1603d", "x"),
    Part("Unanswered", "#9aa5b1", "."),
)


@dataclass(frozen=True)
class Bar:
    """One measure under one regime: its points by part, in the order of PARTS; all 0 where nothing is owed."""

    measure: str
    regime: str
    points: tuple[int, int, int, int]
    status: str


def bars(card: Scorecard) -> tuple[Bar, ...]:
    """For each measure and regime: points from requirements met and partly met, points missing, points unanswered."""
    found = []
    for measure in card.measures:
        for (regime, _), result in zip(REGIMES, (card.drafted, card.amended), strict=True):
            found.append(_bar(measure.title, regime, result, measure.id, [row for row in card.rows if row.measure == measure.id]))
    return tuple(found)


def _bar(title: str, regime: str, result: RegimeResult, measure: str, rows: list[Row]) -> Bar:
    line = result.line(measure)
    met = sum(getattr(row, f"{regime}_points") or 0 for row in rows if row.grade == next(iter(POINTS)))
    sums = line.sums
    return Bar(title, regime, (met, sums.points - met, sums.shortfall, sums.highest - sums.points), line.status)


def shortfall_figure(card: Scorecard) -> "go.Figure":
    """A bar a measure and regime: points met, partly met, missing and unanswered, drafted above amended."""
    import plotly.graph_objects as go

    found = bars(card)
    names = dict(REGIMES)
    groups = ["<br>".join(textwrap.wrap(bar.measure, 26)) for bar in found]
    figure = go.Figure()
    for place, part in enumerate(PARTS):
        figure.add_bar(
            name=part.name, orientation="h", y=[groups, [names[bar.regime].split(" ")[0] if bar.regime == "drafted" else "Amended" for bar in found]],
            x=[bar.points[place] for bar in found], text=[str(bar.points[place]) if bar.points[place] else "" for bar in found], textposition="inside",
            textangle=0, insidetextanchor="middle",
            textfont={"color": "#16202c", "size": 14}, marker={"color": part.colour, "line": {"color": "#16202c", "width": 1}, "pattern": {"shape": part.pattern, "fgcolor": "#16202c", "fgopacity": 0.35, "size": 6}},
            hovertemplate="%{y}: %{x} points<extra>" + part.name + "</extra>",
        )
    figure.update_layout(
        barmode="stack", height=90 + 46 * len(found), margin={"l": 8, "r": 8, "t": 8, "b": 8},
        legend={"orientation": "h", "y": 1.0, "yanchor": "bottom", "x": 0, "traceorder": "normal"}, font={"size": 14},
        xaxis={"title": {"text": "Points"}, "dtick": 2, "rangemode": "tozero", "fixedrange": True}, yaxis={"autorange": "reversed", "fixedrange": True, "title": {"text": ""}},
    )
    return figure


def shortfall_alt(card: Scorecard) -> str:
    """The chart in words."""
    names = dict(REGIMES)
    said = []
    for bar in bars(card):
        parts = [f"{points} {part.name.lower()}" for part, points in zip(PARTS, bar.points, strict=True) if points]
        said.append(f"{bar.measure}, {names[bar.regime][0].lower()}{names[bar.regime][1:]}: {', '.join(parts) if parts else 'nothing is owed'}")
    return f"Bar chart of points by measure. {'. '.join(said)}."
