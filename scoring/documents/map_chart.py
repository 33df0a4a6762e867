"""The map as a picture: a heat map of kinds of service against measures, readable without colour, and in words."""

import textwrap
from typing import TYPE_CHECKING

from scoring.documents import words
from scoring.documents.charts import INK, INK_ON_DARK, drawn
from scoring.kinds.map import CELLS, CodeMap
from scoring.rules.model import Rules

if TYPE_CHECKING:
    import plotly.graph_objects as go

COLOURS = {"out_of_scope": "#b9c2cc", "exempt": "#f3b6ad", "only_amended": "#f2d27a", "both": "#7fb2e5"}
_LINE, _CELL = 16, 24
"""Pixels of a line of text above a row, and of a cell."""


def figure(code_map: CodeMap, rules: Rules, *, dark: bool = False) -> "go.Figure":
    """A row of cells for each group of services, what they are above it; a column a measure; a sign and a colour for what it does."""
    ink = INK_ON_DARK if dark else INK
    width = len(code_map.measures)
    edges, marks, signs, notes = [0.0], [], [], []
    for number, row in enumerate(code_map.rows, 1):
        lines = textwrap.wrap(f"{number}. {row.in_words(rules)} ({row.profiles})", 46)
        notes.append(
            {
                "x": 0,
                "y": edges[-1] + 4,
                "text": "<br>".join(lines),
                "xanchor": "left",
                "yanchor": "top",
                "align": "left",
                "showarrow": False,
                "font": {"size": 12, "color": ink},
            }
        )
        edges += [edges[-1] + _LINE * len(lines) + 9, edges[-1] + _LINE * len(lines) + 9 + _CELL]
        marks += [[None] * width, [CELLS.index(cell) for cell in row.cells]]
        signs += [[""] * width, [words.CELL[cell].split(" ")[0] for cell in row.cells]]
    notes += [
        {
            "x": place + 0.5,
            "y": 1,
            "yref": "paper",
            "yshift": 2,
            "text": f"<b>{place + 1}</b>",
            "yanchor": "bottom",
            "showarrow": False,
            "font": {"size": 14, "color": ink},
        }
        for place in range(width)
    ]
    steps = [(place + end) / len(CELLS) for place in range(len(CELLS)) for end in (0, 1)]
    cells = {
        "type": "heatmap",
        "x": list(range(width + 1)),
        "y": edges,
        "z": marks,
        "text": signs,
        "texttemplate": "<b>%{text}</b>",
        "textfont": {"size": 15, "color": INK},
        "xgap": 4,
        "showscale": False,
        "hoverinfo": "skip",
        "zmin": 0,
        "zmax": len(CELLS) - 1,
        "colorscale": [[step, COLOURS[CELLS[min(number // 2, len(CELLS) - 1)]]] for number, step in enumerate(steps)],
    }
    legend = [
        {
            "type": "scatter",
            "x": [None],
            "y": [None],
            "mode": "markers",
            "marker": {"symbol": "square", "size": 14, "color": COLOURS[cell], "line": {"color": INK, "width": 1}},
            "name": words.CELL[cell],
        }
        for cell in reversed(CELLS)
    ]
    return drawn(
        [cells, *legend],
        {
            "annotations": notes,
            "height": int(edges[-1]) + 126,
            "margin": {"l": 4, "r": 4, "t": 120, "b": 4},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"size": 13, "color": ink},
            "legend": {"orientation": "h", "y": 1, "yref": "container", "yanchor": "top", "x": 0, "xref": "container"},
            "showlegend": True,
            "xaxis": {"range": [0, width], "visible": False},
            "yaxis": {"range": [edges[-1], 0], "visible": False},
        },
    )


def alt(code_map: CodeMap, rules: Rules) -> str:
    """The map in words: row by row where there are few, else measure by measure; the table beneath has every row."""
    name = next(code.title for code in rules.codes if code.id == code_map.code)
    head = f"Heat map of the {name}: {len(code_map.rows)} groups of services against {len(code_map.measures)} {'measure' if len(code_map.measures) == 1 else 'measures'}."
    said = []
    for place, measure in enumerate(code_map.measures):
        counts = {cell: sum(row.cells[place] == cell for row in code_map.rows) for cell in reversed(CELLS)}
        said.append(
            f"{measure.title}: "
            + ", ".join(
                f"{count} {words.CELL[cell].split(' ', 1)[1].lower()}" for cell, count in counts.items() if count
            )
        )
    return f"{head} Groups by measure: {'; '.join(said)}. The table beneath has every group."
