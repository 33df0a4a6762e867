"""The table as a picture: plotly figures, each with its alternative text and the table that it draws."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scoring.documents import words
from scoring.documents.colours import PARTS, RESULT
from scoring.rules.model import AMENDED, DRAFTED, Measure
from scoring.score.attribution import Attribution, in_words, signed
from scoring.score.scorecard import RegimeResult, Row, Scorecard
from scoring.score.tally import POINTS

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from scoring.portfolio.summary import Distribution

LEFT = 92
"""Pixels left of the bars, for the words As drafted and As amended."""
INK, INK_ON_DARK = "#16202c", "#f2f5f8"


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


def shortfall_figure(card: Scorecard, *, dark: bool = False) -> "go.Figure":
    """Two bars a measure, drafted above amended: points met, partly met, missing and unanswered. The title stands above its bars."""
    ink = INK_ON_DARK if dark else INK
    drawn_bars = bars(card)
    left = {"xref": "paper", "xshift": -LEFT}
    notes, places, top, measure = [], [], 0, ""
    for bar in drawn_bars:
        if bar.measure != measure:
            measure, top = bar.measure, top + 10
            note, height = _title(bar.measure, top, ink)
            notes.append(note | left)
            top += height
        places.append(top + 13)
        notes.append(_note(words.REGIME[bar.regime], 0, top + 13, ink) | left)
        if not any(bar.points):
            notes.append(_note("nothing owed", 0, top + 13, ink, size=13))
        top += 26 + 5
    traces = []
    for number, part in enumerate(PARTS):
        points = [bar.points[number] for bar in drawn_bars]
        traces.append(
            {
                "type": "bar",
                "name": part.name,
                "orientation": "h",
                "y": places,
                "x": points,
                "width": 26,
                "text": [str(count) if count else "" for count in points],
                "textposition": "inside",
                "textangle": 0,
                "insidetextanchor": "middle",
                "textfont": {"color": "#ffffff", "size": 14, "weight": 700},
                "marker": _marker(part.colour, part.pattern),
            }
        )
    most = max((sum(bar.points) for bar in drawn_bars), default=0)
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


def _note(text: str, x: float, y: float, ink: str, size: int = 14) -> dict[str, object]:
    """A text in a figure, which begins at a place."""
    return {"x": x, "y": y, "text": text, "showarrow": False, "xanchor": "left", "font": {"size": size, "color": ink}}


def _title(text: str, top: int, ink: str) -> tuple[dict[str, object], int]:
    """A title over bars, in bold and in as many lines as it needs, and its height in pixels."""
    lines = textwrap.wrap(text, 36)
    note = _note(f"<b>{'<br>'.join(lines)}</b>", 0, top, ink)
    return note | {"yanchor": "top", "align": "left"}, 20 * len(lines) + 8


def shortfall_alt(card: Scorecard) -> str:
    """The chart in words."""
    said = []
    for bar in bars(card):
        parts = [f"{points} {part.name.lower()}" for part, points in zip(PARTS, bar.points, strict=True) if points]
        regime = words.REGIME[bar.regime]
        said.append(f"{bar.measure}, {regime[0].lower()}{regime[1:]}: {', '.join(parts) or 'nothing is owed'}")
    return f"Bar chart of points by measure. {'. '.join(said)}."


def waterfall_figure(attribution: Attribution, *, dark: bool = False) -> "go.Figure":
    """The way from the drafted shortfall to the amended one: a bar a stage, each beginning where the one above it ends."""
    ink = INK_ON_DARK if dark else INK
    stages = attribution.waterfall()
    most = max(float(stage.end) for stage in stages)
    notes, places, top = [], [], 0
    for stage in stages:
        note, height = _title(stage.title, top, ink)
        top += height
        places.append(top + 13)
        said = in_words(stage.end) if stage.by is None else signed(stage.change) if stage.change else "no points"
        notes += [note, _note(said, float(stage.end), top + 13, ink) | {"xshift": 6}]
        top += 26 + 12
    traces = []
    drawn_stages = list(zip(places, stages, strict=True))
    for name, colour, pattern, chosen in (
        (stages[0].title, RESULT[DRAFTED], "", drawn_stages[:1]),
        ("What a recommendation brings", PARTS[2].colour, PARTS[2].pattern, drawn_stages[1:-1]),
        (stages[-1].title, RESULT[AMENDED], "", drawn_stages[-1:]),
    ):
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "y": [place for place, _ in chosen],
                "base": [float(stage.start) for _, stage in chosen],
                "x": [float(stage.change) for _, stage in chosen],
                "width": 26,
                "marker": _marker(colour, pattern),
                "name": name,
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
            "xaxis": {**_points_axis("Points missing"), "range": [0, max(most, 2) * 1.35]},
            "yaxis": {"range": [top, 0], "visible": False},
        },
    )


def drawn(traces: Sequence[Mapping[str, object]], layout: dict[str, object]) -> "go.Figure":
    """A figure of traces and a layout, both in plotly's own terms. plotly would check each part of them, which takes ten times
    as long as everything else: a test does that instead. plotly has no public way to leave the check out, hence `_validate`.
    """
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


def waterfall_alt(attribution: Attribution) -> str:
    """The waterfall in words."""
    first, *between, last = attribution.waterfall()
    said = [f"{stage.title} {signed(stage.change) if stage.change else 'no points'}" for stage in between]
    return f"Waterfall chart of points missing. As drafted {in_words(first.end)}; {'; '.join(said)}; as amended {in_words(last.end)}."


def distribution_figure(
    drafted: "Distribution", amended: "Distribution", name: str, *, dark: bool = False
) -> "go.Figure":
    """How many bound services are known to miss 0, 1, 2 ... points, drafted beside amended; those that have answered nothing stand apart, on the left.

    name: what to call the amended result.
    """
    ink = INK_ON_DARK if dark else INK
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
