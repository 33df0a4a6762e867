"""What many files come to: each recognised and verified, rounds and repetitions told apart, the figures those of the portfolio."""

import csv
import io
import json
from datetime import date

import pytest
from sent import RECORD, RULES, card, edited, filled, mixed, packed, saved, taken, workbook

from scoring.files.workbook_in import open_workbook
from scoring.portfolio.one_service import example_csv
from scoring.portfolio.tables import portfolio_csv
from scoring.returns.files_out import returns_csv, returns_workbook, services_csv
from scoring.returns.hidden import hidden, numbered
from scoring.returns.lacking import CELLS, lacking, matrices
from scoring.returns.returned import COLUMNS, Return, Returns, returns_of
from scoring.returns.returns_picture import returns_page
from scoring.rules.amend import adopting
from scoring.score.assessment_file import from_json
from scoring.score.scorecard import scorecard
from scoring.workbooks.portfolio_workbook import services_workbook

TODAY = date(2026, 11, 27)


def told(files: dict[str, bytes], today: date = TODAY) -> Returns:
    return returns_of(RULES, taken(files), today)


def one(data: bytes, today: date = TODAY) -> Return:
    (line,) = told({"sent": data}, today).lines
    return line


def cells(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


# ------------------------------------------------------------------------------------------------- one file
@pytest.mark.parametrize(
    ("data", "kind", "differing"),
    [(saved(), "assessment", None), (card(saved()), "scorecard", 0), (workbook(saved()), "scorecard", 0), (filled(saved()), "workbook", None), (edited(saved()), "scorecard", 1)],
    ids=["assessment", "scorecard", "scorecard as a workbook", "questionnaire", "edited scorecard"],
)  # fmt: skip
def test_whatever_kind_of_file_it_is_the_figures_of_a_service_are_the_same(
    data: bytes, kind: str, differing: int | None
) -> None:
    line = one(data)
    assert (line.kind, line.service, line.code, line.cells_differing) == (kind, "Encrypted messenger", "RES", differing)
    assert line.holds is (not differing) and line.counted == "yes"
    result = scorecard(RULES, from_json(saved(), RULES))
    for regime, side in (("drafted", result.drafted), ("amended", result.amended)):
        figures = (side.measures_applying, side.measures_met, side.sums.points, side.sums.out_of, side.sums.shortfall)
        names = ("measures_applying", "measures_met", "points", "out_of", "shortfall")
        assert tuple(line.figures[f"{regime}_{name}"] for name in names) == figures


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (saved()[:400], "refused JSON", "JSON"),
        (saved(rulebook=7), "refused JSON", "'rulebook'"),
        (example_csv(), "refused text", "portfolio"),
        (b"%PDF-1.7", "refused text", "PDF"),
        (b"", "refused text", "empty"),
        (workbook(saved())[:3_000], "refused workbook", "damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "refused workbook", ".xls"),
        (packed({"a.json": b"{}"})[:-30], "refused zip", "damaged"),
    ],
    ids=["cut off", "wrong type", "a portfolio", "PDF", "nothing", "half a workbook", "old workbook", "half a zip"],
)  # fmt: skip
def test_a_file_that_is_refused_says_what_it_is_and_why_and_has_no_figures(data: bytes, kind: str, said: str) -> None:
    line = one(data)
    assert line.refused and line.kind == kind and said in line.problem
    assert line.counted == "no" and not line.figures


def test_what_does_not_hold_is_said_and_scored_all_the_same_where_it_can_be() -> None:
    assert "1 cell differs" in one(edited(saved())).problem
    missing = json.loads(saved())["profile"] | {"tier": ""}
    line = one(saved(profile={name: value for name, value in missing.items() if value}))
    assert "facts are missing (risk tier)" in line.problem and line.counted == "no" and not line.figures
    other = one(card(saved()).replace(b"v2.0-2023-03/ijm-1", b"v2.0-2023-03/ijm-0"))
    assert "made under the rules v2.0-2023-03/ijm-0" in other.problem and other.cells_differing is None
    assert other.counted == "yes" and other.figures["amended_out_of"] == 16


