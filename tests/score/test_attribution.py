"""Which recommendation is responsible for which points: shares that add up exactly, and say what they mean."""

from fractions import Fraction
from itertools import permutations

import examples
import numpy as np
import pytest

from scoring.rules.amend import adopting, resolve
from scoring.rules.load import load
from scoring.rules.model import Rules
from scoring.rules.profile import every_profile
from scoring.score.assessment import Answer, Assessment
from scoring.score.attribution import attribute, attribution, in_words, sentence, signed
from scoring.score.scorecard import Scorecard, scorecard
from scoring.score.tally import grade_code
from scoring.score.verdict import verdicts

RULES = load()
EVERY = tuple(each.id for each in RULES.recommendations)
PROFILES = tuple(every_profile(RULES.facts))
REQUIREMENTS = resolve(RULES.drafted, RULES.recommendations).requirements()

MESSENGER = dict(examples.MESSENGER.profile)
CLOUD_DRIVE = dict(examples.DRIVE.profile)
SMALL_FORUM = {**examples.SOCIAL, "tier": "tier_3"}
ALL_NOT_MET = {each.id: "not_met" for each in REQUIREMENTS}


def card(
    profile: dict[str, str], grades: dict[str, str], amendments: tuple[str, ...] = EVERY, rules: Rules = RULES
) -> Scorecard:
    assessment = Assessment(
        rulebook=rules.version,
        service_name="Example",
        saved_at="2026-11-22T10:15:00+00:00",
        profile=profile,
        answers={key: Answer(grade=grade, note="because") for key, grade in grades.items()},
    )
    return scorecard(rules, assessment, adopting(rules, amendments))


def random_grades(random: np.random.Generator) -> dict[str, int]:
    return {each.id: int(random.integers(-2 if each.where_feasible else -1, 3)) for each in REQUIREMENTS}


MESSENGER_GRADES = {**ALL_NOT_MET, "RES-MCM10.a": "partly", "RES-MCM10.b": "partly", "RES-MCM10.c": "partly"}


def test_the_encrypted_messengers_ten_points_are_shared_two_five_and_three():
    found = attribution(RULES, card(MESSENGER, MESSENGER_GRADES))

    assert [(each.recommendation.id, each.shortfall.share) for each in found.shares] == [
        ("IJM-RES-1", 2),
        ("IJM-RES-2", 5),
        ("IJM-RES-3", 3),
    ]
    assert (found.drafted_shortfall, found.amended_shortfall) == (3, 13)


def test_alone_and_last_stand_beside_the_share():
    found = {each.recommendation.id: each for each in attribution(RULES, card(MESSENGER, MESSENGER_GRADES)).shares}

    assert {key: (each.shortfall.alone, each.shortfall.last) for key, each in found.items()} == {
        "IJM-RES-1": (2, 2),
        "IJM-RES-2": (6, 4),
        "IJM-RES-3": (4, 2),
    }
    assert {key: (each.owed.alone, each.owed.last) for key, each in found.items()} == {
        "IJM-RES-1": (1, 1),
        "IJM-RES-2": (3, 2),
        "IJM-RES-3": (2, 1),
    }
    assert {key: each.owed.share for key, each in found.items()} == {
        "IJM-RES-1": 1,
        "IJM-RES-2": Fraction(5, 2),
        "IJM-RES-3": Fraction(3, 2),
    }


@pytest.mark.slow
def test_the_shares_add_up_to_the_difference_on_every_profile_with_random_grades():
    random = np.random.default_rng(20230323)
    assert len(PROFILES) == 708
    for profile in PROFILES:
        found = attribute(RULES, profile, random_grades(random), adopting(RULES, EVERY))
        assert (
            sum(each.shortfall.share for each in found.shares) == found.amended_shortfall - found.drafted_shortfall
        ), profile
        drafted, amended = (
            sum(len(each.owed) for each in verdicts(text, profile, RULES))
            for text in (RULES.regimes.drafted, RULES.regimes.amended)
        )
        assert sum(each.owed.share for each in found.shares) == amended - drafted, profile


