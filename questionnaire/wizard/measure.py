"""One measure: what each text says of this service and why, and each requirement as a question."""

import re

import streamlit as st

from questionnaire.session import results, state
from questionnaire.session.steps import SERVICE, all_measures, measure_address
from questionnaire.shown import frame
from questionnaire.shown import gaps as gaps_part
from questionnaire.shown import trace as trace_part
from questionnaire.shown.law_status import load_sources
from questionnaire.wizard import widgets
from scoring.documents import words
from scoring.rules.in_words import requirement_condition
from scoring.rules.model import Measure, Requirement
from scoring.rules.technologies import existing
from scoring.score.tally import FULL, POINTS
from scoring.score.trace import MeasureTrace, trace


def show(measure_id: str) -> None:
    """Draw the page of a measure."""
    rules = state.rules()
    measure = next(each for each in all_measures(rules) if each.id == measure_id)
    address = measure_address(measure)
    frame.begin(address, measure.title)
    facts = results.facts()
    if facts is None or measure not in results.asked_measures():
        _not_asked(measure)
        frame.end(address, measure.title)
        return
    [found] = trace(rules, facts, measure=measure.id)
    code = next(each for each in rules.codes if each.id == measure.code)
    said = "".join(
        f"\n\n**{name}.** {regime.because}" for regime, name in zip(found.regimes, words.REGIME.values(), strict=True)
    )
    st.markdown(f"{measure.id} · {code.title}{said}")
    with st.expander("Why, rule by rule, and where it comes from"):
        trace_part.draw(found, rules, facts)
    _words(measure)
    for requirement in measure.requirements:
        _requirement(requirement, found, facts)
    frame.back_and_next(address)
    frame.end(address, measure.title)


def _words(measure: Measure) -> None:
    """The words of the glossary that the page uses."""
    said = " ".join(
        (measure.title, *(each.title + " " + each.text + " " + each.covers for each in measure.requirements))
    )
    terms = [
        each
        for each in load_sources().term
        if any(re.search(rf"\b{re.escape(one)}\b", said, re.I) for one in re.split(r" or |, ", each.term))
    ]
    if terms:
        with st.expander("Words on this page"):
            st.markdown("\n".join(f"- **{each.term}**: {each.meaning}" for each in terms))


def _not_asked(measure: Measure) -> None:
    facts = results.facts()
    if facts is None:
        frame.nothing_yet(
            "Whether this measure applies turns on facts about your service that are still missing.",
            "Go to your service",
            SERVICE,
        )
        return
    found = trace(state.rules(), facts, measure=measure.id)
    why = found[0].amended.because if found else "It belongs to a code for another kind of service."
    frame.nothing_yet(
        f"This measure asks nothing of your service under either text. {why}", "Go to your service", SERVICE
    )


def _requirement(requirement: Requirement, found: MeasureTrace, facts: dict[str, str]) -> None:
    if not any(regime.owes(requirement) for regime in found.regimes):
        return
    rules = state.rules()
    st.header(requirement.title, anchor=False)
    with st.container():
        if not found.drafted.owes(requirement):
            causes = _recommendations_behind(requirement, found)
            st.markdown(
                f"Asked only with IJM's recommendation {rules.named(causes)}."
                if len(causes) == 1
                else f"Asked only with IJM's recommendations {rules.named(causes)}."
            )
        if requirement_condition(requirement, rules):
            st.markdown(requirement_condition(requirement, rules))
        widgets.grade_radio(requirement)
    widgets.note_area(requirement)
    if POINTS.get(state.assessment().answer(requirement.id).grade, FULL) < FULL:
        with st.expander(f"What exists for this: {requirement.title}"):
            st.markdown(gaps_part.technologies(existing(requirement, facts, rules)))


def _recommendations_behind(requirement: Requirement, found: MeasureTrace) -> tuple[str, ...]:
    """The recommendations that make the amended text owe what the drafted text does not."""
    by = list(requirement.origin) if requirement.added else []
    if not found.measure.added_by:
        for each in found.amended.exemptions:
            if each.condition.held:
                by += [one.id for one in each.withdrawn_by] or [
                    proviso.by.id for proviso in each.provisos if not proviso.condition.held
                ]
    return tuple(dict.fromkeys(by))
