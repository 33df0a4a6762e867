"""A question becomes a widget; nothing else. Each widget shows a value of the assessment and writes it back on change."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import streamlit as st

from questionnaire.browser import told
from questionnaire.page_parts import frame
from questionnaire.page_parts.choices import choice
from questionnaire.session import answers, state
from scoring.files.messages import abridged
from scoring.form.questions import Question
from scoring.rules.model import Requirement, Technology
from scoring.rules.technologies import in_a_line
from scoring.score.assessment import ANSWER, STATUS, allowed_grades
from scoring.score.tally import NOT_FEASIBLE

NAME_PROMPT = "What is the service called?"
NOT_KNOWN = "Not known yet"
A_DAY = " (YYYY-\u2060MM-\u2060DD)"
"""How a day is written, as the end of a label; no line ends within it."""
_TO_SAY, _OPENED = "to_say_of_texts", "opened_folds"
_NOTHING: tuple[str, int, bool] = "", 0, True
"""Of a text of which nothing is to be said: what was typed, how many characters were taken out of it, and whether there was room for it."""


def fold(label: str, name: str, *, opened: bool = False) -> st.delta_generator.DeltaGenerator:
    """Something that unfolds. opened: whether it is open by itself; once it was, it stays so for as long as the session lasts.

    name: a name for it that stands once in the whole program. The browser knows it by that name: by its place on the page
    alone, the fold in the same place of the next page would be open where this one was left open.
    """
    key, ever = state.key(f"fold_{name}"), state.recall(_OPENED, frozenset())
    if opened:
        state.keep(_OPENED, ever | {key})
    return st.expander(label, expanded=opened or key in ever, key=key, type="compact")


@contextmanager
def changeable(key: str, what: str, change: Callable[..., None], *where: object) -> Iterator[None]:
    """A line with a Change link behind it, beside which a reader sees what it changes and hears it. change, where: what a press does."""
    with st.container(horizontal=True, horizontal_alignment="distribute", gap="xsmall", key=f"line.{key}"):
        yield
        st.button(f"Change *{what}*", key=f"change.{key}", type="tertiary", on_click=change, args=where)


def fact_radio(question: Question, page: str) -> None:
    """A question about the service. Nothing is chosen beforehand.

    page: the address of the page that asks it, and that says so at the question where it needs an answer to go on.
    """
    labels = {offered.value: offered.label for offered in question.offered()}
    path, key = ("profile", question.fact), state.key("fact", question.fact)
    current = answers.said(path)
    wrong = state.held_up(page) and current not in labels
    told.field(key, *path, values=list(labels))
    told.tie(key, needed=True, wrong=wrong)
    with st.container(gap="xsmall"):
        st.header(question.prompt, anchor=False)
        if wrong:
            st.markdown(":red[**⚠ Please answer this question.**]")
        if question.help:
            st.markdown(question.help)
        taken = {"on_change": _write, "args": (key, answers.put, path)}
        choice(st.radio, question.prompt, labels, key, current, label_visibility="collapsed", **taken)


def whys(questions: Iterable[Question]) -> None:
    """Why each of the questions is asked."""
    st.markdown("\n".join(f"- **{question.prompt}** {question.why}" for question in questions))


def name_input() -> None:
    """The name of the service, which stands on the scorecard and nowhere else."""
    with st.container(gap="xsmall"):
        st.header(NAME_PROMPT, anchor=False)
        st.markdown("Optional.")
        _place_text(NAME_PROMPT, ("service_name",), ("name",), unseen=True)


def grade_radio(requirement: Requirement) -> None:
    """How far a requirement is in place. Not known yet is an answer too: it stays unanswered."""
    labels = {**{grade: ANSWER[grade] for grade in allowed_grades(requirement)}, "": NOT_KNOWN}
    path, key = ("answers", requirement.id, "grade"), state.key("grade", requirement.id)
    told.field(key, *path, values=list(labels))
    told.tie(key)
    choice(
        st.radio,
        requirement.question,
        labels,
        key,
        answers.said(path) or ("" if requirement.id in state.not_known() else None),
        on_change=_write,
        args=(key, answers.put, path),
        horizontal=True,
        label_visibility="collapsed",
    )


def note_area(requirement: Requirement) -> None:
    """A note on a requirement: plain text, in a fold that is open where there is text or where a justification is needed."""
    answer = state.assessment().answer(requirement.id)
    justify = answer.grade == NOT_FEASIBLE
    lacks = justify and not answer.note.strip()
    label = "Why it is not feasible or appropriate (needed)" if justify else "Note (optional)"
    with fold("Note", f"note.{requirement.id}", opened=justify or bool(answer.note)):
        path = ("answers", requirement.id, "note")
        _place_text(f"{label}: {requirement.title}", path, ("note", requirement.id), needed=justify, wrong=lacks)
        if lacks:
            st.warning("Without a written justification this counts as unanswered.")


def examined_checkbox(technology: Technology) -> None:
    """Whether a technology was examined and belongs in the report; in one line with what the submission says of it."""
    key = state.key("examined", technology.id)
    told.field(key, "technologies", technology.id, examined=answers.reason_before(technology.id))
    st.checkbox(
        in_a_line(technology),
        value=technology.id in state.assessment().technologies,
        key=key,
        on_change=_write,
        args=(key, answers.set_examined, technology.id),
    )


def reason_area(technology: Technology, *, lacking: bool) -> None:
    """Why a technology that was examined does not work for the service: plain text. lacking: whether the report still lacks it."""
    with st.container():
        label = f"Why it does not work for this service, and the evidence: {technology.title}"
        _place_text(label, ("technologies", technology.id), ("reason", technology.id), needed=True)
        if lacking:
            st.markdown("Still needs a reason.")


def place_input(label: str, *path: str) -> None:
    """What is on record beside the answers in one place of a saved assessment: a text, a day, or one of a few choices.

    label: for a day it says how it is written. A choice is what stands there; "Not said" is one.
    """
    takes = answers.takes(path) or {}
    if "values" in takes:
        key = state.key(*path)
        told.field(key, *path, values=takes["values"])
        names = {value: {**ANSWER, **STATUS, "": "Not said"}[value] for value in takes["values"]}
        taken = {"on_change": _write, "args": (key, answers.put, path)}
        choice(st.radio, label, names, key, answers.said(path), horizontal=True, **taken)
        return
    with st.container(gap="xsmall"):
        _place_text(f"{label}{A_DAY}" if takes.get("date") else label, path, path)


def _write(key: str, setter: Callable[..., object], *where: object) -> None:
    """Write one plain value from a widget into the assessment."""
    setter(*where, state.widget_value(key))


# ---------------------------------------------------------------------------------------------------------- what is typed
def _place_text(label: str, path: tuple[str, ...], about: tuple[str, ...], **how: bool) -> None:
    """The text in a place of a saved assessment. about, how: as `text` is told."""
    takes = answers.takes(path)
    assert takes is not None, path
    text(label, about, path, answers.said(path), takes, partial(answers.put, path), **how)


def text(
    label: str,
    about: Iterable[str],
    path: tuple[str, ...],
    saved: str,
    takes: Mapping[str, Any],
    write: Callable[[str], bool],
    *,
    needed: bool = False,
    wrong: bool = False,
    unseen: bool = False,
    **of_row: object,
) -> None:
    """A text, and what of it is not saved, in a container of its own.

    about: what it is, for its key; path: where it is in a saved assessment; takes, of_row: as `told.field` is told; write: puts it there, and says
    whether there was room; wrong: whether a fault of it is said beside it; unseen: whether its label is only heard.
    """
    key = state.key(*about)
    takes = {**takes, "longest": max(takes["longest"], len(saved))}
    told.field(key, *path, **takes, **of_row)
    unsaved, why = _unsaved(key, saved, takes)
    told.tie(key, needed=needed, wrong=wrong or bool(why))
    draw = partial(st.text_area, height="content") if takes["between_lines"] == "\n" else st.text_input
    draw(
        label,
        value=unsaved or saved,
        key=key,
        on_change=_write_text,
        args=(key, takes, write),
        label_visibility="collapsed" if unseen else "visible",
    )
    if why:
        st.warning(frame.escaped(why))
    _, taken_out, _ = state.recall(_TO_SAY, {}).get(key, _NOTHING)
    if taken_out:
        st.markdown(f"Taken out: {taken_out:,} control {'character' if taken_out == 1 else 'characters'}, not text.")


def _write_text(key: str, takes: Mapping[str, Any], write: Callable[[str], bool]) -> None:
    """Write a text into the assessment, as much of it as its field takes, and remember what is to be said of the rest."""
    typed = state.widget_value(key)
    whole, taken = told.taken(takes, typed)
    if whole != typed:
        state.show_in(key, whole)
    room = write(taken)
    to_say = {**state.recall(_TO_SAY, {}), key: (whole, 0 if takes.get("date") else len(typed) - len(whole), room)}
    if whole == typed == taken and room:
        del to_say[key]
    state.keep(_TO_SAY, to_say)


def unsaved() -> tuple[str, ...]:
    """The keys of the texts of which something was typed and is not saved as it is, such as half a day."""
    to_say = state.recall(_TO_SAY, {})
    return tuple(key for key, (_, taken_out, room) in to_say.items() if not (room and taken_out))


def _unsaved(key: str, saved: str, takes: Mapping[str, Any]) -> tuple[str, str]:
    """What was typed into a field and is not saved as it is, and why; both empty where it is."""
    typed, _, room = state.recall(_TO_SAY, {}).get(key, _NOTHING)
    if typed == saved or (room and told.taken(takes, typed)[1] != saved):
        return "", ""
    if not room:
        return (
            typed,
            f"Not saved: with it, all answers together would take more than a saved file may have ({answers.LARGEST:,} bytes). Shorten something first.",
        )
    if takes.get("date"):
        return (
            typed,
            f"Not saved: {abridged(typed)} is no date of the form YYYY-MM-DD, such as 2026-05-01 for the first of May.",
        )
    longest = takes["longest"]
    surplus = len(typed) - longest
    return (
        typed,
        f"{surplus:,} {'character' if surplus == 1 else 'characters'} too many. This field takes {longest:,}: the first {longest:,} are saved, the rest only once you shorten the text.",
    )
