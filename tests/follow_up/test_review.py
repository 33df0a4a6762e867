"""A review: the reply to a return, how each mark stands in the next round, and what of an answer has changed since."""

from pathlib import Path

import pytest

from scoring.follow_up.differences import differences
from scoring.follow_up.review import (
    CHANGED,
    OPEN,
    REVISED,
    SAME,
    by_whom,
    marked,
    replied,
    review_beside,
    review_sentence,
    same_service,
    with_review_of,
)
from scoring.follow_up.rounds import assessment_of, is_of_a_scorecard
from scoring.returns.round_in import read_round
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, Evidence, Mark, Plan, Review
from scoring.score.assessment_file import from_json, to_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes

SAVED = Path(__file__).parents[1] / "assessments"
ACCEPTED, REVISE = Mark(mark="accepted"), Mark(mark="revise", comment="Which groups?")


@pytest.fixture
def messenger(rules: Rules) -> Assessment:
    return from_json((SAVED / "encrypted_messenger.json").read_bytes(), rules)


def changed(now: Assessment, requirement: str, **update: object) -> Assessment:
    answer = now.answer(requirement).model_copy(update=update)
    return now.model_copy(update={"answers": {**now.answers, requirement: answer}})


def test_in_the_next_round_each_mark_stands_as_the_answer_to_it_does(rules: Rules, messenger: Assessment) -> None:
    said = Review(
        reviewer="E. Reviewer",
        marks={"RES-MCM8.a": REVISE, "RES-MCM8.b": ACCEPTED, "RES-MCM10.a": REVISE, "RES-MCM10.b": ACCEPTED},
    )
    reply = from_json(to_json(replied(messenger, said, "2026-11-27"), rules), rules)
    assert {one.standing for one in marked(rules, reply)} == {OPEN, SAME}
    again = changed(reply, "RES-MCM10.a", evidence=(Evidence(what="A policy"),))
    again = changed(again, "RES-MCM10.b", grade="met")
    standing = {one.requirement.id: one.standing for one in marked(rules, again)}
    assert standing == {"RES-MCM8.a": OPEN, "RES-MCM8.b": SAME, "RES-MCM10.a": REVISED, "RES-MCM10.b": CHANGED}
    assert review_sentence(marked(rules, again)) == (
        "4 requirements are marked: 1 to be revised, and not changed since; 1 to be revised, and changed since; "
        "1 accepted, and changed since; 1 accepted, and the same."
    )
    assert by_whom(again.review) == "E. Reviewer, 27 November 2026"


def test_a_mark_changes_no_score(rules: Rules, messenger: Assessment) -> None:
    marks = dict.fromkeys(messenger.answers, REVISE)
    assert csv_bytes(scorecard(rules, replied(messenger, Review(marks=marks), "2026-11-27"))) == csv_bytes(
        scorecard(rules, messenger)
    )


def test_what_is_reviewed_again_stands_as_it_was_until_it_is_marked_anew(rules: Rules, messenger: Assessment) -> None:
    first = Review(reviewer="First", comment="Thank you.", marks={"RES-MCM8.a": REVISE, "RES-MCM8.b": ACCEPTED})
    mended = changed(replied(messenger, first, "2026-11-01"), "RES-MCM8.a", grade="met")
    nothing_new = replied(mended, Review(), "2026-11-27").review
    assert nothing_new.marks == mended.review.marks
    assert (nothing_new.reviewer, nothing_new.comment) == ("First", "Thank you.")
    second = Review(reviewer="Second", comment="All is well.", marks={"RES-MCM8.a": ACCEPTED})
    again = replied(mended, second, "2026-11-27")
    assert (again.review.reviewer, again.review.reviewed_on, again.review.comment) == (
        "Second",
        "2026-11-27",
        "All is well.",
    )
    assert {one.requirement.id: one.standing for one in marked(rules, again)} == {
        "RES-MCM8.a": SAME,
        "RES-MCM8.b": SAME,
    }
    assert again.review.marks["RES-MCM8.a"].of.grade == "met"


def test_the_parts_of_an_answer_that_differ_are_named_in_their_order() -> None:
    before = Answer(grade="partly", note="Since May", evidence=(Evidence(what="A policy", dated="2026-05-01"),))
    now = Answer(grade="met", since="2026-11-01", evidence=before.evidence, plan=Plan(action="More", due="2027-01-31"))
    found = differences(before, now)
    assert [one.said for one in found] == [
        "Answer: Partly in place → In place",
        "Note taken away",
        "In place since: no day → 1 November 2026",
        "Plan added",
    ]
    assert found[-1].now == "More; by 31 January 2027"
    assert differences(now, now) == ()


def test_a_change_shows_though_the_words_for_it_are_the_same() -> None:
    before = Answer(evidence=(Evidence(what="a; b"),))
    now = Answer(evidence=(Evidence(what="a", where="b"),))
    assert [difference.said for difference in differences(before, now)] == ["Evidence changed"]


def test_a_scorecard_becomes_an_assessment_as_far_as_it_goes(rules: Rules, messenger: Assessment) -> None:
    card = scorecard(rules, messenger)
    made = assessment_of(read_round("card.csv", csv_bytes(card), rules, "").round, rules, "2026-11-27T10:00:00+00:00")
    assert made.answers == {key: Answer(grade=answer.grade, note=answer.note) for key, answer in messenger.answers.items()}  # fmt: skip
    assert (made.profile, made.service_name, made.assessed_on) == (
        messenger.profile,
        messenger.service_name,
        messenger.assessed_on,
    )
    reply = replied(made, Review(marks={"RES-MCM8.a": REVISE}), "2026-11-27")
    assert from_json(to_json(reply, rules), rules) == reply


def test_what_was_reviewed_as_a_scorecard_has_not_changed_where_the_answers_say_more(rules: Rules) -> None:
    whole = from_json((SAVED / "messenger_with_record.json").read_bytes(), rules)
    own = whole.model_copy(update={"review": Review()})
    card = read_round("card.csv", csv_bytes(scorecard(rules, own)), rules, "").round
    said = Review(marks=dict.fromkeys(("RES-MCM3.a", "RES-MCM10.a"), REVISE))
    reply = replied(assessment_of(card, rules, ""), said, "2026-11-27")
    assert is_of_a_scorecard(reply) and not is_of_a_scorecard(own)
    mended = changed(own.model_copy(update={"review": review_beside(own, reply)}), "RES-MCM10.a", grade="met")
    assert {one.requirement.id: [part.said for part in one.differences] for one in marked(rules, mended)} == {
        "RES-MCM3.a": [],
        "RES-MCM10.a": ["Answer: Partly in place → In place"],
    }
    of_answers = replied(own, said, "2026-11-27")
    assert review_beside(own, of_answers) == of_answers.review


@pytest.mark.parametrize(
    ("provider", "name", "same"),
    [
        ("Example Pty Ltd", "Encrypted messenger", True),
        ("", " encrypted  MESSENGER", True),
        ("Other Pty Ltd", "Encrypted messenger", False),
        ("Example Pty Ltd", "Another", False),
    ],
)
def test_a_review_goes_with_answers_of_the_same_service_and_a_provider_that_is_not_given_is_no_other(
    messenger: Assessment, provider: str, name: str, same: bool
) -> None:
    here = messenger.model_copy(update={"provider": "Example Pty Ltd", "service_name": "Encrypted messenger"})
    review = Review(marks={"RES-MCM8.a": REVISE})
    reply = here.model_copy(update={"provider": provider, "service_name": name, "review": review})
    assert same_service(here, reply) is same
    assert (with_review_of(here, reply).review == review) is same
