"""Go on with a file: a saved assessment, or a questionnaire that was filled in as a workbook; and the empty one to fill in."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.page_parts import exchange, kept, way
from questionnaire.page_parts.choices import choice
from questionnaire.session import state
from questionnaire.session.steps import CHECK, PORTFOLIO, RETURNS, SCORECARD, SERVICE, first_open
from scoring.files.messages import isolated, printable
from scoring.files.text_in import JSON
from scoring.files.workbook_in import WorkbookError, is_workbook
from scoring.follow_up.review import by_whom, marked, review_beside, review_sentence, same_service, with_review_of
from scoring.follow_up.rounds import SCORECARD as SCORECARD_FILE
from scoring.follow_up.rounds import is_of_a_scorecard
from scoring.form.questionnaire_in import read_questionnaire
from scoring.form.questionnaire_out import questionnaire
from scoring.returns.round_in import RoundError, read_round
from scoring.score.assessment import Assessment, Review, day_in_words
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json

_LARGEST = 20
"""Megabytes of a workbook; a saved assessment has at most one."""
_A_SCORECARD = "a scorecard", (RETURNS, "Returns: verify a scorecard")
_SERVICES = "a file of services (a portfolio)", (PORTFOLIO, "Portfolio: many services at once")
"""Files that other pages take: what each is, and how to go there."""
_REFUSED_SHOWN = 50
"""Cells of a workbook that are listed; all are counted."""


def draw() -> None:
    """The uploader, what is said of the file that was given, and the empty questionnaire."""
    label = "Your saved answers, a reviewer's reply (JSON) or a filled questionnaire (Excel)"
    box, given = exchange.upload(label, state.key("upload"), max_upload_size=_LARGEST)
    if given is not None:
        name = isolated(printable(given.name))
        if is_workbook(given.getvalue()[:8]):
            _workbook(box, name, given.getvalue())
        else:
            _saved(box, name, given.getvalue())
    _empty_questionnaire()


def _saved(box: DeltaGenerator, name: str, data: bytes) -> None:
    try:
        saved = from_json(data[: LARGEST_FILE + 1], state.rules())
    except AssessmentError as error:
        _not_opened(
            box, name, data, f"{error}.", "Choose a file that you saved here: its name ends in `-assessment.json`."
        )
        return
    _what_it_is(f"{name}: an assessment", saved)
    _reply(saved)
    if st.button("Open this file", key="open", type="primary"):
        unfinished = bool(saved.missing(state.rules()))
        leads_to = SERVICE if unfinished else CHECK if saved.review != Review() else SCORECARD
        _open(saved, "Your saved assessment is open.", with_notice=leads_to != SCORECARD)  # which says it by itself
        kept.say_overdue(leads_to)
        way.go(leads_to)


def _reply(saved: Assessment) -> None:
    """Say of a file that it bears a review, and offer that alone where the answers here are of the same service."""
    if saved.review == Review():
        return
    st.text(f"It bears a review by {isolated(by_whom(saved.review))}. {review_sentence(marked(state.rules(), saved))}")
    here = state.assessment()
    if state.empty() or not same_service(saved, here):
        return
    if is_of_a_scorecard(saved):
        st.markdown("It was made of a scorecard: it has no provider, evidence, plan, technologies or sign-off. Those that are here go where it is opened whole.")  # fmt: skip
    with_review = here.model_copy(update={"review": review_beside(here, saved)})
    st.markdown(
        f"Taken over alone, it stands beside the answers here, which stay as they are. {review_sentence(marked(state.rules(), with_review))}"
    )
    if st.button("Take over the review alone", key="review_alone"):
        _open(with_review, "The review stands beside your answers.", with_notice=False)
        way.go(CHECK)


def _workbook(box: DeltaGenerator, name: str, data: bytes) -> None:
    try:
        reading = read_questionnaire(data, state.rules(), state.now())
    except WorkbookError as error:
        _not_opened(box, name, data, f"it {error}.", "Choose a questionnaire that was downloaded here and filled in.")
        return
    _what_it_is(f"{name}: a questionnaire", reading.assessment)
    given = with_review_of(reading.assessment, state.assessment())
    _what_becomes_of_the_review(given)
    count = len(reading.refused)
    if count:
        cells = "One cell is" if count == 1 else f"{count:,} cells are"
        st.error(f"{cells} refused. Mend them in the workbook and upload it again, or take the others now.")
        for refused in reading.refused[:_REFUSED_SHOWN]:
            st.text(isolated(printable(refused.in_words())))
        if count > _REFUSED_SHOWN:
            st.markdown(f"These are the first {_REFUSED_SHOWN}.")
    if st.button("Take the other cells" if count else "Open this questionnaire", key="open", type="primary"):
        _open(given, "Your questionnaire is open.", with_notice=True)
        kept.say_overdue(first_open())
        way.go(first_open())


def _what_becomes_of_the_review(given: Assessment) -> None:
    """Say it where there is a review here, which no questionnaire carries."""
    if state.assessment().review == Review():
        return
    if given.review == Review():
        st.warning(
            "There is a review of the answers here. The questionnaire is of another service or provider, so the review goes with them: save your answers first."
        )
    else:
        st.markdown(
            "The review of the answers here stays: the questionnaire is of the same service. What has changed since it was marked is said."
        )


def _not_opened(box: DeltaGenerator, name: str, data: bytes, why: str, what_to_do: str) -> None:
    """Say it beside the uploader, so that it is read out with the button that takes another file; of one that another page takes, say which."""
    said = "This file was not opened. Your answers are as they were."
    if taken := _taken_by(data):
        what, page = taken
        exchange.not_taken(box, said, f"{name}: this is {what}. Another page takes it.", "", page)
    else:
        exchange.not_taken(box, said, f"{name}: {why}", what_to_do)


def _taken_by(data: bytes) -> tuple[str, tuple[str, str]] | None:
    """What a file is that another page takes, and the way there; None where no page does."""
    try:
        is_card = read_round("", data, state.rules(), state.now()).round.kind == SCORECARD_FILE
        return _A_SCORECARD if is_card else None
    except RoundError as error:
        return _SERVICES if error.elsewhere not in ("", JSON) else None


def _what_it_is(what: str, given: Assessment) -> None:
    service = isolated(given.service_name) or "a service without a name"
    st.text(f"{what} of {service}, last changed on {day_in_words(given.assessed_on)}.")
    if not state.empty():
        st.warning("Opening it replaces the answers here.")


def _open(given: Assessment, said: str, with_notice: bool) -> None:
    state.replace(given)
    notice = state.notice_of_version()
    if notice and with_notice:
        state.say("warning", notice)
    state.say("success", said)


def _empty_questionnaire() -> None:
    with st.expander("Fill in a workbook instead (Excel)"):
        st.markdown(
            "The questionnaire has every question, why it is asked and what may be answered. See it all before you start, hand "
            "sheets to colleagues, and upload it here when you have filled in what you know."
        )
        codes = {"": "All codes", **{code.id: code.title for code in state.rules().codes}}
        chosen = choice(st.selectbox, "For which code?", codes, "questionnaire.code")
        name = f"questionnaire{f'-{chosen.lower()}' if chosen else ''}.xlsx"
        made = partial(questionnaire, state.rules(), None, chosen)
        exchange.download("Download the questionnaire (Excel)", made, name, "questionnaire")