def test_evidence_plans_and_marks_are_counted_and_a_plan_is_overdue_from_the_day_that_is_handed_in() -> None:
    line = one(saved(RECORD))
    assert line.follow_up == {
        "evidence": 2, "plan_open": 2, "plan_overdue": 1, "accepted": 1, "revise": 1, "changed_since_review": 1,
    }  # fmt: skip
    due = min(answer["plan"]["due"] for answer in json.loads(saved(RECORD))["answers"].values() if answer.get("plan", {}).get("due"))  # fmt: skip
    assert one(saved(RECORD), date.fromisoformat(due)).follow_up["plan_overdue"] == 0
    assert not one(card(saved())).follow_up
    unknown = one(saved(RECORD, profile={"category": "res"}))  # nobody knows which of its plans are for what is owed
    assert unknown.follow_up == {"evidence": 2, "accepted": 1, "revise": 1, "changed_since_review": 1}


# ------------------------------------------------------------------------------------------------- several
def test_of_the_rounds_of_one_service_the_latest_counts_whatever_order_they_come_in() -> None:
    rounds = {day: saved(service_name="Café" if day < "2026-06" else "Cafe\u0301", saved_at=f"{day}T10:00:00+00:00") for day in ("2026-09-01", "2026-11-20", "2026-03-03")}  # fmt: skip
    assert [line.counted for line in told(rounds).lines] == ["earlier", "yes", "earlier"]
    assert {line.instead for line in told(rounds).lines} == {"", "2026-11-20"}


def test_a_later_round_that_cannot_be_scored_does_not_count_in_the_place_of_one_that_can() -> None:
    later = saved(profile={"category": "res"}, saved_at="2026-11-26T10:00:00+00:00")
    assert [line.counted for line in told({"earlier": saved(), "later": later}).lines] == ["yes", "no"]


def test_services_of_two_providers_are_two_and_a_scorecard_which_names_none_is_of_the_one_that_has_its_name() -> None:
    first, second = (saved(provider=name) for name in ("One", "Another"))
    assert [line.counted for line in told({"a": first, "b": second}).lines] == ["yes", "yes"]
    assert [*told({"a": first, "b": second}).names().values()] == ["Encrypted messenger (One)", "Encrypted messenger (Another)"]  # fmt: skip
    assert [line.counted for line in told({"a": first, "card": card(saved())}).lines] == ["yes", "earlier"]
    assert [line.counted for line in told({"a": first, "b": second, "c": card(saved())}).lines] == ["yes"] * 3


def test_names_that_a_portfolio_takes_for_one_are_one_and_it_takes_what_is_written() -> None:
    names = [
        "A",
        "A\u200b",
        "\u200b",
        "\u00a0",
        "=1",
        "'=1",
        "A;=2",
        "x\n=y",
        "NA",
        "sep=;",
        "\u202eabc",
        "A (One)",
        "#REF!",
    ]
    files = {f"{number}.json": saved(service_name=name, saved_at=f"2026-11-{number + 10}T10:00:00+00:00") for number, name in enumerate(names)}  # fmt: skip
    files |= {by: saved(service_name="A ", provider=by) for by in ("One", "Two", "\u200bTwo")}
    returns = told(files)
    assert [line.counted for line in returns.lines].count("earlier") == 2
    scored = cells(portfolio_csv(RULES, services_csv(RULES, returns), RULES.regimes))
    assert len(scored) == 2 * len(returns.counted) == 2 * 14


@pytest.mark.parametrize("note", ["#N/A", "Err:502", "\u200b", "\ufeff ", "=1;\n-2"])
def test_a_note_that_a_portfolio_would_refuse_or_take_for_nothing_counts_as_on_the_scorecard(note: str) -> None:
    answers = {f"SMS-MCM10.{letter}": {"grade": "not_feasible" if letter == "c" else "met", "note": note} for letter in "abc"}  # fmt: skip
    given = saved("large_social_network", answers=answers)
    (first, second) = told({"a.json": given, "b.csv": card(saved("large_social_network", answers=answers, service_name="B"))}).lines  # fmt: skip
    sums = scorecard(RULES, from_json(given, RULES)).amended.sums
    assert first.holds and second.holds
    assert first.figures["amended_unanswered"] == second.figures["amended_unanswered"] == sums.unanswered
    scored = cells(portfolio_csv(RULES, services_csv(RULES, told({"a.json": given})), RULES.regimes))
    assert scored[1]["unanswered"] == str(sums.unanswered)


def test_services_without_a_name_are_each_their_own() -> None:
    unnamed = {
        "a.json": saved(service_name=""),
        "b.json": saved(service_name=" ", saved_at="2026-11-01T10:00:00+00:00"),
    }
    assert [*told(unnamed).names().values()] == ["Without a name (a.json)", "Without a name (b.json)"]


