"""Not capable? The approval, whether the exemption holds, the technologies examined, and the dossier as a document."""

from functools import partial

import streamlit as st

from questionnaire.page_parts import exchange, figures, frame
from questionnaire.session import state
from questionnaire.session.steps import NOT_CAPABLE, asked_at
from questionnaire.wizard import widgets
from scoring.documents import words
from scoring.record.dossier_document import dossier_document
from scoring.rules.technologies import said_of
from scoring.score.dossier import Dossier, Entry, TechnologiesReport, dossier
from scoring.score.scorecard import RegimeResult

TECHNOLOGIES = "Which technologies have you examined?"
_HOLDS = {True: "✓ Holds", False: "✗ Does not hold"}


@frame.page(NOT_CAPABLE, "Not capable?")
def show() -> None:
    """Draw the page."""
    questions = asked_at(NOT_CAPABLE)
    claim = dossier(state.rules(), state.assessment()) if questions else None
    if claim is None:
        frame.nothing_yet(
            "This page is for a relevant electronic service that holds itself not capable of reviewing and assessing material. Yours does not say so."
        )
        return
    st.markdown(
        "As drafted, your claim alone lets you out of some measures; as amended, only with eSafety's approval, on a report of the technologies examined."
    )
    for question in questions:
        widgets.fact_radio(question, NOT_CAPABLE)
    _way_out(claim)
    with st.expander("Why, and what approval would change", type="compact"):
        _why(claim)
        widgets.whys(questions)
    _technologies(claim)
    made = partial(dossier_document, state.rules(), state.assessment(), claim)
    exchange.download("Download the report (DOCX)", made, "report-of-the-technologies-examined.docx", "dossier")
    frame.back_and_next(NOT_CAPABLE)


def _way_out(claim: Dossier) -> None:
    """For each measure that turns on the claim, whether the exemption holds as drafted and as amended; and what is missing."""
    st.header("Does the exemption hold?", anchor=False)
    if claim.missing:
        facts = "; ".join(fact.title for fact in claim.missing)
        st.info(f"To see whether it holds, these facts are still needed: {facts}.")
        return
    figures.table(
        {
            "Measure": [f"{about.measure.title} ({about.measure.id})" for about in claim.concerned],
            **{
                name: [_HOLDS[getattr(about, regime).holds] for about in claim.concerned]
                for regime, name in words.REGIME.items()
            },
        },
        about="Whether the exemption holds, measure by measure",
    )
    needs = dict.fromkeys(need.sentence for about in claim.concerned for need in about.amended.needs)
    if needs:
        st.markdown(figures.whole_ids("What is missing:\n\n" + "\n".join(f"- {need}" for need in needs)))


def _technologies(claim: Dossier) -> None:
    """The technologies: first those that belong in every report, then those that the facts do not rule out; the others folded."""
    st.header(TECHNOLOGIES, anchor=False)
    st.markdown(
        "The submission's examples; none is prescribed or recommended. Tick those examined, and say why each does not work."
    )
    (st.success if claim.complete else st.warning)(claim.sentence)
    left = [entry for entry in claim.technologies if not entry.belongs]
    ruled_out = [entry for entry in left if entry.ruled_out]
    st.subheader("In every report", anchor=False)
    for entry in claim.technologies:
        if entry.belongs:
            _technology(entry)
    st.subheader("Left open by your facts", anchor=False)
    for entry in left:
        if not entry.ruled_out:
            _technology(entry)
    if ruled_out:
        ticked = any(entry.listed for entry in ruled_out)
        with widgets.fold(f"Ruled out by your facts ({len(ruled_out)})", "ruled out", opened=ticked):
            for entry in ruled_out:
                st.markdown(f"**{entry.technology.title}.** {entry.ruled_out}")
                _technology(entry)
    with st.expander("What the submission says of each", type="compact"):
        said = (
            f"- **{entry.technology.title}.** "
            + "; ".join(f"{name}: {value}" for name, value in said_of(entry.technology))
            for entry in claim.technologies
        )
        st.markdown("\n".join(said))


def _technology(entry: Entry) -> None:
    widgets.examined_checkbox(entry.technology)
    if entry.listed:
        widgets.reason_area(entry.technology, lacking=entry.lacks_reason)


def examined_in_words(report: TechnologiesReport) -> str:
    """How many technologies are ticked, and how many of them have a reason."""
    ticked, examined = (sum(getattr(entry, name) for entry in report.technologies) for name in ("listed", "examined"))
    return f"{ticked} of {len(report.technologies)} ticked, {examined} with a reason."


def _why(claim: Dossier) -> None:
    """Of each measure, why the exemption holds or does not; and the result as it is, and as it would be with approval."""
    said = (
        f"- **{about.measure.title} ({about.measure.id}), {name.lower()}.** {getattr(about, regime).sentence}"
        for about in claim.concerned
        for regime, name in words.REGIME.items()
    )
    st.markdown(figures.whole_ids("\n".join((words.RESULTS, "", *said))))
    if claim.cases:
        figures.table(
            {
                "Case": [case.title for case in claim.cases],
                **{
                    name: [_result(getattr(case.card, regime)) for case in claim.cases]
                    for regime, name in words.REGIME.items()
                },
            },
            about="What approval would change",
        )


def _result(result: RegimeResult) -> str:
    return f"{words.measures(result)} measures owed; points {words.points(result.sums).lower()}"
