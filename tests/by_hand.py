"""What the tests of the wizard share: an example opened or typed in by hand, and what is read off the page and its files."""

import csv
import io
import json
import re
from collections.abc import Mapping

import pytest
from examples import EXAMPLES, NOT_OWED, Example
from walk import ROOT, Walk

SAMPLES = ROOT / "questionnaire" / "session" / "samples"

FILES = {each.sample: SAMPLES / f"{each.sample.lower().replace(' ', '_')}.json" for each in EXAMPLES}

named = pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.sample)


def opened(example: Example) -> Walk:
    walk = Walk()
    walk.open_sample(example.sample)
    return walk


def start(walk: Walk, profile: Mapping[str, str]) -> None:
    """From the start page through the facts, up to the first page after them."""
    walk.press("Start")
    walk.give_all("fact", profile)
    walk.next()
    if walk.title == "Not capable?":
        walk.give_all("fact", profile)


def answer_by_hand(walk: Walk, example: Example, notes: Mapping[str, str] | None = None) -> None:
    """Everything about an example's service, typed in from an empty start, up to Check your answers."""
    start(walk, example.profile)
    while walk.title != "Check your answers":
        walk.give_all("grade", example.grades)
        walk.give_all("note", example.notes if notes is None else notes)
        walk.next()


def still_open(walk: Walk) -> list[str]:
    """The requirements and facts that Check your answers lists as open."""
    return [
        line
        for line in walk.text.splitlines()
        if line.startswith("- ") and re.search(r": (counts as )?unanswered|: a fact that the scorecard needs", line)
    ]


def rows(walk: Walk) -> list[dict[str, str]]:
    """The downloaded scorecard."""
    return list(csv.DictReader(io.StringIO(walk.downloaded("csv").decode("utf-8-sig"))))


def assert_figures(walk: Walk, example: Example) -> None:
    """The scorecard on the page, and the one that is downloaded, have the figures of the rulebook."""
    assert walk.title == "Scorecard"
    if example.points == ("Nothing is owed", "Nothing is owed"):
        assert "nothing to do, and so there is no score" in walk.text
    else:
        shown = walk.summary()
        assert shown["Measures owed"] == example.measures_applying
        assert shown["Points"] == example.points
        assert shown["Points known to be missing"] == example.shortfall
        assert shown["Requirements unanswered"] == ("0", "0")
    assert_measures(walk, example)


def assert_measures(walk: Walk, example: Example) -> None:
    for measure in example.statuses:
        of_measure = [row for row in rows(walk) if row["measure"] == measure]
        assert {(row["drafted_status"], row["amended_status"]) for row in of_measure} == {example.statuses[measure]}, (
            measure
        )
        assert tuple(points(of_measure, regime) for regime in ("drafted", "amended")) == example.sums[measure], measure


def points(of_measure: list[dict[str, str]], regime: str) -> str:
    owed = [row for row in of_measure if row[f"{regime}_owed"] == "yes"]
    return (
        f"{sum(int(row[f'{regime}_points']) for row in owed)} of {sum(int(row[f'{regime}_out_of']) for row in owed)}"
        if owed
        else NOT_OWED
    )


def answers(walk: Walk) -> dict:
    """What is saved, without the moment of the last change. The scorecard's page gives it out."""
    content = json.loads(walk.downloaded("json"))
    del content["saved_at"]
    return content


def facts_shown(walk: Walk) -> dict[str, object]:
    return {
        f"{kind}.{each}": walk.value(f"{kind}.{each}")
        for kind in ("fact", "grade", "note", "examined", "reason")
        for each in walk.asked(kind)
    }
