"""Start: what this is and is not; begin, resume a saved file, or open a sample."""

import tomllib
from functools import lru_cache
from pathlib import Path

import streamlit as st

from questionnaire import frame, state
from questionnaire.steps import OBLIGATIONS, PORTFOLIO, SCORECARD, SERVICE, SOURCES, START, VERIFY
from scoring.assessment import LARGEST_FILE, AssessmentError, from_json, version_notice
from scoring.conditions import Frozen

SAMPLES = Path(__file__).parent.parent / "samples"
TITLE = "What would the draft codes ask of your service?"


class Sample(Frozen):
    """A made-up service that can be opened."""

    file: str
    title: str
    about: str


@lru_cache(maxsize=1)
def samples() -> tuple[Sample, ...]:
    """The samples, in the order in which they are offered."""
    listed = tomllib.loads((SAMPLES / "samples.toml").read_text(encoding="utf-8"))["sample"]
    return tuple(Sample(**each) for each in listed)


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
        "- **Your answers stay in this browser tab** until you close it, and in the memory of the server while you are connected. They go nowhere else. Download them to keep them."
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
            if state.empty() or state.recall(_OPENED) == state.changes():
                _open(sample)
            state.keep(_WANTED, sample.file)
        st.markdown(sample.about)
        if state.recall(_WANTED) == sample.file:
            st.warning("Opening the sample removes your answers from this tab. Save them on the scorecard page first if you want to keep them.")
            if st.button("Yes, open the sample", key="sample_yes"):
                _open(sample)
            st.button("No, keep my answers", key="sample_no", on_click=state.keep, args=(_WANTED, None))
    st.header("For a regulator", anchor=False)
    st.markdown("See who is bound and who slips through, score many services at once, or check a scorecard that somebody sent you.")
    for address, label in ((OBLIGATIONS, "Obligations: who is bound"), (PORTFOLIO, "Portfolio: many services at once"), (VERIFY, "Verify a scorecard")):
        st.page_link(frame.page_at(address), label=label, icon=":material/arrow_forward:")
    st.page_link(
        frame.page_at(OBLIGATIONS), label="For instance: end-to-end encrypted services, and who lets them out", icon=":material/arrow_forward:",
        query_params={"view": "map", "only": "encryption:end_to_end"},
    )
    st.divider()
    st.markdown("If you have come across material that shows the abuse of a child, report it to eSafety: [esafety.gov.au/report](https://www.esafety.gov.au/report).")
    frame.end(START, TITLE)


def _open(sample: Sample) -> None:
    state.replace(from_json((SAMPLES / sample.file).read_bytes(), state.rules()))
    state.keep(_OPENED, state.changes())
    state.keep(_WANTED, None)
    state.say("success", "A made-up sample is open. Nothing here is about a real service.")
    frame.go(SCORECARD)


def _begin_or_go_on() -> None:
    if state.empty():
        if st.button("Start", key="start", type="primary"):
            frame.go(SERVICE)
        return
    st.markdown("You have answers in this tab.")
    if st.button("Go on with your answers", key="go_on", type="primary"):
        frame.go(SERVICE)
    if not state.recall(_SURE):
        st.button("Start again with nothing answered", key="again", on_click=state.keep, args=(_SURE, True))
        return
    st.warning("Starting again removes the answers from this tab. Download them first if you want to keep them.")
    if st.button("Yes, remove them and start again", key="again_yes"):
        state.keep(_SURE, False)
        state.clear()
        frame.go(SERVICE)
    st.button("No, keep them", key="again_no", on_click=state.keep, args=(_SURE, False))


_SURE, _WANTED, _OPENED = "start_again", "sample_wanted", "sample_opened"
"""Whether to ask before starting again; the sample that waits for a yes; the count of changes when a sample was opened."""


def _resume() -> None:
    given = st.file_uploader("A file that you saved here (JSON)", type=["json"], key=state.key("upload"), max_upload_size=1)
    if given is None:
        return
    try:
        found = from_json(given.getvalue()[: LARGEST_FILE + 1], state.rules())
    except AssessmentError as error:
        st.error("This file was not opened. Your answers are as they were.")
        st.text(f"{given.name}: {error}")
        st.markdown("Choose a file that you saved here: its name ends in `-assessment.json`.")
        return
    st.text(f"{given.name}: an assessment of {found.service_name or 'a service without a name'}, last changed on {found.assessed_on}.")
    if not state.empty():
        st.warning("Opening it replaces the answers in this tab.")
    if st.button("Open this file", key="open", type="primary"):
        state.replace(found)
        notice = version_notice(found, state.rules())
        unfinished = bool(found.missing(state.rules()))
        if notice and unfinished:  # the scorecard says it by itself
            state.say("warning", notice)
        state.say("success", "Your saved assessment is open.")
        frame.go(SERVICE if unfinished else SCORECARD)
