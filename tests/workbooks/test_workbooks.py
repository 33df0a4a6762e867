"""Results as workbooks: every text is a text, the figures are those of the table, and each says what it is."""

import csv
import io
from pathlib import Path

import openpyxl
import pytest

from scoring.__main__ import main
from scoring.files.workbook_in import open_workbook
from scoring.files.workbook_out import NewWorkbook, TextTooLong
from scoring.kinds.obligations import map_columns, map_rows, obligations
from scoring.portfolio.one_service import example_csv, template_csv
from scoring.portfolio.tables import portfolio_csv
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment import Review, all_requirements
from scoring.score.assessment_file import from_json
from scoring.score.attribution import attribution
from scoring.score.gaps import next_steps
from scoring.score.scorecard import Scorecard, scorecard
from scoring.score.scorecard_file import csv_bytes
from scoring.score.verify import verify
from scoring.workbooks import portfolio_workbook
from scoring.workbooks.obligations_workbook import obligations_workbook
from scoring.workbooks.portfolio_workbook import TooManyServices, portfolio_as_workbook, services_workbook
from scoring.workbooks.scorecard_workbook import scorecard_workbook

SAVED = sorted((Path(__file__).parents[1] / "assessments").glob("*.json"))
TEXTS = ("=1+1", "-1", "+61 2", "@x", "http://example.org", "007", " blank ", "_x0041_", "{=A1}", "two\nlines", "é\t😀")


def card_of(path: Path, rules: Rules) -> Scorecard:
    return scorecard(rules, from_json(path.read_bytes(), rules))


def as_workbook(path: Path, rules: Rules) -> bytes:
    return scorecard_workbook(rules, card_of(path, rules), from_json(path.read_bytes(), rules))


def table(data: bytes, sheet: str) -> list[list[str]]:
    return list(open_workbook(data).rows(sheet))


def test_a_scorecard_verifies_from_its_workbook_whatever_its_notes_begin_with(rules: Rules) -> None:
    for path in SAVED:
        verification = verify(rules, as_workbook(path, rules))
        assert verification.matches and verification.rewritten == ()


def test_every_text_is_written_as_text_and_comes_back_to_the_letter() -> None:
    book = NewWorkbook("A title", [("What", "=1+1")])
    book.table("Texts", ["=heading"], [[text] for text in TEXTS])
    data = book.finished()
    assert [row[0] for row in table(data, "Texts")] == ["=heading", *TEXTS]
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Texts"]
    assert {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"} and not any(
        cell.hyperlink for (cell,) in sheet.iter_rows()
    )
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:A{len(TEXTS) + 1}")


def test_a_text_that_no_cell_can_hold_is_refused_in_words_and_never_cut() -> None:
    book = NewWorkbook("A title", [])
    book.table("Fits", ["x"], [["😀" * 16_383]])
    with pytest.raises(TextTooLong, match="row 2 of the sheet 'Notes' has 32,768 characters"):
        book.table("Notes", ["x"], [["😀" * 16_384]])


@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_the_scorecard_as_a_workbook_has_the_rows_of_the_csv_and_the_figures_of_the_page(
    path: Path, rules: Rules
) -> None:
    card = card_of(path, rules)
    data = as_workbook(path, rules)
    assert open_workbook(data).sheets == ("About", "Summary", "Requirements", "Gaps", "Recommendations")
    assert table(data, "Requirements") == list(csv.reader(io.StringIO(csv_bytes(card).decode("utf-8-sig"), newline="")))
    summary = table(data, "Summary")
    total = summary[-1]
    assert [total[place] for place in (3, 4, 6, 7)] == [
        str(figure) for sums in (card.drafted.sums, card.amended.sums) for figure in (sums.points, sums.out_of)
    ]
    for first, sums in ((8, card.drafted.sums), (12, card.amended.sums)):
        met, partly, missing, unanswered = map(int, total[first : first + 4])
        assert (met + partly, missing, unanswered) == (sums.points, sums.shortfall, 2 * sums.unanswered)
    steps = next_steps(rules, card)
    assert [row[2] for row in table(data, "Gaps")[1:]] == [
        gap.requirement.id for action in steps.actions for gap in action.gaps
    ]
    shares = attribution(rules, card).shares
    assert [row[1] for row in table(data, "Recommendations")[1:]] == [share.recommendation.id for share in shares]


