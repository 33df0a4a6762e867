"""Pictures of a portfolio: how many services are bound, and what each recommendation brings. Each bar has its words above it."""

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scoring.documents import words
from scoring.documents.charts import INK, INK_ON_DARK, drawn
from scoring.documents.colours import RESULT
from scoring.portfolio.coverage import Brings
from scoring.rules.in_words import in_short
from scoring.rules.model import AMENDED, DRAFTED

if TYPE_CHECKING:
    import plotly.graph_objects as go

_Segment = tuple[int, str, str]
"""A part of a bar: how many services, its colour (with how much of it covers what is behind) and its pattern."""
_LINE, _BAR, _GAP = 20, 22, 10
"""Pixels of a line of text, of a bar and of what is between two of them."""
NEWLY, MORE = "newly binds", "asks more of"


def bound_figure(services: int, drafted: int, amended: int, name: str, *, dark: bool = False) -> "go.Figure":
    """Two bars of all services, drafted above amended: those that are bound, and the others behind. name: what to call the amended result."""
    sides = ((words.REGIME[DRAFTED], drafted, RESULT[DRAFTED], ""), (name, amended, RESULT[AMENDED], "/"))
    bars = [
        ((f"{title}: {bound:,} of {services:,} bound",), [(bound, colour, pattern), (services - bound, "", "")])
        for title, bound, colour, pattern in sides
    ]
    return _figure(bars, services, dark)


def bound_alt(services: int, drafted: int, amended: int, name: str) -> str:
    """The same in words."""
    return f"Two bars of {services:,} services. {words.REGIME[DRAFTED]}, {drafted:,} are bound; {name[0].lower()}{name[1:]}, {amended:,}."


def brings_figure(brings: Sequence[Brings], *, dark: bool = False) -> "go.Figure":
    """A bar a recommendation: the services that it newly binds, then those of which it asks more."""
    bars = []
    for one in brings:
        newly, more = len(one.newly), len(one.more)
        said = (in_short(one.recommendation), brings_said(one))
        bars.append((said, [(newly, RESULT[AMENDED], ""), (more, RESULT[AMENDED], "/")]))
    return _figure(bars, max((len(one.newly) + len(one.more) for one in brings), default=1), dark)


def brings_said(one: Brings) -> str:
    """What a recommendation brings, as counts in words: "newly binds 6, asks more of 8"."""
    counts = ((NEWLY, len(one.newly)), (MORE, len(one.more)))
    return ", ".join(f"{what} {count:,}" for what, count in counts if count) or "changes nothing here"


def brings_alt(brings: Sequence[Brings]) -> str:
    """The same in words."""
    said = (f"{in_short(one.recommendation)} {brings_said(one)}" for one in brings)
    return f"A bar a recommendation, in services: those that it newly binds are plain, those of which it asks more are hatched. {'; '.join(said)}."


def _figure(bars: Sequence[tuple[Sequence[str], Sequence[_Segment]]], longest: int, dark: bool) -> "go.Figure":
    ink = INK_ON_DARK if dark else INK
    notes, traces, top = [], [], 0
    for said, segments in bars:
        lines = [line for part in said for line in textwrap.wrap(part, 36, break_on_hyphens=False)]
        notes.append(
            {
                "x": 0,
                "y": top,
                "text": "<br>".join(lines),
                "showarrow": False,
                "xanchor": "left",
                "yanchor": "top",
                "align": "left",
                "font": {"size": 14, "color": ink},
            }
        )
        top += _LINE * len(lines) + 6
        traces += [
            {
                "type": "bar",
                "orientation": "h",
                "y": [top + _BAR / 2],
                "x": [count],
                "width": _BAR,
                "marker": {
                    "color": colour or "rgba(0,0,0,0)",
                    "line": {"color": ink, "width": 1},
                    "pattern": {
                        "shape": pattern,
                        "fgcolor": "#ffffff",
                        "fgopacity": 0.6,
                        "fillmode": "overlay",
                        "size": 7,
                    },
                },
            }
            for count, colour, pattern in segments
            if count
        ]
        top += _BAR + _GAP
    return drawn(
        traces,
        {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"size": 14, "color": ink},
            "showlegend": False,
            "annotations": notes,
            "barmode": "stack",
            "height": top + 8,
            "margin": {"l": 4, "r": 8, "t": 4, "b": 4},
            "xaxis": {"visible": False, "range": [0, 1.01 * max(longest, 1)]},
            "yaxis": {"range": [top, 0], "visible": False},
        },
    )
