"""What must stand wherever a regulator reads a result: neither result is the law, and where the law is."""

import streamlit as st

from questionnaire.session.steps import SOURCES
from questionnaire.shown import frame


def draw(*, begun: bool = False) -> None:
    """A line, and a link to the page that says more. begun: the page says the line already."""
    if not begun:
        st.markdown(
            "Neither result is the law, and this is not legal advice. "
            "As drafted is a draft of March 2023 as IJM's submission reports it; as amended is IJM's proposal."
        )
    st.page_link(
        frame.page_at(SOURCES),
        label="Sources, and the law today",
        icon=":material/arrow_forward:",
    )