def test_the_gaps_have_their_plan_beside_them_and_what_was_typed_is_guarded(rules: Rules) -> None:
    gaps = table(as_workbook(Path(__file__).parents[1] / "assessments" / "messenger_with_record.json", rules), "Gaps")
    headings = gaps[0]
    plans = {row[2]: dict(zip(headings, row, strict=True)) for row in gaps[1:]}
    assert [plans["RES-MCM10.a"][name] for name in ("Action", "Owner", "Due", "Status", "Answer when done")] == [
        "Prompts in group chats too",
        "Safety engineering",
        "2027-01-31",
        "Under way",
        "In place",
    ]
    assert plans["RES-MCM3.a"]["Action"] == "'=SUM(1) is text: buy a matching service"
    assert not any(plans["RES-MCM8.a"][name] for name in headings[10:])


def test_the_scorecards_charts_are_native_ones_of_its_own_figures(rules: Rules) -> None:
    data = as_workbook(SAVED[1], rules)
    drafted, amended = openpyxl.load_workbook(io.BytesIO(data))["Summary"]._charts
    assert [len(chart.series) for chart in (drafted, amended)] == [4, 4]
    assert amended.series[0].val.numRef.f == "Summary!$M$2:$M$4"


def test_about_names_the_rules_the_recommendations_and_what_it_is_not(rules: Rules) -> None:
    assessment = from_json(SAVED[2].read_bytes(), rules)
    data = scorecard_workbook(rules, scorecard(rules, assessment, adopting(rules, ["IJM-RES-2"])), assessment)
    about = {row[0]: row[1] for row in table(data, "About")}
    assert about["Rules"] == rules.version and about["Recommendations adopted"].endswith("(IJM-RES-2)")
    assert about["Date of the answers"] == assessment.assessed_on
    assert "not legal advice" in about["What it is not"]


def test_the_map_as_a_workbook_has_the_rows_of_the_csv(rules: Rules) -> None:
    found = obligations(rules, rules.regimes)
    assert table(obligations_workbook(rules, found), "Map") == [
        list(map_columns(found)),
        *([str(cell) for cell in row] for row in map_rows(found)),
    ]