@pytest.mark.parametrize("profile", PROFILES[::37], ids=lambda profile: "-".join(profile.values()))
def test_the_totals_are_those_of_the_scorecard(profile):
    random = np.random.default_rng(7)
    grades = {each.id: str(random.choice(["met", "partly", "not_met", ""])) for each in REQUIREMENTS}
    made = card(profile, grades)
    found = attribution(RULES, made)

    assert (made.drafted.sums.shortfall, made.amended.sums.shortfall) == (
        found.drafted_shortfall,
        found.amended_shortfall,
    )
    owed = sum(row.amended_owed for row in made.rows) - sum(row.drafted_owed for row in made.rows)
    assert sum(share.owed.share for share in found.shares) == owed


@pytest.mark.slow
@pytest.mark.parametrize(
    "profile",
    [
        MESSENGER | {"technology_report": "incomplete"},
        CLOUD_DRIVE,
        CLOUD_DRIVE | {"hosting": "provider_managed", "tier": "tier_1", "livestream": "yes"},
    ],
)
def test_a_share_is_the_average_over_every_order_of_adopting(profile):
    grades = {key: int(np.random.default_rng(11).integers(0, 2)) for key in ALL_NOT_MET}
    found = attribute(RULES, profile, grades, adopting(RULES, EVERY))
    players = [each.recommendation.id for each in found.shares]
    orders = list(permutations(players))
    brought = dict.fromkeys(players, 0)
    for order in orders:
        for place, each in enumerate(order):
            before = attribute(RULES, profile, grades, adopting(RULES, order[:place])).amended_shortfall
            brought[each] += (
                attribute(RULES, profile, grades, adopting(RULES, order[: place + 1])).amended_shortfall - before
            )

    assert {key: Fraction(total, len(orders)) for key, total in brought.items()} == {
        each.recommendation.id: each.shortfall.share for each in found.shares
    }


def test_the_order_in_which_recommendations_are_given_never_matters():
    grades = dict.fromkeys(ALL_NOT_MET, 0)
    profile = MESSENGER | {"technology_report": "incomplete"}
    expected = attribute(RULES, profile, grades, adopting(RULES, EVERY))
    for order in permutations(("IJM-RES-1", "IJM-RES-2", "IJM-RES-3")):
        assert expected == attribute(RULES, profile, grades, adopting(RULES, order))


def test_only_the_adopted_recommendations_of_the_services_code_take_part():
    found = attribution(RULES, card(MESSENGER, MESSENGER_GRADES, ("IJM-DIS-1", "IJM-RES-3", "IJM-SMS-1")))

    assert [(each.recommendation.id, each.shortfall.share) for each in found.shares] == [("IJM-RES-3", 4)]
    assert found.amended_shortfall == 7


def test_with_none_adopted_there_is_nothing_to_share():
    found = attribution(RULES, card(MESSENGER, MESSENGER_GRADES, ()))

    assert found.shares == ()
    assert (found.drafted_shortfall, found.amended_shortfall) == (3, 3)
    assert [step.change for step in found.waterfall()] == [3, 3]


def test_a_player_takes_part_in_rules_that_this_code_has_never_seen():
    renamed = {"IJM-RES-2": "IJM-RES-9"}
    made = RULES.model_copy(
        update={
            "recommendations": tuple(
                each.model_copy(update={"id": renamed.get(each.id, each.id)}) for each in RULES.recommendations
            )
        }
    )
    found = attribution(made, card(MESSENGER, MESSENGER_GRADES, tuple(each.id for each in made.recommendations), made))

    assert {each.recommendation.id: each.shortfall.share for each in found.shares} == {
        "IJM-RES-1": 2,
        "IJM-RES-9": 5,
        "IJM-RES-3": 3,
    }


def test_the_waterfall_leads_from_the_drafted_shortfall_to_the_amended_one():
    steps = attribution(RULES, card(MESSENGER, MESSENGER_GRADES)).waterfall()

    assert [(step.title if step.by is None else step.by.id, step.start, step.end) for step in steps] == [
        ("As drafted", 0, 3),
        ("IJM-RES-1", 3, 5),
        ("IJM-RES-2", 5, 10),
        ("IJM-RES-3", 10, 13),
        ("As amended", 0, 13),
    ]


@pytest.mark.slow
def test_the_steps_add_up_exactly_on_every_profile_and_as_shown():
    random = np.random.default_rng(5)
    for profile in PROFILES:
        found = attribute(RULES, profile, random_grades(random), adopting(RULES, EVERY))
        first, *between, last = found.waterfall()
        assert last.end == found.amended_shortfall == first.end + sum(step.change for step in between)
        assert found.amended_shortfall == found.drafted_shortfall + sum(_read(signed(step.change)) for step in between)


