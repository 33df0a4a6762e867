"""Verify reads a scorecard in whatever form a spreadsheet left it: form is forgiven, figures never. Cases after `shared/cases`."""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import xlsxwriter
from office import CSV, LOCALES, save_as

from scoring.__main__ import main
from scoring.files.table_in import TableError, open_table
from scoring.portfolio.columns import expected
from scoring.rules.load import load
from scoring.score.assessment import ANSWER
from scoring.score.scorecard import COLUMNS
from scoring.score.scorecard_file import ScorecardError
from scoring.score.verify import Verification, verify
from scoring.workbooks.portfolio_workbook import services_workbook

RULES = load()
GOLDEN = Path(__file__).parents[1] / "golden"
CARDS = {
    path.stem: path.read_bytes()
    for path in sorted(GOLDEN.glob("*.csv"))
    if path.read_bytes()[3:].startswith(b"service,code,measure,measure_title")
}
"""The scorecards that the project writes for its samples."""
MESSENGER = CARDS["encrypted_messenger"]
Rows = list[list[str]]


def rows_of(data: bytes) -> Rows:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def written(rows: Rows, separator: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows(rows)
    return text.getvalue()


def in_excel(rows: Rows, first: int = 0, name: str = "Requirements", figures: bool = True) -> bytes:
    """The rows as a workbook, behind a sheet about it, with numbers as numbers and the guards of text gone."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        book.add_worksheet("About").write_string(0, 0, "What this is")
        sheet = book.add_worksheet(name)
        for row, cells in enumerate(rows, start=first):
            for column, cell in enumerate(cells):
                if figures and cell.isdigit():
                    sheet.write_number(row, column, int(cell))
                elif cell:
                    sheet.write_string(row, column, cell)
    return data.getvalue()


def with_cell(rows: Rows, column: str, value: str, row: int = 3) -> Rows:
    changed = [list(cells) for cells in rows]
    changed[row - 1][COLUMNS.index(column)] = value
    return changed


def with_column(rows: Rows, column: str, value: Callable[[str], str]) -> Rows:
    place = COLUMNS.index(column)
    return [rows[0], *([*cells[:place], value(cells[place]), *cells[place + 1 :]] for cells in rows[1:])]


def checked(data: bytes) -> Verification:
    return verify(RULES, data)


def refused(data: bytes) -> str:
    with pytest.raises(ScorecardError) as error:
        verify(RULES, data)
    return str(error.value)


ROWS = rows_of(MESSENGER)
FORMS = {
    "02 semicolons": written(ROWS, ";").encode("utf-8-sig"),
    "02 tabs": written(ROWS, "\t").encode(),
    "03 rows of empty cells": MESSENGER + (b"," * 25 + b"\r\n") * 5000,
    "04 a last column that holds nothing": written([[*cells, "", ""] for cells in ROWS]).encode(),
    "17 a first line sep=": b"\xef\xbb\xbfsep=,\r\n" + written(ROWS).encode(),
    "21 blanks before quotation marks": written(ROWS, quoting=csv.QUOTE_ALL).replace(',"', ', "').encode(),
    "22 capitals": written([[cell.title() for cell in ROWS[0]], *with_column(with_column(ROWS, "code", str.lower), "drafted_owed", str.title)[1:]]).encode(),
    "26 UTF-16": written(ROWS, "\t").encode("utf-16"),
    "31 a last U+001A": written(ROWS).encode() + b"\x1a",
    "a workbook": in_excel(ROWS),
    "a workbook with blank rows above, all of it text": in_excel(ROWS, first=3, figures=False),
    "points with decimals": written(with_column(ROWS, "amended_points", lambda cell: f"{cell}.0" if cell else "")).encode(),
    "points with a decimal comma": written(with_column(ROWS, "amended_out_of", lambda cell: f"{cell},0" if cell else ""), ";").encode(),
    "the profile in capitals, the grade too": written(with_column(with_column(ROWS, "profile", str.upper), "grade", str.title)).encode(),
    "points in scientific notation": written(with_column(ROWS, "amended_points", lambda cell: f"{cell}.00E+00" if cell else "")).encode(),
    "points in per cent": written(with_column(ROWS, "amended_out_of", lambda cell: f"{cell}00 %" if cell else "")).encode(),
    "points as text, by the sign that a spreadsheet hides": written(with_column(ROWS, "amended_points", lambda cell: f"'{cell}" if cell else "")).encode(),
    "yes and no as true and false": written(with_column(with_column(ROWS, "amended_owed", {"yes": "TRUE", "no": "FALSE"}.get), "drafted_owed", {"yes": "WAHR", "no": "FALSCH"}.get), ";").encode(),
    "hyphens of print in ids": written([ROWS[0], *([cell.replace("-", "–") if column not in ("note", "assessed_on") else cell for column, cell in zip(COLUMNS, cells, strict=True)] for cells in ROWS[1:])]).encode(),
    "full-width letters in ids": written(with_column(ROWS, "amended_status", lambda cell: "".join(chr(ord(sign) + 0xFEE0) for sign in cell))).encode(),
    "quotation marks, blanks and line ends of print in sentences": written(with_column(ROWS, "amended_because", lambda cell: cell.replace("“", '"').replace("”", '"').replace("'", "’").replace("; ", ";\n").replace(" the ", "\u00a0the\u00ad "))).encode(),
    "a profile with blanks between its facts": written(with_column(ROWS, "profile", lambda cell: cell.replace(";", "; ").replace("=", " = ") + ";")).encode(),
    "the header again at its end": written([*ROWS, ROWS[0]]).encode(),
    "columns in another order": written([cells[::-1] for cells in ROWS]).encode(),
    "grades by their words, columns and other ids with blanks": written([[cell.replace("_", " ").capitalize() for cell in ROWS[0]], *with_column(with_column(with_column(ROWS, "grade", lambda grade: ANSWER.get(grade, "")), "amended_status", lambda status: status.replace("_", " ").capitalize()), "amended_owed", str.upper)[1:]]).encode(),
    "rows in another order": written([ROWS[0], *ROWS[:0:-1]]).encode(),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_scorecard_matches_in_every_form_that_a_spreadsheet_leaves(form: str) -> None:
    found = checked(FORMS[form])
    assert found.matches and not found.rewritten, [difference.told() for difference in found.differences]


@pytest.mark.parametrize("form", ["02 semicolons", "26 UTF-16", "a workbook", "points with decimals"])
def test_a_figure_that_was_changed_is_named_in_every_form(form: str) -> None:
    rows = with_cell(ROWS, "amended_points", "1")
    changed = {
        "02 semicolons": written(rows, ";").encode("utf-8-sig"),
        "26 UTF-16": written(rows, "\t").encode("utf-16"),
        "a workbook": in_excel(rows),
        "points with decimals": written(with_cell(ROWS, "amended_points", "1.0")).encode(),
    }[form]
    (difference,) = checked(changed).differences
    assert (difference.row, difference.column, difference.expected) == (3, "amended_points", "0")


@pytest.mark.parametrize("value", ["0.5", "1,000", "00x", "٠", "0 points", "-0", "50 %", "0" * 5000])
def test_what_is_no_whole_number_equal_to_the_points_differs(value: str) -> None:
    (difference,) = checked(written(with_cell(ROWS, "amended_points", value)).encode()).differences
    assert (difference.actual, difference.expected) == (value, "0")


@pytest.mark.parametrize(
    "date",
    ["22/11/2026", "11/22/2026", "22.11.2026", "4/03/2026", "04/03/26", "2026/11/22", "22-Nov-26", "22 November 2026", "Nov 22, 2026", "46348", "2026-11-22 00:00:00", "22.11.2026 00:00", "2026年11月22日", "So, 22. Nov. 2026", "Sunday, November 22, 2026", "2026-11-22T00:00:00", "2026–11–22", "46348.0", "########"],
)  # fmt: skip
@pytest.mark.parametrize("changed", [False, True])
def test_a_date_that_a_spreadsheet_rewrote_is_named_apart_and_everything_else_is_verified(
    date: str, changed: bool
) -> None:
    rows = with_column(ROWS, "assessed_on", lambda _: date)
    found = checked(written(with_cell(rows, "amended_points", "1") if changed else rows).encode())
    assert [difference.column for difference in found.differences] == ["amended_points"] * changed
    assert [rewritten.told() for rewritten in found.rewritten] == [
        f"Column assessed_on: is {date!r}. A spreadsheet rewrote the date. Which day is meant is not guessed, and no figure depends on it."
    ]


@pytest.mark.parametrize(
    "data",
    [
        written(with_column(ROWS, "note", lambda _: "=1+1")).encode(),
        in_excel(with_column(ROWS, "note", lambda _: "=1+1")),
    ],
)
def test_a_guard_before_a_formula_that_a_spreadsheet_took_off_is_understood(data: bytes) -> None:
    found = checked(data)
    assert found.matches and {row.note for row in found.card.rows} == {"=1+1"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (written(ROWS).encode("cp1252", errors="replace"), "row 2: is not UTF-8 text (byte 0x93); allowed: the workbook itself (.xlsx), or in Excel, Save as: CSV UTF-8"),
        (b"service,category,tier\nA,sms,tier_1\n", "this is not a scorecard but a file of services (a portfolio), which Portfolio takes"),
        (in_excel([["service", "name"], ["A", "B"]], name="Services"), "this is not a scorecard: its first row names 0 of the 26 columns that one has (service, code, measure, measure_title and so on)"),
        (in_excel([["service", "category"], ["A", "sms"]]), "this is not a scorecard but a file of services"),
        (b'{"format": "mcm-assessment/1"}', "this is not a scorecard but JSON, as a saved assessment is"),
        (b"", "is empty; allowed: a scorecard: a first row that names the columns"),
        ('{"format": "mcm-assessment/1"}'.encode("utf-16"), "this is not a scorecard but JSON, as a saved assessment is"),
        (written(with_cell(ROWS, "grade", "In part")).encode(), "row 3, column grade: 'In part'; allowed: met, partly, not_met, or empty"),
        (written(with_cell(ROWS, "grade", "Not feasible or appropriate")).encode(), "row 3, column grade: 'Not feasible or appropriate'; allowed: met, partly, not_met, or empty ('not_feasible' only where"),
        (written([["A scorecard", *[""] * 25], *ROWS]).encode(), "the first row has to name the columns; row 2 seems to"),
        (written([*ROWS[:3], *ROWS[4:]]).encode(), "a row is missing for RES-MCM"),
        (written([*ROWS, ROWS[3]]).encode(), "row 10, column requirement: 'RES-MCM8.b' is in row 4 already"),
        (written([*ROWS, *with_column(ROWS, "service", lambda _: "Second")[1:]]).encode(), "row 10, column service: 'Second'; allowed: rows of one service: this row is a second one's"),
        (written([*ROWS, *rows_of(CARDS["small_forum"])[1:]]).encode(), "row 10, column service: 'Small forum'"),
        (written([*ROWS, *with_column(ROWS * 4, "service", lambda _: "Second")[9:]]).encode(), "row 10, column service: 'Second'"),
    ],
)  # fmt: skip
def test_what_cannot_be_verified_is_named_as_what_it_is(data: bytes, said: str) -> None:
    assert refused(data).startswith(said)


def test_a_workbook_for_another_page_is_known_by_whichever_sheet_tells() -> None:
    assert refused(services_workbook(RULES, b"service,category,tier\nA,sms,tier_1\n")).startswith(
        "this is not a scorecard but a file of services"
    )
    with (
        pytest.raises(TableError, match="but a scorecard, which Returns takes"),
        open_table(in_excel(ROWS), expected(RULES)),
    ):
        pass


def test_a_service_that_is_spelled_with_other_signs_for_the_same_letters_is_the_same_service() -> None:
    rows = with_column(ROWS, "service", lambda _: "Café")
    assert checked(written(with_cell(rows, "service", "Cafe\u0301")).encode()).matches


def test_a_row_of_another_service_by_name_alone_is_a_cell_that_differs() -> None:
    (difference,) = checked(written(with_cell(ROWS, "service", "Other")).encode()).differences
    assert (difference.row, difference.column) == (3, "service")


@pytest.mark.slow
@pytest.mark.parametrize("name", CARDS)
def test_generated_variants_of_a_scorecard_give_the_same_verification(name: str) -> None:
    chance = random.Random(name)
    for changed in (False, True):
        rows = rows_of(CARDS[name])
        rows = with_cell(rows, "drafted_points", "7", 2) if changed else rows
        plain = checked(written(rows).encode())
        for _ in range(12):
            varied = variant(rows, chance)
            found = checked(varied)
            assert unnamed(found) == unnamed(plain), varied
            assert found.matches == plain.matches, varied
            assert {difference_in(found)} == {difference_in(plain)}, varied


@pytest.mark.slow
@pytest.mark.parametrize("locale", LOCALES)
def test_a_scorecard_that_libreoffice_saved_verifies_in_every_country(locale: str, tmp_path: Path) -> None:
    given = [tmp_path / f"{name}.csv" for name in CARDS]
    for path in given:
        path.write_bytes(CARDS[path.stem])
    save_as("xlsx", given, locale, tmp_path, infilter=CSV)
    save_as(f"csv:{CSV},,0,false,true,false", [tmp_path / "out" / f"{name}.xlsx" for name in CARDS], locale, tmp_path)
    for name in CARDS:
        for ending in ("xlsx", "csv"):
            verification = checked((tmp_path / "out" / f"{name}.{ending}").read_bytes())
            assert verification.matches, (name, ending, verification.differences)


def difference_in(found: Verification) -> tuple[tuple[str, str, str], ...]:
    """The cells that differ, wherever their rows stand."""
    return tuple(sorted((each.requirement.id, each.column, each.expected) for each in found.differences))


def unnamed(found: Verification) -> object:
    """What was computed, but for the service's name, which stays as it is typed."""
    rows = tuple(replace(row, service="") for row in found.card.rows)
    return replace(found.card, service="", rows=rows)


def variant(rows: Rows, chance: random.Random) -> bytes:
    """The same rows in another form: separator, encoding, line end, quoting, mark, `sep=`, blanks, padding, capitals, order, workbook."""
    header, *rest = rows
    chance.shuffle(rest)
    name = chance.choice([str, str.upper, str.title])
    pad = chance.choice(["{}", " {}", "{}\u00a0", "\u200b{} "])
    notes = COLUMNS.index("note")
    rows = [[name(cell) for cell in header], *([cell if place == notes else pad.format(cell) for place, cell in enumerate(cells)] for cells in rest)]  # fmt: skip
    for _ in range(chance.randrange(3)):
        place = chance.randrange(len(COLUMNS) + 1)
        rows = [[*cells[:place], chance.choice(["", " "]), *cells[place:]] for cells in rows]
    for _ in range(chance.randrange(3)):
        rows.insert(chance.randrange(len(rows) + 1), chance.choice([[], [""], [" "], [""] * len(COLUMNS)]))
    if chance.random() < 0.2:
        return in_excel(rows, figures=pad == "{}")
    separator = chance.choice(",;\t")
    text = written(
        rows, separator, chance.choice(["\r\n", "\n", "\r"]), chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
    )
    text = chance.choice(["", "", f"sep={separator}\n"]) + text + chance.choice(["", "\n\n", "\x1a"])
    return text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16"]))


def test_the_command_verifies_a_workbook_and_names_a_rewritten_date(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "card.xlsx"
    path.write_bytes(in_excel(with_column(ROWS, "assessed_on", lambda _: "22/11/2026")))
    assert main(["verify", str(path)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{path}: The scorecard matches:") and said[1].startswith(
        "Column assessed_on: is '22/11/2026'"
    )
    path.write_bytes(in_excel(with_cell(ROWS, "amended_points", "1")))
    assert main(["verify", str(path)]) == 1
    assert "column amended_points: is '1', should be '0'." in capsys.readouterr().out
    path.write_bytes(b"%PDF-1.7")
    assert main(["verify", str(path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: {path}: this is a PDF file")
