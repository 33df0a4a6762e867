"""A question becomes a widget; nothing else. Each widget shows a value of the assessment and writes it back on change."""

from collections.abc import Callable

import streamlit as st

from questionnaire.browser import told
from questionnaire.session import state
from scoring.form.questions import Question
from scoring.rules.model import Requirement, Technology
from scoring.score.assessment import ANSWER, allowed_grades
from scoring.score.tally import NOT_FEASIBLE

NAME_PROMPT = "What is the service called?"
LONGEST_TEXT = 5000
"""Characters that may be typed into one field; with all fields full a saved file stays under its limit."""


def fact_radio(question: Question, page: str) -> None:
    """A question about the service, with why it is asked beneath it. Nothing is chosen beforehand.

    page: the address of the page that asks it, and that says so at the question where it needs an answer to go on.
    """
    labels = {choice.value: choice.label for choice in question.offered()}
    values = list(labels)
    current = state.assessment().profile.get(question.fact)
    key = state.key("fact", question.fact)
    wrong = state.held_up(page) and current not in values
    told.field(key, "profile", question.fact, values=values)
    told.tie(key, needed=True, wrong=wrong)
    with st.container(gap="xsmall"):
        if wrong:
            st.markdown(":red[**⚠ Please answer this question.**]")
        st.radio(
            question.prompt,
            values,
            index=values.index(current) if current in values else None,
            format_func=lambda value: labels[value],
            key=key,
            on_change=_write,
            args=(key, state.set_fact, question.fact),
        )
        st.markdown(f"{question.help} Why we ask: {question.why}")


def name_input() -> None:
    """The name of the service, which stands on the scorecard and nowhere else."""
    key = state.key("name")
    told.tie(key)
    name = state.assessment().service_name
    longest = max(200, len(name))
    told.field(key, "service_name", longest=longest)
    with st.container(gap="xsmall"):
        st.text_input(NAME_PROMPT, value=name, key=key, max_chars=longest, on_change=_write, args=(key, state.set_name))
        st.markdown("You may leave it empty. Why we ask: It stands on your scorecard.")


def grade_radio(requirement: Requirement) -> None:
    """How far a requirement is in place. An answer can be taken back."""
    grades = list(allowed_grades(requirement))
    current = state.assessment().answer(requirement.id).grade
    key = state.key("grade", requirement.id)
    told.field(key, "answers", requirement.id, "grade", values=grades)
    told.tie(key)
    st.radio(
        requirement.text,
        grades,
        index=grades.index(current) if current in grades else None,
        format_func=ANSWER.__getitem__,
        key=key,
        on_change=_write,
        args=(key, state.set_grade, requirement.id),
    )
    if current:
        take_back = state.key("unanswer", requirement.id)
        told.button(take_back, "answers", requirement.id, "grade", pressed="")
        st.button(
            "Take this answer back", key=take_back, type="tertiary", on_click=_take_back, args=(key, requirement.id)
        )


def note_area(requirement: Requirement) -> None:
    """A note on a requirement: plain text."""
    key = state.key("note", requirement.id)
    answer = state.assessment().answer(requirement.id)
    longest = max(LONGEST_TEXT, len(answer.note))
    told.field(key, "answers", requirement.id, "note", longest=longest)
    justify = answer.grade == NOT_FEASIBLE
    label = (
        f"Why it is not feasible or appropriate (needed): {requirement.title}"
        if justify
        else f"Note (optional): {requirement.title}"
    )
    missing = justify and not answer.note.strip()
    told.tie(key, needed=justify, wrong=missing)
    with st.container():
        st.text_area(
            label,
            value=answer.note,
            key=key,
            max_chars=longest,
            height="content",
            on_change=_write,
            args=(key, state.set_note, requirement.id),
        )
        if missing:
            st.warning("Without a written justification this counts as unanswered.")


def examined_checkbox(technology: Technology) -> None:
    """Whether a technology was examined and belongs in the report."""
    key = state.key("examined", technology.id)
    told.field(key, "technologies", technology.id, examined=state.reason_before(technology.id))
    st.checkbox(
        f"We examined it: {technology.title}",
        value=technology.id in state.assessment().technologies,
        key=key,
        on_change=_write,
        args=(key, state.set_examined, technology.id),
    )


def reason_area(technology: Technology, *, lacking: bool) -> None:
    """Why a technology that was examined does not work for the service: plain text. lacking: whether the report still lacks it."""
    key = state.key("reason", technology.id)
    reason = state.assessment().technologies.get(technology.id, "")
    longest = max(LONGEST_TEXT, len(reason))
    told.field(key, "technologies", technology.id, longest=longest)
    told.tie(key, needed=True)
    with st.container():
        st.text_area(
            f"Why it does not work for this service, and the evidence: {technology.title}",
            value=reason,
            key=key,
            max_chars=longest,
            height="content",
            on_change=_write,
            args=(key, state.set_reason, technology.id),
        )
        if lacking:
            st.markdown("Still needs a reason.")


def _write(key: str, setter: Callable[..., None], *where: str) -> None:
    """Write one plain value from a widget into the assessment."""
    setter(*where, state.widget_value(key))


def _take_back(key: str, requirement: str) -> None:
    state.set_grade(requirement, "")
    state.show_in(key, None)
