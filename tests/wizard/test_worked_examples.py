"""The worked examples and the result, without a browser: the figures of the rulebook, opened as a sample and entered by hand."""

import re
import subprocess
import sys
from pathlib import Path

from by_hand import FILES, answer_by_hand, answers, assert_figures, named, opened, rows, start, still_open
from examples import DRIVE, FORUM, MESSENGER, NETWORK, Example
from walk import ROOT, Walk

from scoring.score.scorecard import COLUMNS


@named
def test_a_sample_service_opens_with_the_figures_of_the_rulebook(walk: Walk, example: Example) -> None:
    walk.open_sample(example.sample)
    assert_figures(walk, example)


@named
def test_the_csv_of_a_sample_is_byte_for_byte_what_the_command_line_makes_of_its_saved_answers(
    walk: Walk, example: Example, tmp_path: Path
) -> None:
    walk.open_sample(example.sample)
    saved = walk.downloaded("json")
    assert saved == FILES[example.sample].read_bytes()
    path = tmp_path / "saved.json"
    path.write_bytes(saved)
    made = subprocess.run(
        [sys.executable, "-m", "scoring", "score", str(path)], cwd=ROOT, capture_output=True, check=True
    ).stdout
    assert walk.downloaded("csv") == made
    assert made.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\n")


@named
def test_a_worked_example_entered_by_hand_from_an_empty_start_has_the_figures_of_the_rulebook(
    walk: Walk, example: Example
) -> None:
    answer_by_hand(walk, example)
    assert still_open(walk) == []
    walk.next()
    assert_figures(walk, example)
    assert answers(walk)["profile"] == example.profile
    assert {id: each["grade"] for id, each in answers(walk)["answers"].items()} == example.grades


def test_the_result_is_a_sentence_first() -> None:
    shown = " ".join(opened(MESSENGER).shown())
    assert "As drafted, 1 of 4 measures is owed; as amended, 4 of 4." in shown
    assert "%" not in shown


def test_where_nothing_is_owed_there_is_no_score_of_0_and_none_of_100() -> None:
    walk = opened(FORUM)
    assert "Nothing is owed, as drafted or as amended." in walk.text
    assert not re.search(r"\d ?%", walk.text) and not walk.app.get("expander")[1:]
    assert walk.downloaded("csv")
    drive = opened(DRIVE)
    drive.unfold()
    assert (
        "As drafted: Nothing is owed, so there is no score." in drive.text
        and "As amended: 10 of 16 points (63 %)." in drive.text
    )


def test_not_feasible_without_a_justification_counts_as_unanswered_and_the_page_says_so(walk: Walk) -> None:
    answer_by_hand(walk, NETWORK, notes={"SMS-MCM10.c": "   "})
    assert "counts as unanswered until it has a written justification" in walk.text
    walk.next()
    assert walk.summary()["Points"] == ("4 to 6 of 6", "4 to 6 of 8")
    assert walk.summary()["Requirements unanswered"] == ("1", "1")
    assert {row["drafted_status"] for row in rows(walk)} == {"incomplete"}


def test_not_feasible_asks_for_its_justification_where_it_is_chosen_and_is_offered_nowhere_else(walk: Walk) -> None:
    start(walk, NETWORK.profile)
    assert [each for each in walk.asked("grade") if "Not feasible or appropriate" in walk.choices(f"grade.{each}")] == [
        "SMS-MCM10.c"
    ]
    walk.give("grade.SMS-MCM10.c", "not_feasible")
    assert "written justification" in " ".join(walk.messages("warning"))
    walk.give("note.SMS-MCM10.c", "Tested.")
    assert walk.messages("warning") == []


def test_an_assessment_without_any_grade_is_a_range_and_everything_is_listed_as_open(walk: Walk) -> None:
    start(walk, MESSENGER.profile)
    walk.go_to("Check your answers")
    assert len(still_open(walk)) == len(MESSENGER.grades)
    walk.next()
    assert walk.summary()["Points"] == ("0 to 6 of 6", "0 to 16 of 16")
    assert "As amended: 0 to 16 of 16 points (0 to 100 %)." in walk.text
    assert {row["amended_status"] for row in rows(walk)} == {"unanswered"}
