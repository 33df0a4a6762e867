"""One measure: whether the service owes it as drafted and as amended, and why, and each requirement as a question."""

import re
from dataclasses import dataclass
from functools import partial

import streamlit as st

from questionnaire.page_parts import figures, frame, marks
from questionnaire.page_parts import gaps as gaps_part
from questionnaire.page_parts import trace as trace_part
from questionnaire.page_parts.law_status import load_sources
from questionnaire.session import results, state
from questionnaire.session.steps import all_measures, measure_address
from questionnaire.wizard import show_how, widgets
from scoring.documents import words
from scoring.rules.in_words import requirement_condition
from scoring.rules.model import Measure, Requirement, Rules
from scoring.rules.technologies import existing
from scoring.score.tally import FULL, POINTS
from scoring.score.trace import MeasureTrace, trace

ENDS = {
    "measure_added": "would add this measure",
    "exemption_withdrawn": "would end the exemption",
    "exemption_narrowed": "would leave your service outside the exemption",
}
"""What the recommendations do that make the service owe a measure; all of why stands in the fold."""


@dataclass(frozen=True)
class Asked:
    """A requirement that is owed. mark: says that only recommendations ask for it; condition: of whom it is asked; exists: the technologies; all as Markdown, or empty."""

    requirement: Requirement
    mark: str
    condition: str
    exists: str


@dataclass(frozen=True)
class OfFacts:
    """What the page says of a measure that follows from the facts alone: where it stands, why, the words that it uses, and what is asked."""

    standing: str
    why: str
    glossary: str
    asked: tuple[Asked, ...]


def show(measure_id: str) -> None:
    """Draw the page of a measure."""
    rules = state.rules()
    measure = next(known for known in all_measures(rules) if known.id == measure_id)
    frame.page(measure_address(measure), measure.title)(partial(_draw, measure, rules))()


def _draw(measure: Measure, rules: Rules) -> None:
    facts = results.facts()
    if facts is None:
        frame.nothing_yet("Whether this measure applies turns on facts about your service that are still missing.")
        return
    if measure not in results.asked_measures():
        traced = trace(rules, facts, measure=measure.id)
        why = words.reason(traced[0].amended.because) if traced else "It belongs to a code for another kind of service."
        frame.nothing_yet(f"This measure asks nothing of your service, as drafted or as amended. {why}")
        return
    said = state.following("measure", (measure.id, facts), lambda: _of_facts(measure, rules, facts))
    st.markdown(said.standing)
    with widgets.fold("Why", f"why.{measure.id}"):
        st.markdown(said.why)
    with widgets.fold("Glossary", f"words.{measure.id}"):
        st.markdown(said.glossary)
    for asked in said.asked:
        _requirement(asked)
    frame.back_and_next(measure_address(measure))


def _of_facts(measure: Measure, rules: Rules, facts: dict[str, str]) -> OfFacts:
    [traced] = trace(rules, facts, measure=measure.id)
    behind = [
        (requirement, () if traced.drafted.owes(requirement) else _behind(requirement, traced))
        for requirement in measure.requirements
        if any(by.owes(requirement) for by in traced.regimes)
    ]
    standing = said = _standing(traced, rules)
    asked = []
    for requirement, ids in behind:
        mark = _mark(ids, said, rules)
        said += mark
        exists = gaps_part.technologies(existing(requirement, facts, rules))
        condition = requirement_condition(requirement, rules)
        asked.append(Asked(requirement, figures.whole_ids(mark), figures.whole_ids(condition), exists))
    code = next(known for known in rules.codes if known.id == measure.code)
    of_code = f"{measure.id} is a measure of the {code.title[0].lower()}{code.title[1:]}."
    why = f"{of_code}\n\n{trace_part.in_words(traced, rules, facts)}"
    return OfFacts(figures.whole_ids(standing), figures.whole_ids(why), _glossary(measure), tuple(asked))


def _standing(traced: MeasureTrace, rules: Rules) -> str:
    """Where the measure stands, as drafted and as amended."""
    drafted, amended = words.REGIME.values()
    said = [traced.measure.id]
    why, standing = words.reason(traced.drafted.because), words.STANDING[traced.drafted.standing]
    if traced.drafted.because == traced.amended.because:
        said.append(f"**{drafted} and {amended.lower()}: {standing}.** {why}")
    else:
        said.append(f"**{drafted}: {standing}.** {why}")
        before = why
        what = ENDS.get(traced.change, "")
        by = _that_bind(traced)
        why = f"{rules.named(by)} {what}." if what and by else words.reason(traced.amended.because)
        said.append(f"**{amended}: {words.STANDING[traced.amended.standing]}.**" + f" {why}" * (why != before))
    return "\n\n".join(said)


def _mark(behind: tuple[str, ...], said: str, rules: Rules) -> str:
    """What marks a requirement that only recommendations ask for: their ids, and their names too where the page has not said them yet."""
    if not behind:
        return ""
    unnamed = any(f"({by})" not in said for by in behind)
    return f"**{words.ONLY_AMENDED}**" + (f": {rules.named(behind)}" if unnamed else f" ({', '.join(behind)})")


def _glossary(measure: Measure) -> str:
    """What the two results are, and the words of the glossary that the page uses."""
    said = " ".join((measure.title, *(f"{asked.title} {asked.text} {asked.covers}" for asked in measure.requirements)))
    found = (
        entry
        for entry in load_sources().term
        if any(re.search(rf"\b{re.escape(name)}\b", said, re.I) for name in re.split(r" or |, ", entry.term))
    )
    return "\n".join((words.RESULTS, "", *(f"- **{entry.term}**: {entry.meaning}" for entry in found)))


def _requirement(asked: Asked) -> None:
    """One requirement as a question."""
    requirement = asked.requirement
    with st.container(gap="xsmall"):
        st.header(requirement.question, anchor=False)
        if asked.mark:
            st.markdown(asked.mark)
        if asked.condition:
            st.markdown(asked.condition)
        marks.beside(requirement.id)
        widgets.grade_radio(requirement)
        widgets.note_area(requirement)
        show_how.fold(requirement)
        if POINTS.get(state.assessment().answer(requirement.id).grade, FULL) < FULL:
            with widgets.fold("Technologies", f"exists.{requirement.id}"):
                st.markdown(asked.exists)


def _behind(requirement: Requirement, traced: MeasureTrace) -> tuple[str, ...]:
    """The recommendations that make the service owe, as amended, what it does not owe as drafted."""
    by = requirement.origin if requirement.added else ()
    return tuple(dict.fromkeys((*by, *(() if traced.measure.added_by else _that_bind(traced)))))


def _that_bind(traced: MeasureTrace) -> tuple[str, ...]:
    """The recommendations that make the service owe a measure: those that add it, or that let it out by no exemption any more."""
    by = list(traced.measure.added_by)
    for exemption in traced.amended.exemptions:
        if exemption.condition.held:
            by += [recommendation.id for recommendation in exemption.withdrawn_by] or [
                proviso.by.id for proviso in exemption.provisos if not proviso.condition.held
            ]
    return tuple(dict.fromkeys(by))
