"""All pages by their address, and the navigation along the top."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from questionnaire.page_parts import frame, kept, way
from questionnaire.returns import desk
from questionnaire.session import state, steps
from questionnaire.tool_pages import compare, obligations, portfolio, sources
from questionnaire.wizard import check_answers, measure, not_capable, plan, service, start
from questionnaire.wizard import scorecard as scorecard_page
from scoring.form.questions import load_questionnaire
from scoring.rules.load import RulebookError


def run() -> None:
    """Show the page that the address names. A rulebook that cannot be used stops here, with what is wrong."""
    try:
        rules = state.rules()
        load_questionnaire()
    except RulebookError as error:
        st.set_page_config(page_title=f"The rules cannot be used – {way.PRODUCT}")
        st.title("The rules cannot be used", anchor=False)
        st.text(str(error))
        return
    shown = [
        st.Page(start.show, title="Assess", url_path=steps.START, default=True),
        st.Page(obligations.show, title="Obligations", url_path=steps.OBLIGATIONS),
        st.Page(portfolio.show, title="Portfolio", url_path=steps.PORTFOLIO),
        st.Page(desk.show, title="Returns", url_path=steps.RETURNS),
        st.Page(sources.show, title="Sources", url_path=steps.SOURCES),
    ]
    hidden: dict[str, Callable[[], None]] = {
        steps.SERVICE: service.show,
        steps.NOT_CAPABLE: not_capable.show,
        **{steps.measure_address(known): partial(measure.show, known.id) for known in steps.all_measures(rules)},
        steps.CHECK: check_answers.show,
        steps.SCORECARD: scorecard_page.show,
        steps.PLAN: plan.show,
        steps.COMPARE: compare.show,
        steps.VERIFY: partial(way.go, steps.RETURNS),
    }
    pages = [
        *shown,
        *(st.Page(show, title=address, url_path=address, visibility="hidden") for address, show in hidden.items()),
    ]
    page = st.navigation(pages, position="top")
    destination = kept.left_at() or state.destination()
    if destination is None:
        destination = frame.pressed()
    if destination is not None:
        way.go(destination)
    page.run()
