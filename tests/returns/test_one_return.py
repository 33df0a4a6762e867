"""One return, beside the reviewer's marks; and the reply, which is the same assessment with its review."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sent import filled, saved
from streamlit.testing.v1 import AppTest
from walk import Walk

from scoring.follow_up.review import replied
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, Mark, Review
from scoring.score.assessment_file import from_json, to_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes

SAVED = Path(__file__).parents[1] / "assessments" / "encrypted_messenger.json"


def page(data: bytes, mark: str) -> None:
    from questionnaire.page_parts import frame
    from questionnaire.returns import one_return
    from questionnaire.session import state
    from scoring.returns.round_in import read_round

    @frame.page("verify", "Returns", wide=True)
    def show() -> None:
        one_return.draw(read_round("a return", data, state.rules(), state.now()), mark)

    show()


class Desk(Walk):
    """A reviewer with one return opened."""

    def __init__(self, data: bytes) -> None:
        self.app = AppTest.from_function(page, default_timeout=60, args=(data, "0123456789abcdef"))
        self._run()

    def mark(self, requirement: str, label: str) -> None:
        [radio] = [one for one in self.app.radio if one.key.endswith(requirement)]
        radio.set_value(label)
        self._run()

    def comment(self, about: str, text: str) -> None:
        next(one for one in self.app.text_area if one.label.startswith(about)).set_value(text)
        self._run()

    def reply(self, rules: Rules) -> Assessment:
        return from_json(self.downloaded("one_return.reply"), rules)


@pytest.fixture
def messenger(rules: Rules) -> Assessment:
    return from_json(SAVED.read_bytes(), rules)


def test_the_reply_is_the_return_with_its_review_and_the_session_s_own_answers_are_untouched(
    rules: Rules, messenger: Assessment
) -> None:
    desk = Desk(SAVED.read_bytes())
    assert "Mark an answer, or comment on the whole, and the reply is here as a file." in desk.text
    desk.mark("RES-MCM10.a", "revise")
    desk.comment("Comment: Disrupt and deter creating", "Which groups?")
    desk.press("Accept the other 7 answers")
    desk.comment("Comment on the whole", "Thank you.")
    desk.app.text_input[0].set_value("E. Reviewer")
    desk._run()
    reply = desk.reply(rules)
    assert reply.model_copy(update={"review": Review()}) == messenger
    assert (reply.review.reviewer, reply.review.comment) == ("E. Reviewer", "Thank you.")
    assert reply.review.marks["RES-MCM10.a"] == Mark(
        mark="revise", comment="Which groups?", of=messenger.answer("RES-MCM10.a")
    )
    assert sorted(mark.mark for mark in reply.review.marks.values()) == ["accepted"] * 7 + ["revise"]
    assert desk.app.session_state["mcm"]["assessment"].answers == {}


def test_a_second_round_says_first_what_was_to_be_revised_and_what_has_changed(
    rules: Rules, messenger: Assessment
) -> None:
    said = Review(
        reviewer="First",
        marks={"RES-MCM10.a": Mark(mark="revise", comment="Which?"), "RES-MCM10.b": Mark(mark="accepted"), "RES-MCM8.a": Mark(mark="revise")},
    )  # fmt: skip
    first = replied(messenger, said, "2026-11-20")
    answers = {**first.answers, "RES-MCM10.a": Answer(grade="met", note="All groups")}
    desk = Desk(to_json(first.model_copy(update={"answers": answers}), rules))
    assert "By First, 20 November 2026. 3 requirements are marked: 1 to be revised, and not changed since; 1 to be revised, and changed since; 1 accepted, and the same." in desk.text  # fmt: skip
    assert "≠ To be revised, and changed since (Answer: Partly in place → In place; Note" in desk.text
    desk.mark("RES-MCM10.a", "accepted")
    review = desk.reply(rules).review
    assert {requirement: mark.mark for requirement, mark in review.marks.items()} == {
        "RES-MCM8.a": "revise",
        "RES-MCM10.a": "accepted",
        "RES-MCM10.b": "accepted",
    }
    assert review.marks["RES-MCM10.a"].of == answers["RES-MCM10.a"]
    desk.mark("RES-MCM10.a", "")
    assert "the reply is here as a file" in desk.text


def test_other_rules_and_cells_that_are_not_taken_are_told_beside_the_return() -> None:
    old = Desk(saved(rulebook="v1/ijm-1"))
    assert any("These answers were given under the rules" in said for said in old.messages("warning"))
    book = load_workbook(BytesIO(filled(saved())))
    cell = next(cell for row in book["Answers"] for cell in row if cell.value == "Partly in place")
    cell.value = "Perhaps"
    book.save(made := BytesIO())
    desk = Desk(made.getvalue())
    assert "Not taken, and so not in the reply: 1 cell of this questionnaire. The first:" in desk.messages("warning")
    assert "Perhaps" in desk.text


def test_of_a_scorecard_the_reply_is_made_of_its_rows_and_the_page_says_what_is_not_in_them(
    rules: Rules, messenger: Assessment
) -> None:
    desk = Desk(csv_bytes(scorecard(rules, messenger)))
    assert any("This return is a scorecard" in said for said in desk.messages("info"))
    desk.mark("RES-MCM8.a", "revise")
    reply = desk.reply(rules)
    assert {key: answer.grade for key, answer in reply.answers.items()} == {
        key: answer.grade for key, answer in messenger.answers.items()
    }
    assert reply.review.marks["RES-MCM8.a"].of == messenger.answer("RES-MCM8.a")


def test_the_marks_of_the_reviewer_s_own_reply_take_the_place_of_those_that_a_return_bears(
    rules: Rules, messenger: Assessment
) -> None:
    said = Review(marks={"RES-MCM10.a": Mark(mark="revise"), "RES-MCM8.a": Mark(mark="accepted")})
    reply = to_json(replied(messenger, said, "2026-11-20"), rules)
    answers = {**messenger.answers, "RES-MCM10.a": Answer(grade="met", note="All groups")}
    desk = Desk(csv_bytes(scorecard(rules, messenger.model_copy(update={"answers": answers}))))
    assert "requirements are marked" not in desk.text
    desk.upload(SAVED.read_bytes())
    assert any("it bears no review" in said for said in desk.messages("error"))
    desk.upload(reply)
    assert "2 requirements are marked: 1 to be revised, and changed since; 1 accepted, and the same." in desk.text
    assert "They are those of the reply that you kept." in desk.text
    other = Review(marks={"RES-MCM8.a": Mark(mark="accepted")})
    desk.upload(to_json(replied(messenger, other, "2026-11-20"), rules))  # where the first was not the right one
    assert "1 requirement is marked: 1 accepted, and the same." in desk.text