def test_the_same_file_twice_is_named_and_counted_once_in_a_zip_too() -> None:
    lines = told({"a.json": saved(), "sent.zip": packed({"b.json": saved(), "c.pdf": b"%PDF"}), "d.pdf": b"%PDF"}).lines
    assert [(line.file, line.counted, line.instead) for line in lines] == [
        ("a.json", "yes", ""), ("sent.zip/b.json", "twice", "a.json"), ("sent.zip/c.pdf", "no", ""), ("d.pdf", "twice", "sent.zip/c.pdf"),
    ]  # fmt: skip


@pytest.mark.slow
def test_two_hundred_mixed_files_are_taken_in_and_each_refusal_names_its_file() -> None:
    files = mixed()
    returns = told(files)
    lines = {line.file: line for line in returns.lines}
    refused = {name for name, line in lines.items() if line.refused}
    assert refused == {
        "bomb.zip", "bomb that lies.zip/card.csv", "broken.json", "broken.xlsx", "broken.zip", "services.csv", "letter.pdf", "picture.png", "empty.csv", "old.xls",
    }  # fmt: skip
    assert all(lines[name].problem for name in refused)
    assert len(returns.lines) == 200 and (lines["once.json"].counted, lines["once more.json"].counted) == (
        "yes",
        "twice",
    )
    assert [lines[f"round {number}.json"].counted for number in (0, 1)] == ["earlier", "yes"]
    differing = [line for line in returns.lines if line.cells_differing]
    holding = sum(line.kind == "scorecard" for line in returns.lines) - len(differing)
    answers = 189 - len(differing) - holding
    assert returns.sentence.startswith(f"200 files are in: {holding} scorecards hold, {answers} with answers are read, {len(differing)} scorecards do not hold, 10 are refused, 1 is there already.")  # fmt: skip


def test_no_file_at_all_and_none_that_can_be_read_are_told_too() -> None:
    for returns in (told({}), told({"a": b"x"})):
        assert "0 services are counted" in returns.sentence
        assert cells(services_csv(RULES, returns)) == [] and matrices(returns) == () == lacking(returns)
        assert returns_workbook(RULES, returns)


# ------------------------------------------------------------------------------------------------- what is written
def test_the_table_has_the_columns_of_the_contract_and_guards_what_somebody_typed() -> None:
    (row,) = cells(returns_csv(told({"=cmd.json": saved("awkward_text", provider="@evil")})))
    figures = [
        "measures_applying",
        "measures_met",
        "points",
        "out_of",
        "unanswered",
        "shortfall",
        "score_low",
        "score_high",
    ]
    assert [*row] == [
        *("file", "kind", "provider", "service", "code", "assessed_on", "rulebook", "cells_differing"),
        *(f"{regime}_{figure}" for regime in ("drafted", "amended") for figure in figures),
        *("evidence", "plan_open", "plan_overdue", "accepted", "revise", "changed_since_review", "problem"),
    ]
    assert (row["file"], row["provider"], row["service"][:3]) == ("'=cmd.json", "'@evil", "'=Ü")
    assert (row["drafted_score_low"], row["amended_score_low"], row["cells_differing"]) == ("", "0.2500", "")


@pytest.mark.parametrize("adopted", [None, "IJM-RES-2,IJM-DIS-5", ""])
def test_the_services_go_into_a_portfolio_that_gives_the_same_figures(adopted: str | None) -> None:
    regimes = RULES.regimes if adopted is None else adopting(RULES, filter(None, adopted.split(",")))
    returns = returns_of(RULES, taken(mixed(25)), TODAY, regimes)
    scores = cells(portfolio_csv(RULES, services_csv(RULES, returns), regimes))
    names = returns.names()
    for (place, name), drafted, amended in zip(names.items(), scores[::2], scores[1::2], strict=True):
        row = dict(zip(COLUMNS, returns.lines[place].cells, strict=True))
        for regime, figures in (("drafted", drafted), ("amended", amended)):
            assert figures["service"] == name and figures["code"] == row["code"]
            for figure in ("points", "out_of", "unanswered", "shortfall", "measures_applying", "measures_met"):
                assert figures[figure] == str(row[f"{regime}_{figure}"])


