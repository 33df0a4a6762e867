"""The questionnaire on the pages: Start and Check offer it, and an uploaded one leads on to where it leaves off."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from examples import MESSENGER
from walk import Walk

from scoring.files.workbook_in import open_workbook
from scoring.form.questionnaire_in import read_questionnaire
from scoring.form.questionnaire_out import questionnaire
from scoring.rules.load import load
from scoring.rules.model import Rules

RECORD = (Path(__file__).parents[1] / "assessments" / "messenger_with_record.json").read_bytes()
NOW = "2026-12-01T09:00:00+00:00"


def filled(**cells: str) -> bytes:
    """The empty questionnaire for messaging services, with these cells of its sheet Service filled in."""
    book = openpyxl.load_workbook(io.BytesIO(questionnaire(load(), None, "RES")))
    for cell, value in cells.items():
        book["Service"][cell] = value
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture
def walk() -> Walk:
    return Walk()


def test_a_filled_questionnaire_is_opened_at_the_first_step_that_is_still_open(walk: Walk, rules: Rules) -> None:
    walk.upload(filled(F2="Ours", F3="Relevant electronic service"), "ours.xlsx")
    assert not walk.messages("error")
    walk.press("Open this questionnaire")
    assert walk.value("name") == "Ours" and walk.value("fact.category") == "res"


def test_one_with_every_fact_leads_to_the_first_measure_without_an_answer(walk: Walk) -> None:
    facts = ("Relevant electronic service", "Managed by the provider", "Tier 1", "None", "Open", "No", "Yes")
    walk.upload(filled(**{f"F{row}": value for row, value in enumerate(facts, start=3)}), "ours.xlsx")
    walk.press("Open this questionnaire")
    assert walk.title == "Act on breaches of terms: class 1A material"


def test_refused_cells_are_listed_and_the_others_are_taken_on_request(walk: Walk) -> None:
    walk.upload(filled(F2="Ours", F5="Tier 7"), "ours.xlsx")
    [error] = walk.messages("error")
    assert error.startswith("One cell is refused.")
    assert "sheet 'Service', cell F5: 'Tier 7'; allowed: Tier 1, Tier 2, Tier 3, or an empty cell" in walk.shown()
    walk.press("Take the other cells")
    assert walk.value("name") == "Ours"


@pytest.mark.parametrize(("name", "stays"), [(" messenger with a record", True), ("Another", False)])
def test_a_review_stays_with_a_questionnaire_of_the_same_service_and_the_page_says_what_becomes_of_it(
    walk: Walk, name: str, stays: bool
) -> None:
    walk.resume(RECORD)
    walk.to_start()
    walk.upload(filled(F2=name, F11="Example Pty Ltd"), "ours.xlsx")
    assert ("The review of the answers here stays" in walk.text) is stays
    assert any("so the review goes with them" in said for said in walk.messages("warning")) is not stays
    walk.press("Open this questionnaire")
    assert bool(walk.app.session_state["mcm"]["assessment"].review.marks) is stays


def test_what_is_no_questionnaire_is_refused_in_words(walk: Walk) -> None:
    walk.upload(b"PK\x03\x04 and no more", "broken.xlsx")
    assert "not opened" in walk.messages("error")[0]
    assert any(line.startswith("broken.xlsx: it is damaged or not whole") for line in walk.shown())


@pytest.mark.parametrize(
    ("update", "why", "card"),
    [
        ({"note": "\U0001f642" * 16_384}, "one of your texts is longer than a cell of a workbook can be", False),
        ({"evidence": [{"what": "x"}] * 51}, "a requirement has 51 pieces of evidence", True),
    ],
)
def test_answers_that_no_workbook_can_hold_are_told_so_where_it_would_be_offered(
    walk: Walk, update: dict[str, object], why: str, card: bool
) -> None:
    content = json.loads(RECORD)
    content["answers"]["RES-MCM3.a"].update(update)
    walk.resume(json.dumps(content).encode())
    assert f"No workbook can be made of these answers: {why}" in walk.text
    assert not any(button.key == "questionnaire" for button in walk.app.get("download_button"))
    walk.visit("scorecard")
    assert any(button.key == "xlsx" for button in walk.app.get("download_button")) is card
    assert ("longer than a cell of a workbook (Excel) can be: use the CSV" in walk.text) is not card


def test_the_pages_offer_workbooks_and_make_them_when_asked(rules: Rules) -> None:
    walk = Walk()
    walk.open_sample(MESSENGER.sample)
    keys = [button.key for button in walk.app.get("download_button")]
    assert "xlsx" in keys
    walk.back()
    assert "questionnaire" in [button.key for button in walk.app.get("download_button")]
    walk.to_start()
    assert "questionnaire" in [button.key for button in walk.app.get("download_button")]


def test_the_questionnaire_of_a_page_is_the_one_that_is_read(rules: Rules) -> None:
    assert open_workbook(questionnaire(rules)).sheets[:2] == ("About", "Service")
    assert read_questionnaire(questionnaire(rules), rules, NOW).refused == ()
