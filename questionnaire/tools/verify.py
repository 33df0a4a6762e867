"""Verify: a scorecard that somebody sends is computed again, and each cell that differs is named."""

import streamlit as st

from questionnaire.browser import told
from questionnaire.session import state
from questionnaire.session.steps import PORTFOLIO, START, VERIFY
from questionnaire.shown import figures, frame, not_law
from questionnaire.streamlit_inside import uploads
from questionnaire.streamlit_inside.places import MEGABYTE
from scoring.documents import words
from scoring.files.messages import isolated, printable
from scoring.files.text_in import JSON
from scoring.score.scorecard import sentence
from scoring.score.scorecard_file import ScorecardError
from scoring.score.verify import Difference, Verification, largest, verify

TITLE = "Verify a scorecard"
_UPLOAD = "verify.upload"
_TAKEN_BY = {JSON: (START, "Start: open saved answers")}
"""Where a file goes that is for another page and no portfolio, by what tells it."""
_MEND = (
    "**What to do:** ask whoever sent it for the scorecard as it was downloaded, the CSV or the workbook (.xlsx). Or open the file in your spreadsheet program, mend the "
    "cell if one is named above (row 1 is the first row of the sheet), and save it as an Excel workbook (.xlsx), which keeps every letter and sign."
)
_LINES = 10
"""Cells that differ are told one a line up to so many, and in a table where there are more."""


def show() -> None:
    """Draw the page."""
    frame.begin(VERIFY, TITLE)
    st.markdown(
        "Upload a scorecard (CSV or Excel) that this tool wrote. It is computed again from its own profile, grades and notes, and you learn whether every figure is what the rules give, "
        "and which cells are not. Your own answers are not touched."
    )
    st.markdown(
        "What it cannot tell: whether what it starts from is true. The name, the date, the profile, the grades and the "
        "notes are the provider's own. Nor does a match show who made the file: anybody can make one that matches."
    )
    box = st.container()
    told.tie(_UPLOAD)
    most = largest(state.rules())
    limit = most // MEGABYTE + 1
    given = box.file_uploader("A scorecard (CSV or Excel)", key=_UPLOAD, max_upload_size=limit)
    uploads.say_refused()
    if given is not None:
        try:
            verification = verify(state.rules(), given.getvalue()[: most + 1])
        except ScorecardError as error:
            box.error("This file cannot be verified.")
            box.text(f"{isolated(printable(given.name))}: {error}")
            if error.elsewhere:
                address, label = _TAKEN_BY.get(error.elsewhere, (PORTFOLIO, "Portfolio: many services at once"))
                box.page_link(frame.page_at(address), label=label, icon=":material/arrow_forward:")
            else:
                box.markdown(_MEND)
        else:
            _result(isolated(printable(given.name)), verification)
    not_law.draw()
    frame.end(VERIFY, TITLE)


def _result(name: str, verification: Verification) -> None:
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
    if len(verification.differences) > _LINES:
        _table(verification.differences)
    else:
        for difference in verification.differences:
            st.text(difference.told(isolated))


def _table(differences: tuple[Difference, ...]) -> None:
    shown = [difference.shown for difference in differences]
    figures.scrolls()
    st.dataframe(  # not st.table, which takes what a file says for markup
        {
            "Row": [difference.row for difference in differences],
            "Requirement": [difference.requirement.id for difference in differences],
            "Column": [difference.column for difference in differences],
            "Is": [actual for actual, _ in shown],
            "Should be": [expected for _, expected in shown],
        },
        hide_index=True,
        alt="Cells that differ, with what each should be",
        key="verify.cells",
    )
    st.markdown("Row 1 is the header, as in a spreadsheet.")
