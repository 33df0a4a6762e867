"""How a requirement is in place, or will be: since when, with what evidence, and with what plan. None of it is scored."""

from functools import partial
from html import escape

import streamlit as st

from questionnaire.browser import told
from questionnaire.session import answers, state
from questionnaire.wizard import widgets
from scoring.documents import words
from scoring.files.messages import link_of
from scoring.rules.conditions import join
from scoring.rules.model import Requirement
from scoring.score.assessment import Answer, Evidence, Plan, day_in_words
from scoring.score.tally import FULL, POINTS

TITLE = "Show how"
LINK = '<a href="{0}" target="_blank" rel="noopener noreferrer" style="color: inherit; overflow-wrap: anywhere">{0}</a>'
"""An address of the web, shown whole. It is HTML, since Markdown would make a picture of `:smile:` and something else of other signs."""
_LABELS = {
    "what": "what it is",
    "where": "where it is (a link or a file's name)",
    "dated": "dated",
    "good_until": "good until",
}


def fold_key(requirement: str) -> str:
    """The key of the fold of a requirement."""
    return f"show_how.{requirement}"


def fold(requirement: Requirement) -> None:
    """All of it in a fold, drawn when it is opened; nothing where the requirement is not graded and has nothing on record."""
    answer = state.assessment().answer(requirement.id)
    if answer in (Answer(), Answer(note=answer.note)):
        return
    with st.container(gap="xsmall"):
        opened = st.expander(TITLE, key=fold_key(requirement.id), type="compact", on_change="rerun")
        if not opened.open:
            if on_record := _on_record(answer):
                st.markdown(f"On record: {on_record}.")
            if _any_unsaved(requirement.id):
                st.warning("Something that you typed here is not saved. Open it to see what.")
            return
    with opened:
        with st.container():  # each part has one, so that what comes or goes in it draws nothing behind it anew
            if POINTS.get(answer.grade) or answer.since:  # points are for what is in place, wholly or partly
                widgets.place_input("In place since", "answers", requirement.id, "since")
        with st.container():
            evidence_fields(requirement)
        if POINTS.get(answer.grade, FULL) < FULL or answer.plan != Plan():
            st.markdown("**Plan**")
            plan_fields(requirement)


def _any_unsaved(requirement: str) -> bool:
    """Whether something that was typed in the fold is not saved as it is."""
    if not (unsaved := widgets.unsaved()):
        return False
    places = (("answers", requirement), *(("evidence", row) for row, _ in answers.evidence_rows(requirement)))
    return any(key.startswith(tuple(f"{state.key(*place)}." for place in places)) for key in unsaved)


def _on_record(answer: Answer) -> str:
    """What the fold holds, told beside it while it is closed: an officer who comes back looks for it."""
    pieces = sum(evidence != Evidence() for evidence in answer.evidence)
    held = (
        f"in place since {day_in_words(answer.since)}" if answer.since else "",
        f"{words.count(pieces, 'piece')} of evidence" if pieces else "",
        "a plan" if answer.plan != Plan() else "",
    )
    return join(filter(None, held))


def evidence_fields(requirement: Requirement) -> None:
    """The evidence of a requirement, each piece with its four fields, and buttons to add and remove."""
    rows = answers.evidence_rows(requirement.id)
    st.markdown("**Evidence**, by name; nothing is uploaded")
    for place, (row, evidence) in enumerate(rows):
        with st.container(border=True, gap="xsmall"):
            _evidence(requirement.id, place, row, evidence)
    if len(rows) < answers.MOST_EVIDENCE and all(evidence != Evidence() for _, evidence in rows):
        key = state.key("evidence.add", requirement.id)
        st.button("Add evidence", key=key, on_click=answers.add_evidence, args=(requirement.id,))


def _evidence(requirement: str, place: int, row: str, evidence: Evidence) -> None:
    path = ("answers", requirement, "evidence")
    columns = [st.container(), st.container(), *st.columns(2)]
    for (part, saved), column in zip(evidence, columns, strict=True):
        takes = answers.EVIDENCE[part]
        label = f"Evidence {place + 1}: {_LABELS[part]}{widgets.A_DAY if takes.get('date') else ''}"
        write = partial(answers.set_evidence, requirement, row, part)
        with column.container(gap="xsmall"):
            widgets.text(
                label, ("evidence", row, part), path, saved, takes, write, row=row, place=place, part=part, was=saved
            )
            address = link_of(saved) if part == "where" else ""
            if address:
                st.html(LINK.format(escape(address)))
    if evidence != Evidence() or place:
        key = state.key("evidence.remove", row)
        told.field(key, *path, pressed="", row=row)
        st.button(
            f"Remove evidence {place + 1}",
            key=key,
            on_click=answers.remove_evidence,
            args=(requirement, row),
            type="tertiary",
        )


def plan_fields(requirement: Requirement) -> None:
    """The plan of a requirement: what will be done, who does it, by when, how far it is, and what the answer is then."""
    plan = ("answers", requirement.id, "plan")
    widgets.place_input("What will be done", *plan, "action")
    who, when = st.columns(2)
    with who:
        widgets.place_input("Who does it", *plan, "owner")
    with when:
        widgets.place_input("By when", *plan, "due")
    widgets.place_input("How far it is", *plan, "status")
    widgets.place_input("The answer once it is done", *plan, "grade")
