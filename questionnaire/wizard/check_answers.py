"""Check your answers: every answer with a Change link, and what is unanswered listed first."""

from functools import partial

import streamlit as st

from questionnaire.page_parts import exchange, frame, marks
from questionnaire.session import results, state
from questionnaire.session.steps import CHECK, NOT_CAPABLE, SERVICE, all_measures, asked_at, measure_address
from questionnaire.wizard import show_how, widgets
from questionnaire.wizard.not_capable import TECHNOLOGIES, examined_in_words
from questionnaire.wizard.service import PROVIDER_FOLD, PROVIDER_PROMPT
from scoring.documents import words
from scoring.files.messages import isolated
from scoring.follow_up.differences import GRADE, NOTE, parts
from scoring.follow_up.doubts import Doubt, doubts
from scoring.form.questionnaire_out import questionnaire, unfit
from scoring.form.questions import load_questionnaire
from scoring.rules.conditions import join
from scoring.rules.model import Measure
from scoring.score.assessment import Review, SignOff, day_in_words
from scoring.score.dossier import TechnologiesReport, technologies_report
from scoring.score.scorecard import Row
from scoring.score.tally import NOT_FEASIBLE

SIGN_OFF_FOLD, APPROVED_BY = "sign_off", "Approved by"
DOUBTED = {
    "plan_overdue": "the plan",
    "plan_done": "the plan or the answer",
    "plan_for_met": "the plan",
    "evidence_old": "the evidence",
    "evidence_soon_old": "the evidence",
    "no_evidence": "the evidence",
    "thin_reason": "the reason",
    "report_incomplete": "the report",
    "no_approver": "the approver",
}
"""By kind of doubt, what a Change link changes; it is heard, not seen."""
_LINES, _SIGNS = 3, 240
"""How many lines and characters are shown of a note."""


@frame.page(CHECK, "Check your answers")
def show() -> None:
    """Draw the page."""
    card, report = results.card(), technologies_report(state.rules(), state.assessment())
    rows = {row.requirement: row for row in card.rows if row.drafted_owed or row.amended_owed} if card else {}
    _unanswered(rows, report)
    with st.container():  # always there, so that a doubt that comes or goes draws nothing below it anew
        _doubts()
    _review()
    _facts("Your service", SERVICE)
    if report:
        _facts("Not capable?", NOT_CAPABLE, report)
    for measure in results.asked_measures():
        _measure(measure, rows)
    if card and not rows:
        st.info("No measure applies to this service as drafted or as amended, so there is nothing more to answer.")
    with st.container():
        _sign_off()
    _as_a_workbook()
    frame.back_and_next(CHECK, blocked="The scorecard needs these facts first", next_label="See the scorecard")


def _sign_off() -> None:
    """Who prepared the answers and who approved them, folded: a record has it, and no score."""
    signed = state.assessment().sign_off
    fold = st.expander("Sign-off", key=SIGN_OFF_FOLD, on_change="rerun")
    if not fold.open and signed != SignOff():
        day = day_in_words(signed.approved_on) if signed.approved_on else ""
        said = {"Prepared by": signed.prepared_by, APPROVED_BY: signed.approved_by, "Approved on": day}
        st.text("\n".join(f"{label}: {isolated(text)}" for label, text in said.items() if text))
    if fold.open:
        with fold:
            widgets.place_input("Prepared by", "sign_off", "prepared_by")
            widgets.place_input(APPROVED_BY, "sign_off", "approved_by")
            widgets.place_input("Approved on", "sign_off", "approved_on")


def _as_a_workbook() -> None:
    with st.expander("As a workbook (Excel)"):
        if why := unfit(state.assessment()):
            st.markdown(f"No workbook can be made of these answers: {why}.")
            return
        st.markdown(
            "The questions and your answers: hand it to colleagues who know the rest. Whoever opens the filled workbook on the start page goes on from there."
        )
        label = "Download the questionnaire with your answers (Excel)"
        made = partial(questionnaire, state.rules(), state.assessment())
        exchange.download(label, made, "questionnaire.xlsx", "questionnaire")


def _review() -> None:
    """What a reviewer said of the answers, where there is a review."""
    review = state.assessment().review
    if review != Review():
        st.header("The review of your answers", anchor=False)
        marks.summary(tuple(marks.own().values()), review)
        st.markdown(
            "To answer it, change what is to be revised, save your answers (JSON) among “More files” of the scorecard, and send back that file: it bears the marks, so the reviewer sees what changed."
        )


def _unanswered(rows: dict[str, Row], report: TechnologiesReport | None) -> None:
    rules, now = state.rules(), state.assessment()
    asked = {question.fact for question in load_questionnaire().question}
    facts = [fact.title for fact in now.missing(rules) if fact.id in asked]
    open_ = [row for row in rows.values() if not row.grade]
    unjustified = [row for row in rows.values() if row.grade == NOT_FEASIBLE and not row.note.strip()]
    if not (facts or open_ or unjustified):
        if report and not report.complete:
            st.warning("Every question is answered. The report is not complete.")
        elif rows:
            st.success("Everything that is asked is answered.")
        return
    st.header("Still open", anchor=False)
    lines = [f"- {title}: a fact that the scorecard needs" for title in facts]
    lines += [f"- {rules.titles[row.requirement]} ({row.measure_title}): unanswered" for row in open_]
    lines += [
        f"- {rules.titles[row.requirement]} ({row.measure_title}): counts as unanswered until it has a written justification"
        for row in unjustified
    ]
    st.markdown("\n".join(lines))
    if not facts:
        st.markdown(
            "You can go on without them. What is unanswered counts neither as in place nor as missing; your score is then a range."
        )
        first = (open_ or unjustified)[0].requirement
        doing = f"Answer {rules.titles[first]}" if len(lines) == 1 else "Answer the first of them"
        st.button(doing, key="answer.first", type="tertiary", on_click=_lead_to_requirement, args=(first,))


