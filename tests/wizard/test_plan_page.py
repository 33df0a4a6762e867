"""The plan behind the scorecard: the answer first, what is overdue, each gap with its plan, and its files."""

import json
from typing import Any

import pytest
from walk import ROOT, Walk

from questionnaire.browser import brought
from questionnaire.session import state
from questionnaire.wizard.plan import UNANSWERED
from scoring.form.questionnaire_out import questionnaire
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json

WITH_REVIEW = (ROOT / "tests" / "assessments" / "messenger_with_record.json").read_bytes()
SAVED = json.dumps({**json.loads(WITH_REVIEW), "review": {}}).encode()


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "now", lambda: "2026-11-27T09:00:00+11:00")


def planning(**answers: dict[str, Any]) -> bytes:
    """The saved file with answers of its first measure changed, by the letter of their requirement."""
    saved = json.loads(SAVED)
    for letter, answer in answers.items():
        saved["answers"][f"RES-MCM10.{letter}"] |= answer
    return json.dumps(saved).encode()


def plan_of(content: bytes) -> Walk:
    walk = Walk()
    walk.resume(content)
    walk.visit("plan")
    return walk


def test_the_plan_begins_with_the_points_today_and_when_it_is_done_and_the_overdue_come_first() -> None:
    walk = plan_of(SAVED)
    shown = walk.shown()
    assert walk.title == "Plan" and "Messenger with a record, today, 27 November 2026." in shown
    places = [
        shown.index(said)
        for said in (
            "Today: **3 of 6 points as drafted, 3 of 16 points as amended**.",
            "When all that is planned is done: **4 of 6 points as drafted, 5 of 16 points as amended**.",
            "One plan is overdue: it was to be done by 1 November 2026.",
            "Points over time",
            "In any case",
            "1. Disrupt and deter creating CSAM",
            "Prompts in group chats too; Safety engineering; due 31 January 2027; under way; then “In place”",
            "Nothing is planned yet.",
            "Only as amended",
            "4. Act on breaches of the terms of service: class 1A",
        )
    ]
    assert places == sorted(places)
    walk.back()
    assert walk.title == "Scorecard"


def test_only_what_is_due_by_a_day_can_be_asked_for_and_the_course_is_a_picture_with_its_table() -> None:
    walk = plan_of(planning(b={"plan": {"due": "2027-03-01", "grade": "met"}}, c={"plan": {"grade": "met"}}))
    walk.app.selectbox[0].set_value("2027-01-31")
    walk._run()
    assert (
        "When what is due by 31 January 2027 is done: **4 of 6 points as drafted, 5 of 16 points as amended**."
        in walk.text
    )
    assert [[cell.said for cell in row] for row in walk.html_table("The points on each day")] == [
        ["Today", "", "3 of 6", "3 of 16"],
        [
            "31 January 2027",
            "Disrupt and deter creating CSAM Act on breaches of the terms of service: class 1A (overdue)",
            "4 of 6",
            "5 of 16",
        ],
        ["1 March 2027", "Disrupt and deter posting CSAM", "5 of 6", "6 of 16"],
        ["When all is done", "Disrupt and deter disseminating CSAM", "6 of 6", "7 of 16"],
    ]
    picture = next(node.proto.body for node in walk.app.get("html") if 'class="mcm-course"' in node.proto.body)
    assert (
        'aria-label="As drafted. Today: 3 of 6; 31 January 2027: 4 of 6; 1 March 2027: 5 of 6; When all is done: 6 of 6"'
        in picture
    )


def test_what_is_planned_for_an_unanswered_requirement_stands_behind_the_gaps() -> None:
    walk = plan_of(planning(b={"grade": "", "plan": {"due": "2026-12-01", "grade": "met"}}))
    assert UNANSWERED in walk.shown()[-20:] and "due 1 December 2026; then “In place”" in walk.text


