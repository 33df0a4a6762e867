"""Recommendations made to the drafted rulebook: any subset, any order, and how their changes compose."""

from collections.abc import Callable, Iterator
from itertools import combinations, permutations
from pathlib import Path
from random import Random

import pytest

from scoring.rules import amend
from scoring.rules.amend import AmendmentError, resolve
from scoring.rules.conditions import Condition
from scoring.rules.load import load
from scoring.rules.model import DRAFTED, Exemption, Measure, Recommendation, Requirement, Rulebook, Rules


def adopting(rules: Rules, *ids: str) -> Rulebook:
    return resolve(rules.drafted, [rules.recommendation(each) for each in ids])


def measure(book: Rulebook, measure_id: str) -> Measure:
    found = book.measure(measure_id)
    assert found is not None
    return found


def requirement(book: Rulebook, requirement_id: str) -> Requirement:
    return next(each for each in book.requirements() if each.id == requirement_id)


def exemption(book: Rulebook, measure_id: str, exemption_id: str) -> Exemption:
    return next(each for each in measure(book, measure_id).exemptions if each.id == exemption_id)


def grounds(book: Rulebook, requirement_id: str) -> dict[str, Condition | None]:
    return {ground.by: ground.when for ground in requirement(book, requirement_id).grounds}


def subsets(rules: Rules) -> Iterator[tuple[Recommendation, ...]]:
    for size in range(len(rules.recommendations) + 1):
        yield from combinations(rules.recommendations, size)


def test_without_recommendations_the_rulebook_is_the_drafted_one(rules: Rules) -> None:
    assert resolve(rules.drafted, ()) == rules.drafted


def test_all_512_subsets_resolve_and_say_what_they_adopted(rules: Rules) -> None:
    chosen = list(subsets(rules))
    assert len(chosen) == 512
    for subset in chosen:
        regimes = amend.adopting(rules, [recommendation.id for recommendation in reversed(subset)])
        assert regimes.adopted == subset
        assert regimes.drafted == rules.drafted
        assert (regimes.amended == rules.drafted) == (subset == ())


def test_the_order_of_recommendations_never_matters(rules: Rules) -> None:
    for code in ("SMS", "RES", "DIS"):
        own = [each for each in rules.recommendations if each.code == code]
        expected = resolve(rules.drafted, own)
        for order in permutations(own):
            assert resolve(rules.drafted, order) == expected
    draw = Random(20230323)
    for _ in range(200):
        chosen = draw.sample(rules.recommendations, draw.randint(2, 9))
        assert resolve(rules.drafted, chosen) == resolve(rules.drafted, sorted(chosen, key=lambda each: each.id))


def test_a_recommendation_given_twice_counts_once(rules: Rules) -> None:
    assert adopting(rules, "IJM-DIS-3", "IJM-DIS-4", "IJM-DIS-3") == adopting(rules, "IJM-DIS-3", "IJM-DIS-4")


def test_resolving_leaves_the_drafted_rulebook_as_it_was(rules: Rules) -> None:
    before = rules.drafted.model_dump()
    resolve(rules.drafted, rules.recommendations)
    assert rules.drafted.model_dump() == before


def test_a_recommendation_changes_measures_of_its_own_code_only(rules: Rules) -> None:
    for each in rules.recommendations:
        book = resolve(rules.drafted, [each])
        assert [m for m in book.measures if m.code != each.code] == [
            m for m in rules.drafted.measures if m.code != each.code
        ], each.id


def test_no_recommendation_takes_away_a_measure_a_requirement_or_a_scope(rules: Rules) -> None:
    for subset in subsets(rules):
        book = resolve(rules.drafted, subset)
        for drafted in rules.drafted.measures:
            amended = measure(book, drafted.id)
            assert amended.scope == drafted.scope
            assert amended.requirements[: len(drafted.requirements)] == drafted.requirements
            assert [each.id for each in amended.exemptions] == [each.id for each in drafted.exemptions]


# ---------------------------------------------------------------------------------- recommendation by recommendation
@pytest.mark.parametrize(
    ("adopted", "added"),
    [
        ("IJM-SMS-1", {"SMS-MCM10.d"}),
        ("IJM-RES-1", {"RES-MCM10.d"}),
        ("IJM-RES-2", set()),
        ("IJM-RES-3", set()),
        ("IJM-DIS-1", {"DIS-MCM9.d"}),
        ("IJM-DIS-2", {"DIS-NEW.a", "DIS-NEW.b"}),
        ("IJM-DIS-3", {"DIS-MCM9.e", "DIS-MCM9.f"}),
        ("IJM-DIS-4", {"DIS-MCM9.e"}),
        ("IJM-DIS-5", set()),
    ],
)
def test_a_recommendation_adds_these_requirements_and_no_other(rules: Rules, adopted: str, added: set[str]) -> None:
    book = adopting(rules, adopted)
    assert {each.id for each in book.requirements()} - {each.id for each in rules.drafted.requirements()} == added
    assert all(requirement(book, each).origin == (adopted,) and requirement(book, each).added for each in added)


@pytest.mark.parametrize(
    ("adopted", "expected"),
    [
        ("IJM-SMS-1", {}),
        ("IJM-RES-1", {}),
        ("IJM-RES-3", {}),
        ("IJM-DIS-1", {}),
        ("IJM-DIS-2", {}),
        ("IJM-DIS-3", {}),
        ("IJM-RES-2", {("RES-MCM8", "encrypted"), ("RES-MCM8", "closed_communication")}),
        ("IJM-DIS-4", {("DIS-MCM9", "end_user_managed_hosting")}),
        ("IJM-DIS-5", {("DIS-MCM8", "end_user_managed_hosting")}),
    ],
)
def test_a_recommendation_withdraws_these_exemptions_and_no_other(
    rules: Rules, adopted: str, expected: set[tuple[str, str]]
) -> None:
    book = adopting(rules, adopted)
    withdrawn = {
        (m.id, each.id): each.withdrawn_by for m in book.measures for each in m.exemptions if each.withdrawn_by
    }
    assert withdrawn == dict.fromkeys(expected, (adopted,))


