"""Check your answers: every answer with a Change link, and what is unanswered listed first."""

import streamlit as st

from questionnaire import frame, state, widgets
from questionnaire.model import load_questionnaire
from questionnaire.pages.not_capable import QUESTIONS as NOT_CAPABLE_QUESTIONS
from questionnaire.pages.service import SERVICE_QUESTIONS
from questionnaire.steps import CHECK, NOT_CAPABLE, SERVICE, asked_measures, claims_not_capable, measure_address
from scoring.engine import NOT_FEASIBLE
from scoring.facts import missing_from_report
from scoring.model import Measure
from scoring.scorecard import Row, scorecard

TITLE = "Check your answers"


def show() -> None:
    """Draw the page."""
    frame.begin(CHECK, TITLE)
    rules, now = state.rules(), state.assessment()
    card = None if now.missing(rules) else scorecard(rules, now)
    rows = {row.requirement: row for row in card.rows if row.drafted_owed or row.amended_owed} if card else {}
    _unanswered(rows)
    _facts("Your service", SERVICE, SERVICE_QUESTIONS)
    if claims_not_capable():
        _facts("Not capable?", NOT_CAPABLE, NOT_CAPABLE_QUESTIONS)
        _technologies()
    for measure in asked_measures():
        _measure(measure, rows)
    if card and not rows:
        st.info("No measure applies to this service under either text, so there is nothing more to answer.")
    left = "; ".join(fact.title.lower() for fact in now.missing(rules))
    frame.back_and_next(CHECK, may_go=card is not None, blocked=f"The scorecard needs these facts first: {left}.", next_label="See the scorecard")
    frame.end(CHECK, TITLE)


def _unanswered(rows: dict[str, Row]) -> None:
    rules, now = state.rules(), state.assessment()
    asked = {question.fact for question in load_questionnaire().question}
    facts = [fact.title for fact in now.missing(rules) if fact.id in asked]
    open_ = [row for row in rows.values() if not row.grade]
    unjustified = [row for row in rows.values() if row.grade == NOT_FEASIBLE and not row.note.strip()]
    if not (facts or open_ or unjustified):
        if rows:
            st.success("Everything that is asked is answered.")
        return
    st.header("Still open", anchor=False)
    titles = {each.id: each.title for measure in asked_measures() for each in measure.requirements}
    lines = [f"- {title}: a fact that the scorecard needs" for title in facts]
    lines += [f"- {titles[row.requirement]} ({row.measure_title}): unanswered" for row in open_]
    lines += [f"- {titles[row.requirement]} ({row.measure_title}): counts as unanswered until it has a written justification" for row in unjustified]
    st.markdown("\n".join(lines))
    if not facts:
        st.markdown("You can go on without them. What is unanswered counts neither as in place nor as missing; your score is then a range.")


def _change(what: str, address: str) -> None:
    if st.button(f"Change: {what}", key=f"change.{address}.{what}", type="tertiary"):
        state.come_back_to(CHECK)
        frame.go(address)


def _facts(title: str, address: str, page: str) -> None:
    rules, now = state.rules(), state.assessment()
    st.header(title, anchor=False)
    if page == SERVICE_QUESTIONS:
        st.markdown("**Name**")
        st.text(now.service_name or "Not given")
        _change("name", address)
    for question in load_questionnaire().asked(rules.facts, now.profile, page):
        value = now.profile.get(question.fact)
        fact = rules.fact(question.fact)
        st.markdown(f"**{fact.title}**\n\n{rules.labels[question.fact, value] if value else widgets.UNANSWERED_WORD}")
        _change(fact.title.lower() if fact.title[1:2].islower() and not fact.title.startswith("eS") else fact.title, address)


def _technologies() -> None:
    rules, now = state.rules(), state.assessment()
    listed = [each for each in rules.technologies if each.id in now.technologies]
    lacking = missing_from_report(rules.technologies, now.technologies)
    st.markdown(f"**Technologies examined: {len(listed)} of {len(rules.technologies)}.** The report is {'incomplete' if lacking else 'complete'}.")
    for technology in listed:
        st.markdown(technology.title)
        st.text(now.technologies[technology.id].strip() or "No reason given yet")
    _change("technologies examined", NOT_CAPABLE)


def _measure(measure: Measure, rows: dict[str, Row]) -> None:
    st.header(measure.title, anchor=False)
    for requirement in measure.requirements:
        row = rows.get(requirement.id)
        if row is None:
            continue
        only = "" if row.drafted_owed else " (asked only with IJM's recommendations)"
        st.markdown(f"**{requirement.title}**{only}\n\n{widgets.GRADE_WORDS.get(row.grade, widgets.UNANSWERED_WORD)}")
        if row.note.strip():
            st.text(f"Note: {row.note}")
    _change(measure.title, measure_address(measure))
