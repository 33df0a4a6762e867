"""Files for spreadsheets: whatever the separator, nothing that was typed becomes a formula, and each text comes back."""

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import naive
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring.files.guard import guarded, meant, unguarded
from scoring.files.header import BLANKS
from scoring.portfolio.one_service import example_csv, template_csv
from scoring.portfolio.tables import portfolio_csv, rejected_csv
from scoring.rules.load import load
from scoring.score.assessment import Answer, Assessment
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes
from scoring.score.verify import verify

RULES = load()
SAME = settings(derandomize=True, database=None, deadline=None)
"""The same cases in each run."""
SIGNS = "=+-@＝＋－＠"
DANGEROUS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "'=1+1",
    "x;=1+1;",
    "x\t=1+1\t",
    "x\n=1+1",
    "x\r=1+1",
    "x\r\n=1+1\r\n",
    "x; =1+1",
    "x;\u00a0=1+1",
    'x;"=1+1"',
    'x;"=1+1;',
    "x;'=1+1",
    "x;''=1+1;",
    "x;\t=1+1",
    ";;=1+1",
    "x;\n;\"'=1+1",
    '"\n=1+1',
    '";=1+1',
    'x"\n"=1+1',
    "x,=1+1",
    'x,"\n=1+1',
    "plan:\n- one\n- two",
    "\t",
    "=",
    ";=",
    '=HYPERLINK("http://x.example";"y")',
    "x;@SUM(1)",
    "'",
    ";'",
)
TYPED = st.text(st.sampled_from("=+-@＝;\t\r\n \u00a0\"',x1")) | st.text() | st.sampled_from(DANGEROUS)
NAMES = TYPED.map(lambda text: re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]", "", text))
SMS = {"category": "sms", "tier": "tier_1", "encryption": "none", "hosting": "provider_managed", "livestream": "no"}


# ------------------------------------------------------------------------------------------------ text and cell
@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("＝1", "'＝1"),
        ("'=x", "''=x"),
        ("x;=1+1;", "x;'=1+1;"),
        ("x\t=1", "x\t'=1"),
        ("x\n=1", "x\n'=1"),
        ("x\r\n=1", "x\r\n'=1"),
        ("\n=1", "\n'=1"),
        ('x; "=1', "x;' \"=1"),
        ("x;'=1", "x;''=1"),
        ("\t=1", "'\t'=1"),
        ("x;\t=1", "x;'\t'=1"),
        ("To do:\n- one\n- two", "To do:\n'- one\n'- two"),
    ],
)
def test_a_mark_goes_before_what_would_begin_a_formula(text: str, cell: str) -> None:
    assert guarded(text) == cell and unguarded(cell) == text


@pytest.mark.parametrize(
    "text",
    ["", "plain", " =after a blank", "a=b", "a; b = c", "'quoted'", "x;'quoted'", "x\ny", "1-2", "x, =1", "“=1”"],
)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert guarded(text) == text and unguarded(text) == text


@pytest.mark.slow
@settings(SAME, max_examples=1000)
@given(TYPED)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text) == naive.guarded(text) and unguarded(text) == naive.unguarded(text)


@pytest.mark.slow
@settings(SAME, max_examples=1000)
@given(TYPED)
def test_what_a_cell_means_is_the_same_when_it_is_written_and_read_again(cell: str) -> None:
    assert meant(guarded(meant(cell))) == meant(cell) == naive.unguarded(cell.strip()).strip()
    assert guarded(meant(cell)) == guarded(meant(cell)).strip()


# ------------------------------------------------------------------------------------------ as programs read it
def cells_of(text: str, separators: str) -> Iterator[str]:
    """The cells as a spreadsheet takes them: marks count where a cell begins with one; what follows them belongs to it."""
    cell, inside, place = "", False, 0
    while place < len(text):
        sign = text[place]
        if inside and text[place : place + 2] == '""':
            cell, place = cell + '"', place + 1
        elif sign == '"' and (inside or not cell):
            inside = not inside
        elif not inside and sign in separators + "\r\n":
            yield cell
            cell = ""
        else:
            cell += sign
        place += 1
    yield cell


def formulas(data: bytes) -> list[tuple[str, str]]:
    """The cells that begin a formula under any separator, marks counted in each of three ways."""
    text = data.decode("utf-8-sig")
    found = [
        (f"spreadsheet {separators!r}", cell)
        for separators in (",", ";", "\t", ",;\t")
        for cell in cells_of(text, separators)
    ]
    for separator in ",;\t":
        found += [
            (f"csv {separator!r}", cell)
            for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)
            for cell in row
        ]
    found += [
        (f"split {separator!r}", cell.removeprefix('"'))
        for separator in ";\t"
        for cell in re.split(f"[\r\n{separator}]", text)
    ]
    return [(how, cell) for how, cell in found if re.match(rf"[\t\r\n]*[{re.escape(SIGNS)}]", cell)]


