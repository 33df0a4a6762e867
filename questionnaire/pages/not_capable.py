"""Not capable? The approval, the technologies examined, and whether the exemption holds under each text."""

import streamlit as st

from questionnaire import frame, state, widgets
from questionnaire.model import load_questionnaire
from questionnaire.steps import NOT_CAPABLE, SERVICE, claims_not_capable, missing_on
from scoring.amend import resolve
from scoring.engine import Verdict, verdicts
from scoring.facts import missing_from_report

TITLE = "Not capable?"
QUESTIONS = "not_capable"


def show() -> None:
    """Draw the page."""
    frame.begin(NOT_CAPABLE, TITLE)
    if not claims_not_capable():
        frame.nothing_yet("This page is for a relevant electronic service that holds itself not capable of reviewing and assessing material. Yours does not say so.", "Go to your service", SERVICE)
        frame.end(NOT_CAPABLE, TITLE)
        return
    st.markdown(
        "You hold your service not capable of reviewing and assessing material. As drafted, the claim alone lets it out of some measures. "
        "IJM would let it out only with eSafety's approval, on a detailed report of every technology examined and why it does not work."
    )
    for question in load_questionnaire().asked(state.rules().facts, state.assessment().profile, QUESTIONS):
        widgets.fact_radio(question)
    st.header("Does the exemption hold?", anchor=False)
    _verdicts()
    st.header("Technologies examined", anchor=False)
    st.markdown("These are the technologies that the submission names. No measure prescribes one, and this tool recommends none. The first two belong in every report.")
    _report()
    for technology in state.rules().technologies:
        st.subheader(technology.title, anchor=False)
        material = " and ".join(technology.materials) or "listed for cloud storage"
        fits = {"yes": "said to fit end-to-end encryption", "not_stated": "whether it fits end-to-end encryption is not stated"}[technology.end_to_end]
        always = " Belongs in every report." if technology.report == "always" else ""
        st.markdown(f"By: {technology.who}. For: {material}. Runs: {technology.runs}; {fits}.{always} ({technology.where})")
        widgets.examined_checkbox(technology)
        if technology.id in state.assessment().technologies:
            widgets.reason_area(technology)
    left = missing_on(QUESTIONS)
    frame.back_and_next(NOT_CAPABLE, may_go=not left, blocked="To go on, please answer: " + " · ".join(left))
    frame.end(NOT_CAPABLE, TITLE)


def _report() -> None:
    lacking = missing_from_report(state.rules().technologies, state.assessment().technologies)
    if lacking:
        st.warning("The report is **incomplete**. It still lacks a reason for: " + "; ".join(each.title for each in lacking) + ".")
    else:
        st.success("The report is **complete**: the two technologies that belong in every report have a reason, and so has each other one that you listed.")


def _verdicts() -> None:
    """For each measure that the claim could let the service out of: where it stands under both texts, and why."""
    rules, now = state.rules(), state.assessment()
    if now.missing(rules):
        st.info("Answer the questions about your service and about approval to see whether the exemption holds.")
        return
    facts = now.facts(rules)
    gate = {question.fact for question in load_questionnaire().question if question.page == QUESTIONS}
    before = {each.measure.id: each for each in verdicts(rules.drafted, facts, rules)}
    for amended in verdicts(resolve(rules.drafted, rules.recommendations), facts, rules):
        turns_on = {fact for each in amended.measure.exemptions for proviso in each.provisos for fact in proviso.only_if.facts()}
        if gate & turns_on:
            st.subheader(f"{amended.measure.title} ({amended.measure.id})", anchor=False)
            st.markdown(f"**As drafted:** {_said(before[amended.measure.id])}\n\n**With IJM's recommendations:** {_said(amended)}")


def _said(found: Verdict) -> str:
    return f"{'the exemption holds.' if found.standing == 'exempt' else 'the exemption does not hold.'} {found.because}"

