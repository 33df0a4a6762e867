"""A review on the provider's pages: what was said, by whom and when, beside each answer; and what has changed since."""

import json
from pathlib import Path

import pytest
from walk import Walk

from scoring.follow_up.review import replied
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment, Mark, Review
from scoring.score.assessment_file import from_json, to_json

SAVED = Path(__file__).parents[1] / "assessments" / "encrypted_messenger.json"
SAID = Review(
    reviewer="E. *Reviewer*",
    comment="Thank you.",
    marks={
        "RES-MCM10.a": Mark(mark="revise", comment="Which <b>groups</b>?"),
        "RES-MCM10.b": Mark(mark="accepted"),
        "RES-MCM8.a": Mark(mark="revise"),
    },
)


@pytest.fixture
def messenger(rules: Rules) -> Assessment:
    return from_json(SAVED.read_bytes(), rules)


@pytest.fixture
def reply(rules: Rules, messenger: Assessment) -> bytes:
    return to_json(replied(messenger, SAID, "2026-11-20"), rules)


def saved(walk: Walk) -> dict:
    walk.visit("scorecard")
    return json.loads(walk.downloaded("json"))


def test_the_marks_stand_on_check_and_beside_each_question_and_an_answer_that_is_changed_is_marked_so(
    reply: bytes,
) -> None:
    walk = Walk()
    walk.resume(reply)
    assert walk.title == "Check your answers"
    assert "By E. *Reviewer*, 20 November 2026. 3 requirements are marked: 2 to be revised, and not changed since; 1 accepted, and the same." in walk.text  # fmt: skip
    assert "send back that file: it bears the marks" in walk.text
    assert ("text", "Which <b>groups</b>?") in walk.visible()  # as text, never as markup
    walk.visit("res-mcm10")
    assert "↻ To be revised, and not changed since\nReview by E. *Reviewer*, 20 November 2026" in walk.text
    walk.give("grade.RES-MCM10.a", "met")
    walk.give("grade.RES-MCM10.b", "not_met")
    assert "≠ To be revised, and changed since (Answer: Partly in place → In place)" in walk.text
    assert "≠ Accepted, and changed since (Answer: Partly in place → Not in place)" in walk.text
    walk.visit("check")
    assert "1 to be revised, and not changed since; 1 to be revised, and changed since; 1 accepted, and changed since." in walk.text  # fmt: skip
    assert saved(walk)["review"] == json.loads(reply)["review"]


def test_a_review_alone_is_taken_over_beside_answers_that_have_gone_on(
    rules: Rules, messenger: Assessment, reply: bytes
) -> None:
    gone_on = json.loads(to_json(messenger, rules))
    gone_on["answers"]["RES-MCM10.a"] = {"grade": "met", "note": "In all chats"}
    walk = Walk()
    walk.resume(json.dumps(gone_on).encode())
    walk.visit("")
    walk.upload(reply)
    assert "It bears a review by E. *Reviewer*, 20 November 2026." in walk.text
    walk.press("Take over the review alone")
    assert "≠ To be revised, and changed since (Answer: Partly in place → In place; Note" in walk.text
    assert saved(walk)["answers"] == gone_on["answers"]


def test_a_review_of_another_service_is_not_offered_alone(messenger: Assessment, rules: Rules, reply: bytes) -> None:
    walk = Walk()
    walk.resume(to_json(messenger.model_copy(update={"service_name": "Another"}), rules))
    walk.visit("")
    walk.upload(reply)
    assert "It bears a review" in walk.text
    assert not walk.has_button("Take over the review alone")
