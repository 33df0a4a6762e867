"""`python -m scoring returns`: files and folders in, a table out; exit 1 where one does not hold or is refused."""

import csv
from pathlib import Path

import pytest
from sent import card, edited, packed, saved

from scoring.__main__ import main
from scoring.commands import given
from scoring.files.workbook_in import open_workbook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with what two providers sent, one of it in a folder of its own."""
    sent = tmp_path / "sent"
    (sent / "inner").mkdir(parents=True)
    (sent / "a.json").write_bytes(saved(provider="One"))
    (sent / "inner" / "b.csv").write_bytes(card(saved("small_forum")))
    (sent / ".DS_Store").write_bytes(b"x")
    return sent


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_a_folder_is_read_through_and_the_services_of_it_are_a_portfolio(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out, services, scores = (tmp_path / name for name in ("out.csv", "services.csv", "scores.csv"))
    assert main(["returns", str(folder), "--out", str(out), "--portfolio", str(services)]) == 0
    assert (
        "2 files are in: 1 scorecard holds, 1 with answers is read. 2 services are counted." in capfd.readouterr().err
    )
    first, second = rows(out)
    assert (first["file"], second["file"]) == (str(folder / "a.json"), str(folder / "inner" / "b.csv"))
    assert main(["portfolio", str(services), "--out", str(scores)]) == 0
    assert [row["shortfall"] for row in rows(scores)[:2]] == [first["drafted_shortfall"], first["amended_shortfall"]]
    assert main(["returns", str(folder), "--out", str(out), "--amendments", "none"]) == 0
    assert rows(out)[0]["amended_shortfall"] == first["drafted_shortfall"]


def test_a_file_that_does_not_hold_or_is_refused_is_named_and_makes_the_exit_code_1(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "c.zip").write_bytes(packed({"d.csv": edited(saved("cloud_drive"))}))
    (folder / "e.pdf").write_bytes(b"%PDF-1.7")
    assert main(["returns", str(folder)]) == 1
    said = capfd.readouterr()
    assert len(said.out.splitlines()) == 5
    assert f"{folder / 'c.zip'}/d.csv: 1 cell differs" in said.err and f"{folder / 'e.pdf'}: " in said.err


def test_a_file_of_a_folder_that_cannot_be_read_stops_no_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    read = given.read

    def some(path: Path, most: int) -> bytes:
        if path.name == "a.json":
            raise given.BadInput(f"{given.named(path)}: cannot be read: Permission denied")
        return read(path, most)

    monkeypatch.setattr("scoring.commands.of_many.read", some)
    assert main(["returns", str(folder)]) == 1
    assert "2 files are in: 1 scorecard holds, 1 is refused." in capfd.readouterr().err


def test_what_a_folder_has_that_is_no_file_is_named_and_what_programs_leave_there_is_passed_over(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "elsewhere").symlink_to(tmp_path / "elsewhere")
    (folder / "gone.json").symlink_to(tmp_path / "gone.json")
    (folder / "inner" / "__MACOSX").mkdir()
    for name in ("~$b.xlsx", "Thumbs.db", "inner/__MACOSX/b.csv", ".~lock.b.ods#"):
        (folder / name).write_bytes(b"x")
    assert main(["returns", str(folder)]) == 1
    said = capfd.readouterr().err
    assert "4 files are in: 1 scorecard holds, 1 with answers is read, 2 are refused." in said
    assert f"{folder / 'elsewhere'}: is a link to a folder, which is not followed" in said
    assert f"{folder / 'gone.json'}: is no file, or a link that leads to none" in said


def test_workbooks_are_written_where_the_names_are_those_of_workbooks(folder: Path, tmp_path: Path) -> None:
    out, services = tmp_path / "out.xlsx", tmp_path / "services.xlsx"
    assert main(["returns", str(folder), "--out", str(out), "--portfolio", str(services)]) == 0
    assert open_workbook(out.read_bytes()).sheets == ("About", "Returns", "Requirements")
    assert main(["portfolio", str(services), "--out", str(tmp_path / "scores.csv")]) == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["{folder}/none.csv"], "none.csv: cannot be read: No such file"),
        (["{folder}", "--out", "{folder}/a.json"], "would write over"),
        (["{folder}", "--portfolio", "{folder}/a.json"], "would write over"),
        (["{folder}", "--out", "same.csv", "--portfolio", "same.csv"], "are the same file"),
        (["{folder}/empty"], "has no files in it"),
        (["{folder}", "--amendments", "IJM-1"], "there is no recommendation 'IJM-1'"),
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    folder: Path, capfd: pytest.CaptureFixture[str], more: list[str], said: str
) -> None:
    (folder / "empty").mkdir()
    before = (folder / "a.json").read_bytes()
    assert main(["returns", *(part.format(folder=folder) for part in more)]) == 2
    assert said in capfd.readouterr().err and (folder / "a.json").read_bytes() == before