def test_a_portfolio_has_its_problems_where_there_are_any_and_too_many_services_are_told_of_the_csv(
    rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    header, good, *_ = example_csv().decode().splitlines(keepends=True)
    two = (header + good + "=A" + good[good.index(",") :]).encode()
    one_bad = two + ("B," + "nothing" + good[good.index(",", good.index(",") + 1) :]).encode()
    whole, reading = portfolio_as_workbook(rules, one_bad, rules.regimes, bad_rows_left_out=True)
    assert (reading.scored, reading.rejected) == (2, 1)
    assert open_workbook(whole).sheets == ("About", "Services", "By measure", "Problems")
    names = [row[0] for row in table(whole, "Services")]
    assert names == ["service", *2 * [good.partition(",")[0]], "'=A", "'=A"]
    assert table(whole, "Problems")[1][:2] == ["3", reading.columns[1]]
    assert "Problems" not in open_workbook(portfolio_as_workbook(rules, two, rules.regimes)[0]).sheets
    monkeypatch.setattr(portfolio_workbook, "MOST_SERVICES", 1)
    with pytest.raises(TooManyServices, match="up to 1 services: use the CSV"):
        portfolio_as_workbook(rules, two, rules.regimes)


# ------------------------------------------------------------------------------------------------ the command line
@pytest.mark.slow
def test_the_command_line_writes_workbooks_by_their_name_and_reads_a_questionnaire(
    rules: Rules, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for path in SAVED:
        filled, saved, card = tmp_path / "filled.xlsx", tmp_path / "saved.json", tmp_path / "card.xlsx"
        assert main(["questionnaire", str(path), "--out", str(filled)]) == 0
        assert main(["read", str(filled), "--out", str(saved)]) == 0
        given = from_json(path.read_bytes(), rules).model_copy(update={"review": Review()})  # it has no place for one
        assert from_json(saved.read_bytes(), rules) == given
        assert main(["score", str(path), "--out", str(card)]) == 0
        assert main(["verify", str(card), "--out", str(tmp_path / "said")]) == 0
    assert main(["obligations", "--out", str(tmp_path / "map.xlsx")]) == 0
    assert main(["questionnaire", "--code", "dis", "--out", str(tmp_path / "dis.xlsx")]) == 0
    assert capfd.readouterr() == ("", "")


def test_the_command_line_names_refused_cells_and_takes_the_others_on_request(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given, saved = tmp_path / "given.xlsx", tmp_path / "saved.json"
    assert main(["questionnaire", "--out", str(given)]) == 0
    book = openpyxl.load_workbook(given)
    book["Service"]["F4"], book["Service"]["F5"] = "Nobody", "Tier 2"
    book.save(given)
    assert main(["read", str(given), "--out", str(saved)]) == 2
    said = capfd.readouterr().err
    assert (
        "1 cell refused, and nothing is written" in said
        and "sheet 'Service', cell F4: 'Nobody'; allowed: Managed by" in said
    )
    assert not saved.exists()
    assert main(["read", str(given), "--keep-going", "--out", str(saved)]) == 1
    assert '"tier": "tier_2"' in saved.read_text(encoding="utf-8")
    for arguments, why in (
        (["questionnaire"], "needs --out FILE.xlsx"),
        (["questionnaire", "--code", "XYZ", "--out", str(given)], "there is no code 'XYZ'; allowed: SMS, RES, DIS"),
        (["read", str(SAVED[0])], "is not a workbook (.xlsx)"),
        (["read", str(given), "--out", str(given)], "would write over"),
    ):
        assert main(arguments) == 2
        assert why in capfd.readouterr().err


# ---------------------------------------------------------------------------------------------------- many services
@pytest.mark.parametrize("services", [example_csv(), None], ids=["example", "template"])
def test_services_to_fill_in_have_drop_downs_and_are_read_as_the_csv_is(services: bytes | None, rules: Rules) -> None:
    data = services_workbook(rules, services or template_csv(rules))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Services"]
    offered = [str(rule.sqref) for rule in sheet.data_validations.dataValidation]
    assert len(offered) == len(rules.facts) + len(all_requirements(rules))
    assert offered[0].startswith("B2:B2")
    if services:
        assert portfolio_csv(rules, data) == portfolio_csv(rules, services)


def test_a_portfolio_is_the_same_as_a_workbook_and_as_csv(rules: Rules) -> None:
    data, reading = portfolio_as_workbook(rules, example_csv(), rules.regimes)
    assert reading.scored == 12 and not reading.problems
    for sheet, by_measure in (("Services", False), ("By measure", True)):
        text = portfolio_csv(rules, example_csv(), by_measure=by_measure).decode("utf-8-sig")
        header, *lines = csv.reader(io.StringIO(text))
        assert table(data, sheet)[0] == header
        assert [[number(cell) for cell in row] for row in table(data, sheet)[1:]] == [
            [number(cell) for cell in row] for row in lines
        ]


def number(cell: str) -> float | str:
    """A number as a number: 1.0000 in the CSV shows as 1 in a workbook."""
    try:
        return float(cell)
    except ValueError:
        return cell


def test_bad_rows_are_refused_or_listed_with_their_cells(rules: Rules, tmp_path: Path) -> None:
    bad, out = tmp_path / "bad.csv", tmp_path / "scores.xlsx"
    bad.write_bytes(example_csv().replace(b"tier_1", b"tier_9", 1))
    assert main(["portfolio", str(bad), "--out", str(out)]) == 2 and not out.exists()
    assert main(["portfolio", str(bad), "--keep-going", "--out", str(out)]) == 1
    assert table(out.read_bytes(), "Problems")[1][1:3] == ["tier", "tier_9"]
    assert b"tier_9" in (tmp_path / "scores.xlsx.rejected.csv").read_bytes()
