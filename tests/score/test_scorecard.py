"""The scorecard: the worked examples, the one table, and its file, byte for byte."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

import examples
import pandas as pd
import pytest

from scoring.files.guard import guarded, unguarded
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment
from scoring.score.assessment_file import from_json
from scoring.score.scorecard import COLUMNS, IncompleteProfile, RegimeResult, Scorecard, scorecard, sentence
from scoring.score.scorecard_file import csv_bytes

HERE = Path(__file__).parents[1]
HEADER = (
    "service,code,measure,measure_title,requirement,requirement_text,origin,grade,drafted_status,drafted_owed,drafted_points,"
    "drafted_out_of,drafted_because,amended_status,amended_owed,amended_points,amended_out_of,amended_because,change,note,basis,"
    "source,profile,regime_amended,rulebook,assessed_on"
)
ACCEPT = "ACCEPT_GOLDEN=1 python -m pytest tests/test_scorecard.py"
BASE = examples.SOCIAL


def saved(name: str, rules: Rules) -> Assessment:
    return from_json((HERE / "assessments" / f"{name}.json").read_bytes(), rules)


def card_of(name: str, rules: Rules, adopted: Sequence[str] | None = None) -> Scorecard:
    return scorecard(rules, saved(name, rules), None if adopted is None else adopting(rules, adopted))


def social(rules: Rules, service: str = "A service", **notes: str) -> Scorecard:
    """A social network's scorecard, with the notes given (a, b, c, d)."""
    answers = {f"SMS-MCM10.{letter}": Answer(grade="partly", note=note) for letter, note in notes.items()}
    return scorecard(
        rules,
        Assessment(
            rulebook=rules.version,
            service_name=service,
            saved_at="2026-11-22T10:15:00+00:00",
            profile=BASE,
            answers=answers,
        ),
    )


def read(data: bytes) -> list[dict[str, str]]:
    """The file as Python's csv module reads it."""
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


# ------------------------------------------------------------------------------------- the worked examples
def figures(result: RegimeResult) -> dict[str, tuple[str, int, int]]:
    return {line.measure.id: (line.status, line.sums.points, line.sums.out_of) for line in result.lines}


def total(result: RegimeResult) -> tuple[int, int, int, int, int]:
    """Measures applying, points, points to be had, unanswered, shortfall."""
    return (
        result.measures_applying,
        result.sums.points,
        result.sums.out_of,
        result.sums.unanswered,
        result.sums.shortfall,
    )


def test_worked_example_1_the_encrypted_messenger(rules: Rules) -> None:
    card = card_of("encrypted_messenger", rules)
    assert figures(card.drafted) == {
        "RES-MCM3": ("exempt", 0, 0),
        "RES-MCM8": ("exempt", 0, 0),
        "RES-MCM10": ("partly_met", 3, 6),
        "RES-MCM11": ("exempt", 0, 0),
    }
    assert figures(card.amended) == {
        "RES-MCM3": ("not_met", 0, 2),
        "RES-MCM8": ("not_met", 0, 4),
        "RES-MCM10": ("partly_met", 3, 8),
        "RES-MCM11": ("not_met", 0, 2),
    }
    assert total(card.drafted) == (1, 3, 6, 0, 3)
    assert total(card.amended) == (4, 3, 16, 0, 13)
    assert card.facts["technology_report"] == "incomplete"
    assert sentence(card) == (
        "As drafted: 1 of 4 measures is owed, 3 of 6 points. As amended: 4 of 4 measures are owed, 3 of 16 points."
    )


def test_worked_example_2_the_cloud_drive(rules: Rules) -> None:
    card = card_of("cloud_drive", rules)
    assert figures(card.drafted) == {
        "DIS-MCM8": ("exempt", 0, 0),
        "DIS-MCM9": ("exempt", 0, 0),
        "DIS-NEW": ("not_applicable", 0, 0),
    }
    assert figures(card.amended) == {
        "DIS-MCM8": ("met", 4, 4),
        "DIS-MCM9": ("partly_met", 6, 10),
        "DIS-NEW": ("not_met", 0, 2),
    }
    assert total(card.drafted) == (0, 0, 0, 0, 0)
    assert card.drafted.sums.percentages is None
    assert total(card.amended) == (3, 10, 16, 0, 6)
    assert card.amended.sums.percentages == (63, 63)
    missing = [row.requirement for row in card.rows if row.amended_owed and row.amended_points == 0]
    assert missing == ["DIS-MCM9.d", "DIS-MCM9.e", "DIS-NEW.a"]
    assert sentence(card) == "As drafted: nothing is owed. As amended: 3 of 3 measures are owed, 10 of 16 points."