def test_provisos_on_one_exemption_gather_and_each_says_whose_it_is(rules: Rules) -> None:
    both = exemption(adopting(rules, "IJM-RES-3", "IJM-RES-2"), "RES-MCM3", "not_capable")
    assert {each.by: each.only_if for each in both.provisos} == {
        "IJM-RES-2": Condition.model_validate(
            [{"encryption": ["none", "provider_keys"]}, {"esafety_approval": "granted"}]
        ),
        "IJM-RES-3": Condition.model_validate({"esafety_approval": "granted", "technology_report": "complete"}),
    }
    assert [
        each.by for each in exemption(adopting(rules, "IJM-RES-2", "IJM-RES-3"), "RES-MCM11", "not_capable").provisos
    ] == ["IJM-RES-3"]


def test_dis_mcm9_e_is_owed_by_all_in_scope_under_dis_3_by_hosting_under_dis_4_and_once_under_both(
    rules: Rules,
) -> None:
    hosting = Condition.model_validate({"hosting": "end_user_managed"})
    assert grounds(adopting(rules, "IJM-DIS-3"), "DIS-MCM9.e") == {"IJM-DIS-3": None}
    assert grounds(adopting(rules, "IJM-DIS-4"), "DIS-MCM9.e") == {"IJM-DIS-4": hosting}
    both = adopting(rules, "IJM-DIS-4", "IJM-DIS-3")
    assert grounds(both, "DIS-MCM9.e") == {"IJM-DIS-3": None, "IJM-DIS-4": hosting}
    assert requirement(both, "DIS-MCM9.e").origin == ("IJM-DIS-3", "IJM-DIS-4")
    assert requirement(both, "DIS-MCM9.e").where == "Sec. 2(b); Sec. 3"
    assert requirement(both, "DIS-MCM9.e").basis == "described"
    assert [each.id for each in measure(both, "DIS-MCM9").requirements] == [f"DIS-MCM9.{letter}" for letter in "abcef"]


def test_the_added_measure_comes_last_in_its_code_and_says_who_adds_it(rules: Rules) -> None:
    book = adopting(rules, "IJM-DIS-2")
    assert [each.id for each in book.of_code("DIS")] == ["DIS-MCM8", "DIS-MCM9", "DIS-NEW"]
    assert measure(book, "DIS-NEW").added_by == ("IJM-DIS-2",)
    assert measure(book, "DIS-NEW").scope == Condition.model_validate({"category": "dis"})
    assert grounds(book, "DIS-NEW.b") == {"IJM-DIS-2": Condition.model_validate({"livestream": "yes"})}


def test_what_is_drafted_says_that_it_is(rules: Rules) -> None:
    assert {each.origin for each in rules.drafted.requirements()} == {(DRAFTED,)}
    assert not any(each.added for each in rules.drafted.requirements())


# ------------------------------------------------------------------------------------------------ composed
def test_a_withdrawn_exemption_stays_withdrawn_whoever_else_qualifies_it(edited_rulebook: Callable[..., Path]) -> None:
    folder = edited_rulebook(
        "amendments.toml",
        """

[[recommendation]]
id = "IJM-RES-4"
code = "RES"
title = "Another"
ask = "Another."
where = "Sec. 2(a)"

[[recommendation.change]]
kind = "qualify_exemption"
measure = "RES-MCM8"
exemption = "encrypted"
expects = { encryption = "end_to_end" }
only_if = { tier = "tier_3" }
""",
    )
    rules = load(folder)
    for order in permutations(("IJM-RES-2", "IJM-RES-4")):
        both = exemption(adopting(rules, *order), "RES-MCM8", "encrypted")
        assert both.withdrawn_by == ("IJM-RES-2",)
        assert [each.by for each in both.provisos] == ["IJM-RES-4"]


def test_one_exemption_may_be_withdrawn_by_two(edited_rulebook: Callable[..., Path]) -> None:
    folder = edited_rulebook(
        "amendments.toml",
        """

[[recommendation]]
id = "IJM-DIS-6"
code = "DIS"
title = "Another"
ask = "Another."
where = "Sec. 3"

[[recommendation.change]]
kind = "withdraw_exemption"
measure = "DIS-MCM8"
exemption = "end_user_managed_hosting"
expects = { hosting = "end_user_managed" }
""",
    )
    rules = load(folder)
    for order in permutations(("IJM-DIS-5", "IJM-DIS-6")):
        assert exemption(adopting(rules, *order), "DIS-MCM8", "end_user_managed_hosting").withdrawn_by == (
            "IJM-DIS-5",
            "IJM-DIS-6",
        )


def test_a_recommendation_that_does_not_fit_the_rulebook_is_refused_by_name(rules: Rules) -> None:
    without = Rulebook(measures=tuple(each for each in rules.drafted.measures if each.id != "RES-MCM8"))
    with pytest.raises(
        AmendmentError, match="^IJM-RES-2 changes measure RES-MCM8, which the drafted rulebook does not have$"
    ):
        resolve(without, [rules.recommendation("IJM-RES-2")])
    with pytest.raises(
        AmendmentError, match="^IJM-SMS-1 adds requirement SMS-MCM10.d, which the drafted rulebook has already$"
    ):
        resolve(adopting(rules, "IJM-SMS-1"), [rules.recommendation("IJM-SMS-1")])
