"""The map: every kind of service against every measure, held against the naive rules for every subset of recommendations."""

import csv
import io
import subprocess
import sys
from itertools import chain, combinations
from pathlib import Path

import naive
import numpy as np
import pytest

from scoring.kinds.grid import grid_of
from scoring.kinds.groups import groups_of
from scoring.kinds.obligations import obligations, obligations_csv
from scoring.kinds.slips import effects, ways
from scoring.rules.amend import adopting
from scoring.rules.load import load
from scoring.rules.model import Regimes
from scoring.score.verdict import STANDINGS

RULES = load()
ROOT = Path(__file__).parents[2]
SUBSETS = tuple(chain.from_iterable(combinations(naive.RECOMMENDATIONS, size) for size in range(10)))


GRID = grid_of(RULES)
WHOLE = RULES.regimes.amended


def under(adopted):
    """What is owed with these recommendations adopted, with a row for each measure and requirement that there can be."""
    text = adopting(RULES, adopted).amended
    return obligations(RULES, Regimes(drafted=text, amended=WHOLE, adopted=()), GRID).drafted


def table(found):
    return list(csv.reader(io.StringIO(obligations_csv(found).decode("utf-8-sig"))))


def test_the_grid_has_every_distinct_profile_once():
    grid = grid_of(RULES)
    assert [tuple(profile.get(fact, "") for fact in naive.FACTS) for profile in grid.profiles] == [
        tuple(each.values()) for each in naive.profiles()
    ]
    assert len(set(map(str, grid.profiles))) == len(grid) == 708


def test_the_columns_are_those_of_the_contract():
    assert table(obligations(RULES))[0] == [
        *naive.FACTS,
        "measure",
        "drafted_status",
        "amended_status",
        "change",
        "drafted_owed",
        "amended_owed",
    ]


@pytest.mark.parametrize(
    "adopted",
    [
        naive.RECOMMENDATIONS,
        (),
        ("IJM-RES-2",),
        ("IJM-RES-3", "IJM-SMS-1"),
        ("IJM-DIS-4", "IJM-RES-1"),
        ("IJM-DIS-2",),
        ("IJM-DIS-3", "IJM-DIS-5"),
        ("IJM-DIS-1", "IJM-DIS-4"),
    ],
    ids=lambda adopted: "+".join(adopted) if len(adopted) < 9 else "all",
)
def test_each_cell_of_the_map_is_what_the_naive_rules_give(adopted):
    found = table(obligations(RULES, adopting(RULES, adopted)))[1:]
    assert found == [line for profile in naive.profiles() for line in naive.obligation_lines(profile, adopted)]


@pytest.mark.slow
def test_what_is_owed_under_all_512_subsets_is_what_the_naive_rules_give():
    """Once per code and subset of its recommendations by the naive rules; then all 512 against those."""
    profiles = naive.profiles()
    known = {}
    columns = [each.id for each in WHOLE.requirements()]
    for adopted in SUBSETS:
        found = under(adopted)
        for category in naive.MEASURES:
            own = tuple(each for each in adopted if each.split("-")[1] == category.upper())
            places = [place for place, profile in enumerate(profiles) if profile["category"] == category]
            if own not in known.setdefault(category, {}):
                owed = [
                    {each for measure in naive.MEASURES[category] for each in naive.owed(measure, profiles[place], own)}
                    for place in places
                ]
                standing = [
                    [naive.standing(measure, profiles[place], own)[0] for place in places]
                    for measure in naive.MEASURES[category]
                ]
                known[category][own] = (
                    np.array([[each in one for one in owed] for each in columns]),
                    np.array([[STANDINGS.index(each) for each in line] for line in standing]),
                )
            owed, standing = known[category][own]
            rows = [place for place, measure in enumerate(WHOLE.measures) if measure.code == category.upper()]
            assert [WHOLE.measures[row].id for row in rows] == list(naive.MEASURES[category])
            assert np.array_equal(found.owed[:, places], owed), (adopted, category)
            assert np.array_equal(found.standing[np.ix_(rows, places)], standing), (adopted, category)
    assert len(SUBSETS) == 512


def test_the_subsets_agree_with_the_map_of_the_same_recommendations():
    for adopted in ((), naive.RECOMMENDATIONS):
        found, whole = under(adopted), obligations(RULES, adopting(RULES, adopted))
        rows = [
            place
            for place, each in enumerate(WHOLE.requirements())
            if each.id in {one.id for one in whole.requirements}
        ]
        assert np.array_equal(found.owed[rows], whole.amended.owed)
        assert found.owed.sum() == whole.amended.owed.sum()


def test_a_recommendation_binds_or_asks_more_of_whom_the_naive_rules_say():
    profiles = naive.profiles()
    for effect in effects(RULES, obligations(RULES), ways(RULES)):
        adopted = (effect.recommendation.id,)
        binds, asks = [], []
        for profile in profiles:
            measures = naive.MEASURES[profile["category"]]
            before, after = (
                {owed for m in measures for owed in naive.owed(m, profile, some)} for some in ((), adopted)
            )
            binds.append(bool(after and not before))
            asks.append(bool(before and after - before))
        assert effect.binds.tolist() == binds, adopted
        assert effect.asks.tolist() == asks, adopted


def test_nothing_binds_social_media_services_below_tier_1_and_nobody_else():
    found = obligations(RULES)
    nobody = ~found.drafted.bound & ~found.amended.bound
    assert [
        profile["category"] + profile["tier"] for profile, none in zip(naive.profiles(), nobody, strict=True) if none
    ] == ["smstier_2"] * 12 + ["smstier_3"] * 12
    assert not (found.drafted.bound & ~found.amended.bound).any()
    assert [(dict(group.facts), group.profiles) for group in groups_of(found.grid, nobody)] == [
        ({"category": ("sms",), "tier": ("tier_2", "tier_3")}, 24)
    ]


@pytest.mark.slow
def test_kinds_describe_a_set_of_profiles_exactly_and_do_not_overlap():
    grid = GRID
    some = [getattr(way, name) for way in ways(RULES) for name in ("binds", "asks")]
    random = np.random.default_rng(4)
    some += [random.random(len(grid)) < share for share in (0.02, 0.5)] + [
        np.ones(len(grid), bool),
        np.zeros(len(grid), bool),
    ]
    for members in some:
        times = np.zeros(len(grid), dtype=int)
        for each in groups_of(grid, members):
            inside = np.array(
                [all(profile.get(fact) in values for fact, values in each.facts) for profile in grid.profiles]
            )
            assert each.profiles == inside.sum()
            times += inside
        assert np.array_equal(times, members.astype(int))


def test_the_kind_of_all_services_needs_no_words():
    grid = grid_of(RULES)
    (whole,) = groups_of(grid, np.ones(len(grid), bool))
    assert (whole.facts, whole.profiles) == ((), 708)


def test_the_command_writes_the_map(tmp_path):
    out = tmp_path / "map.csv"
    run = subprocess.run(
        [sys.executable, "-m", "scoring", "obligations", "--out", out],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    written = out.read_bytes()
    assert written == obligations_csv(obligations(RULES))
    assert written.startswith(b"\xef\xbb\xbfcategory,") and b"\r" not in written
    assert written.count(b"\n") == 1 + 36 * 1 + 648 * 4 + 24 * 3


def test_the_command_takes_any_recommendations():
    run = subprocess.run(
        [sys.executable, "-m", "scoring", "obligations", "--amendments", "IJM-RES-2"],
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert run.stdout == obligations_csv(obligations(RULES, adopting(RULES, ["IJM-RES-2"])))
