"""Not capable? The approval, the technologies examined, whether the exemption holds under each text, and the dossier as a document."""

from functools import partial

import streamlit as st

from questionnaire.session import state
from questionnaire.session.questions import load_questionnaire
from questionnaire.session.steps import NOT_CAPABLE, QUESTIONS, SERVICE, claims_not_capable
from questionnaire.shown import figures, frame
from questionnaire.wizard import widgets
from scoring.documents import words
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment
from scoring.score.dossier import Dossier, TechnologiesReport, dossier

TITLE = "Not capable?"


def show() -> None:
    """Draw the page."""
    frame.begin(NOT_CAPABLE, TITLE)
    found = dossier(state.rules(), state.assessment()) if claims_not_capable() else None
    if found is None:
        frame.nothing_yet(
            "This page is for a relevant electronic service that holds itself not capable of reviewing and assessing material. Yours does not say so.",
            "Go to your service",
            SERVICE,
        )
        frame.end(NOT_CAPABLE, TITLE)
        return
    st.markdown(
        "You hold your service not capable of reviewing and assessing material. As drafted, the claim alone lets it out of some measures. "
        "IJM would let it out only with eSafety's approval, on a detailed report of every technology examined and why it does not work."
    )
    for question in load_questionnaire().asked(state.rules().facts, state.assessment().profile, QUESTIONS[NOT_CAPABLE]):
        widgets.fact_radio(question, NOT_CAPABLE)
    _way_out(found)
    _technologies(found)
    _cases(found)
    _document(found)
    frame.back_and_next(NOT_CAPABLE)
    frame.end(NOT_CAPABLE, TITLE)


def _way_out(found: Dossier) -> None:
    """For each measure that turns on the claim: whether the exemption holds under each text, and what is missing."""
    st.header("Does the exemption hold?", anchor=False)
    if found.missing:
        st.info(
            "To see whether it holds, these facts are still needed: "
            + "; ".join(fact.title for fact in found.missing)
            + "."
        )
    for each in found.concerned:
        st.subheader(f"{each.measure.title} ({each.measure.id})", anchor=False)
        for regime, name in zip((each.drafted, each.amended), words.REGIME.values(), strict=True):
            st.markdown(
                f"**{'✓' if regime.holds else '✗'} {name}.** {'The exemption does not hold.' if regime.needs else regime.sentence}"
            )
            if regime.needs:
                st.markdown("What is missing:\n\n" + "\n".join(f"- {need.sentence}" for need in regime.needs))


def _technologies(found: Dossier) -> None:
    st.header("Technologies examined", anchor=False)
    st.markdown(
        "These are the technologies that the submission names, as examples. No measure prescribes one, and this tool recommends none."
    )
    st.markdown(
        "Complete means: a reason for each one that belongs in every report, and for each other one that you tick."
    )
    (st.success if found.complete else st.warning)(f"{examined_in_words(found)} {found.sentence}")
    for each in found.technologies:
        st.subheader(each.technology.title, anchor=False)
        st.markdown(
            "; ".join(f"{name}: {value}" for name, value in each.said)
            + "."
            + (" **Belongs in every report.**" if each.belongs else "")
        )
        widgets.examined_checkbox(each.technology)
        if each.listed:
            widgets.reason_area(each.technology, lacking=each.lacks_reason)


def examined_in_words(found: TechnologiesReport) -> str:
    """How many technologies are ticked, and how many of them have a reason."""
    return f"{sum(each.listed for each in found.technologies)} of {len(found.technologies)} ticked, {sum(each.examined for each in found.technologies)} with a reason."


def _cases(found: Dossier) -> None:
    if not found.cases:
        return
    st.header("What approval would change", anchor=False)
    figures.table(
        {
            "Case": [case.title for case in found.cases],
            "As drafted": [
                f"{words.measures(case.card.drafted)} measures apply; points {words.points(case.card.drafted.sums).lower()}"
                for case in found.cases
            ],
            "With IJM's recommendations": [
                f"{words.measures(case.card.amended)} measures apply; points {words.points(case.card.amended.sums).lower()}"
                for case in found.cases
            ],
        },
        about="What approval would change",
    )


def _document(found: Dossier) -> None:
    st.header("The report as a document", anchor=False)
    st.markdown(
        "A document to edit, file and send with an application: the service, the claim, each technology examined with its reason, what was not examined, and the measures concerned."
    )
    st.download_button(
        "Download the report (DOCX)",
        partial(_made, state.rules(), state.assessment(), found),
        "report-of-the-technologies-examined.docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        on_click="ignore",
        key="dossier",
    )


def _made(rules: Rules, now: Assessment, found: Dossier) -> bytes:
    """Made when it is asked for, on a thread without the session: writing a document takes longer than the rest of the page."""
    from scoring.documents.dossier_document import dossier_document

    return dossier_document(rules, now, found)