def _read(shown: str) -> Fraction:
    """What a reader makes of a number as shown (whole, or with decimals)."""
    return Fraction(shown.replace("−", "-"))


def test_a_share_that_two_recommendations_bring_together_is_split_between_them():
    found = {each.recommendation.id: each for each in attribution(RULES, card(CLOUD_DRIVE, ALL_NOT_MET)).shares}

    assert found["IJM-DIS-1"].shortfall.alone == 0
    assert found["IJM-DIS-1"].shortfall.share == 1
    assert "Adopted alone it would bring 0 points; adopted after all the others, 2." in sentence(found["IJM-DIS-1"])


def test_it_says_so_when_a_recommendation_changes_nothing_for_the_service():
    shares = attribution(RULES, card(SMALL_FORUM, ALL_NOT_MET)).shares

    assert [sentence(each) for each in shares] == [
        "“Cover CSEM as well as CSAM” (IJM-SMS-1) changes nothing for this service: it owes the same requirements with it and without it."
    ]


def test_a_recommendation_whose_requirements_are_met_changes_what_is_owed_and_costs_no_points():
    shares = attribution(RULES, card({**SMALL_FORUM, "tier": "tier_1"}, dict.fromkeys(ALL_NOT_MET, "met"))).shares

    assert not shares[0].changes_nothing
    assert (
        sentence(shares[0])
        == "“Cover CSEM as well as CSAM” (IJM-SMS-1) brings 1 owed requirement; no points are known to be missing because of it."
    )


def test_a_recommendation_changes_nothing_exactly_where_no_regime_owes_anything_else_with_it():
    for profile in PROFILES[::29]:
        grades = dict.fromkeys(ALL_NOT_MET, 0)
        for share in attribute(RULES, profile, grades, adopting(RULES, EVERY)).shares:
            moved = share.shortfall.alone or share.shortfall.last or share.shortfall.share
            assert share.changes_nothing is not bool(moved), (profile, share.recommendation.id)


def test_a_recommendation_with_an_effect_is_said_in_points():
    shares = attribution(RULES, card(MESSENGER, MESSENGER_GRADES)).shares

    assert sentence(shares[1]) == (
        "“Bind encrypted and closed communication services” (IJM-RES-2) brings 2.5 owed requirements and 5 points missing. "
        "Adopted alone it would bring 6 points; adopted after all the others, 4."
    )


def test_what_is_unanswered_is_no_shortfall_and_is_shared_as_owed():
    found = attribution(RULES, card(MESSENGER, {}))

    assert (found.drafted_shortfall, found.amended_shortfall) == (0, 0)
    assert [each.owed.share for each in found.shares] == [1, Fraction(5, 2), Fraction(3, 2)]


def test_a_not_feasible_requirement_counts_only_with_its_justification():
    profile = {**SMALL_FORUM, "tier": "tier_1"}
    without = {**dict.fromkeys(ALL_NOT_MET, 0), "SMS-MCM10.c": grade_code("not_feasible", " ")}
    justified = {**without, "SMS-MCM10.c": grade_code("not_feasible", "no images here")}

    assert (
        attribute(RULES, profile, without, adopting(RULES, EVERY)).drafted_shortfall
        == attribute(RULES, profile, justified, adopting(RULES, EVERY)).drafted_shortfall
        == 4
    )


def test_facts_that_name_no_code_are_refused():
    with pytest.raises(ValueError, match="which code"):
        attribute(RULES, {}, {}, EVERY)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        (0, "0"),
        (2, "2"),
        (Fraction(5, 2), "2.5"),
        (Fraction(1, 4), "0.25"),
        (Fraction(4, 3), "1⅓"),
        (Fraction(2, 3), "⅔"),
        (Fraction(19, 12), "1 7/12"),
        (Fraction(7, 12), "7/12"),
        (Fraction(-3, 2), "−1.5"),
        (Fraction(-1, 3), "−⅓"),
        (Fraction(61, 6), "10⅙"),
        (Fraction(1, 20), "0.05"),
        (10, "10"),
    ],
)
def test_a_number_is_shown_exactly(number, shown):
    assert in_words(number) == shown


def test_a_change_has_its_sign():
    assert [signed(each) for each in (Fraction(5, 2), 0, Fraction(-1, 3))] == ["+2.5", "0", "−⅓"]
