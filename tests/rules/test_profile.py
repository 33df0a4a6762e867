"""The profile of a service: what is asked, what counts, what is missing, and the report of the technologies."""

import examples
import pytest

from scoring.rules.model import Rules
from scoring.rules.profile import (
    asked,
    every_profile,
    live,
    may_be_asked,
    missing,
    missing_from_report,
    with_report,
)

MESSENGER = {**examples.MESSENGER.profile, "technology_report": "incomplete"}
ALWAYS = {"category", "encryption", "hosting", "livestream"}


@pytest.mark.parametrize(
    ("given", "also"),
    [
        ({}, set()),
        ({"category": "sms"}, {"tier"}),
        ({"category": "res"}, {"tier", "communication", "capable"}),
        ({"category": "res", "capable": "yes"}, {"tier", "communication", "capable"}),
        (
            {"category": "res", "capable": "no"},
            {"tier", "communication", "capable", "esafety_approval", "technology_report"},
        ),
        ({"category": "dis"}, set()),
        ({"category": "dis", "hosting": "provider_managed"}, {"tier"}),
        ({"category": "dis", "hosting": "end_user_managed"}, set()),
        ({"category": "sms", "hosting": "end_user_managed", "capable": "no"}, {"tier"}),
    ],
    ids=lambda each: " ".join(sorted(each)) if isinstance(each, set) else str(each),
)
def test_a_fact_is_asked_when_the_rulebook_says_so(rules: Rules, given: dict[str, str], also: set[str]) -> None:
    assert {fact.id for fact in asked(rules.facts, given)} == ALWAYS | also


def test_facts_are_asked_in_the_order_of_the_rulebook(rules: Rules) -> None:
    assert [fact.id for fact in asked(rules.facts, MESSENGER)] == list(MESSENGER)


def test_what_is_no_longer_asked_does_not_count(rules: Rules) -> None:
    social = {**MESSENGER, "category": "sms"}
    assert live(rules.facts, social) == {
        "category": "sms",
        "tier": "tier_1",
        "encryption": "end_to_end",
        "hosting": "provider_managed",
        "livestream": "yes",
    }


def test_what_hangs_on_an_answer_that_does_not_count_does_not_count_either(rules: Rules) -> None:
    drive = {
        "category": "dis",
        "hosting": "end_user_managed",
        "capable": "no",
        "esafety_approval": "granted",
        "tier": "tier_1",
    }
    assert live(rules.facts, drive) == {"category": "dis", "hosting": "end_user_managed"}


def test_a_fact_that_the_rules_do_not_know_does_not_count(rules: Rules) -> None:
    assert live(rules.facts, {"category": "sms", "colour": "red"}) == {"category": "sms"}


def test_what_may_be_asked_is_told_from_what_is_given_so_far(rules: Rules) -> None:
    asked = may_be_asked(rules.facts, {"category": "res"})
    assert asked["tier"] == asked["capable"] == {True} and asked["esafety_approval"] == {True, False}
    assert may_be_asked(rules.facts, {"category": "res", "capable": "yes"})["esafety_approval"] == {False}
    asked = may_be_asked(rules.facts, {})
    assert asked["category"] == {True} and asked["tier"] == asked["capable"] == {True, False}


def test_the_facts_that_are_asked_and_not_given_are_missing(rules: Rules) -> None:
    given = {"category": "res", "capable": "no", "livestream": "no"}
    assert [fact.id for fact in missing(rules.facts, given)] == [
        "tier",
        "encryption",
        "communication",
        "hosting",
        "esafety_approval",
        "technology_report",
    ]
    assert missing(rules.facts, MESSENGER) == ()


def test_there_are_708_profiles_each_different_and_each_complete(rules: Rules) -> None:
    profiles = list(every_profile(rules.facts))
    assert len(profiles) == 3 * 3 * 2 * 2 + 3 * 3 * 2 * 2 * 2 * (1 + 4 * 2) + (3 + 1) * 3 * 2 == 708
    assert len({tuple(sorted(profile.items())) for profile in profiles}) == 708
    for profile in profiles:
        assert live(rules.facts, profile) == profile
        assert missing(rules.facts, profile) == ()


@pytest.mark.parametrize(
    ("examined", "lacking"),
    [
        ({}, ["client_side_hashing", "secure_enclaves"]),
        ({"client_side_hashing": "Too many false matches."}, ["secure_enclaves"]),
        ({"client_side_hashing": "Too many false matches.", "secure_enclaves": " \t\n"}, ["secure_enclaves"]),
        ({"client_side_hashing": "Too many false matches.", "secure_enclaves": "No such servers."}, []),
        (
            {"client_side_hashing": "Too many false matches.", "secure_enclaves": "No such servers.", "photodna": ""},
            ["photodna"],
        ),
        (
            {
                "client_side_hashing": "Too many false matches.",
                "secure_enclaves": "No such servers.",
                "photodna": "Needs the keys.",
            },
            [],
        ),
        ({"photodna": "Needs the keys."}, ["client_side_hashing", "secure_enclaves"]),
    ],
    ids=str,
)
def test_a_report_is_complete_with_both_fixed_technologies_and_a_reason_for_each_that_is_listed(
    rules: Rules, examined: dict[str, str], lacking: list[str]
) -> None:
    assert [each.id for each in missing_from_report(rules.technologies, examined)] == lacking
    assert bool(missing_from_report(rules.technologies, examined)) is bool(lacking)


def test_the_report_follows_from_the_technologies_whatever_was_given(rules: Rules) -> None:
    examined = {"client_side_hashing": "Too many false matches.", "secure_enclaves": "No such servers."}
    assert with_report(rules.facts, rules.technologies, {"technology_report": "complete"}, {}) == {
        "technology_report": "incomplete"
    }
    assert with_report(rules.facts, rules.technologies, {"category": "res"}, examined) == {
        "category": "res",
        "technology_report": "complete",
    }
