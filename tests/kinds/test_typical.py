"""The typical services, and who slips through: held against the naive rules, and against every subset of a code's recommendations."""

from itertools import chain, combinations
from pathlib import Path

import naive
import numpy as np
import pytest

from scoring.kinds.obligations import obligations
from scoring.kinds.slips import slips, ways
from scoring.kinds.typical import FILE, standings, typical
from scoring.rules.amend import adopting
from scoring.rules.load import RulebookError
from scoring.rules.model import Rules

SERVICES = Path(__file__).parents[2] / "scoring" / "kinds" / FILE


def test_the_file_has_a_handful_of_services_of_every_code(rules: Rules) -> None:
    services = typical(rules)
    assert [service.title for service in services] == [
        "Encrypted messenger, tier 1",
        "Encrypted messenger, tier 2",
        "Text messaging (SMS, MMS)",
        "Cloud drive",
        "Other website",
        "Large social network",
        "Small forum",
    ]
    grid = [*map(dict, naive.profiles())]
    assert all({fact: service.facts.get(fact, "") for fact in naive.FACTS} in grid for service in services)


@pytest.mark.parametrize("adopted", ["", "IJM-RES-2", "IJM-RES-3,IJM-DIS-4", "IJM-RES-1,IJM-SMS-1,IJM-DIS-2"])
def test_where_a_typical_service_stands_is_what_the_naive_rules_say(adopted: str, rules: Rules) -> None:
    names = tuple(filter(None, adopted.split(",")))
    for service in typical(rules):
        profile = {fact: service.facts.get(fact, "") for fact in naive.FACTS}
        for standing in standings(rules, service.facts, adopting(rules, names)):
            sides = [naive.standing(standing.measure.id, profile, some)[0] for some in ((), names)]
            owed = tuple(len(naive.owed(standing.measure.id, profile, some)) for some in ((), names))
            assert standing.requirements == owed
            assert standing.cell == (
                "both" if sides == ["applies"] * 2
                else "only_amended" if sides[1] == "applies"
                else "exempt" if "exempt" in sides
                else "out_of_scope"
            )  # fmt: skip


def test_what_brings_a_measure_in_is_every_smallest_set_that_does(rules: Rules) -> None:
    for service in typical(rules):
        profile = {fact: service.facts.get(fact, "") for fact in naive.FACTS}
        of_code = [name for name in naive.RECOMMENDATIONS if name.split("-")[1].lower() == profile["category"]]
        every = list(chain.from_iterable(combinations(of_code, size) for size in range(len(of_code) + 1)))
        for standing in standings(rules, service.facts, rules.regimes):
            binding = [set(some) for some in every if naive.owed(standing.measure.id, profile, some)]
            smallest = [some for some in binding if not any(other < some for other in binding)]
            assert [{known.id for known in some} for some in standing.by] == [some for some in smallest if some]


def test_a_service_whose_facts_are_not_those_that_are_asked_is_refused(tmp_path: Path, rules: Rules) -> None:
    whole = SERVICES.read_text(encoding="utf-8")
    for was, now, said in (
        ('tier = "tier_3", ', "", "Other website: has to have just these facts: category, tier, encryption"),
        ('tier = "tier_3"', 'tier = "tier_4"', "Other website: tier is 'tier_4'; allowed: tier_1, tier_2, tier_3"),
    ):
        (tmp_path / FILE).write_text(whole.replace(was, now), encoding="utf-8")
        with pytest.raises(RulebookError, match=said):
            typical(rules, tmp_path)


# ---------------------------------------------------------------------------------------------- who slips through
@pytest.mark.parametrize("adopted", [naive.RECOMMENDATIONS, (), ("IJM-RES-3",)], ids="+".join)
def test_who_slips_through_is_just_who_is_bound_by_nothing_as_drafted(adopted: tuple[str, ...], rules: Rules) -> None:
    compared = obligations(rules, adopting(rules, adopted))
    everybody = np.ones(len(compared.grid), dtype=bool)
    several = slips(rules, compared, ways(rules), everybody)
    assert (sum(slip.kinds.astype(int) for slip in several) == ~compared.drafted.bound).all()
    for slip in several:
        assert slip.bound == int((slip.kinds & compared.amended.bound).sum())
        for binding in slip.bound_by:
            with_it = obligations(rules, adopting(rules, [known.id for known in binding.recommendations]))
            assert (with_it.amended.bound & slip.kinds).any()
            assert bool(binding.but) == bool((~with_it.amended.bound & slip.kinds).any())


def test_who_slips_through_is_said_with_what_lets_it_out_and_what_binds_it(rules: Rules) -> None:
    compared = obligations(rules)
    closed, small = (
        next(slip for slip in slips(rules, compared, ways(rules), np.ones(len(compared.grid), dtype=bool)) if of_it(dict(slip.group.facts)))
        for of_it in (lambda facts: "communication" in facts and "encryption" not in facts, lambda facts: facts["category"] == ("sms",))
    )  # fmt: skip
    assert [(out.exemption, out.reason, [measure.id for measure in out.measures]) for out in closed.let_out] == [
        (True, "Not capable of reviewing and assessing material", ["RES-MCM3", "RES-MCM11"]),
        (True, "Closed communication service", ["RES-MCM8"]),
        (False, "is in tier 1", ["RES-MCM10"]),
    ]
    assert [([known.id for known in binding.recommendations], binding.but) for binding in closed.bound_by] == [
        (["IJM-RES-2"], ""),
        (["IJM-RES-3"], "approval granted · report complete"),
    ]
    assert (small.bound_by, small.bound, [out.reason for out in small.let_out]) == ((), 0, ["is in tier 1"])