def _doubts() -> None:
    """What would not convince a reader, each with the way to where it is put right. Said, never scored."""
    said = doubts(state.rules(), state.assessment(), state.today())
    if not said:
        return
    st.header("Doubts", anchor=False)
    st.markdown("They change no score.")
    with st.container(gap="xsmall"):
        for place, doubt in enumerate(said):
            titles = join(state.rules().titles[requirement] for requirement in doubt.requirements)
            what = f"{DOUBTED[doubt.kind]}{titles and f' of {titles}'}"
            with widgets.changeable(f"doubt.{place}", what, _put_right, doubt):
                st.text(doubt.sentence)


def _put_right(doubt: Doubt) -> None:
    """Lead to where a doubt is put right, with what is folded there opened, and straight back."""
    match doubt.path:
        case "answers", requirement, part:
            if part != "note":
                state.show_in(show_how.fold_key(requirement), True)
            _lead_to_requirement(requirement)
        case "sign_off", _:
            state.show_in(SIGN_OFF_FOLD, True)
            state.lead_to(APPROVED_BY)
        case _:
            _lead(NOT_CAPABLE, TECHNOLOGIES)


def _lead_to_requirement(requirement: str) -> None:
    [(measure, asked)] = (
        (measure, asked)
        for measure in all_measures(state.rules())
        for asked in measure.requirements
        if asked.id == requirement
    )
    _lead(measure_address(measure), asked.question)


def _lead(address: str, words: str, fold: str = "") -> None:
    """Lead to the question with these words, and straight back. fold: what is folded there and is to be open, by its key."""
    state.come_back_to(CHECK)
    state.lead_to(words)
    state.head_for(address)
    if fold:
        state.show_in(fold, True)


def _line(what: str, said: str, change: tuple[str, str], target: str, *, typed: bool = False, fold: str = "") -> None:
    """One answer with its Change link. What the user typed is shown as text.

    change: what the link changes, by its id, and the address of the page that it leads to; target: the question there, by its words;
    fold: what is folded there and is to be open, by its key.
    """
    with widgets.changeable(change[0], what, _lead, change[1], target, fold):
        if typed:
            with st.container(horizontal=True, gap="xsmall"):
                st.markdown(f"**{what}:**", width="content")
                st.text(isolated(said))
        else:
            st.markdown(f"**{what}:** {said}")


def _facts(title: str, address: str, report: TechnologiesReport | None = None) -> None:
    rules, now = state.rules(), state.assessment()
    st.header(title, anchor=False)
    with st.container(gap="xsmall"):
        if address == SERVICE:
            _line("Name", now.service_name or "Not given", ("name", address), widgets.NAME_PROMPT, typed=True)
            if now.provider:
                change = "provider", address
                _line("Provider", now.provider, change, PROVIDER_PROMPT, typed=True, fold=PROVIDER_FOLD)
        for question in asked_at(address):
            value = now.profile.get(question.fact)
            said = rules.labels[question.fact, value] if value else words.UNANSWERED
            _line(rules.fact(question.fact).title, said, (question.fact, address), question.prompt)
        if report:
            said = examined_in_words(report)
            said += " The report is complete." * report.complete  # that it is not stands at the top
            _line("Technologies examined", said, ("technologies", NOT_CAPABLE), TECHNOLOGIES)
        for examined in report.technologies if report else ():
            if examined.listed:
                st.text(f"{examined.technology.title}: {_begun(examined.reason) or 'no reason given yet'}")


def _measure(measure: Measure, rows: dict[str, Row]) -> None:
    st.header(measure.title, anchor=False)
    with st.container(gap="xsmall"):
        for requirement in measure.requirements:
            row = rows.get(requirement.id)
            if row is None:
                continue
            said = words.answer(row) + ("" if row.drafted_owed else " (only as amended)")
            _line(requirement.title, said, (requirement.id, measure_address(measure)), requirement.question)
            if row.note.strip():
                st.text(f"Note: {_begun(row.note)}")
            for part, said in parts(state.assessment().answer(requirement.id), _begun).items():
                if said and part not in (GRADE, NOTE):
                    st.text(f"{part}: {said}")
            marks.beside(requirement.id)


def _begun(text: str) -> str:
    """As much of what a user typed as three lines hold. The rest stands where it was typed, to which Change leads."""
    lines = text.strip().splitlines()
    begun = "\n".join(lines[:_LINES])[:_SIGNS].rstrip()
    return isolated(begun if begun == text.strip() else f"{begun} …") if begun else ""