def card(service: str, *notes: str) -> bytes:
    answers = {
        f"SMS-MCM10.{letter}": Answer(grade="partly", note=note) for letter, note in zip("abcd", notes, strict=False)
    }
    return csv_bytes(
        scorecard(
            RULES,
            Assessment(
                rulebook=RULES.version,
                service_name=service,
                saved_at="2026-11-22T10:15:00+00:00",
                profile=SMS,
                answers=answers,
            ),
        )
    )


def services(
    rows: Sequence[dict[str, str]],
    columns: Sequence[str] = ("service", *SMS, "SMS-MCM10.a", "SMS-MCM10.a.note", "SMS-MCM10.c", "SMS-MCM10.c.note"),
) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def named(names: Sequence[str]) -> bytes:
    """A portfolio of services by these names, each of them once."""
    return services(
        [
            SMS | {"service": name}
            for name in {naive.unguarded(name.strip()).strip(): name for name in names if name.strip()}.values()
        ]
    )


@pytest.mark.slow
@settings(SAME, max_examples=120)
@given(st.lists(NAMES, min_size=4, max_size=4))
def test_no_separator_makes_a_formula_of_a_scorecard_and_reading_it_gives_what_was_typed(texts: list[str]) -> None:
    data = card(*texts)
    assert formulas(data) == []
    found = verify(RULES, data)
    assert found.matches and [found.card.service, *(row.note for row in found.card.rows[:3])] == texts


@pytest.mark.slow
@settings(SAME, max_examples=60)
@given(st.lists(NAMES, min_size=1, max_size=4).filter(lambda names: any(name.strip() for name in names)), st.booleans())
def test_no_separator_makes_a_formula_of_a_portfolios_scores(names: list[str], by_measure: bool) -> None:
    given_names = named(names)
    data = portfolio_csv(RULES, given_names, by_measure=by_measure)
    assert formulas(data) == []
    expected = [
        naive.unguarded(row["service"].strip()).strip()
        for row in csv.DictReader(io.StringIO(given_names.decode(), newline=""))
    ]
    got = [row["service"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))]
    assert list(dict.fromkeys(got)) == [naive.guarded(name) for name in expected]


@pytest.mark.slow
@settings(SAME, max_examples=60)
@given(st.lists(NAMES, min_size=8, max_size=8))
def test_no_separator_makes_a_formula_of_refused_rows_whatever_column_it_stands_in(cells: list[str]) -> None:
    columns = ("service", "tier", "encryption", "SMS-MCM10.a", "SMS-MCM10.a.note", "category")
    data = services([dict(zip(columns, cells[:6], strict=True)) | {"category": f"no{cells[5]}"}], columns)
    data = (
        data[:-2]
        + b',"'
        + cells[6].replace('"', '""').encode()
        + b'"\r\n'
        + services([dict(zip(columns, cells[1:7], strict=True)) | {"category": f"no{cells[7]}"}], columns).split(
            b"\r\n", 1
        )[1]
    )
    rejected = rejected_csv(RULES, data)
    assert formulas(rejected) == []
    given_rows, written = (
        list(csv.reader(io.StringIO(each.decode("utf-8-sig"), newline="")))[1:] for each in (data, rejected)
    )
    for row, again in zip(given_rows, written, strict=True):
        said = [naive.unguarded(cell.strip(BLANKS)).strip() for cell in row]
        assert [meant(cell) for cell in [*again[:6], *again[7:]]] == (said if any(said[6:]) else said[:6])


def test_a_bad_cell_is_no_formula_in_the_refused_rows_and_the_message_shows_what_was_meant() -> None:
    live = '=HYPERLINK("http://x.example","y")'
    rejected = rejected_csv(
        RULES, services([SMS | {"service": "A", "tier": live, "SMS-MCM10.a": "'+1", "SMS-MCM10.a.note": "x;=1"}])
    )
    (row,) = csv.DictReader(io.StringIO(rejected.decode("utf-8-sig"), newline=""))
    assert (row["tier"], row["SMS-MCM10.a"], row["SMS-MCM10.a.note"]) == (f"'{live}", "'+1", "x;'=1")
    assert (
        f"'tier' is {live!r}; allowed: tier_1" in row["reason"]
        and "'SMS-MCM10.a' is '+1'; allowed: met" in row["reason"]
    )


