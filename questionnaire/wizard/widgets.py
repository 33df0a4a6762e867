"""A question becomes a widget; nothing else. Each widget shows a value of the assessment and writes it back on change."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from questionnaire.browser import told
from questionnaire.session import state
from scoring.form.questions import Question
from scoring.rules.model import Requirement, Technology
from scoring.rules.technologies import in_a_line
from scoring.score.assessment import ANSWER, allowed_grades
from scoring.score.tally import NOT_FEASIBLE

NAME_PROMPT = "What is the service called?"
NOT_KNOWN = "Not known yet"
LONGEST_NAME, LONGEST_TEXT = 200, 5000
"""Characters of one field that are saved; with all fields full a saved file stays under its limit."""
_TO_SAY, _OPENED = "to_say_of_texts", "opened_folds"


def fold(label: str, name: str, *, opened: bool) -> st.delta_generator.DeltaGenerator:
    """Something that unfolds. opened: whether it is open by itself; once it was, it stays so for as long as the session lasts.

    name: a name for it that stands once in the whole program.
    """
    ever: set[str] = state.recall(_OPENED, set())
    if opened:
        state.keep(_OPENED, ever | {state.key(name)})
    return st.expander(label, expanded=opened or state.key(name) in ever, type="compact")


def fact_radio(question: Question, page: str) -> None:
    """A question about the service. Nothing is chosen beforehand.

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
        st.header(question.prompt, anchor=False)
        if wrong:
            st.markdown(":red[**⚠ Please answer this question.**]")
        if question.help:
            st.markdown(question.help)
        st.radio(
            question.prompt,
            values,
            index=values.index(current) if current in values else None,
            format_func=lambda value: labels[value],
            key=key,
            on_change=_write,
            args=(key, state.set_fact, question.fact),
            label_visibility="collapsed",
        )


def whys(questions: Iterable[Question]) -> None:
    """Why each of the questions is asked."""
    st.markdown("\n".join(f"- **{question.prompt}** {question.why}" for question in questions))


def name_input() -> None:
    """The name of the service, which stands on the scorecard and nowhere else."""
    key, name = state.key("name"), state.assessment().service_name
    longest = max(LONGEST_NAME, len(name))
    takes = {"longest": longest, "between_lines": " "}
    told.field(key, "service_name", **takes)
    too_long = _too_long(key, name, longest)
    told.tie(key, wrong=bool(too_long))
    with st.container(gap="xsmall"):
        st.header(NAME_PROMPT, anchor=False)
        st.markdown("You may leave it empty.")
        st.text_input(
            NAME_PROMPT,
            value=too_long or name,
            key=key,
            on_change=_write_text,
            args=(key, takes, state.set_name),
            label_visibility="collapsed",
        )
        _say_of_text(key, too_long, longest)


def grade_radio(requirement: Requirement) -> None:
    """How far a requirement is in place. Not known yet is an answer too: it stays unanswered."""
    labels = {**{grade: ANSWER[grade] for grade in allowed_grades(requirement)}, "": NOT_KNOWN}
    values = list(labels)
    current = state.assessment().answer(requirement.id).grade
    key = state.key("grade", requirement.id)
    told.field(key, "answers", requirement.id, "grade", values=values)
    told.tie(key)
    st.radio(
        requirement.question,
        values,
        index=values.index(current) if current or requirement.id in state.not_known() else None,
        format_func=labels.__getitem__,
        key=key,
        on_change=_write,
        args=(key, state.set_grade, requirement.id),
        horizontal=True,
        label_visibility="collapsed",
    )


def note_area(requirement: Requirement) -> None:
    """A note on a requirement: plain text, in a fold that is open where there is text or where a justification is needed."""
    answer = state.assessment().answer(requirement.id)
    justify = answer.grade == NOT_FEASIBLE
    lacks = justify and not answer.note.strip()
    label = "Why it is not feasible or appropriate (needed)" if justify else "Note (optional)"
    with fold("Add a note", f"note.{requirement.id}", opened=justify or bool(answer.note)):
        _area(
            f"{label}: {requirement.title}",
            ("note", requirement.id),
            answer.note,
            ("answers", requirement.id, "note"),
            state.set_note,
            needed=justify,
            wrong="Without a written justification this counts as unanswered." if lacks else "",
        )


