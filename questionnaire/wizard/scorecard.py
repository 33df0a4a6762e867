"""The scorecard: the result, the way from one text to the other, what to do next, every requirement, downloads."""

import re
from functools import partial

import streamlit as st

from questionnaire.browser import told
from questionnaire.session import results, state
from questionnaire.session.steps import CHECK, SCORECARD, SERVICE
from questionnaire.shown import attribution as attribution_part
from questionnaire.shown import card as card_part
from questionnaire.shown import frame
from questionnaire.shown import gaps as gaps_part
from scoring.files.messages import isolated
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment, version_notice
from scoring.score.assessment_file import LARGEST_FILE, to_json
from scoring.score.gaps import next_steps
from scoring.score.scorecard import Scorecard
from scoring.score.scorecard_file import csv_bytes

TITLE = "Scorecard"
_SECTIONS = (
    "Points by measure",
    "From one text to the other",
    "What to do next",
    "Every requirement, and why",
    "Take it with you",
)


def show() -> None:
    """Draw the page."""
    frame.begin(SCORECARD, TITLE)
    rules, now, card = state.rules(), state.assessment(), results.card()
    if card is None:
        frame.nothing_yet(
            "There is no scorecard yet. First tell us about your service: a few facts decide which measures apply.",
            "Go to your service",
            SERVICE,
        )
    else:
        st.text(isolated(now.service_name) or "A service without a name")
        notice = version_notice(now, rules)
        if notice:
            st.warning(frame.escaped(notice))
            told.button("accept_rules", "rulebook", pressed=state.rules().version)
            st.button("I have checked the answers against these rules", key="accept_rules", on_click=state.accept_rules)
        card_part.summary(card)
        st.markdown(
            "On this page: "
            + " · ".join(f"[{title}](#{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')})" for title in _SECTIONS)
        )
        card_part.chart(card)
        attribution_part.draw(card, rules)
        gaps_part.draw(next_steps(rules, card))
        card_part.requirements(card, rules)
        _downloads(card)
        frame.back_and_next(SCORECARD)
    frame.end(SCORECARD, TITLE)


def _report(rules: Rules, now: Assessment) -> bytes:
    """Made when it is asked for, on a thread without the session."""
    from scoring.documents.report import report_html

    return report_html(rules, now)


def _downloads(card: Scorecard) -> None:
    st.header("Take it with you", anchor=False)
    now = state.assessment()
    saved = to_json(now, state.rules())
    name = re.sub(r"[^a-z0-9]+", "-", now.service_name.lower()).strip("-")[:60] or "service"
    st.download_button(
        "Download the scorecard (CSV)",
        csv_bytes(card),
        f"{name}-scorecard.csv",
        "text/csv",
        on_click="ignore",
        key="csv",
        type="primary",
    )
    st.markdown("One row a requirement, both texts side by side. It opens in a spreadsheet.")
    st.download_button(
        "Download the report (HTML)",
        partial(_report, state.rules(), now),
        f"{name}-report.html",
        "text/html",
        on_click="ignore",
        key="report",
    )
    st.markdown(
        "Everything on one page that prints: result, charts, gaps, every answer with its note, sources. It needs no network."
    )
    st.download_button(
        "Save your answers (JSON)", saved, f"{name}-assessment.json", "application/json", on_click="ignore", key="json"
    )
    st.markdown(
        "Open it on the start page to go on another day. It holds everything that you typed: keep it as you would any confidential paper."
    )
    if len(saved) > LARGEST_FILE:
        st.warning(
            "Your answers are too long to be opened again: a saved file may have 1 MiB. Shorten some notes first."
        )
    if st.button("Check or change your answers", key="to_check"):
        frame.go(CHECK)
