"""The command `compare`: the same bytes as the page, the sentence beside them, and refusals that name the file."""

import json
from pathlib import Path

import pytest

from scoring.__main__ import main
from scoring.files.workbook_in import open_workbook
from scoring.follow_up.compare import compare
from scoring.follow_up.comparison_file import comparison_csv
from scoring.returns.round_in import read_round
from scoring.rules.model import Rules

HERE = Path(__file__).parents[1]
MESSENGER = HERE / "assessments" / "encrypted_messenger.json"
CARD = HERE / "golden" / "encrypted_messenger.csv"
NOW = "2027-01-01T00:00:00+00:00"


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """The messenger a year later, with one answer that is better."""
    saved = json.loads(MESSENGER.read_text(encoding="utf-8"))
    saved["saved_at"] = "2027-11-22T10:15:00+00:00"
    saved["answers"]["RES-MCM10.b"]["grade"] = "met"
    path = tmp_path / "later.json"
    path.write_text(json.dumps(saved), encoding="utf-8")
    return path


@pytest.mark.parametrize("first", [MESSENGER, CARD], ids=lambda path: path.suffix)
def test_compare_writes_the_comparison_and_says_its_sentence(
    first: Path, later: Path, rules: Rules, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["compare", str(later), str(first)]) == 0
    out, err = capfdbinary.readouterr()
    rounds = [read_round(str(path), path.read_bytes(), rules, NOW).round for path in (later, first)]
    assert out == comparison_csv(compare(rounds, rules))
    assert err.decode().startswith(
        "note: Since 22 November 2026: as drafted, 1 point gained by changed answers (3 of 6 "
    )


def test_compare_says_of_a_scorecard_that_does_not_hold_that_it_is_compared_by_the_rules(
    later: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    changed = tmp_path / "changed.csv"
    changed.write_bytes(CARD.read_bytes().replace(b",not_met,", b",met,", 1))
    assert main(["compare", str(changed), str(later)]) == 0
    assert f"note: {changed} does not match the rules: " in capfd.readouterr().err


def test_compare_writes_a_workbook_and_takes_the_recommendations_that_are_named(
    later: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    written = tmp_path / "moved.xlsx"
    assert main(["compare", str(MESSENGER), str(later), "--amendments", "IJM-RES-1", "--out", str(written)]) == 0
    assert "as amended (1 of 9), 1 point gained" in capfdbinary.readouterr().err.decode()
    book = open_workbook(written.read_bytes())
    assert book.sheets == ("About", "Totals", "Changes")
    assert next(row for row in book.rows("Changes") if "RES-MCM10.b" in row)[3:] == [
        "Partly in place",
        "In place",
        "1",
        "1",
    ]


@pytest.mark.parametrize(
    ("others", "said"),
    [
        ((HERE / "assessments" / "cloud_drive.json",), "cloud_drive.json under the Designated internet services code"),
        (
            (HERE / "assessments" / "messenger_with_record.json",),
            "'Messenger with a record' in {0}. These may be two services, or two parts of one; allowed: --same-service",
        ),
        ((HERE / "follow_up" / "comparison.csv",), "comparison.csv: this is a text file, and not a scorecard"),
        ((HERE / "no-such.json",), "no-such.json: cannot be read"),
    ],
)
def test_compare_refuses_what_it_cannot_compare_and_names_the_file(
    others: tuple[Path, ...], said: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["compare", str(MESSENGER), *map(str, others)]) == 2
    out, err = capfdbinary.readouterr()
    assert out == b"" and err.decode().startswith("error: ") and said.format(*others) in err.decode()


def test_compare_goes_on_where_only_the_name_differs_and_that_is_said_to_be_so(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    renamed = HERE / "assessments" / "messenger_with_record.json"
    assert main(["compare", str(MESSENGER), str(renamed), "--same-service"]) == 0
    assert b"answer,RES-MCM3.a" in capfdbinary.readouterr().out


def test_what_is_compared_is_never_written_over(later: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    before = later.read_bytes()
    assert main(["compare", str(MESSENGER), str(later), "--out", str(later)]) == 2
    assert later.read_bytes() == before and b"would write over" in capfdbinary.readouterr().err
