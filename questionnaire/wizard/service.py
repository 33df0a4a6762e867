"""Your service: the facts on which the rules turn. A question appears as soon as it is asked for."""

import streamlit as st

from questionnaire.session import state
from questionnaire.session.steps import QUESTIONS, SERVICE
from questionnaire.shown import frame
from questionnaire.wizard import widgets
from scoring.form.questions import load_questionnaire

TITLE = "Your service"


def show() -> None:
    """Draw the page."""
    frame.begin(SERVICE, TITLE)
    st.markdown("These facts decide which measures apply. Questions appear as your answers call for them.")
    widgets.name_input()
    for question in load_questionnaire().asked(state.rules().facts, state.assessment().profile, QUESTIONS[SERVICE]):
        widgets.fact_radio(question, SERVICE)
    frame.back_and_next(SERVICE)
    frame.end(SERVICE, TITLE)
