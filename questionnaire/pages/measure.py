"""One measure: what each text says of this service and why, and each requirement as a question."""

import re

import streamlit as st

from questionnaire import frame, state, widgets
from questionnaire.parts import gaps as gaps_part
from questionnaire.parts import trace as trace_part
from questionnaire.sources import load_sources
from questionnaire.steps import SERVICE, all_measures, asked_measures, measure_address
from scoring import words
from scoring.engine import FULL, POINTS
from scoring.explain import trace
from scoring.model import Measure, Requirement
from scoring.scorecard import Scorecard, scorecard
from scoring.technologies import existing
from scoring.text import requirement_condition


def show(measure_id: str) -> None:
    """Draw the page of a measure."""
    rules = state.rules()
    measure = next(each for each in all_measures(rules) if each.id == measure_id)
    address = measure_address(measure)
    frame.begin(address, measure.title)
    if measure not in asked_measures():
        _not_asked(measure)
        frame.end(address, measure.title)
        return
    card = scorecard(rules, state.assessment())
    code = next(each for each in rules.codes if each.id == measure.code)
    st.markdown(f"{measure.id} · {code.title}")
    for regime, result in (("drafted", card.drafted), ("amended", card.amended)):
        st.markdown(f"**{words.REGIME[regime]}.** {result.line(measure.id).because}")
    with st.expander("Why, rule by rule, and where it comes from"):
        trace_part.draw(next(each for each in trace(rules, card.facts) if each.measure.id == measure.id), rules, card.facts)
    _words(measure)
    for requirement in measure.requirements:
        _requirement(requirement, card)
    frame.back_and_next(address)
    frame.end(address, measure.title)


def _words(measure: Measure) -> None:
    """The words of the glossary that the page uses."""
    said = " ".join((measure.title, *(each.title + " " + each.text + " " + each.covers for each in measure.requirements)))
    terms = [each for each in load_sources().term if any(re.search(rf"\b{re.escape(one)}\b", said, re.I) for one in re.split(r" or |, ", each.term))]
    if terms:
        with st.expander("Words on this page"):
            st.markdown("\n".join(f"- **{each.term}**: {each.meaning}" for each in terms))


def _not_asked(measure: Measure) -> None:
    rules, now = state.rules(), state.assessment()
    if now.missing(rules):
        frame.nothing_yet("Whether this measure applies turns on facts about your service that are still missing.", "Go to your service", SERVICE)
        return
    line = next((each for each in scorecard(rules, now).amended.lines if each.measure.id == measure.id), None)
    why = line.because if line else "It belongs to a code for another kind of service."
    frame.nothing_yet(f"This measure asks nothing of your service under either text. {why}", "Go to your service", SERVICE)


def _requirement(requirement: Requirement, card: Scorecard) -> None:
    row = next(each for each in card.rows if each.requirement == requirement.id)
    if not (row.drafted_owed or row.amended_owed):
        return
    rules = state.rules()
    st.header(requirement.title, anchor=False)
    with st.container():
        if not row.drafted_owed:
            causes = _recommendations_behind(requirement, card)
            st.markdown(f"Asked only with IJM's recommendation {rules.named(causes)}." if len(causes) == 1 else f"Asked only with IJM's recommendations {rules.named(causes)}.")
        if requirement_condition(requirement, rules):
            st.markdown(requirement_condition(requirement, rules))
        widgets.grade_radio(requirement)
    widgets.note_area(requirement)
    if POINTS.get(row.grade, FULL) < FULL:
        with st.expander(f"What exists for this: {requirement.title}"):
            gaps_part.technologies(existing(requirement, card.facts, rules))


def _recommendations_behind(requirement: Requirement, card: Scorecard) -> tuple[str, ...]:
    """The recommendations that make the amended text owe what the drafted text does not."""
    line = next(each for each in card.amended.lines if requirement in each.measure.requirements)
    found = line.found
    by = list(requirement.origin) if requirement.added else []
    if found is not None and not line.measure.added_by:
        for each in found.exemptions:
            if each.condition_holds:
                by += each.exemption.withdrawn_by or [proviso.by for proviso, held in each.provisos if not held]
    return tuple(dict.fromkeys(by))