def test_the_files_have_the_plan_and_its_days() -> None:
    walk = plan_of(SAVED)
    assert b"Prompts in group chats too,Safety engineering,2027-01-31,under_way,met,no" in walk.downloaded("plan")
    assert {each.key for each in walk.app.get("download_button")} >= {"plan", "ics"}


@pytest.mark.parametrize(
    ("sample", "said"),
    [
        ("Encrypted messenger", "No plan changes that yet."),
        ("Small forum", "There is no gap to plan for."),
    ],
)
def test_without_a_plan_or_a_gap_the_page_says_so(sample: str, said: str) -> None:
    walk = Walk()
    walk.open_sample(sample)
    walk.visit("plan")
    assert said in walk.text and "Points over time" not in walk.text
    assert "Made-up sample" in walk.around and "ics" not in {each.key for each in walk.app.get("download_button")}


def test_what_is_overdue_leads_when_saved_answers_are_opened_and_is_silent_where_nothing_is() -> None:
    without_review = {key: value for key, value in json.loads(SAVED).items() if key != "review"}
    walk = Walk()
    walk.resume(json.dumps(without_review).encode())
    assert walk.messages("warning") == ["One plan is overdue: it was to be done by 1 November 2026."]
    shown = walk.shown()
    assert shown.index("See it in the plan") < shown.index(
        "**As drafted, 1 of 4 measures is owed; as amended, 4 of 4.**"
    )
    again = Walk()
    again.open_sample("Encrypted messenger")
    assert not again.messages("warning") and "Plan: who closes which gap, by when" in again.text


def test_what_is_overdue_is_said_on_the_step_to_which_a_questionnaire_leads(rules: Rules) -> None:
    walk = Walk()
    given = from_json(planning(b={"grade": ""}), rules)
    walk.upload(questionnaire(rules, given), "questions.xlsx")
    walk.press("Open this questionnaire")
    assert walk.title == "Disrupt and deter CSAM" and "See it in the plan" in walk.text
    assert walk.messages("warning") == ["One plan is overdue: it was to be done by 1 November 2026."]


def test_what_is_overdue_is_said_where_kept_answers_were_left(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = Walk()
    walk.resume(SAVED)
    left = iter(["check"])
    monkeypatch.setattr(brought, "arrived", lambda: next(left, None))
    walk._run()
    assert walk.title == "Check your answers" and walk.messages("success")[0] == "Your answers are as you left them."
    assert walk.messages("warning")[0] == "One plan is overdue: it was to be done by 1 November 2026."


def test_a_plan_is_made_on_the_page_and_the_points_follow() -> None:
    walk = Walk()
    walk.open_sample("Encrypted messenger")
    walk.visit("plan")
    walk.open_fold("plan.RES-MCM10.a")
    plan = "answers.RES-MCM10.a.plan"
    walk.give(f"{plan}.action", "Prompts in group chats")
    assert "It changes no score: it does not say which answer there will be." in walk.text
    walk.give(f"{plan}.grade", "met")
    walk.give(f"{plan}.due", "2026-11-26")
    assert "When all that is planned is done: **4 of 6 points as drafted, 4 of 16 points as amended**." in walk.text
    assert "Overdue: it was to be done by 26 November 2026." in walk.text
    walk.give(f"{plan}.due", "2027-01-31")
    assert not walk.messages("warning")
    walk.back()
    assert b"Prompts in group chats,,2027-01-31,,met,no" in walk.downloaded("to_do")
    saved = json.loads(walk.downloaded("json"))["answers"]["RES-MCM10.a"]["plan"]
    assert saved == {"action": "Prompts in group chats", "due": "2027-01-31", "grade": "met"}


def test_what_is_overdue_leads_to_its_plan_unfolded() -> None:
    walk = plan_of(SAVED)
    walk.press("Change Act on breaches of the terms of service: class 1A")
    assert walk.value("answers.RES-MCM3.a.plan.owner") == "Renée Ö."