def test_surplus_cells_and_the_reason_that_quotes_a_value_are_guarded_too() -> None:
    header, row = services([SMS | {"service": "A"}], ("service", *SMS)).decode().split("\r\n")[:2]
    rejected = rejected_csv(
        RULES, f'{header}\r\n{row},=1+1,"x;=1+1"\r\nB,sms,a;=1+1,none,provider_managed,no\r\n'.encode()
    )
    _, surplus, bad = csv.reader(io.StringIO(rejected.decode("utf-8-sig"), newline=""))
    assert surplus[7:] == ["'=1+1", "x;'=1+1"] and bad[2] == "a;'=1+1" and "'tier' is 'a;'=1+1'" in bad[6]


def test_refused_rows_that_are_mended_score_as_if_they_had_been_right_from_the_start() -> None:
    good = [
        SMS
        | {
            "service": name,
            "SMS-MCM10.a": "met",
            "SMS-MCM10.a.note": note,
            "SMS-MCM10.c": "not_feasible",
            "SMS-MCM10.c.note": note,
        }
        for name, note in (("=A", "=because"), ("x;=1+1;", "a;=1"), ("'quoted'", "'"), ("- B", "\n- one"), ("'=C", "x"))
    ]
    rejected = rejected_csv(RULES, services([row | {"tier": "tier_9"} for row in good]))
    rows = [
        {key: value for key, value in row.items() if key != "reason"} | {"tier": "tier_1"}
        for row in csv.DictReader(io.StringIO(rejected.decode("utf-8-sig"), newline=""))
    ]
    for by_measure in (False, True):
        assert portfolio_csv(RULES, services(rows), by_measure=by_measure) == portfolio_csv(
            RULES, services(good), by_measure=by_measure
        )


def test_a_service_that_comes_out_guarded_is_the_same_service_when_it_goes_in_again() -> None:
    names = ["=A", "+B", "x;=1", "\u2066=C", "-\nD", "@", "＝E", "O'Neil; 'x'"]
    once = portfolio_csv(RULES, named(names))
    again = [
        row["service"]
        for row in csv.DictReader(io.StringIO(once.decode("utf-8-sig"), newline=""))
        if row["regime"] == "drafted"
    ]
    assert portfolio_csv(RULES, named(again)) == once
    with pytest.raises(ValueError, match="each name once; row 1 has this one already"):
        portfolio_csv(RULES, services([SMS | {"service": "=A"}, SMS | {"service": "'=A"}]))


@pytest.mark.parametrize(
    "data",
    [
        example_csv(),
        template_csv(RULES),
        *(path.read_bytes() for path in (Path(__file__).parents[1] / "golden").glob("*.csv")),
    ],
)
def test_what_we_write_ourselves_begins_no_formula(data: bytes) -> None:
    assert formulas(data) == []


# ------------------------------------------------------------------------------------------ a real spreadsheet
@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="there is no LibreOffice here")
@pytest.mark.parametrize("separators", ["44", "59", "9", "44/59/9"], ids=["commas", "semicolons", "tabs", "all three"])
def test_libreoffice_finds_no_formula_in_any_file(
    tmp_path: Path, separators: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    profile = tmp_path_factory.getbasetemp() / "office"  # which takes it a while to set up
    (tmp_path / "live.csv").write_text("x;=1+1,=1+1\tx\t=1+1\n", encoding="utf-8")
    columns = ("service", *SMS, "SMS-MCM10.a", "SMS-MCM10.a.note", "SMS-MCM10.c", "SMS-MCM10.c.note")
    for number in range(0, len(DANGEROUS), 3):
        (tmp_path / f"card{number}.csv").write_bytes(card(DANGEROUS[number], *DANGEROUS[number : number + 3]))
    (tmp_path / "services.csv").write_bytes(portfolio_csv(RULES, named(DANGEROUS)))
    (tmp_path / "measures.csv").write_bytes(portfolio_csv(RULES, named(DANGEROUS), by_measure=True))
    (tmp_path / "rejected.csv").write_bytes(
        rejected_csv(RULES, services([dict.fromkeys(columns, text) for text in DANGEROUS], columns))
    )
    files = sorted(tmp_path.glob("*.csv"))
    # quotation mark, UTF-8, from line 1, no columns set, any language, quoted cells no text, numbers found, formulas
    options = f"CSV:{separators},34,76,1,,0,false,true,false,false,false,-1,true"
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{profile}",
            f"--infilter={options}",
            "--convert-to",
            "fods",
            "--outdir",
            tmp_path,
            *files,
        ],
        capture_output=True,
        check=True,
        timeout=300,
    )
    found = {
        path.stem: re.findall(r'table:formula="([^"]*)"', path.with_suffix(".fods").read_text(encoding="utf-8"))
        for path in files
    }
    assert found.pop("live")  # formulas are run
    assert {name: several for name, several in found.items() if several} == {}
