"""Many services at once on the command line."""

import csv
import random
import subprocess
import sys
from pathlib import Path

import naive
import pytest
from services import ALL, COLUMNS, NETWORK, REQUIREMENTS, RULES, as_file, cells

from scoring.__main__ import main
from scoring.portfolio.one_service import example_csv
from scoring.portfolio.tables import (
    portfolio_csv,
)
from scoring.rules.amend import adopting

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capfd):
    """Run the command in this process: its exit code, and what it says on standard output and on standard error."""

    def run(*arguments):
        code = main(["portfolio", *map(str, arguments)])
        return (code, *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def one_bad_cell(tmp_path_factory):
    """100,000 services, with one bad cell in row 77,777."""
    path = tmp_path_factory.mktemp("large") / "services.csv"
    chance = random.Random(4)
    profiles = naive.profiles()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in range(1, 100_001):
            facts = [*profiles[row % 708].values()]
            if row == 77_777:
                facts[2] = "rot13"
            writer.writerow([f"Service {row}", *facts, *chance.choices(naive.GRADES, k=len(REQUIREMENTS))])
    return path


@pytest.mark.slow
def test_one_bad_cell_in_100_000_rows_is_named_and_nothing_is_written(one_bad_cell, tmp_path, run):
    out = tmp_path / "scores.csv"
    out.write_text("what was there before")
    code, said, error = run(one_bad_cell, "--out", out)
    assert (code, said, out.read_text(), list(tmp_path.iterdir())) == (2, "", "what was there before", [out])
    assert error == (
        f"error: {one_bad_cell}: 1 error, and nothing is written:\n"
        f"  {one_bad_cell}: row 77777 (row 77778 of a spreadsheet): 'encryption' is 'rot13'; allowed: none, provider_keys, end_to_end\n"
    )
    assert run(one_bad_cell)[:2] == (2, "")


@pytest.mark.slow
def test_with_keep_going_the_rest_is_scored_and_the_bad_row_is_in_the_rejects(one_bad_cell, tmp_path, run):
    out = tmp_path / "scores.csv"
    code, said, error = run(one_bad_cell, "--out", out, "--keep-going")
    assert (code, said) == (1, "") and "1 of 100,000 rows are bad" in error
    lines = out.read_text().splitlines()
    assert len(lines) == 1 + 2 * 99_999 and not any(line.startswith("Service 77777,") for line in lines)
    with one_bad_cell.open(encoding="utf-8") as file:
        given = list(csv.reader(file))
    header, bad = cells((tmp_path / "scores.csv.rejected.csv").read_bytes())
    assert header == [*given[0], "reason"] and bad[:-1] == given[77_777]
    assert (
        bad[-1]
        == "row 77777 (row 77778 of a spreadsheet): 'encryption' is 'rot13'; allowed: none, provider_keys, end_to_end"
    )
    sample = random.Random(1).sample([row for row in range(1, 100_001) if row != 77_777], 300)
    rows = {row: dict(zip(given[0], given[row], strict=True)) for row in sample}
    for row, given_row in rows.items():
        at = 1 + 2 * (row - 1 - (row > 77_777))
        assert [line.split(",") for line in lines[at : at + 2]] == naive.service_lines(given_row, ALL)


def test_the_first_20_errors_are_printed_with_the_count(tmp_path, run):
    path = tmp_path / "services.csv"
    path.write_bytes(as_file([NETWORK | {"service": str(number), "tier": "x"} for number in range(30)]))
    code, said, error = run(path)
    assert (code, said, error.count("'tier' is 'x'")) == (2, "", 20)
    assert error.startswith(f"error: {path}: 30 errors, and nothing is written; the first 20:\n")


def test_keep_going_without_bad_rows_leaves_no_rejects_behind(tmp_path, run):
    path, out = tmp_path / "services.csv", tmp_path / "scores.csv"
    path.write_bytes(as_file([NETWORK]))
    assert run(path, "--out", out, "--keep-going", "--by", "measure") == (0, "", "")
    assert sorted(tmp_path.iterdir()) == [out, path]
    assert cells(out.read_bytes())[1:] == naive.measure_lines(NETWORK, ALL)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("services.csv", "--keep-going"), "--keep-going needs --out FILE"),
        (("services.csv", "--out", "services.csv"), "would write over services.csv"),
        (("nowhere.csv",), "nowhere.csv: cannot be read: No such file"),
        ((".",), "cannot be read: it is not a file"),
        (("services.csv", "--out", "no/such/folder.csv"), "cannot be written"),
        (("services.csv", "--amendments", "IJM-XXX-1"), "there is no recommendation 'IJM-XXX-1'"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(tmp_path, monkeypatch, run, arguments, said):
    (tmp_path / "services.csv").write_bytes(as_file([NETWORK]))
    monkeypatch.chdir(tmp_path)
    code, out, error = run(*arguments)
    assert (code, out) == (2, "") and said in error and "Traceback" not in error
    assert [each.name for each in tmp_path.iterdir()] == ["services.csv"]


@pytest.mark.slow
def test_the_command_gives_the_bytes_that_a_page_gives(tmp_path):
    path = tmp_path / "services.csv"
    path.write_bytes(example_csv())
    for by, more in ((False, ()), (True, ("--by", "measure"))):
        found = subprocess.run(
            [sys.executable, "-m", "scoring", "portfolio", path, *more, "--amendments", "IJM-RES-2,IJM-DIS-2"],
            capture_output=True,
            check=True,
            cwd=ROOT,
        )
        assert found.stdout == portfolio_csv(RULES, path, adopting(RULES, ["IJM-RES-2", "IJM-DIS-2"]), by)
