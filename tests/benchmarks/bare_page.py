"""A bare Streamlit page to measure against: a title and as many widgets as the page of a measure with four requirements.

    streamlit run bare_page.py -- [imports]

Two pages, each with four radios, four text areas, the first answer said again, Back and Next. With `imports`, pandas, plotly
and pydantic are loaded, as in any app like ours; all that is loaded is what Streamlit's garbage collection goes through.
It is run in a folder of its own, on Streamlit's default settings.
"""

import sys
from functools import partial

import streamlit as st

if "imports" in sys.argv:
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import pydantic  # noqa: F401

OPTIONS = ("In place", "Partly in place", "Not in place")
PAGES = ("One", "Two")
QUESTIONS = 4


def show(here: str, other: str) -> None:
    """Draw a page."""
    st.title(here)
    chosen = [_asked(here, number) for number in range(QUESTIONS)]
    st.text(f"Chosen: {chosen[0]}")
    left, right = st.columns(2)
    pressed = left.button("Back", key=f"back.{here}"), right.button("Next", key=f"next.{here}", type="primary")
    if any(pressed):
        st.switch_page(AT[other])


def _asked(here: str, number: int) -> str | None:
    chosen = st.radio(f"Question {number} of page {here}", OPTIONS, index=None, key=f"{here}.grade.{number}")
    st.text_area(f"Note {number} of page {here}", key=f"{here}.note.{number}")
    return chosen


AT = {
    here: st.Page(partial(show, here, other), title=here, url_path=here.lower(), default=here == PAGES[0])
    for here, other in (PAGES, PAGES[::-1])
}
st.navigation(list(AT.values()), position="top").run()