def test_each_gap_is_one_in_any_case_or_only_as_amended_as_on_the_scorecard_of_the_service() -> None:
    returns = told({path: saved(path) for path in ("encrypted_messenger", "website_with_live_video", "small_forum")})
    said = {}
    for matrix in matrices(returns):
        for place, row in zip(matrix.places, matrix.cells.tolist(), strict=True):
            for requirement, cell in zip(matrix.requirements, row, strict=True):
                said[returns.lines[place].file, requirement.id] = CELLS[cell]
    for sample in ("encrypted_messenger", "website_with_live_video"):
        for row in scorecard(RULES, from_json(saved(sample), RULES)).rows:
            expected = "not_owed" if not (row.drafted_owed or row.amended_owed) else {"": "unanswered", "partly": "partly_met"}.get(row.grade, row.grade)  # fmt: skip
            if expected in ("not_met", "partly_met"):
                expected += "_in_any_case" if row.drafted_owed else "_only_amended"
            assert said.get((sample, row.requirement), "not_owed") == expected
    for one in lacking(returns):
        gaps = [cell for (_, requirement), cell in said.items() if requirement == one.requirement.id]
        assert one.in_any_case == sum(cell.endswith("_in_any_case") for cell in gaps)
        assert one.only_amended == sum(cell.endswith("_only_amended") for cell in gaps)


def test_the_workbook_has_each_file_each_service_and_each_problem() -> None:
    book = open_workbook(returns_workbook(RULES, told({"a.json": saved(), "b.csv": edited(saved(service_name="B")), "c.pdf": b"%PDF"})))  # fmt: skip
    assert book.sheets == ("About", "Returns", "Requirements", "Problems")
    assert [(row[0], row[-1]) for row in book.rows("Returns")] == [("file", "counted"), ("a.json", "yes"), ("b.csv", "yes"), ("c.pdf", "no")]  # fmt: skip
    heading, first, _ = book.rows("Requirements")
    assert "✗ Not met, only as amended" in first and "◐ Partly met, in any case" in first and len(heading) == len(first)
    assert [row[0] for row in book.rows("Problems")] == ["file", "b.csv", "c.pdf"]


def test_a_text_that_no_cell_can_hold_is_cut_and_stops_no_other_file() -> None:
    long = saved(service_name="𝕏" * 40_000, answers={"RES-MCM10.a": {"grade": "met", "note": "n" * 40_000}})
    returns = told({"a.json": saved(), "long.json": long})
    (_, _, row) = open_workbook(returns_workbook(RULES, returns)).rows("Returns")
    assert row[3].endswith("… (cut here; the CSV has all of it)")
    services = services_csv(RULES, returns)
    scored = portfolio_csv(RULES, services_workbook(RULES, services), RULES.regimes)
    assert [row["points"] for row in cells(scored)] == [row["points"] for row in cells(portfolio_csv(RULES, services, RULES.regimes))]  # fmt: skip


def test_the_page_to_print_has_both_pictures_and_takes_nothing_that_was_typed_for_markup() -> None:
    page = returns_page(RULES, told({"a.json": saved(service_name="<b>Whisper</b>")}), TODAY).decode()
    assert "<p>27 November 2026. 1 file is in: " in page
    assert "&lt;b&gt;Whisper&lt;/b&gt;" in page and "<b>" not in page
    assert "1 of 1 lack it, in any case" in page and "Services by requirements: Relevant electronic" in page
    assert "recommendations are adopted" in returns_page(RULES, returns_of(RULES, taken({"a.json": saved()}), TODAY, adopting(RULES, ())), TODAY).decode()  # fmt: skip


def test_names_that_are_hidden_stand_in_no_file_and_stay_the_same_when_more_files_come() -> None:
    named = saved("awkward_text", provider="Secret Pty Ltd", service_name="Secret", rulebook="secret/1")
    files = {"secret.json": named, "secret.pdf": b"%PDF secret"}
    more = {"first.csv": card(saved())} | files
    numbers = numbered(told(files), {})
    before, after = hidden(told(files), numbers), hidden(told(more), numbered(told(more), numbers))
    assert [line.service for line in after.lines] == ["Service 2", "Service 1", ""]
    assert [line.service for line in before.lines] == ["Service 1", ""]
    for returns in (before, after):
        for data in (returns_csv(returns), services_csv(RULES, returns), returns_page(RULES, returns, TODAY)):
            assert b"secret" not in data.lower()
        book = open_workbook(returns_workbook(RULES, returns))
        assert (
            "secret" not in "".join(cell for sheet in book.sheets for row in book.rows(sheet) for cell in row).lower()
        )
    plain, masked = (cells(portfolio_csv(RULES, services_csv(RULES, returns))) for returns in (told(files), before))
    assert [{**row, "service": ""} for row in masked] == [{**row, "service": ""} for row in plain]
