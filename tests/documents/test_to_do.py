"""What to do as a CSV file: the gaps of the page, in its order, one row each."""

import csv
import io
from pathlib import Path

import pytest

from scoring.documents.to_do import COLUMNS, to_do_csv
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json
from scoring.score.gaps import next_steps
from scoring.score.scorecard import scorecard

SAVED = Path(__file__).parents[1] / "assessments"


@pytest.mark.parametrize("name", ["encrypted_messenger", "cloud_drive", "small_forum", "awkward_text"])
def test_the_file_has_each_gap_of_the_page_with_its_rank_and_its_list(name: str, rules: Rules) -> None:
    steps = next_steps(rules, scorecard(rules, from_json((SAVED / f"{name}.json").read_bytes(), rules)))
    data = to_do_csv(steps)
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))

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
