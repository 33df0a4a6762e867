"""Verify: every scorecard that the project writes matches, and one figure edited by hand is named."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import examples
import numpy as np
import pytest

from scoring.__main__ import main
from scoring.documents import words
from scoring.files.table_out import BOM
from scoring.rules.amend import adopting
from scoring.rules.load import load
from scoring.rules.profile import every_profile
from scoring.score.assessment import Answer, Assessment, all_requirements, allowed_grades
from scoring.score.scorecard import COLUMNS, scorecard
from scoring.score.scorecard_file import ScorecardError, csv_bytes
from scoring.score.verify import COMPUTED, TAKEN_AS_GIVEN, Verification, largest, verification_text, verify

RULES = load()
REQUIREMENTS = all_requirements(RULES)
PROFILES = tuple(every_profile(RULES.facts))
COMPLETE = {each.id: "Tried, and it does not work here." for each in RULES.technologies if each.report == "always"}
NOTES = (
    "",
    "Plain words",
    "<script>alert(1)</script> & <b>bold</b>",
    '=HYPERLINK("http://x.example","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\tTab",
    "\rReturn",
    "'=1+1",
    "''=1",
    "'",
    "''",
    "'quoted'",
    'Two "quotes", a comma; a semicolon',
    "Two\nlines",
    "Windows\r\nlines",
    "Old\rMac",
    "\n",
    " spaces ",
    "é ß 漢字 🙂 \u2028",
    "profile=none;grade=met",
    "x" * 5000,
    "'\t",
    "\ufeffmark",
)
MESSENGER = dict(examples.MESSENGER.profile)
GRADES = {
    "RES-MCM10.a": "partly",
    "RES-MCM10.b": "partly",
    "RES-MCM10.c": "partly",
    "RES-MCM8.a": "not_met",
    "RES-MCM3.a": "met",
}


def scored(
    profile: dict[str, str],
    answers: dict[str, Answer],
    amendments: list[str] | None = None,
    service: str = "Example Messenger",
) -> bytes:
    given = {key: value for key, value in profile.items() if key != "technology_report"}
    assessment = Assessment(
        rulebook=RULES.version,
        service_name=service,
        saved_at="2026-11-22T10:15:00+00:00",
        profile=given,
        answers=answers,
        technologies=COMPLETE if profile.get("technology_report") == "complete" else {},
    )
    return csv_bytes(scorecard(RULES, assessment, None if amendments is None else adopting(RULES, amendments)))


MESSENGER_CSV = scored(MESSENGER, {key: Answer(grade=grade, note="A note") for key, grade in GRADES.items()})


def edited(change: Callable[[list[list[str]]], None], data: bytes = MESSENGER_CSV) -> bytes:
    """The scorecard with its table changed, written again as CSV."""
    table = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    change(table)
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(table)
    return (BOM + buffer.getvalue()).encode()


def with_cell(column: str, value: str, row: int = 3, data: bytes = MESSENGER_CSV) -> bytes:
    def change(table: list[list[str]]) -> None:
        table[row - 1][COLUMNS.index(column)] = value

    return edited(change, data)


def with_column(column: str, value: str, data: bytes = MESSENGER_CSV) -> bytes:
    def change(table: list[list[str]]) -> None:
        for row in table[1:]:
            row[COLUMNS.index(column)] = value

    return edited(change, data)


def checked(data: bytes) -> Verification:
    return verify(RULES, data)


def refused(data: bytes) -> str:
    with pytest.raises(ScorecardError) as error:
        verify(RULES, data)
    return str(error.value)


# ------------------------------------------------------------------------------------------ what matches
@pytest.mark.slow
def test_every_scorecard_that_the_project_writes_matches():
    random = np.random.default_rng(19)
    ids = [each.id for each in RULES.recommendations]
    for number, profile in enumerate(PROFILES):
        answers = {
            each.id: Answer(
                grade=str(random.choice(["", *allowed_grades(each)])), note=NOTES[int(random.integers(len(NOTES)))]
            )
            for each in REQUIREMENTS
        }
        adopted = None if number % 3 == 0 else [each for each in ids if random.random() < 0.5]
        data = scored(profile, answers, adopted, service=NOTES[number % len(NOTES)])
        assert checked(data).differences == (), (profile, adopted, answers)


@pytest.mark.parametrize("note", NOTES)
def test_a_justification_survives_the_file_whatever_it_is_made_of(note):
    data = scored(examples.SOCIAL, {"SMS-MCM10.c": Answer(grade="not_feasible", note=note)})
    found = checked(data)

    assert found.matches
    assert found.card.rows[2].note == note


def test_a_very_long_note_can_be_verified():
    assert checked(scored(MESSENGER, {"RES-MCM8.a": Answer(grade="met", note="n" * 400_000)})).matches


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data[3:],
        lambda data: data.replace(b"\n", b"\r\n"),
        lambda data: data + b"\n\n",
        lambda data: edited(lambda table: [row.reverse() for row in table], data),
        lambda data: edited(lambda table: table.append(table.pop(1)), data),
    ],
    ids=[
        "without a BOM",
        "Windows line ends",
        "empty lines at the end",
        "columns in another order",
        "rows in another order",
    ],
)
def test_a_file_that_another_program_saved_again_still_matches(change):
    assert checked(change(MESSENGER_CSV)).matches


def test_what_matches_says_what_was_computed_again_and_what_was_taken_as_given():
    assert verification_text(checked(MESSENGER_CSV), "card.csv").splitlines() == [
        "card.csv: The scorecard matches: 160 cells were computed again, and each is what the rules give for what the file says of the service.",
        "Computed again and compared: 160 cells, those of the columns code, measure, measure_title, requirement, requirement_text, origin, drafted_status, drafted_owed, drafted_points, "
        "drafted_out_of, drafted_because, amended_status, amended_owed, amended_points, amended_out_of, amended_because, change, basis, source, rulebook in 8 rows.",
        "Taken as given and not checked: the name of the service, the date, the profile (the facts about the service), which recommendations are adopted, the grades and the notes. "
        "Whether any of it is true is not known here. The first four only have to be the same in every row: a file in which one of them was changed throughout matches as well, "
        "where the figures do not turn on it or were changed with it.",
    ]


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [("service", "Another Messenger", "the name of the service"), ("assessed_on", "2030-01-01", "the date")],
)
def test_what_was_changed_in_every_row_and_turns_no_figure_is_among_what_was_not_checked(column, value, said):
    found = checked(with_column(column, value))

    assert found.matches and "every cell" not in found.sentence
    assert said in found.given and f" {column}," not in found.computed


def test_what_is_computed_again_are_the_columns_in_which_a_change_throughout_is_found():
    for column in COMPUTED:
        table = list(csv.DictReader(io.StringIO(MESSENGER_CSV.decode("utf-8-sig"), newline="")))
        try:
            found = checked(with_column(column, f"{table[0][column]}?"))
        except ScorecardError as error:
            assert f"column {column}: " in str(error)
        else:
            assert {(each.row, each.column) for each in found.differences} == {(row, column) for row in range(2, 10)}


# ------------------------------------------------------------------------------------------ what differs
EDITS = {
    "service": "Another Messenger",
    "code": "DIS",
    "measure": "RES-MCM9",
    "measure_title": "Detect",
    "requirement_text": "Nothing much.",
    "origin": "IJM-RES-2",
    "drafted_status": "met",
    "drafted_owed": "yes",
    "drafted_points": "2",
    "drafted_out_of": "2",
    "drafted_because": "Applies.",
    "amended_status": "met",
    "amended_owed": "no",
    "amended_points": "1",
    "amended_out_of": "4",
    "amended_because": "Exempt.",
    "change": "unchanged",
    "basis": "quoted",
    "source": "Sec. 9",
    "profile": "category=res",
    "regime_amended": "none",
    "rulebook": "v3",
    "assessed_on": "2026-11-23",
}


@pytest.mark.parametrize(("column", "value"), EDITS.items())
@pytest.mark.parametrize("row", [2, 3, 9])
def test_one_cell_edited_by_hand_is_named(column, value, row):
    original = list(csv.reader(io.StringIO(MESSENGER_CSV.decode("utf-8-sig"), newline="")))[row - 1][
        COLUMNS.index(column)
    ]
    value = value if value != original else f"{value}?"
    (difference,) = checked(with_cell(column, value, row)).differences

    assert (difference.row, difference.column, difference.actual, difference.expected) == (row, column, value, original)


def test_every_column_is_tried_but_those_whose_edit_is_another_matter():
    assert set(COLUMNS) - set(EDITS) == {"requirement", "grade", "note"}


def test_an_edited_grade_shows_in_the_figures_that_it_no_longer_fits():
    found = checked(with_cell("grade", "met"))

    named = {(each.row, each.column, each.expected) for each in found.differences}
    assert (3, "amended_points", "2") in named
    assert {column for _, column, _ in named} <= {"amended_points", "amended_status"}


def test_a_deleted_justification_shows_in_the_figures_that_it_no_longer_fits():
    data = scored(examples.SOCIAL, {"SMS-MCM10.c": Answer(grade="not_feasible", note="Nothing to look at")})

    assert (4, "drafted_out_of", "2") in {
        (each.row, each.column, each.expected) for each in checked(with_cell("note", "", 4, data)).differences
    }


def test_a_formula_whose_guard_was_taken_off_is_read_as_the_text_that_it_is_and_named_apart():
    found = checked(with_cell("note", "=1+1"))

    assert found.matches and found.card.rows[1].note == "=1+1"
    assert [rewritten.told() for rewritten in found.rewritten] == [
        "Row 3, column note: is '=1+1'. It begins as a formula does: a spreadsheet took off the ' that stood before it. It is read as the text that it is."
    ]


@pytest.mark.parametrize("note", ["x;=1", "To do:\n- one\n- two", "\t=1", "＝1", "'=1;+2"])
def test_a_scorecard_of_an_earlier_version_that_guarded_the_beginning_alone_still_matches(note):
    cell = f"'{note}" if note.lstrip("'").startswith(("=", "\t")) else note
    found = checked(with_column("service", cell, with_cell("note", cell)))

    assert found.matches
    assert (found.card.service, found.card.rows[1].note) == (note, note)


def test_a_profile_changed_in_every_row_no_longer_fits_the_figures():
    profile = "category=res;tier=tier_3;encryption=end_to_end;communication=closed;hosting=provider_managed;livestream=yes;capable=no;esafety_approval=not_sought;technology_report=incomplete"
    found = checked(with_column("profile", profile))

    assert not found.matches
    assert {each.column for each in found.differences} >= {"drafted_status", "amended_because"}


@pytest.mark.parametrize(
    ("given", "column"),
    [
        (
            "tier=tier_1;category=res;encryption=end_to_end;communication=closed;hosting=provider_managed;livestream=yes;capable=no;esafety_approval=not_sought;technology_report=incomplete",
            "profile",
        ),
        (
            "category=res;tier=tier_1;encryption=end_to_end;communication=closed;hosting=provider_managed;livestream=yes;capable=yes;esafety_approval=granted",
            "profile",
        ),
    ],
)
def test_a_profile_that_is_not_written_as_the_project_writes_it_is_named(given, column):
    assert column in {each.column for each in checked(with_column("profile", given)).differences}


def test_recommendations_switched_off_in_every_row_no_longer_fit_the_figures():
    found = checked(with_column("regime_amended", "IJM-RES-1+IJM-RES-2+IJM-DIS-1"))

    assert "amended_because" in {each.column for each in found.differences}
    assert (2, "regime_amended", "IJM-RES-1+IJM-RES-2+IJM-DIS-1", "IJM-RES-1+IJM-RES-2+IJM-DIS-1") not in {
        (each.row, each.column, each.actual, each.expected) for each in found.differences
    }


def test_naming_all_recommendations_is_not_how_the_project_says_all():
    found = checked(with_column("regime_amended", "+".join(each.id for each in RULES.recommendations)))

    assert {(each.column, each.expected) for each in found.differences} == {("regime_amended", "all")}


def test_only_the_row_that_disagrees_with_the_others_is_named():
    found = checked(with_cell("assessed_on", "not a date", 5))

    assert [(each.row, each.column, each.expected) for each in found.differences] == [(5, "assessed_on", "2026-11-22")]


def test_a_difference_says_where_the_cell_is_what_it_is_and_what_it_should_be():
    assert checked(with_cell("amended_points", "2")).differences[0].told() == (
        "Row 3, “Detect known CSAM” (RES-MCM8.a), column amended_points: is '2', should be '0'."
    )
    assert (
        checked(with_cell("drafted_points", "2"))
        .differences[0]
        .told()
        .endswith("column drafted_points: is '2', should be empty.")
    )


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("amended_points", "2", "As amended, the file says 7 of 16 points; the rules give 5 of 16."),
        ("drafted_out_of", "2", "As drafted, the file says 3 of 8 points; the rules give 3 of 6."),
        ("amended_points", "many", "As amended, the file's points do not add up; the rules give 5 of 16."),
        ("basis", "ours", ""),
    ],
)
def test_what_the_file_claims_stands_beside_what_the_rules_give(column, value, said):
    assert words.claims(checked(with_cell(column, value))) == said


def test_a_long_cell_is_shown_around_the_place_where_it_differs():
    row = next(row for row in checked(MESSENGER_CSV).card.rows if row.requirement == "RES-MCM3.a")
    said = checked(with_cell("amended_because", row.amended_because[:-1] + "!", 2)).differences[0].told()

    assert len(row.amended_because) > 200
    assert (
        "is …" in said
        and f"{row.amended_because[-20:-1]}!" in said
        and row.amended_because[-20:] in said
        and len(said) < 400
    )


def test_an_overview_counts_cells_and_rows_and_says_what_a_change_of_whole_measures_may_come_from():
    assert checked(with_cell("amended_points", "2")).overview == "1 cell differs in 1 row."
    assert (
        checked(edited(lambda table: [row.__setitem__(COLUMNS.index("basis"), "ours") for row in table[2:4]])).overview
        == "2 cells differ in 2 rows."
    )
    profile = "category=res;tier=tier_3;encryption=end_to_end;communication=closed;hosting=provider_managed;livestream=yes;capable=no;esafety_approval=not_sought;technology_report=incomplete"
    found = checked(with_column("profile", profile))
    assert found.overview == (
        "38 cells differ in 4 rows. A whole measure differs in figures and reasons (“Disrupt and deter CSAM”): the profile or the recommendations may have been changed."
    )
    found = checked(
        with_column(
            "profile",
            profile.replace("tier_3", "tier_1")
            .replace("end_to_end", "none")
            .replace("=no;", "=yes;")
            .replace(";esafety_approval=not_sought;technology_report=incomplete", ""),
        )
    )
    assert "Whole measures differ in figures and reasons (“" in found.overview


def test_an_overview_of_a_changed_grade_says_that_figures_alone_differ():
    assert checked(with_cell("grade", "met", 4)).overview.endswith(
        "Figures differ and reasons do not: a grade, a note or the figures themselves may have been changed."
    )


def test_one_reason_of_a_measure_does_not_make_a_whole_measure():
    assert (
        "whole"
        not in checked(
            edited(
                lambda table: [
                    table[3].__setitem__(COLUMNS.index(each), "x") for each in ("amended_because", "amended_status")
                ]
            )
        ).overview.lower()
    )


# ------------------------------------------------------------------------------------------ what is refused
def _drop(place: int) -> Callable[[list[list[str]]], None]:
    return lambda table: table.pop(place)


def _without_column(column: str) -> Callable[[list[list[str]]], None]:
    return lambda table: [row.pop(COLUMNS.index(column)) for row in table]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty; allowed: a scorecard: a first row that names the columns, and rows under it"),
        (b"hello, world\n1,2\n", "this is not a scorecard"),
        (b'{"format": "mcm-assessment/1"}', "this is not a scorecard"),
        (b"\xff\xfe\x00", "is not whole UTF-16 text"),
        (b"PK\x03\x04\x14\x00", "is damaged or not whole, and cannot be unpacked: open it in a spreadsheet program"),
        (b"%PDF-1.7\n", "this is a PDF file, not a CSV"),
        (b'"service"x,code\n', "header: is not CSV: a quotation mark in the middle of a cell"),
        (
            edited(lambda table: table.__delitem__(slice(1, None))),
            "the file has no rows; a scorecard has a row for each requirement",
        ),
        (edited(_without_column("grade")), "row 1: the column grade is missing; a scorecard has the columns service,"),
        (edited(lambda table: [row.append("x") for row in table]), "row 1: unknown column 'x'; allowed: service,"),
        (
            edited(lambda table: [row.append(row[7]) for row in table]),
            "row 1: the column grade is there 2 times; each column is allowed once",
        ),
        (edited(lambda table: table[2].append("more")), "row 3 has 27 cells; allowed: 26"),
        (
            edited(lambda table: table.extend(table[1:] * 3)),
            "row 24 is one too many; a scorecard has a row for each requirement, 22 at most",
        ),
        (edited(_drop(1)), "a row is missing for RES-MCM3.a; a scorecard has one for each of RES-MCM3.a, RES-MCM8.a,"),
        (
            edited(lambda table: table.append(table[2])),
            "row 10, column requirement: 'RES-MCM8.a' is in row 3 already; each requirement is allowed once",
        ),
        (
            with_cell("requirement", "RES-MCM9.a"),
            "row 3, column requirement: 'RES-MCM9.a' is no requirement; allowed: RES-MCM3.a,",
        ),
        (
            with_cell("requirement", "DIS-MCM8.a"),
            "row 3, column requirement: 'DIS-MCM8.a' is not scored for this profile (Relevant electronic services code)",
        ),
        (
            with_column("regime_amended", "none"),
            "row 8, column requirement: 'RES-MCM10.d' is not scored for this profile (Relevant electronic services code) with these recommendations;",
        ),
        (with_cell("grade", "good"), "row 3, column grade: 'good'; allowed: met, partly, not_met, or empty"),
        (
            with_cell("grade", "not_feasible"),
            "row 3, column grade: 'not_feasible'; allowed: met, partly, not_met, or empty ('not_feasible' only where the text says",
        ),
        (
            with_column("rulebook", "v3"),
            f"row 2, column rulebook: 'v3'; allowed: {RULES.version}: a scorecard is verified under the rules that it was made under",
        ),
        (
            with_column("regime_amended", "IJM-RES-1+IJM-RES-9"),
            "row 2, column regime_amended: 'IJM-RES-9'; allowed: all, none, or any of IJM-SMS-1,",
        ),
        (with_column("regime_amended", ""), "row 2, column regime_amended: empty; allowed: all, none,"),
        (
            with_column("assessed_on", "last week"),
            "row 2, column assessed_on: 'last week'; allowed: a date such as 2026-11-22",
        ),
        (with_column("assessed_on", "20261122"), "row 2, column assessed_on: '20261122'; allowed: a date"),
        (
            with_column("profile", ""),
            "row 2, column profile: empty; allowed: fact=value with ; between them, of the facts category,",
        ),
        (with_column("profile", "category=res;colour=red"), "row 2, column profile: 'colour=red'; allowed: fact=value"),
        (
            with_column("profile", "category=res;tier=tier_9"),
            "row 2, column profile: 'tier=tier_9'; allowed: tier=tier_1/tier_2/tier_3",
        ),
        (
            with_column("profile", "category=res;category=res"),
            "row 2, column profile: 'category=res'; allowed: category once",
        ),
        (
            with_column("profile", "category=res;tier=tier_1"),
            "row 2, column profile: 'category=res;tier=tier_1'; allowed: a profile with encryption=none/provider_keys/end_to_end in it",
        ),
    ],
)
def test_a_file_that_cannot_be_verified_is_refused_with_what_is_allowed(data, said):
    assert refused(data).startswith(said)


def test_a_file_that_is_too_large_is_refused():
    assert refused(b"x" * (largest(RULES) + 1)).startswith("the file is too large; a scorecard has at most ")


# ------------------------------------------------------------------------------------------ command line
def test_verify_says_matches_and_ends_well(tmp_path, capsys):
    path = tmp_path / "card.csv"
    path.write_bytes(MESSENGER_CSV)

    assert main(["verify", str(path)]) == 0
    assert capsys.readouterr().out.startswith(f"{path}: The scorecard matches:")


def test_verify_names_the_cells_and_ends_with_one(tmp_path, capsys):
    path = tmp_path / "card.csv"
    path.write_bytes(with_cell("amended_points", "2"))

    assert main(["verify", str(path)]) == 1
    assert capsys.readouterr().out == verification_text(checked(path.read_bytes()), str(path))
    assert "1 cell differs" in verification_text(checked(path.read_bytes()), str(path))


def test_verify_ends_with_two_where_the_file_is_no_scorecard(tmp_path, capsys):
    path = tmp_path / "card.csv"
    path.write_bytes(with_cell("grade", "good"))

    assert main(["verify", str(path)]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.startswith(f"error: {path}: row 3, column grade: 'good'; allowed: met,")


def test_verify_ends_with_two_where_there_is_no_file(tmp_path, capsys):
    assert main(["verify", str(tmp_path / "none.csv")]) == 2
    assert "cannot be read" in capsys.readouterr().err


def test_verify_writes_what_it_found_to_a_file_and_still_ends_with_one(tmp_path, capsys):
    path, out = tmp_path / "card.csv", tmp_path / "found.txt"
    path.write_bytes(with_cell("amended_points", "2"))

    assert main(["verify", str(path), "--out", str(out)]) == 1
    assert capsys.readouterr().out == ""
    assert "column amended_points: is '2', should be '0'." in out.read_text(encoding="utf-8")


def test_what_score_writes_verifies_whatever_the_recommendations(tmp_path: Path, capsys):
    saved, card = tmp_path / "saved.json", tmp_path / "card.csv"
    saved.write_text(
        json.dumps(
            {
                "format": "mcm-assessment/1",
                "rulebook": RULES.version,
                "service_name": "=Example",
                "saved_at": "2026-11-22T10:15:00+00:00",
                "profile": MESSENGER,
                "answers": {key: {"grade": grade, "note": "-"} for key, grade in GRADES.items()},
            }
        ),
        encoding="utf-8",
    )
    for chosen in ("all", "none", "IJM-RES-3,IJM-RES-1"):
        assert main(["score", str(saved), "--amendments", chosen, "--out", str(card)]) == 0
        assert main(["verify", str(card)]) == 0


def test_what_a_scorecard_is_computed_from_is_named():
    assert set(TAKEN_AS_GIVEN) < set(COLUMNS)