def examined_checkbox(technology: Technology) -> None:
    """Whether a technology was examined and belongs in the report; in one line with what the submission says of it."""
    key = state.key("examined", technology.id)
    told.field(key, "technologies", technology.id, examined=state.reason_before(technology.id))
    st.checkbox(
        in_a_line(technology),
        value=technology.id in state.assessment().technologies,
        key=key,
        on_change=_write,
        args=(key, state.set_examined, technology.id),
    )


def reason_area(technology: Technology, *, lacking: bool) -> None:
    """Why a technology that was examined does not work for the service: plain text. lacking: whether the report still lacks it."""
    _area(
        f"Why it does not work for this service, and the evidence: {technology.title}",
        ("reason", technology.id),
        state.assessment().technologies.get(technology.id, ""),
        ("technologies", technology.id),
        state.set_reason,
        needed=True,
        lacks="Still needs a reason." if lacking else "",
    )


def _area(
    label: str,
    about: tuple[str, str],
    saved: str,
    path: tuple[str, ...],
    setter: Callable[[str, str], None],
    *,
    needed: bool,
    lacks: str = "",
    wrong: str = "",
) -> None:
    """A text of several lines. about: what it is, and of which requirement or technology; path: where it is in a saved assessment.

    lacks, wrong: what is said beside it, as something still to do or as a fault.
    """
    key = state.key(*about)
    longest = max(LONGEST_TEXT, len(saved))
    takes = {"longest": longest, "between_lines": "\n"}
    told.field(key, *path, **takes)
    too_long = _too_long(key, saved, longest)
    told.tie(key, needed=needed, wrong=bool(wrong or too_long))
    with st.container():
        st.text_area(
            label,
            value=too_long or saved,
            key=key,
            height="content",
            on_change=_write_text,
            args=(key, takes, setter, about[1]),
        )
        _say_of_text(key, too_long, longest)
        if wrong:
            st.warning(wrong)
        if lacks:
            st.markdown(lacks)


def _write(key: str, setter: Callable[..., None], *where: str) -> None:
    """Write one plain value from a widget into the assessment."""
    setter(*where, state.widget_value(key))


# ---------------------------------------------------------------------------------------------------------- what is typed
def _write_text(key: str, takes: Mapping[str, object], setter: Callable[..., None], *where: str) -> None:
    """Write a text into the assessment, as much of it as its field takes, and remember what is to be said of the rest."""
    typed = state.widget_value(key)
    whole, taken = told.taken(takes, typed)
    if whole != typed:
        state.show_in(key, whole)
    to_say = {**state.recall(_TO_SAY, {}), key: (whole, len(typed) - len(whole))}
    if whole == typed == taken:
        del to_say[key]
    state.keep(_TO_SAY, to_say)
    setter(*where, taken)


def _too_long(key: str, saved: str, longest: int) -> str:
    """What was typed into a field and is longer than it takes, of which this is saved; empty where it is not."""
    typed, _ = state.recall(_TO_SAY, {}).get(key, ("", 0))
    return typed if len(typed) > longest and typed[:longest] == saved else ""


def _say_of_text(key: str, too_long: str, longest: int) -> None:
    """Say what of a typed text is not saved, and what was taken out of it."""
    if too_long:
        st.warning(
            f"{len(too_long) - longest:,} characters too many. This field takes {longest:,}: the first {longest:,} are saved, the rest only once you shorten the text."
        )
    _, taken_out = state.recall(_TO_SAY, {}).get(key, ("", 0))
    if taken_out:
        st.markdown(f"Taken out: {taken_out:,} control {'character' if taken_out == 1 else 'characters'}, not text.")
