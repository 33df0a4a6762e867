"""The map drawn together: every profile is in one row, and the row says of it what the rulebooks say."""

import numpy as np
import pytest

from scoring.kinds.groups import members
from scoring.kinds.map import code_maps, map_cells, measure_reach
from scoring.kinds.obligations import Obligations, obligations
from scoring.rules.amend import adopting
from scoring.rules.model import Rules

SUBSETS = ["all", "", "IJM-RES-2", "IJM-RES-3", "IJM-DIS-4+IJM-DIS-5", "IJM-RES-1+IJM-DIS-2"]


def found_with(adopted: str, rules: Rules) -> Obligations:
    return obligations(
        rules, None if adopted == "all" else adopting(rules, [each for each in adopted.split("+") if each])
    )


@pytest.mark.parametrize("adopted", SUBSETS)
def test_every_profile_is_in_one_row_that_says_of_it_what_each_measure_does(adopted: str, rules: Rules) -> None:
    found = found_with(adopted, rules)
    seen = np.zeros(len(found.grid), dtype=int)
    for each in code_maps(found):
        inside = found.grid.code == found.grid.codes.index(each.code)
        for row in each.rows:
            these = row.group.members(found.grid) & inside
            assert these.sum() == row.group.profiles
            seen += these
            for measure, cell in zip(each.measures, row.cells, strict=True):
                place = found.measures.index(measure)
                pairs = {
                    (int(found.drafted.standing[place, one]), int(found.amended.standing[place, one]))
                    for one in np.flatnonzero(these)
                }
                assert (
                    pairs
                    <= {
                        "both": {(2, 2)},
                        "only_amended": {(0, 2), (1, 2)},
                        "exempt": {(1, 1)},
                        "out_of_scope": {(0, 0)},
                    }[cell]
                )
    assert (seen == 1).all()


def test_the_map_has_few_enough_rows_to_read(rules: Rules) -> None:
    assert [(each.code, len(each.rows)) for each in code_maps(found_with("all", rules))] == [
        ("SMS", 2),
        ("RES", 24),
        ("DIS", 3),
    ]


def test_a_row_names_only_the_facts_that_a_measure_turns_on(rules: Rules) -> None:
    _, _, designated = code_maps(found_with("all", rules))
    assert [row.in_words(rules) for row in designated.rows] == [
        "end-user-managed",
        "tier 1 · provider-managed",
        "tier 2 or tier 3 · provider-managed",
    ]
    assert [row.cells for row in designated.rows] == [
        ("only_amended",) * 3,
        ("both", "both", "only_amended"),
        ("out_of_scope", "out_of_scope", "only_amended"),
    ]


def test_every_encrypted_service_is_let_out_of_detecting_known_csam_and_one_recommendation_binds_them_all(
    rules: Rules,
) -> None:
    found = found_with("all", rules)
    encrypted = members(found.grid, [("encryption", ("end_to_end",))])
    line = next(each for each in measure_reach(found, rules, encrypted) if each.measure.id == "RES-MCM8")
    assert (line.profiles, line.let_out, line.counts["only_amended"]) == (216, 216, 216)
    assert [each.id for each in line.caught_by] == ["IJM-RES-2"]


def test_the_counts_of_a_measure_add_up_to_the_services_of_its_code(rules: Rules) -> None:
    found = found_with("all", rules)
    everyone = np.ones(len(found.grid), dtype=bool)
    sizes = {"SMS": 36, "RES": 648, "DIS": 24}
    assert [each.profiles for each in measure_reach(found, rules, everyone)] == [
        sizes[each.measure.code] for each in measure_reach(found, rules, everyone)
    ]


def test_a_filter_that_no_service_fits_gives_no_map(rules: Rules) -> None:
    found = found_with("all", rules)
    nobody = members(found.grid, [("category", ("sms",)), ("communication", ("closed",))])
    assert not nobody.any()
    assert code_maps(found, nobody) == ()
    assert not map_cells(found)[:, nobody].size
