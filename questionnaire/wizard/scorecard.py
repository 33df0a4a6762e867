"""The scorecard: both results, what to do first and the files to take along; all that is behind them, folded below."""

from collections.abc import Callable
from datetime import date
from functools import partial

import streamlit as st

from questionnaire.browser import told
from questionnaire.page_parts import adoption, exchange, frame, way
from questionnaire.page_parts import card as card_part
from questionnaire.session import answers, results, state
from questionnaire.session.steps import COMPARE, PLAN, SCORECARD
from questionnaire.wizard import widgets
from scoring.documents.report import report_html
from scoring.documents.to_do import to_do_csv
from scoring.files.messages import isolated
from scoring.files.workbook_out import too_long
from scoring.follow_up.plan import Outlook
from scoring.record.dossier_document import dossier_document
from scoring.record.record_document import record_document
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment, version_notice
from scoring.score.assessment_file import LARGEST_FILE, texts, to_json
from scoring.score.dossier import dossier, technologies_report
from scoring.score.gaps import NextSteps, next_steps
from scoring.score.scorecard import Scorecard, headline
from scoring.score.scorecard_file import csv_bytes
from scoring.workbooks.scorecard_workbook import scorecard_workbook


@frame.page(SCORECARD, "Scorecard", wide=True)
def show() -> None:
    """Draw the page."""
    if results.facts() is None:
        frame.nothing_yet(
            "There is no scorecard yet. First tell us about your service: a few facts decide which measures apply."
        )
        return
    rules, now, card = state.rules(), state.assessment(), adoption.card(SCORECARD)
    steps, plan = next_steps(rules, card), results.outlook(card)
    with st.container(key="scorecard.first"):
        _first(rules, now, card, steps, plan)
    with st.container(gap="xsmall"):
        if plan.lines:
            way.link(PLAN, "Plan: who closes which gap, by when")
        way.link(COMPARE, "Compare with an earlier round")
        frame.not_law(begun=True)
    card_part.folds(card, rules, steps, SCORECARD)
    frame.back_and_next(SCORECARD)


def _first(rules: Rules, now: Assessment, card: Scorecard, steps: NextSteps, plan: Outlook) -> None:
    """What is seen first: the service, what is overdue, both results, the files, a line a measure and what to do first."""
    day = date.fromisoformat(now.assessed_on)
    name = isolated(now.service_name) or "A service without a name"
    st.text(
        f"{name}, {day.day} {day:%B %Y}. Not legal advice; neither result is the law."
    )  # no Markdown: it would make a link of an address, escaped or not
    notice = version_notice(now, rules)
    if notice:
        st.warning(frame.escaped(notice))
        told.field("accept_rules", "rulebook", pressed=rules.version)
        st.button("I have checked the answers against these rules", key="accept_rules", on_click=answers.accept_rules)
    if plan.overdue:
        frame.overdue(plan.overdue_sentence)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{headline(card)}**", width="stretch")
        with st.popover(adoption.said(rules, SCORECARD)):
            st.markdown("The recommendations of International Justice Mission (IJM) that make the amended result:")
            adoption.draw(rules, SCORECARD, wide=False)
    card_part.results(card)
    _downloads(rules, now, card, plan)
    card_part.measures(card, steps)


def _downloads(rules: Rules, now: Assessment, card: Scorecard, plan: Outlook) -> None:
    """The files, with the recommendations that are adopted; beside them the name where there is none."""
    saved = to_json(now, rules)

    def file(label: str, made: bytes | Callable[[], bytes], ending: str, key: str) -> None:
        exchange.download(label, made, frame.file_name(now.service_name, ending), key, primary=key == "csv")

    if not now.service_name:
        widgets.name_input()
    with st.container(horizontal=True, gap="xsmall"):
        file("Download the scorecard (CSV)", csv_bytes(card), "scorecard.csv", "csv")
        if not card_part.owes_nothing(card):
            file("What to do (CSV)", to_do_csv(plan), "what-to-do.csv", "to_do")
        file("Report (HTML)", partial(report_html, rules, now, card.regimes), "report.html", "report")
        with st.popover("More files"):
            file("Save your answers (JSON)", saved, "assessment.json", "json")
            st.markdown(
                "Open it on the start page to go on another day. It holds everything that you typed: keep it as you would any confidential paper."
            )
            if any(too_long(text) for _, text in texts("", now.model_dump())):
                st.markdown("One of your texts is longer than a cell of a workbook (Excel) can be: use the CSV.")
            else:
                made = partial(scorecard_workbook, rules, card, now)
                file("Download the scorecard (Excel)", made, "scorecard.xlsx", "xlsx")
                st.markdown(
                    "The rows of the CSV with a summary, charts, what to do with its plan and what each recommendation brings."
                )
            made = partial(record_document, rules, now, state.today(), card.regimes)
            file("Download the compliance record (DOCX)", made, "record.docx", "record")
            st.markdown("The whole assessment, to be edited, signed and filed: the result, each answer with evidence and plan, and what is open to doubt.")  # fmt: skip
            if technologies_report(rules, now):
                made = partial(_dossier, rules, now)
                file("Download the report on “not capable” (DOCX)", made, "technologies-examined.docx", "dossier")
    if len(saved) > LARGEST_FILE:
        st.warning(
            "Your answers are too long to be opened again: a saved file may have 1 MiB. Shorten some notes first."
        )


def _dossier(rules: Rules, now: Assessment) -> bytes:
    made = dossier(rules, now)
    assert made is not None  # the page offers it only where there is one
    return dossier_document(rules, now, made)
