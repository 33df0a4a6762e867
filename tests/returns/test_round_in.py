"""A round comes in from each kind of file, told by its content; what holds none is refused with the file's name."""

import json
from pathlib import Path

import pytest

from scoring.follow_up.rounds import ASSESSMENT, SCORECARD, WORKBOOK
from scoring.form.questionnaire_out import questionnaire
from scoring.returns.round_in import RoundError, RoundIn, read_round
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes
from scoring.workbooks.scorecard_workbook import scorecard_workbook

SAVED = (Path(__file__).parents[1] / "assessments" / "encrypted_messenger.json").read_bytes()
NOW = "2026-12-01T09:00:00+00:00"


def files(rules: Rules) -> dict[str, tuple[str, bytes]]:
    """One round in each kind of file, each under a name that tells nothing."""
    messenger = from_json(SAVED, rules)
    card = scorecard(rules, messenger)
    return {
        "saved": (ASSESSMENT, SAVED),
        "saved with a mark": (ASSESSMENT, b"\xef\xbb\xbf\n" + SAVED),
        "filled": (WORKBOOK, questionnaire(rules, messenger)),
        "card": (SCORECARD, csv_bytes(card)),
        "card as a workbook": (SCORECARD, scorecard_workbook(rules, card, messenger)),
    }


def read(rules: Rules, data: bytes, name: str = "a file") -> RoundIn:
    return read_round(name, data, rules, NOW)


def test_the_same_round_comes_of_each_kind_of_file(rules: Rules) -> None:
    messenger = from_json(SAVED, rules)
    given = {key: (answer.grade, answer.note) for key, answer in messenger.answers.items()}
    for name, (kind, data) in files(rules).items():
        came = read(rules, data, name)
        one = came.round
        assert (one.name, one.kind, one.service, one.assessed_on) == (name, kind, messenger.service_name, "2026-11-22")
        assert (one.facts, one.missing, one.rulebook) == (messenger.facts(rules), (), rules.version)
        assert {key: (answer.grade, answer.note) for key, answer in one.answers.items() if answer.grade} == given
        assert (came.assessment is None) == (kind == SCORECARD) == (came.verification is not None)
        assert came.verification is None or came.verification.matches
        assert one.day == "22 November 2026"


def test_facts_that_are_missing_are_named_and_the_rest_is_taken(rules: Rules) -> None:
    unfinished = json.loads(SAVED)
    del unfinished["profile"]["tier"]
    assert read(rules, json.dumps(unfinished).encode()).round.missing == ("tier",)


def test_a_scorecard_of_another_version_of_the_rules_is_read_and_not_verified(rules: Rules) -> None:
    card = csv_bytes(scorecard(rules, from_json(SAVED, rules)))
    came = read(rules, b"\n".join(card.replace(b"/ijm-1", b"/ijm-0").splitlines()[:-1]))
    assert (came.round.rulebook, came.verification) == ("v2.0-2023-03/ijm-0", None)
    assert came.round.adopted == tuple(recommendation.id for recommendation in rules.recommendations)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b" \n", "is empty; allowed: a saved assessment"),
        (b"Dear sir, hello", "a text file, and not a scorecard: .*names 0 of the 26 .*allowed: a saved assessment"),
        (b"{\\rtf1 hello}", r"a text document \(RTF\)"),
        (b"\xff\xd8\xff\xe0 and more", r"a picture \(JPEG\)"),
        (SAVED.decode().encode("utf-16"), "is UTF-16 text; a saved assessment is UTF-8"),
        (SAVED.decode().encode("utf-16-le"), "is UTF-16 text"),
        (b"{}", "'format' is missing"),
        (b"PK\x03\x04 broken", "is damaged"),
        (b"service,category,tier\nA,sms,tier_1\n", "Portfolio takes"),
        (SAVED.replace(b'"res"', b'"mail"'), "unknown value 'mail'"),
    ],
)
def test_what_holds_no_round_is_refused_with_the_name_of_the_file(rules: Rules, data: bytes, said: str) -> None:
    with pytest.raises(RoundError, match=f"^card.csv: .*{said}"):
        read(rules, data, "card.csv")
