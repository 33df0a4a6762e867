"""The questionnaire as a workbook: it comes back the same whoever saved it, and a cell that is refused is named."""

import io
import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from scoring.files.messages import ERROR, LOST_ALLOWED
from scoring.files.workbook_in import WorkbookError, open_workbook
from scoring.files.workbook_out import TextTooLong
from scoring.follow_up.review import STANDING, by_whom, marked
from scoring.form.questionnaire_in import Reading, read_questionnaire
from scoring.form.questionnaire_out import PLAN, SINCE, evidence, questionnaire
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, Evidence, Plan, Review, SignOff
from scoring.score.assessment_file import from_json
from scoring.score.scorecard import scorecard
from scoring.workbooks.scorecard_workbook import scorecard_workbook

SAVED = sorted((Path(__file__).parents[1] / "assessments").glob("*.json"))
RECORD = next(path for path in SAVED if path.stem == "messenger_with_record")
NOW = "2026-12-01T09:00:00+00:00"


def saved(path: Path, rules: Rules) -> Assessment:
    """A saved assessment, without the review, which no questionnaire carries."""
    return from_json(path.read_bytes(), rules).model_copy(update={"review": Review()})


def by_openpyxl(data: bytes, edit: Callable[[openpyxl.Workbook], None] = lambda book: None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(data))
    edit(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def by_libreoffice(rules: Rules, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, bytes]:
    """The questionnaire of each saved assessment as LibreOffice opens and saves it, all in one run of it."""
    office = shutil.which("soffice")
    if office is None:
        reason = "LibreOffice (soffice) is not installed"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    folder = tmp_path_factory.mktemp("office")
    given = {path: folder / f"{path.stem}.xlsx" for path in SAVED}
    for path, file in given.items():
        file.write_bytes(questionnaire(rules, saved(path, rules)))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", folder / "out", *given.values()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return {path: (folder / "out" / file.name).read_bytes() for path, file in given.items()}


def cell_of(sheet: Worksheet, row_id: str, heading: str) -> openpyxl.cell.Cell:
    headings = [cell.value for cell in sheet[1]]
    row = next(row for row in sheet.iter_rows() if row[headings.index("Id")].value == row_id)
    return row[headings.index(heading)]


def fill(*cells: tuple[str, str, str, object]) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        for sheet, row_id, heading, value in cells:
            cell_of(book[sheet], row_id, heading).value = value

    return edit


def read(rules: Rules, *cells: tuple[str, str, str, object], assessment: Assessment | None = None) -> Reading:
    return read_questionnaire(by_openpyxl(questionnaire(rules, assessment), fill(*cells)), rules, NOW)


# ---------------------------------------------------------------------------------------------------- round trips
@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_filled_questionnaire_comes_back_the_same(path: Path, rules: Rules) -> None:
    assessment = saved(path, rules)
    data = questionnaire(rules, assessment)
    assert read_questionnaire(data, rules, NOW) == Reading(assessment, ())
    assert read_questionnaire(io.BytesIO(by_openpyxl(data)), rules, NOW) == Reading(assessment, ())


@pytest.mark.slow
@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_a_filled_questionnaire_comes_back_the_same_through_libreoffice(
    path: Path, rules: Rules, by_libreoffice: dict[Path, bytes]
) -> None:
    reading = read_questionnaire(by_libreoffice[path], rules, NOW)
    assert reading == Reading(with_plain_line_ends(saved(path, rules)), ())


def with_plain_line_ends(assessment: Assessment) -> Assessment:
    """As LibreOffice saves it: a carriage return in a cell is a line end like any other, and becomes one."""
    answers = {
        row_id: answer.model_copy(update={"note": "\n".join(answer.note.replace("\r\n", "\n").split("\r"))})
        for row_id, answer in assessment.answers.items()
    }
    return assessment.model_copy(update={"answers": answers})


def test_an_empty_questionnaire_comes_back_empty_and_has_every_requirement(rules: Rules) -> None:
    data = questionnaire(rules)
    reading = read_questionnaire(data, rules, NOW)
    assert reading == Reading(Assessment(rulebook=rules.version, service_name="", saved_at=NOW, profile={}), ())
    ids = [row[0] for row in open_workbook(data).rows("Answers")]
    assert {"SMS-MCM10.d", "RES-MCM11.a", "DIS-NEW.b"} <= set(ids)
    assert [row[0][:4] for row in open_workbook(questionnaire(rules, code="RES")).rows("Answers")] == [
        "Id",
        *["RES-"] * 8,
    ]


def test_answers_under_another_code_stay_in_it(rules: Rules) -> None:
    assessment = saved(SAVED[0], rules)
    other = assessment.model_copy(update={"profile": {**assessment.profile, "category": "dis"}})
    assert read_questionnaire(questionnaire(rules, other), rules, NOW).assessment == other


# ------------------------------------------------------------------------------------------------- what is filled in
def test_what_is_filled_in_is_read_by_its_id_wherever_it_stands(rules: Rules) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        fill(
            ("Service", "service_name", "Answer", 42),
            ("Service", "category", "Answer", "Relevant electronic service"),
            ("Service", "tier", "Answer", " TIER_2\u00a0"),
            ("Service", "livestream", "Answer", "yes"),
            ("Answers", "RES-MCM8.a", "Answer", "partly in place"),
            ("Answers", "RES-MCM8.a", "Note", "=1+1 is text here"),
            ("Technologies", "safer", "Reason", "Too slow"),
        )(book)
        cell_of(book["Answers"], "RES-MCM8.a", "Note").data_type = "s"
        book["Answers"].insert_rows(1, 3)
        book["Answers"]["A1"] = "A title of ours"
        book["Answers"].insert_cols(1)
        book["Answers"].title = "Ours"
        book["Service"]["K3"] = "A comment beside the table"
        book.move_sheet("Ours", -3)

    reading = read_questionnaire(by_openpyxl(questionnaire(rules), edit), rules, NOW)
    assert reading.refused == ()
    assert reading.assessment == Assessment(
        rulebook=rules.version,
        service_name="42",
        saved_at=NOW,
        profile={"category": "res", "tier": "tier_2", "livestream": "yes"},
        technologies={"safer": "Too slow"},
        answers={"RES-MCM8.a": Answer(grade="partly", note="=1+1 is text here")},
    )


def test_a_cell_that_is_refused_is_named_and_the_good_ones_are_taken(rules: Rules) -> None:
    reading = read(
        rules,
        ("Service", "tier", "Answer", "four"),
        ("Service", "livestream", "Answer", "perhaps"),
        ("Service", "encryption", "Answer", "End-to-end"),
        ("Service", "approved_on", "Answer", "3 May 2026"),
        ("Answers", "RES-MCM8.b", "Answer", "=1+1"),
        ("Answers", "RES-MCM8.b", "Note", "#NAME?"),
        ("Answers", "RES-MCM8.b", PLAN["due"], "2026-02-30"),
        ("Answers", "RES-MCM8.b", PLAN["status"], "Soon"),
        ("Answers", "RES-MCM8.b", PLAN["grade"], "not_feasible"),
        ("Answers", "RES-MCM8.b", evidence(2)["what"], "A policy"),
        ("Answers", "RES-MCM8.b", evidence(2)["dated"], "May 2026"),
        ("Answers", "SMS-MCM10.a", "Answer", "Not feasible or appropriate"),
        ("Answers", "SMS-MCM10.c", "Answer", "Not feasible or appropriate"),
    )
    day = "a date as YYYY-MM-DD, such as 2026-05-01, or an empty cell"
    grades = "In place, Partly in place, Not in place, or an empty cell"
    assert [refused.in_words() for refused in reading.refused] == [
        "sheet 'Service', cell F5: 'four'; allowed: Tier 1, Tier 2, Tier 3, or an empty cell",
        "sheet 'Service', cell F8: 'perhaps'; allowed: Yes, No, or an empty cell",
        f"sheet 'Service', cell F14: '3 May 2026'; allowed: {day}",
        f"sheet 'Answers', cell F2: 'Not feasible or appropriate'; allowed: {grades}",
        "sheet 'Answers', cell F8: '=1+1 (a formula whose value is not in the file)'; allowed: a value. "
        "Open the file in a spreadsheet program and save it, so that the formula has one",
        f"sheet 'Answers', cell G8: '#NAME? {ERROR}'; allowed: {LOST_ALLOWED}",
        f"sheet 'Answers', cell O8: 'May 2026'; allowed: {day}",
        f"sheet 'Answers', cell W8: '2026-02-30'; allowed: {day}",
        "sheet 'Answers', cell X8: 'Soon'; allowed: Planned, Under way, Done, or an empty cell",
        f"sheet 'Answers', cell Y8: 'not_feasible'; allowed: {grades}",
    ]
    assert reading.assessment.profile == {"encryption": "end_to_end"}
    assert reading.assessment.answers == {
        "SMS-MCM10.c": Answer(grade="not_feasible"),
        "RES-MCM8.b": Answer(evidence=(Evidence(what="A policy"),)),
    }


@pytest.mark.parametrize(
    ("sheet", "heading", "written"),
    [
        ("Answers", "Id", lambda cell: cell.replace("-", "–")),
        ("Technologies", "Id", str.upper),
        ("Service", "Answer", lambda cell: {"Yes": True, "No": False}.get(cell, cell)),
        ("Service", "Answer", lambda cell: {"Yes": "WAHR", "No": "FALSCH"}.get(cell, cell)),
        ("Technologies", "Examined", lambda cell: {"Yes": "VRAI"}.get(cell, cell)),
        ("Answers", "Answer", lambda cell: f"'{cell.replace(' ', chr(0xA0))}'"),
        ("Answers", SINCE, lambda cell: f"{cell} 00:00:00"),
        ("Answers", SINCE, lambda cell: datetime.fromisoformat(f"{cell} 09:30")),
        ("Answers", SINCE, lambda cell: cell.replace("-0", "/")),
        ("Answers", PLAN["due"], lambda cell: cell.replace("-", "–")),
    ],
)
def test_a_cell_that_means_one_thing_is_read_as_that_whatever_a_program_made_of_it(
    rules: Rules, sheet: str, heading: str, written: Callable[[str], object]
) -> None:
    assessment = saved(RECORD, rules)

    def edit(book: openpyxl.Workbook) -> None:
        headings = [cell.value for cell in book[sheet][1]]
        for row in book[sheet].iter_rows(min_row=2):
            cell = row[headings.index(heading)]
            cell.value = written(cell.value) if cell.value else None
        for cell in book["Answers"][1]:  # wrapped by hand
            cell.value = cell.value.replace(" ", "\n", 1)

    reading = read_questionnaire(by_openpyxl(questionnaire(rules, assessment), edit), rules, NOW)
    assert reading == Reading(assessment, ())


def test_a_sheet_of_answers_without_its_ids_is_refused_by_name(rules: Rules) -> None:
    data = questionnaire(rules, saved(RECORD, rules))
    reading = read_questionnaire(by_openpyxl(data, lambda book: book["Answers"].delete_cols(1)), rules, NOW)
    assert [refused.in_words() for refused in reading.refused] == [
        "sheet 'Answers', cell E1: 'Answer'; allowed: a column 'Id' beside it, which says what each row answers: nothing of this sheet is taken"
    ]


def test_dates_come_back_whatever_kind_of_cell_a_spreadsheet_made_of_them(rules: Rules) -> None:
    reading = read(
        rules,
        ("Service", "provider", "Answer", "Ours Pty Ltd"),
        ("Service", "approved_on", "Answer", date(2026, 5, 1)),
        ("Answers", "RES-MCM8.a", SINCE, datetime(2025, 3, 1)),
        ("Answers", "RES-MCM8.a", evidence(3)["where"], "policy.pdf"),
        ("Answers", "RES-MCM8.a", evidence(3)["good_until"], " 2027-05-01\u00a0"),
        ("Answers", "RES-MCM8.a", PLAN["due"], date(2026, 12, 31)),
        ("Answers", "RES-MCM8.a", PLAN["status"], "under way"),
    )
    answer = Answer(
        since="2025-03-01",
        evidence=(Evidence(where="policy.pdf", good_until="2027-05-01"),),
        plan=Plan(due="2026-12-31", status="under_way"),
    )
    assert reading.refused == ()
    assert reading.assessment.answers == {"RES-MCM8.a": answer}
    assert (reading.assessment.provider, reading.assessment.sign_off) == (
        "Ours Pty Ltd",
        SignOff(approved_on="2026-05-01"),
    )


def test_all_pieces_of_evidence_come_back_up_to_a_number_that_is_said(rules: Rules) -> None:
    def with_pieces(number: int) -> Assessment:
        pieces = tuple(Evidence(what=f"Piece {place}") for place in range(number))
        return saved(RECORD, rules).model_copy(update={"answers": {"RES-MCM8.a": Answer(evidence=pieces)}})

    assert read(rules, assessment=with_pieces(50)).assessment == with_pieces(50)
    with pytest.raises(TextTooLong, match="a requirement has 51 pieces of evidence, and a questionnaire holds 50"):
        questionnaire(rules, with_pieces(51))


def test_a_review_is_shown_and_not_carried_on_and_the_workbook_says_so(rules: Rules) -> None:
    assessment = from_json(RECORD.read_bytes(), rules)
    data = questionnaire(rules, assessment)
    heading, *rows = open_workbook(data).rows("Answers")
    shown = {row[0]: tuple(row[-2:]) for row in rows if row[-2]}
    assert heading[-2:] == ["Review", "Reviewer's comment"]
    assert shown == {
        one.requirement.id: (STANDING[one.standing], one.mark.comment) for one in marked(rules, assessment)
    }
    assert "Review" not in next(open_workbook(questionnaire(rules, saved(RECORD, rules))).rows("Answers"))
    assert read_questionnaire(data, rules, NOW) == Reading(saved(RECORD, rules), ())
    about = dict(row[:2] for row in open_workbook(data).rows("About"))
    assert about["What it does not carry on"].startswith("A reviewer's marks and comments")
    assert (about["Reviewed by"], about["The reviewer on the whole"]) == (
        by_whom(assessment.review),
        assessment.review.comment,
    )


def test_an_id_that_is_there_twice_may_not_contradict_itself_and_an_unknown_one_is_named(rules: Rules) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        fill(("Answers", "RES-MCM8.a", "Answer", "In place"))(book)
        book["Answers"].append(["RES-MCM8.a", *[None] * 4, "Not in place"])
        book["Answers"].append(["RES-MCM8.a", *[None] * 4, "met"])
        book["Answers"].append(["RES-MCM99.a", *[None] * 4, "met"])

    reading = read_questionnaire(by_openpyxl(questionnaire(rules, code="RES"), edit), rules, NOW)
    first, second = (refused.in_words() for refused in reading.refused)
    assert "cell F10: 'Not in place'; allowed: 'met', as another row for RES-MCM8.a says" in first
    assert "cell F12: 'met'; allowed: nothing in the row of 'RES-MCM99.a'" in second
    assert reading.assessment.answers == {"RES-MCM8.a": Answer(grade="met")}


def test_answers_are_dated_by_the_reading_once_one_has_changed(rules: Rules) -> None:
    assessment = saved(SAVED[1], rules)
    assert read(rules, assessment=assessment).assessment.saved_at == assessment.saved_at
    assert read(rules, ("Service", "service_name", "Answer", "Other"), assessment=assessment).assessment.saved_at == NOW


def test_a_note_that_only_looks_like_an_error_comes_back_the_same(rules: Rules) -> None:
    notes = {"RES-MCM8.a": Answer(grade="met", note="#N/A"), "RES-MCM8.b": Answer(note="#REF!")}
    assessment = saved(RECORD, rules).model_copy(update={"answers": notes})
    assert read_questionnaire(questionnaire(rules, assessment), rules, NOW) == Reading(assessment, ())


def test_a_scorecard_is_no_questionnaire_though_it_has_answers(rules: Rules) -> None:
    card = scorecard_workbook(rules, scorecard(rules, saved(RECORD, rules)), saved(RECORD, rules))
    with pytest.raises(WorkbookError, match="is a scorecard, which Returns takes, and no questionnaire"):
        read_questionnaire(card, rules, NOW)


def test_a_workbook_that_is_no_questionnaire_is_refused(rules: Rules) -> None:
    with pytest.raises(WorkbookError, match="is not a questionnaire of this program"):
        read_questionnaire(by_openpyxl(questionnaire(rules), lambda book: [book.remove(book[name]) for name in book.sheetnames[1:]]), rules, NOW)  # fmt: skip


# ------------------------------------------------------------------------------------------------------ what it offers
def test_each_answer_has_its_choices_and_each_question_says_why_it_is_asked(rules: Rules) -> None:
    book = openpyxl.load_workbook(io.BytesIO(questionnaire(rules, saved(SAVED[1], rules))))
    assert book.sheetnames == ["About", "Service", "Answers", "Technologies", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    offered = {
        str(cell): rule.formula1
        for name in ("Service", "Answers", "Technologies")
        for rule in book[name].data_validations.dataValidation
        for cell in [f"{name}!{rule.sqref}"]
    }
    lists = {
        f"Lists!${column[0].column_letter}$1:${column[0].column_letter}${len(values)}": values
        for column in book["Lists"].iter_cols()
        for values in [[cell.value for cell in column if cell.value]]
    }
    assert lists[offered["Service!F5"]] == ["Tier 1", "Tier 2", "Tier 3"]
    assert lists[offered["Answers!F2"]] == ["In place", "Partly in place", "Not in place"]
    assert lists[offered["Technologies!E2:E12"]] == ["Yes", "No"]
    assert book["Service"].freeze_panes == "A2" and book["Service"].auto_filter.ref == "A1:F14"
    assert all(cell.value for cell in book["Service"]["C"])
