"""The table of named services in scenarios.toml: what each regime makes of them, figure for figure."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, all_requirements
from scoring.score.scorecard import RegimeResult, Scorecard, scorecard
from scoring.score.verdict import Cause, measure_change

TABLE = tomllib.loads((Path(__file__).parents[1] / "scenarios.toml").read_text(encoding="utf-8"))
SCENARIOS = TABLE["scenario"]
WORDS = {
    "name",
    "service",
    "but",
    "examined",
    "listed_without_reason",
    "grades",
    "rest",
    "notes",
    "adopted",
    "drafted",
    "amended",
    "change",
}


def card_of(scenario: dict[str, Any], rules: Rules) -> Scorecard:
    """The scorecard of the service that a scenario describes."""
    grades = {each.id: scenario.get("rest", "") for each in all_requirements(rules)} | scenario.get("grades", {})
    notes = scenario.get("notes", {})
    examined = dict.fromkeys(scenario.get("examined", ()), "Tried; it does not work here.")
    assessment = Assessment(
        rulebook=rules.version,
        service_name=scenario["name"],
        saved_at="2026-11-22T10:15:00+00:00",
        profile=TABLE["service"][scenario["service"]] | scenario.get("but", {}),
        technologies=examined | dict.fromkeys(scenario.get("listed_without_reason", ()), ""),
        answers={each: Answer(grade=grade, note=notes.get(each, "")) for each, grade in grades.items()},
    )
    adopted = scenario["adopted"]
    return scorecard(
        rules, assessment, None if adopted == "all" else adopting(rules, () if adopted == "none" else adopted)
    )


def described(result: RegimeResult) -> dict[str, str]:
    """A regime's result in the words of the table."""
    sums = result.sums
    said = f"{sums.points} of {sums.out_of}" + (f", {sums.unanswered} unanswered" if sums.unanswered else "")
    return {_short(line.measure.id): line.status for line in result.lines} | {"score": said if sums.out_of else "none"}


def changes(card: Scorecard) -> dict[str, Cause]:
    """Why each measure differs between the two results, by its id."""
    lines = zip(card.drafted.lines, card.amended.lines, strict=True)
    return {after.measure.id: measure_change(before.verdict, after.verdict) for before, after in lines}


def _short(measure_id: str) -> str:
    return measure_id.partition("-")[2]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_the_rulebook_says_of_this_service(scenario: dict[str, Any], rules: Rules) -> None:
    card = card_of(scenario, rules)
    amended = scenario["drafted"] if scenario["amended"] == "as drafted" else scenario["amended"]
    assert described(card.drafted) == scenario["drafted"]
    assert described(card.amended) == amended
    assert {_short(each): why for each, why in changes(card).items() if why != "unchanged"} == scenario.get(
        "change", {}
    )


def test_the_table_is_long_enough_and_uses_only_the_words_that_it_explains(rules: Rules) -> None:
    assert len(SCENARIOS) >= 60
    names = [scenario["name"] for scenario in SCENARIOS]
    assert sorted(set(names)) == sorted(names)
    known = {each.id for each in all_requirements(rules)}
    for scenario in SCENARIOS:
        assert set(scenario) <= WORDS, scenario["name"]
        assert set(scenario.get("grades", {})) | set(scenario.get("notes", {})) <= known, scenario["name"]


def test_the_table_reaches_every_recommendation_every_status_and_every_change(rules: Rules) -> None:
    adopted = {each for scenario in SCENARIOS if isinstance(scenario["adopted"], list) for each in scenario["adopted"]}
    assert adopted >= {each.id for each in rules.recommendations if each.code != "SMS"}
    statuses = {status for scenario in SCENARIOS for key, status in scenario["drafted"].items() if key != "score"}
    assert statuses == {"not_applicable", "exempt", "unanswered", "incomplete", "met", "not_met", "partly_met"}
    changes = {why for scenario in SCENARIOS for why in scenario.get("change", {}).values()}
    assert changes == {"measure_added", "exemption_withdrawn", "exemption_narrowed", "requirement_added"}
