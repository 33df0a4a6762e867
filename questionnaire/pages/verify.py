"""Verify: a scorecard that somebody sends is computed again, and each cell that differs is named."""

import streamlit as st

from questionnaire import frame, state
from questionnaire.steps import VERIFY
from scoring.scorecard import sentence
from scoring.verify import ScorecardError, Verification, largest, verify

TITLE = "Verify a scorecard"


def show() -> None:
    """Draw the page."""
    frame.begin(VERIFY, TITLE)
    st.markdown(
        "Upload a scorecard (CSV) that this tool wrote. It is computed again from its own profile, grades and notes, and you learn whether every figure is what the rules give, "
        "and which cells are not. Your own answers are not touched."
    )
    given = st.file_uploader("A scorecard (CSV)", type=["csv"], key="verify.upload")
    if given is not None:
        try:
            found = verify(state.rules(), given.getvalue()[: largest(state.rules()) + 1])
        except ScorecardError as error:
            st.error("This file cannot be verified.")
            st.text(f"{given.name}: {error}")
        else:
            _result(found)
    st.markdown("What it cannot tell: whether the grades and notes are true. They are the provider's own.")
    frame.end(VERIFY, TITLE)


def _result(found: Verification) -> None:
    (st.success if found.matches else st.error)("✓ It matches." if found.matches else f"✗ It does not match: {len(found.differences)} {'cell differs' if len(found.differences) == 1 else 'cells differ'}.")
    st.text(found.card.service or "A service without a name")
    st.markdown(f"{found.sentence}\n\n{sentence(found.card)}")
    if found.matches:
        return
    st.header("Cells that differ", anchor=False)
    for each in found.differences:
        st.text(each.sentence)
