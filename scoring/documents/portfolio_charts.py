"""Pictures of a portfolio: how many services are bound and what each recommendation brings, as HTML whose bars have their words above them; and how far services fall short, as a plotly figure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from scoring.documents import words
from scoring.documents.colours import RESULT
from scoring.documents.html_table import environment
from scoring.portfolio.coverage import Brings
from scoring.rules.conditions import in_a_sentence
from scoring.rules.in_words import in_short
from scoring.rules.model import AMENDED, DRAFTED

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from scoring.portfolio.summary import Distribution


def bound_picture(services: int, drafted: int, amended: int, name: str) -> str:
    """Two bars of all services, drafted above amended, filled as far as services are bound. name: what to call the amended result."""
    sides = ((words.REGIME[DRAFTED], drafted, DRAFTED), (name, amended, AMENDED))
    bars = [(title, f"{bound:,} of {services:,} bound", services, [(regime, bound)]) for title, bound, regime in sides]
    said = f"{words.REGIME[DRAFTED]}, {drafted:,} are bound; {in_a_sentence(name)}, {amended:,}"
    return count_bars(bars, services, f"Two bars of {services:,} services. {said}.")


def brings_picture(brings: Sequence[Brings]) -> str:
    """A bar a recommendation: the services that it newly binds, then those of which it asks more."""
    counts = [(one.recommendation, len(one.newly), len(one.more)) for one in brings]
    bars = [
        (in_short(recommendation), _brings(newly, more), newly + more, [(AMENDED, newly), ("more", more)])
        for recommendation, newly, more in counts
    ]
    about = "A bar a recommendation, in services: those that it newly binds are plain, those of which it asks more are hatched."
    said = "; ".join(f"{in_short(recommendation)} {_brings(newly, more)}" for recommendation, newly, more in counts)
    return count_bars(bars, max(whole for _, _, whole, _ in bars), f"{about} {said}.")


def _brings(newly: int, more: int) -> str:
    return ", ".join(f"{what} {count:,}" for what, count in (("newly binds", newly), ("asks more of", more)) if count)


def count_bars(bars: Sequence[tuple[object, ...]], longest: int, about: str) -> str:
    """Bars, each a title, what is said of it, its length and its parts. longest: the length of a whole line; about: what the picture says, in words."""
    template: Any = environment().get_template("portfolio_pictures.html.j2").module
    return str(template.draw(bars, longest, about))


def distribution_figure(drafted: "Distribution", amended: "Distribution", name: str) -> "go.Figure":
    """How many bound services are known to miss 0, 1, 2 ... points, drafted beside amended; those that have answered nothing stand apart, on the left.

    name: what to call the amended result. No text has a colour of its own: the page gives it the colour of its theme, and another when that changes.
    plotly is imported here because it is slow to import, and only this page has a figure. It would check each part of one, which takes ten times as long as
    everything else: a test does that instead. plotly has no public way to leave the check out, hence `_validate`.
    """
    import plotly.graph_objects as go

    pattern_of_a_bar = {"fgcolor": "#000000", "fgopacity": 0.35, "fillmode": "overlay", "size": 7}
    sides = ((words.REGIME[DRAFTED], drafted, RESULT[DRAFTED], ""), (name, amended, RESULT[AMENDED], "/"))
    longest = max(len(side.points) for _, side, *_ in sides)
    apart = -max(2, -(-longest // 4))
    ticks = range(0, longest, _step(longest, 8))
    between = (apart - 0.5) / 2
    return go.Figure(
        [
            {
                "type": "bar",
                "name": regime,
                "x": [apart, *range(len(side.points))],
                "y": [count or None for count in (side.silent, *side.points.tolist())],
                "marker": {"color": colour, "pattern": {"shape": pattern, **pattern_of_a_bar}},
            }
            for regime, side, colour, pattern in sides
        ],
        {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"size": 14},
            "legend": {
                "orientation": "h",
                "y": 1.0,
                "yref": "container",
                "yanchor": "top",
                "x": 0,
                "xref": "container",
            },
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
        _validate=False,
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