def test_worked_example_3_the_large_social_network(rules: Rules) -> None:
    card = card_of("large_social_network", rules)
    assert figures(card.drafted) == {"SMS-MCM10": ("met", 4, 4)}
    assert figures(card.amended) == {"SMS-MCM10": ("partly_met", 4, 6)}
    assert card.drafted.sums.percentages == (100, 100)
    assert card.amended.sums.percentages == (67, 67)
    assert (card.drafted.measures_met, card.amended.measures_met) == (1, 0)


def test_worked_example_4_the_small_forum(rules: Rules) -> None:
    card = card_of("small_forum", rules)
    assert figures(card.drafted) == figures(card.amended) == {"SMS-MCM10": ("not_applicable", 0, 0)}
    assert card.drafted.sums.percentages is card.amended.sums.percentages is None
    assert sentence(card) == "As drafted: nothing is owed. As amended: nothing is owed."


@pytest.mark.parametrize("name", ["encrypted_messenger", "cloud_drive", "large_social_network", "small_forum"])
def test_the_sample_services_of_the_wizard_score_as_the_worked_examples_do(name: str, rules: Rules) -> None:
    sample = from_json((HERE.parent / "questionnaire" / "session" / "samples" / f"{name}.json").read_bytes(), rules)
    ours, theirs = card_of(name, rules), scorecard(rules, sample)
    for mine, sampled in ((ours.drafted, theirs.drafted), (ours.amended, theirs.amended)):
        assert figures(mine) == figures(sampled)
        assert total(mine) == total(sampled)


def test_the_sentence_counts_what_is_unanswered_and_names_a_choice_of_recommendations(rules: Rules) -> None:
    assert sentence(card_of("website_with_live_video", rules)) == (
        "As drafted: 2 of 2 measures are owed, 3 to 9 of 10 points, 3 unanswered. "
        "As amended: 3 of 3 measures are owed, 7 to 17 of 20 points, 5 unanswered."
    )
    assert sentence(card_of("website_with_live_video", rules, ["IJM-DIS-2"])) == (
        "As drafted: 2 of 2 measures are owed, 3 to 9 of 10 points, 3 unanswered. "
        "As amended (1 of 9): 3 of 3 measures are owed, 7 to 13 of 14 points, 3 unanswered."
    )


