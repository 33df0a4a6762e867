"""The table as a picture: plotly figures, each with its alternative text and the table that it draws."""

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.documents import words
from scoring.rules.model import DRAFTED
from scoring.score.attribution import Attribution, in_words, signed
from scoring.score.scorecard import RegimeResult, Row, Scorecard
from scoring.score.tally import POINTS

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from scoring.portfolio.summary import Distribution

LEFT = 76
"""Pixels left of the bars, for the words Drafted and Amended."""
INK, INK_ON_DARK = "#16202c", "#f2f5f8"
TOTAL = "#8fb6e3"


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it is called, its colour and the pattern that tells it apart without colour."""

    name: str
    colour: str
    pattern: str


PARTS = (
    Part("Met", "#58b787", ""),
    Part("Partly met", "#c4e5d3", "/"),
    Part("Missing", "#ef8f6b", "x"),
    Part("Unanswered", "#d5dae0", "."),
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
        for regime, result in zip(words.REGIME, (card.drafted, card.amended), strict=True):
            found.append(
                _bar(measure.title, regime, result, measure.id, [row for row in card.rows if row.measure == measure.id])
            )
    return tuple(found)


def _bar(title: str, regime: str, result: RegimeResult, measure: str, rows: list[Row]) -> Bar:
    line = result.line(measure)
    met = sum(getattr(row, f"{regime}_points") or 0 for row in rows if row.grade == next(iter(POINTS)))
    sums = line.sums
    return Bar(title, regime, (met, sums.points - met, sums.shortfall, sums.highest - sums.points), line.status)


def shortfall_figure(card: Scorecard, *, dark: bool = False) -> "go.Figure":
    """Two bars a measure, drafted above amended: points met, partly met, missing and unanswered. The title stands above its bars."""
    ink = INK_ON_DARK if dark else INK
    found = bars(card)
    notes, places, top, measure = [], [], 0, ""
    for bar in found:
        if bar.measure != measure:
            measure, lines = bar.measure, textwrap.wrap(bar.measure, 36)
            top += 10
            notes.append(
                {
                    "x": 0,
                    "xref": "paper",
                    "xshift": -LEFT,
                    "y": top,
                    "yanchor": "top",
                    "text": f"<b>{'<br>'.join(lines)}</b>",
                    "showarrow": False,
                    "xanchor": "left",
                    "align": "left",
                    "font": {"size": 14, "color": ink},
                }
            )
            top += 20 * len(lines) + 8
        places.append(top + 13)
        notes.append(
            {
                "x": 0,
                "xref": "paper",
                "xshift": -LEFT,
                "y": top + 13,
                "text": words.SHORT[bar.regime],
                "showarrow": False,
                "xanchor": "left",
                "font": {"size": 14, "color": ink},
            }
        )
        if not any(bar.points):
            notes.append(
                {
                    "x": 0,
                    "y": top + 13,
                    "text": "nothing owed",
                    "showarrow": False,
                    "xanchor": "left",
                    "font": {"size": 13, "color": ink},
                }
            )
        top += 26 + 5
    traces = []
    for number, part in enumerate(PARTS):
        points = [bar.points[number] for bar in found]
        traces.append(
            {
                "type": "bar",
                "name": part.name,
                "orientation": "h",
                "y": places,
                "x": points,
                "width": 26,
                "text": [str(each) if each else "" for each in points],
                "textposition": "inside",
                "textangle": 0,
                "insidetextanchor": "middle",
                "textfont": {"color": INK, "size": 14, "weight": 700},
                "marker": _marker(part.colour, part.pattern),
            }
        )
    most = max((sum(bar.points) for bar in found), default=0)
    return drawn(
        traces,
        {
            **_layout(ink),
            "annotations": notes,
            "barmode": "stack",
            "height": top + 150,
            "margin": {"l": LEFT, "r": 8, "t": 92, "b": 48},
            "xaxis": {**_points_axis("Points"), "dtick": 2, "range": [0, max(most, 2) * 1.02]},
            "yaxis": {"range": [top, 0], "visible": False},
        },
    )


def shortfall_alt(card: Scorecard) -> str:
    """The chart in words."""
    said = []
    for bar in bars(card):
        parts = [f"{points} {part.name.lower()}" for part, points in zip(PARTS, bar.points, strict=True) if points]
        said.append(
            f"{bar.measure}, {words.REGIME[bar.regime][0].lower()}{words.REGIME[bar.regime][1:]}: {', '.join(parts) if parts else 'nothing is owed'}"
        )
    return f"Bar chart of points by measure. {'. '.join(said)}."


def waterfall_figure(found: Attribution, *, dark: bool = False) -> "go.Figure":
    """The way from the drafted shortfall to the amended one: a bar a step, each beginning where the one above it ends."""
    ink = INK_ON_DARK if dark else INK
    steps = found.steps()
    most = max(float(step.end) for step in steps)
    notes, places, top = [], [], 0
    for step in steps:
        lines = textwrap.wrap(step.title, 36)
        notes.append(
            {
                "x": 0,
                "y": top,
                "yanchor": "top",
                "text": f"<b>{'<br>'.join(lines)}</b>",
                "showarrow": False,
                "xanchor": "left",
                "align": "left",
                "font": {"size": 14, "color": ink},
            }
        )
        top += 20 * len(lines) + 8
        places.append(top + 13)
        said = in_words(step.end) if step.by is None else signed(step.change) if step.change else "no points"
        notes.append(
            {
                "x": float(step.end),
                "y": top + 13,
                "text": said,
                "showarrow": False,
                "xanchor": "left",
                "xshift": 6,
                "font": {"size": 14, "color": ink},
            }
        )
        top += 26 + 12
    traces = []
    for total in (True, False):
        chosen = [(place, step) for place, step in zip(places, steps, strict=True) if (step.by is None) == total]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [place for place, _ in chosen],
                "base": [float(step.start) for _, step in chosen],
                "x": [float(step.change) for _, step in chosen],
                "width": 26,
                "marker": _marker(TOTAL if total else PARTS[2].colour, "" if total else PARTS[2].pattern),
                "name": "Shortfall" if total else "What a recommendation brings",
            }
        )
    return drawn(
        traces,
        {
            **_layout(ink),
            "annotations": notes,
            "barmode": "overlay",
            "height": top + 120,
            "margin": {"l": 8, "r": 8, "t": 64, "b": 48},
            "xaxis": {**_points_axis("Points of shortfall"), "range": [0, max(most, 2) * 1.35]},
            "yaxis": {"range": [top, 0], "visible": False},
        },
    )


def drawn(traces: list[dict[str, object]], layout: dict[str, object]) -> "go.Figure":
    """A figure of traces and a layout, both in plotly's own terms. plotly would check each part of them, which takes ten times
    as long as everything else: a test does that instead."""
    import plotly.graph_objects as go

    return go.Figure(traces, layout, _validate=False)


def _marker(colour: str, pattern: str) -> dict[str, object]:
    return {
        "color": colour,
        "line": {"color": INK, "width": 1},
        "pattern": {"shape": pattern, "fgcolor": INK, "fgopacity": 0.25, "fillmode": "overlay", "size": 7},
    }


def _layout(ink: str) -> dict[str, object]:
    """What all figures share: no ground of their own, the legend above, text in the page's ink."""
    return {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"size": 14, "color": ink},
        "legend": {
            "orientation": "h",
            "y": 1.0,
            "yref": "container",
            "yanchor": "top",
            "x": 0,
            "xref": "container",
            "traceorder": "normal",
        },
    }


