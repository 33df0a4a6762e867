"""Your service: the facts on which the rules turn. A question appears as soon as it is asked for."""

import streamlit as st

from questionnaire.page_parts import frame
from questionnaire.session.steps import SERVICE, asked_at
from questionnaire.wizard import widgets

PROVIDER, PROVIDER_FOLD, PROVIDER_PROMPT = (
    "Provider",
    "provider",
    "The provider, as the compliance record is to name it (optional)",
)
"""The fold in which the provider is named, its key, and what is asked in it."""


@frame.page(SERVICE, "Your service")
def show() -> None:
    """Draw the page."""
    st.markdown("These facts decide which measures you owe.")
    widgets.name_input()
    questions = asked_at(SERVICE)
    for question in questions:
        widgets.fact_radio(question, SERVICE)
    fold = st.expander(PROVIDER, key=PROVIDER_FOLD, type="compact", on_change="rerun")
    if fold.open:
        with fold:
            widgets.place_input(PROVIDER_PROMPT, "provider")
    with st.expander("Why we ask", type="compact"):
        st.markdown("The name stands on your scorecard.")
        widgets.whys(questions)
    frame.back_and_next(SERVICE)
