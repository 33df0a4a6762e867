"""A table to be read, and a chart to be looked at: how all pages show them."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pyarrow as pa
import streamlit as st

if TYPE_CHECKING:
    import plotly.graph_objects as go


def table(columns: Mapping[str, Sequence[str]], about: str, *, numbers: bool = False) -> None:
    """A table of texts, column by column. about: what it is, for those who do not see it. numbers: all columns but the first have numbers.

    It goes to Streamlit as what Streamlit would make of it, since its own way there, through pandas, takes several times as long.
    """
    with st.container(key=f"numbers.{about}") if numbers else nullcontext():
        st.table(
            pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()}),
            hide_index=True,
            alt=about,
        )


def is_dark() -> bool:
    """Whether the page is shown light on dark."""
    return st.context.theme.type == "dark"


def chart(figure: "go.Figure", about: str, key: str) -> None:
    """A chart as a still picture. about: what it says, in words."""
    st.plotly_chart(figure, alt=about, config={"displayModeBar": False, "staticPlot": True}, theme=None, key=key)