# ----------------------------------------------------------------------------------------------- golden files
GOLDEN = {
    "encrypted_messenger": ("encrypted_messenger", None),
    "encrypted_messenger_none": ("encrypted_messenger", ()),
    "encrypted_messenger_res_2": ("encrypted_messenger", ("IJM-RES-2",)),
    "cloud_drive": ("cloud_drive", None),
    "cloud_drive_dis_3_and_4": ("cloud_drive", ("IJM-DIS-3", "IJM-DIS-4")),
    "large_social_network": ("large_social_network", None),
    "small_forum": ("small_forum", None),
    "awkward_text": ("awkward_text", None),
    "website_with_live_video": ("website_with_live_video", None),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_scorecard_is_the_golden_one_byte_for_byte(name: str, rules: Rules) -> None:
    assessment, adopted = GOLDEN[name]
    path = HERE / "golden" / f"{name}.csv"
    now = csv_bytes(card_of(assessment, rules, adopted))
    if os.environ.get("ACCEPT_GOLDEN"):
        path.write_bytes(now)
    then = path.read_bytes() if path.exists() else b""
    assert now.decode("utf-8") == then.decode("utf-8"), (
        f"The scorecard {path.name} has changed. If that is meant, accept it and look at the difference: {ACCEPT}"
    )


def test_every_golden_file_is_held_to() -> None:
    assert {path.stem for path in (HERE / "golden").glob("*.csv")} == set(GOLDEN)


# --------------------------------------------------------------------------------------------------- the file
def test_the_file_begins_with_a_byte_order_mark_and_the_contracts_header(rules: Rules) -> None:
    data = csv_bytes(social(rules))
    assert data.startswith(b"\xef\xbb\xbf" + HEADER.encode() + b"\n")
    assert data.count(b"\xef\xbb\xbf") == 1
    assert ",".join(COLUMNS) == HEADER


def test_lines_end_with_a_line_feed_alone_and_the_last_one_too(rules: Rules) -> None:
    data = csv_bytes(social(rules))
    assert b"\r" not in data
    assert data.endswith(b"2026-11-22\n") and not data.endswith(b"\n\n")
    assert data.count(b"\n") == 1 + 4


def test_there_is_a_row_for_each_requirement_owed_or_not_with_its_reason(rules: Rules) -> None:
    rows = read(csv_bytes(card_of("small_forum", rules)))
    assert [row["requirement"] for row in rows] == ["SMS-MCM10.a", "SMS-MCM10.b", "SMS-MCM10.c", "SMS-MCM10.d"]
    for row in rows:
        assert (row["drafted_owed"], row["drafted_points"], row["drafted_out_of"]) == ("no", "", "")
        assert (row["amended_owed"], row["amended_points"], row["amended_out_of"]) == ("no", "", "")
        assert row["drafted_because"] and row["amended_because"]


def test_a_row_says_everything_that_the_contract_promises(rules: Rules) -> None:
    rows = {row["requirement"]: row for row in read(csv_bytes(card_of("cloud_drive", rules)))}
    assert rows["DIS-MCM9.e"] == {
        "service": "Cloud drive",
        "code": "DIS",
        "measure": "DIS-MCM9",
        "measure_title": "Ongoing investment to detect and act on known CSAM",
        "requirement": "DIS-MCM9.e",
        "requirement_text": "Ongoing investment in systems, processes and technologies that detect first-generation CSAM.",
        "origin": "IJM-DIS-3+IJM-DIS-4",
        "grade": "not_met",
        "drafted_status": "exempt",
        "drafted_owed": "no",
        "drafted_points": "",
        "drafted_out_of": "",
        "drafted_because": "Exempt: the service is end-user-managed hosting.",
        "amended_status": "partly_met",
        "amended_owed": "yes",
        "amended_points": "0",
        "amended_out_of": "2",
        "amended_because": (
            "Applies: the service is a designated internet service and is end-user-managed hosting; “Bind end-user-managed hosting to ongoing investment” "
            "(IJM-DIS-4) withdraws the exemption “End-user-managed hosting service”; “Invest in detecting first-generation CSAM” (IJM-DIS-3) and "
            "“Bind end-user-managed hosting to ongoing investment” (IJM-DIS-4) add this requirement."
        ),
        "change": "requirement_added",
        "note": "",
        "basis": "described",
        "source": "Sec. 2(b); Sec. 3",
        "profile": "category=dis;encryption=provider_keys;hosting=end_user_managed;livestream=no",
        "regime_amended": "all",
        "rulebook": "v2.0-2023-03/ijm-1",
        "assessed_on": "2026-11-22",
    }
    assert rows["DIS-MCM9.a"]["origin"] == "drafted"


def test_what_is_not_feasible_is_owed_and_out_of_nothing(rules: Rules) -> None:
    row = read(csv_bytes(card_of("large_social_network", rules)))[2]
    assert (row["grade"], row["drafted_owed"], row["drafted_points"], row["drafted_out_of"]) == (
        "not_feasible",
        "yes",
        "0",
        "0",
    )


def test_what_is_unanswered_has_an_empty_grade_and_is_out_of_two(rules: Rules) -> None:
    row = read(csv_bytes(card_of("website_with_live_video", rules)))[1]
    assert (row["requirement"], row["grade"], row["drafted_points"], row["drafted_out_of"]) == (
        "DIS-MCM8.b",
        "",
        "0",
        "2",
    )


def test_the_profile_holds_the_derived_report_so_that_the_file_stands_alone(rules: Rules) -> None:
    assert read(csv_bytes(card_of("awkward_text", rules)))[0]["profile"] == (
        "category=res;tier=tier_2;encryption=end_to_end;communication=closed;hosting=provider_managed;livestream=yes;capable=no;"
        "esafety_approval=granted;technology_report=complete"
    )


@pytest.mark.parametrize(
    ("adopted", "said"),
    [
        (None, "all"),
        ((), "none"),
        (("IJM-RES-2",), "IJM-RES-2"),
        (("IJM-RES-3", "IJM-DIS-1", "IJM-RES-1"), "IJM-RES-1+IJM-RES-3+IJM-DIS-1"),
        (
            (
                "IJM-SMS-1",
                "IJM-RES-1",
                "IJM-RES-2",
                "IJM-RES-3",
                "IJM-DIS-1",
                "IJM-DIS-2",
                "IJM-DIS-3",
                "IJM-DIS-4",
                "IJM-DIS-5",
            ),
            "all",
        ),
    ],
    ids=str,
)
def test_the_file_says_which_recommendations_make_the_amended_regime(
    adopted: tuple[str, ...] | None, said: str, rules: Rules
) -> None:
    assert {row["regime_amended"] for row in read(csv_bytes(card_of("encrypted_messenger", rules, adopted)))} == {said}


def test_the_date_is_that_of_the_last_change_where_it_was_made(rules: Rules) -> None:
    late = saved("small_forum", rules).model_copy(update={"saved_at": "2026-11-22T23:30:00-11:00"})
    assert {row.assessed_on for row in scorecard(rules, late).rows} == {"2026-11-22"}


def test_a_profile_that_lacks_a_fact_has_no_scorecard(rules: Rules) -> None:
    half = saved("small_forum", rules).model_copy(
        update={"profile": {"category": "sms", "encryption": "none", "livestream": "no"}}
    )
    with pytest.raises(IncompleteProfile) as refused:
        scorecard(rules, half)
    assert str(refused.value) == (
        "'profile.tier' is missing; allowed: tier_1, tier_2, tier_3; 'profile.hosting' is missing; allowed: provider_managed, end_user_managed"
    )
    assert [fact.id for fact in refused.value.facts] == ["tier", "hosting"]


# ------------------------------------------------------------------------------------------------ what users type
GUARDED = {
    "=1+1": "'=1+1",
    "+1": "'+1",
    "-1": "'-1",
    "@name": "'@name",
    "\tindented": "'\tindented",
    "\rreturned": "'\rreturned",
    "=": "'=",
    "'=as typed": "''=as typed",
    "''-as typed": "'''-as typed",
}
LEFT_ALONE = ("", "plain", " =after a space", "a=b", "'quoted'", "'", "''", "\nafter a line end", "a; b", "é", "“", "1")


@pytest.mark.parametrize(("text", "cell"), GUARDED.items())
def test_text_that_would_begin_a_formula_is_guarded_in_both_columns_that_users_type(
    text: str, cell: str, rules: Rules
) -> None:
    row = read(csv_bytes(social(rules, service=text, a=text)))[0]
    assert (row["service"], row["note"]) == (cell, cell)
    assert guarded(text) == cell
    assert unguarded(cell) == text


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_other_text_is_left_as_it_is(text: str, rules: Rules) -> None:
    row = read(csv_bytes(social(rules, service=text, a=text)))[0]
    assert (row["service"], row["note"]) == (text, text)
    assert guarded(text) == unguarded(text) == text


def test_no_cell_of_the_file_begins_a_formula(rules: Rules) -> None:
    for row in read(csv_bytes(card_of("awkward_text", rules))):
        for name, cell in row.items():
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (name, cell)


@pytest.mark.parametrize(
    "note",
    [
        "two\nlines",
        "old Mac\rline",
        "Windows\r\nline",
        'a "quoted" word',
        "comma, here",
        '"',
        '""',
        "\n",
        "\r\n",
        " spaces ",
        "ends with \r",
        "é, “”, Москва, 日本, 🙂",
        "\u2028 and \x85 are not line ends in a CSV file",
    ],
)
def test_a_note_comes_back_as_it_was_typed(note: str, rules: Rules) -> None:
    data = csv_bytes(social(rules, service=f"A {note}", b=note))
    rows = read(data)
    assert len(rows) == 4
    assert [unguarded(row["note"]) for row in rows] == ["", note, "", ""]
    assert {unguarded(row["service"]) for row in rows} == {f"A {note}"}
    assert {row["assessed_on"] for row in rows} == {"2026-11-22"}


def test_the_file_reads_back_in_pandas_with_the_right_columns_and_accents(rules: Rules) -> None:
    frame = pd.read_csv(io.BytesIO(csv_bytes(card_of("awkward_text", rules))), dtype=str, keep_default_na=False)
    assert list(frame.columns) == HEADER.split(",")
    assert len(frame) == 8
    assert unguarded(frame["service"][0]) == '=Überwachung & Café, "naïve" Москва'
    assert [unguarded(note) for note in frame["note"]] == [
        "-1 is not a number here",
        'Two lines,\nand "quotes"',
        "old Mac\rline, and Windows\r\nline",
        "@kept, not scored",
        "",
        "",
        "",
        "'=kept as typed",
    ]


def test_the_points_read_back_in_pandas_as_numbers(rules: Rules) -> None:
    frame = pd.read_csv(io.BytesIO(csv_bytes(card_of("encrypted_messenger", rules))))
    assert frame["drafted_points"].sum() == 3 and frame["drafted_out_of"].sum() == 6
    assert frame["amended_points"].sum() == 3 and frame["amended_out_of"].sum() == 16


# ------------------------------------------------------------------------------------------------- the table
def test_the_requirement_of_a_row_can_be_looked_up(rules: Rules) -> None:
    card = card_of("cloud_drive", rules)
    assert [card.requirement(row).id for row in card.rows] == [row.requirement for row in card.rows]
    assert card.amended.line("DIS-MCM9").measure.id == "DIS-MCM9"


def test_making_a_scorecard_leaves_the_assessment_as_it_was(rules: Rules) -> None:
    before = saved("awkward_text", rules)
    scorecard(rules, before)
    assert before == saved("awkward_text", rules)
