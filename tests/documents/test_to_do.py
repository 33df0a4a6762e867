"""What to do as a CSV file: the gaps of the page, in its order, one row each, with the plan beside them."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from scoring.documents.to_do import COLUMNS, to_do_csv
from scoring.follow_up.plan import Outlook, outlook
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json
from scoring.score.gaps import next_steps
from scoring.score.scorecard import scorecard

SAVED = Path(__file__).parents[1] / "assessments"


def plan_of(name: str, rules: Rules) -> Outlook:
    assessment = from_json((SAVED / f"{name}.json").read_bytes(), rules)
    return outlook(rules, scorecard(rules, assessment), assessment, date(2026, 11, 27))


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", ["encrypted_messenger", "cloud_drive", "small_forum", "awkward_text"])
def test_the_file_has_each_gap_of_the_page_with_its_rank_and_its_list(name: str, rules: Rules) -> None:
    assessment = from_json((SAVED / f"{name}.json").read_bytes(), rules)
    steps = next_steps(rules, scorecard(rules, assessment))
    data = to_do_csv(plan_of(name, rules))
    rows = rows_of(data)

    assert data.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\n") and b"\r" not in data
    assert [(row["rank"], row["list"], row["requirement"], row["points"], row["why"]) for row in rows] == [
        (
            str(action.rank),
            "In any case" if gap.in_any_case else "Only as amended",
            gap.requirement.id,
            str(gap.points_missing),
            gap.because,
        )
        for action in steps.actions
        for gap in action.gaps
    ]
    assert all(row["title"] and row["source"] for row in rows)
    assert not any(row[name] for row in rows for name in COLUMNS[7:])


def test_each_row_has_its_plan_with_what_was_typed_guarded_against_formulas(rules: Rules) -> None:
    plans = {
        row["requirement"]: [row[name] for name in COLUMNS[7:]]
        for row in rows_of(to_do_csv(plan_of("messenger_with_record", rules)))
    }
    assert plans["RES-MCM3.a"] == ["'=SUM(1) is text: buy a matching service", "Renée Ö.", "2026-11-01", "planned", "partly", "yes"]  # fmt: skip
    assert plans["RES-MCM10.a"][2:] == ["2027-01-31", "under_way", "met", "no"]
    assert plans["RES-MCM8.a"] == [""] * 6
