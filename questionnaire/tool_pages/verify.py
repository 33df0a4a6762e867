"""Verify: a scorecard that somebody sends is computed again, and each cell that differs is named."""

import re

import streamlit as st

from questionnaire.page_parts import figures, frame
from scoring.documents import words
from scoring.files.messages import isolated
from scoring.rules.in_words import ID
from scoring.score.scorecard import sentence
from scoring.score.verify import Difference, Verification

_LINES = 10
"""Cells that differ are told one a line up to so many, and in a table where there are more."""


def result(name: str, verification: Verification) -> None:
    """Draw what came of verifying a scorecard. name: what to call its file."""
    if verification.matches:
        st.success("✓ The figures match the rules.")
    else:
        st.error("✗ The figures do not match the rules.")
    st.text(f"{isolated(verification.card.service) or 'A service without a name'} ({name})")
    for rewritten in verification.rewritten:
        st.text(rewritten.told(isolated))
    if verification.matches:
        st.markdown(f"**{sentence(verification.card)}**")
    else:
        _differences(verification)
    st.header("What was checked, and what was not", anchor=False)
    st.markdown(verification.computed)
    st.markdown(verification.given)


def _differences(verification: Verification) -> None:
    claims = words.claims(verification)
    if claims:
        st.markdown(f"**{claims}**")
    st.markdown(f"**{verification.overview}**")
    st.markdown(f"By the rules, it would be: {sentence(verification.card)}")
    st.markdown(
        "**What to do:** ask whoever sent it for the scorecard as it was downloaded, and for the saved answers that it was made from: the start page opens them and makes it again."
    )
    st.header("Cells that differ", anchor=False)
    cells(verification)


def cells(verification: Verification) -> None:
    """Draw each cell that differs, with what it is and what it should be."""
    if len(verification.differences) > _LINES:
        _table(verification.differences)
    else:
        for difference in verification.differences:
            st.markdown(_whole(difference.told(isolated)))


def _whole(text: str) -> str:
    """Text that a file may say, as Markdown that shows it as it is, in which no id is broken over two lines."""
    parts = re.split(f"({ID.pattern})", text)
    return "".join(figures.whole_ids(part) if ID.fullmatch(part) else frame.escaped(part) for part in parts)


def _table(differences: tuple[Difference, ...]) -> None:
    shown = [difference.shown for difference in differences]
    columns: dict[str, list[object]] = {
        "Row": [difference.row for difference in differences],
        "Requirement": [difference.requirement.id for difference in differences],
        "Column": [difference.column for difference in differences],
        "Is": [actual for actual, _ in shown],
        "Should be": [expected for _, expected in shown],
    }  # no figures.table, which takes what a file says for markup
    figures.grid(columns, "Cells that differ, with what each should be", "verify.cells", None)
    st.markdown("Row 1 is the header, as in a spreadsheet.")