def _points_axis(title: str) -> dict[str, object]:
    return {"title": {"text": title}, "showgrid": False, "zeroline": False}


def waterfall_alt(found: Attribution) -> str:
    """The waterfall in words."""
    first, *between, last = found.steps()
    said = [f"{step.title} {signed(step.change) if step.change else 'no points'}" for step in between]
    return f"Waterfall chart of points of shortfall. As drafted {in_words(first.end)}; {'; '.join(said)}; with the recommendations {in_words(last.end)}."


def distribution_figure(
    drafted: "Distribution", amended: "Distribution", name: str, *, dark: bool = False
) -> "go.Figure":
    """How many bound services are known to miss 0, 1, 2 ... points, drafted beside amended; those that have answered nothing stand apart, on the left.

    name: what to call the amended text.
    """
    ink = INK_ON_DARK if dark else INK
    sides = ((words.REGIME[DRAFTED], drafted, PARTS[3]), (name, amended, PARTS[2]))
    longest = max(len(side.points) for _, side, _ in sides)
    apart = -max(2, -(-longest // 4))
    ticks = range(0, longest, _step(longest, 8))
    between = (apart - 0.5) / 2
    return drawn(
        [
            {
                "type": "bar",
                "name": each,
                "x": [apart, *range(len(side.points))],
                "y": [count or None for count in (side.silent, *side.points.tolist())],
                "marker": _marker(part.colour, part.pattern),
            }
            for each, side, part in sides
        ],
        {
            **_layout(ink),
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
                    "line": {"color": ink, "width": 1, "dash": "dot"},
                }
            ],
            "xaxis": {
                **_points_axis("Points known to be missing"),
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
                "dtick": _step(1 + max(max(side.silent, *side.points.tolist(), 0) for _, side, _ in sides), 8),
            },
        },
    )


def _step(count: int, most: int) -> int:
    """The smallest round whole number that gets to `count` in so many steps."""
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
