"""A table to be read, and a chart to be looked at: how all pages show them."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pyarrow as pa
import streamlit as st

from questionnaire.session import state
from scoring.rules.in_words import ID

if TYPE_CHECKING:
    import plotly.graph_objects as go


_TOGETHER = re.compile(r"(?<=^[–○●◐✓✗▲?…]) |(?<=\d) (?=of \d)|(?<=\d of) (?=\d)")
"""The spaces of a cell at which no line ends: behind the sign that it begins with, and in “3 of 6”."""


def table(columns: Mapping[str, Sequence[str]], about: str, *, numbers: bool = False) -> None:
    """A table of texts, column by column. about: what it is, for those who do not see it. numbers: all columns but the first have numbers.

    It goes to Streamlit as what Streamlit would make of it, since its own way there, through pandas, takes several times as long.
    """
    with st.container(key=f"numbers.{about}") if numbers else nullcontext():
        st.table(
            pa.table(
                {
                    name: pa.array([whole_ids(_TOGETHER.sub("\u00a0", cell)) for cell in cells], pa.string())
                    for name, cells in columns.items()
                }
            ),
            hide_index=True,
            alt=about,
        )


def scrolls(*, always: bool = False) -> None:
    """Say of the grid below that it has more columns than are seen: on a narrow screen alone, unless it always has."""
    st.html(f'<p class="mcm-scrolls{" mcm-always" * always}">More columns: scroll the table sideways.</p>')


def grid(
    columns: Mapping[str, Sequence[object]],
    about: str,
    key: str,
    choose: Callable[[int], object] | None,
    *,
    always: bool = False,
    widths: Mapping[str, int] | None = None,
    left: Sequence[str] = (),
) -> None:
    """A table whose rows can be selected. about: what it is; choose: called with the number of the row that is selected, None where none can be.

    always: whether it always has more columns than are seen; widths: of columns, in pixels;
    left: columns whose numbers begin at the left, where a narrow screen shows them.
    """

    def selected() -> None:
        rows = state.widget_value(key).selection.rows
        if choose and rows:  # else none is any more
            choose(rows[0])

    scrolls(always=always)
    st.dataframe(
        columns,
        hide_index=True,
        placeholder="–",  # pale, whatever it is: what matters is said in words as well
        column_config={name: st.column_config.TextColumn(width=width) for name, width in (widths or {}).items()}
        | {name: st.column_config.NumberColumn(alignment="left") for name in left},
        alt=about,
        key=key,
        on_select=selected if choose else "ignore",
        selection_mode="single-row",
    )


def whole_ids(text: str) -> str:
    """Markdown in which no id is broken over two lines: each stands as code, which looks as the text around it does."""
    return ID.sub(r"`\g<0>`", text)


def chart(figure: "go.Figure", about: str, key: str) -> None:
    """A chart as a still picture, whose text follows the theme of the page. about: what it says, in words."""
    st.plotly_chart(figure, alt=about, config={"displayModeBar": False, "staticPlot": True}, theme=None, key=key)
