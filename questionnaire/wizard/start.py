"""Start: what this is and is not; begin, resume a saved file, or open a sample."""

import streamlit as st

from questionnaire.browser import brought, told
from questionnaire.session import state
from questionnaire.session.samples import Sample, sample_assessment, samples
from questionnaire.session.steps import OBLIGATIONS, PORTFOLIO, SCORECARD, SERVICE, SOURCES, START, VERIFY
from questionnaire.shown import frame, kept
from questionnaire.streamlit_inside import uploads
from scoring.files.messages import isolated, printable
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json

TITLE = "What would the draft codes ask of your service?"


def show() -> None:
    """Draw the start page."""
    frame.begin(START, TITLE)
    st.markdown(
        "Answer questions about one online service. You learn which minimum compliance measures of Australia's draft Online Safety "
        "Industry Codes (version 2.0, March 2023) would apply to it, what is in place and what is missing. You see it twice: "
        "for the codes **as drafted**, and **with the nine changes** that International Justice Mission (IJM) recommended."
    )
    _begin_or_go_on()
    st.header("Before you start", anchor=False)
    st.markdown(
        "- **It takes** about ten minutes.\n"
        "- **You need** to know the service's risk tier, its encryption, who manages what is stored, and what you have in place against child sexual abuse material (CSAM).\n"
        f"- **Your answers are kept in this {'browser**, also after you close it,' if brought.keeping() else 'tab**, until you close it,'} and in the memory of the server while "
        "you are connected. They go nowhere else. You can change that, or forget them, at the foot of each step."
    )
    st.info(
        "This is not legal advice, and neither text is the law. One is a draft of March 2023, known here only through IJM's submission; "
        "the other is an advocate's proposal. The law today is elsewhere: see Sources."
    )
    st.page_link(frame.page_at(SOURCES), label="Sources: what became of the draft", icon=":material/arrow_forward:")
    st.header("Go on with a saved assessment", anchor=False)
    _resume()
    st.header("Or look at a sample service", anchor=False)
    st.markdown("All are made up.")
    for sample in samples():
        if st.button(f"Open sample: {sample.title}", key=f"sample.{sample.file}"):
            if state.empty() or state.is_sample():
                _open(sample)
            state.keep(_WANTED, sample.file)
        st.markdown(sample.about)
        if state.recall(_WANTED) == sample.file:
            st.warning(
                "Opening the sample removes your answers. Save them on the scorecard page first if you want to keep them, or open the sample in another tab."
            )
            if st.button("Yes, open the sample", key="sample_yes"):
                _open(sample)
            st.button("No, keep my answers", key="sample_no", on_click=state.keep, args=(_WANTED, None))
    st.header("For a regulator", anchor=False)
    st.markdown(
        "See who is bound and who slips through, score many services at once, or check a scorecard that somebody sent you."
    )
    for address, label in (
        (OBLIGATIONS, "Obligations: who is bound"),
        (PORTFOLIO, "Portfolio: many services at once"),
        (VERIFY, "Verify a scorecard"),
    ):
        st.page_link(frame.page_at(address), label=label, icon=":material/arrow_forward:")
    st.page_link(
        frame.page_at(OBLIGATIONS),
        label="For instance: end-to-end encrypted services, and who lets them out",
        icon=":material/arrow_forward:",
        query_params={"view": "map", "only": "encryption:end_to_end"},
    )
    st.divider()
    st.markdown(
        "If you have come across material that shows the abuse of a child, report it to eSafety: [esafety.gov.au/report](https://www.esafety.gov.au/report)."
    )
    frame.end(START, TITLE)


def _open(sample: Sample) -> None:
    state.replace(sample_assessment(sample))
    state.keep(_WANTED, None)
    state.say("success", "A made-up sample is open. Nothing here is about a real service.")
    frame.go(SCORECARD)


def _begin_or_go_on() -> None:
    kept.offers()
    if state.empty():
        earlier = bool(brought.kept())
        if st.button(
            "Start a new assessment" if earlier else "Start", key="start", type="secondary" if earlier else "primary"
        ):
            frame.go(SERVICE)
        return
    st.markdown("You have answers here.")
    if st.button("Go on with your answers", key="go_on", type="primary"):
        frame.go(SERVICE)
    if not state.recall(_SURE):
        st.button("Start again with nothing answered", key="again", on_click=state.keep, args=(_SURE, True))
        return
    st.warning("Starting again removes these answers. Save them on the scorecard page first if you want to keep them.")
    told.button("again_yes", pressed=None)
    if st.button("Yes, remove them and start again", key="again_yes"):
        state.keep(_SURE, False)
        state.clear()
        frame.go(SERVICE)
    st.button("No, keep them", key="again_no", on_click=state.keep, args=(_SURE, False))


_SURE, _WANTED = "start_again", "sample_wanted"
"""Whether to ask before starting again; the sample that waits for a yes."""


def _resume() -> None:
    box = st.container()
    key = state.key("upload")
    told.tie(key)
    given = box.file_uploader("A file that you saved here (JSON)", type=["json"], key=key, max_upload_size=1)
    uploads.say_refused()
    if given is None:
        return
    try:
        found = from_json(given.getvalue()[: LARGEST_FILE + 1], state.rules())
    except AssessmentError as error:
        box.error("This file was not opened. Your answers are as they were.")
        box.text(f"{isolated(printable(given.name))}: {error}")
        box.markdown("Choose a file that you saved here: its name ends in `-assessment.json`.")
        return
    service = isolated(found.service_name) or "a service without a name"
    st.text(f"{isolated(printable(given.name))}: an assessment of {service}, last changed on {found.assessed_on}.")
    if not state.empty():
        st.warning("Opening it replaces the answers here.")
    if st.button("Open this file", key="open", type="primary"):
        state.replace(found)
        notice = state.notice_of_version()
        unfinished = bool(found.missing(state.rules()))
        if notice and unfinished:  # the scorecard says it by itself
            state.say("warning", notice)
        state.say("success", "Your saved assessment is open.")
        frame.go(SERVICE if unfinished else SCORECARD)
