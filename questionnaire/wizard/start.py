"""Start: what this is and is not; begin, resume a saved file, or open a sample."""

import streamlit as st

from questionnaire.browser import brought, told
from questionnaire.page_parts import frame, kept, way
from questionnaire.session import results, state, steps
from questionnaire.session.samples import Sample, sample_assessment, samples
from questionnaire.wizard import resume
from scoring.files.messages import isolated


@frame.page(steps.START, "What would the draft codes ask of your service?")
def show() -> None:
    """Draw the start page."""
    st.markdown(
        "Answer questions about one online service: learn which minimum compliance measures of Australia's draft Online Safety Industry Codes would "
        "bind it and what is missing: **as drafted** (version 2.0 of March 2023, as the submission of International Justice Mission, IJM, reports it) "
        "and **as amended** (with its nine recommendations)."
    )
    _begin_or_go_on()
    st.markdown(
        "About **ten minutes**. Have at hand the service's risk tier, encryption and hosting, and what you do against child sexual abuse material (CSAM). "
        f"Your answers are kept in this {'**browser**, also after you close it,' if brought.keeping() else '**tab**, until you close it,'} and in the "
        "server's memory while you are connected."
    )
    st.markdown("Not legal advice; neither result is the law.")
    way.link(steps.SOURCES, "Sources: what became of the draft")
    st.header("For a regulator", anchor=False)
    with st.container(gap="xsmall"):
        way.link(steps.OBLIGATIONS, "Obligations: who is bound, and who slips through")
        way.link(steps.PORTFOLIO, "Portfolio: many services at once")
        way.link(steps.RETURNS, "Returns: verify what providers sent")
    _samples()
    st.header("Open a saved file", anchor=False)
    resume.draw()
    way.link(steps.COMPARE, "Compare: what moved between saved files")
    st.divider()
    st.markdown(
        "To report material that shows the abuse of a child, go to eSafety: [esafety.gov.au/report](https://www.esafety.gov.au/report)."
    )


def _samples() -> None:
    st.header("Made-up samples", anchor=False)
    for sample in samples():
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
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


def _open(sample: Sample) -> None:
    state.replace(sample_assessment(sample))
    state.keep(_WANTED, None)
    way.go(steps.SCORECARD)


def _begin_or_go_on() -> None:
    kept.offers()
    if state.empty():
        earlier = bool(brought.kept())
        if st.button(
            "Start a new assessment" if earlier else "Start", key="start", type="secondary" if earlier else "primary"
        ):
            way.go(steps.SERVICE)
        return
    name = isolated(state.assessment().service_name) or "a service without a name"
    st.text("\n".join(filter(None, (f"You have answers here, of {name}.", results.in_a_line()))))
    if st.button("Go on with your answers", key="go_on", type="primary"):
        way.go(steps.where_to_go_on())
    kept.others()
    if brought.kept():
        way.link(steps.RETURNS, "Returns: all services that this browser keeps, in one table")
    if not state.recall(_SURE):
        st.button("Start again with nothing answered", key="again", on_click=state.keep, args=(_SURE, True))
        return
    st.warning("Starting again removes these answers. Save them on the scorecard page first if you want to keep them.")
    told.field("again_yes", pressed=None)
    if st.button("Yes, remove them and start again", key="again_yes"):
        state.keep(_SURE, False)
        state.clear()
        way.go(steps.SERVICE)
    st.button("No, keep them", key="again_no", on_click=state.keep, args=(_SURE, False))


_SURE, _WANTED = "start_again", "sample_wanted"
"""Whether to ask before starting again; the sample that waits for a yes."""
