"""A file that somebody writes to while it is read is refused in words: no half result that looks like a whole one."""

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from scoring.__main__ import main
from scoring.files import text_in
from scoring.portfolio.columns import PortfolioError
from scoring.portfolio.read import Reading
from scoring.portfolio.summary import portfolio
from scoring.portfolio.tables import portfolio_csv, write_portfolio
from scoring.rules.model import Rules

HERE = Path(__file__).parents[1]
EXAMPLE = HERE.parent / "scoring" / "portfolio" / "example_services.csv"
MESSENGER = HERE / "assessments" / "encrypted_messenger.json"
CARD = HERE / "golden" / "encrypted_messenger.csv"
TWICE = EXAMPLE.read_bytes() + EXAMPLE.read_bytes().splitlines(keepends=True)[-1]
"""The example with its last service there twice, so that it is read more than once."""
WORDS = "was changed while it was being read; allowed: a file that nobody writes to meanwhile"


def cut(path: Path) -> None:
    """Shorter, at the end of a row."""
    data = path.read_bytes()
    os.truncate(path, data.rindex(b"\n", 0, len(data) // 2) + 1)


def cut_in_a_row(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def emptied(path: Path) -> None:
    os.truncate(path, 0)


def grown(path: Path) -> None:
    with path.open("ab") as file:
        file.write(path.read_bytes().splitlines(keepends=True)[-1].replace(b"Yabby", b"Bilby"))


def other_of_the_same_size(path: Path) -> None:
    with path.open("r+b") as file:
        data = file.read().replace(b",no", b",on")
        file.seek(0)
        file.write(data)
    os.utime(path, ns=(0, 1))  # which is not the time of before, on a disk that keeps time in seconds too


def replaced(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes()[:300])
    other.replace(path)


def removed(path: Path) -> None:
    path.unlink()


CHANGES = [cut, cut_in_a_row, emptied, grown, other_of_the_same_size]
NOT_TO_THE_FILE = [replaced, removed]


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scoring.files.table_in.BLOCK", 400)


@pytest.fixture
def services(tmp_path: Path) -> Path:
    path = tmp_path / "services.csv"
    path.write_bytes(EXAMPLE.read_bytes())
    return path


def once(change: Callable[[Path], None], path: Path, after: int = 1) -> Callable[[int, int], None]:
    """Something to be told how far it is, that changes the file when it has been told so many times."""
    told = []

    def progress(_: int, __: int) -> None:
        told.append(None)
        if len(told) == after:
            change(path)

    return progress


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("keep_going", [False, True], ids=["whole or not at all", "bad rows put aside"])
def test_a_portfolio_that_is_changed_while_it_is_read_is_refused(
    change: Callable[[Path], None], keep_going: bool, services: Path, rules: Rules, small_pieces: None
) -> None:
    with pytest.raises(PortfolioError) as refused:
        rejects = io.BytesIO() if keep_going else None
        write_portfolio(rules, services, io.BytesIO(), rejects=rejects, progress=once(change, services))
    assert str(refused.value).startswith(WORDS)


@pytest.mark.parametrize("change", NOT_TO_THE_FILE)
def test_a_portfolio_whose_name_leads_elsewhere_meanwhile_is_read_as_it_was(
    change: Callable[[Path], None], services: Path, rules: Rules, small_pieces: None
) -> None:
    services.write_bytes(TWICE)
    out = io.BytesIO()
    write_portfolio(rules, services, out, rejects=io.BytesIO(), progress=once(change, services))
    assert out.getvalue() == portfolio_csv(rules, TWICE, bad_rows_left_out=True)


class Cut(io.BytesIO):
    """A file whose end comes too early."""

    most = 900

    def read(self, size: int | None = -1, /) -> bytes:
        left = max(0, self.most - self.tell())
        return super().read(left if size is None or size < 0 else min(size, left))


class Failing(Cut):
    """A file that cannot be read to its end."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() >= 400:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return super().read(size)


def test_a_file_whose_end_comes_too_early_is_refused_for_a_page_too(rules: Rules, small_pieces: None) -> None:
    data = EXAMPLE.read_bytes()
    Cut.most = data.rindex(b"\n", 0, len(data) // 2) + 1
    for read in (portfolio_csv, portfolio):
        with pytest.raises(PortfolioError) as refused:
            read(rules, Cut(data))
        assert str(refused.value) == f"{WORDS} ({len(data):,} bytes at first, and {Cut.most:,} could be read)"


def test_a_read_error_half_way_is_said(rules: Rules, small_pieces: None) -> None:
    with pytest.raises(PortfolioError, match=r"^cannot be read: Input/output error$"):
        portfolio_csv(rules, Failing(EXAMPLE.read_bytes()))


# --------------------------------------------------------------------------------------------- the command line
@pytest.mark.parametrize("keep_going", [(), ("--keep-going",)], ids=["", "--keep-going"])
def test_the_command_says_so_with_exit_2_and_leaves_the_earlier_files(
    keep_going: tuple[str, ...], services: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    out, rejected = services.with_name("scores.csv"), services.with_name("scores.csv.rejected.csv")
    out.write_bytes(b"the previous file")
    rejected.write_bytes(b"service,reason\n")
    take = Reading.add
    monkeypatch.setattr(Reading, "add", lambda *arguments: (cut(services), take(*arguments)))
    assert main(["portfolio", str(services), "--out", str(out), *keep_going]) == 2
    assert capfd.readouterr() == ("", f"error: {services}: {WORDS}\n")
    assert sorted(services.parent.iterdir()) == [out, rejected, services]
    assert (out.read_bytes(), rejected.read_bytes()) == (b"the previous file", b"service,reason\n")


@pytest.mark.parametrize(("command", "given"), [("score", MESSENGER), ("explain", MESSENGER), ("verify", CARD)])
def test_an_assessment_or_a_scorecard_that_is_changed_while_it_is_read_is_refused(
    command: str, given: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "given", tmp_path / "out"
    path.write_bytes(given.read_bytes())
    state = text_in._state

    def changed_after(file: io.BufferedReader) -> object:
        found = state(file)
        if not file.tell():
            with path.open("ab") as more:
                more.write(b" ")
        return found

    monkeypatch.setattr(text_in, "_state", changed_after)
    assert main([command, str(path), "--out", str(out)]) == 2
    assert capfd.readouterr() == ("", f"error: {path}: {WORDS}\n")
    assert not out.exists()


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="there is no file here that can be opened and not read")
@pytest.mark.parametrize("command", ["score", "explain", "verify", "portfolio"])
def test_a_file_that_cannot_be_read_is_named_and_not_the_one_that_was_to_be_written(
    command: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for out in ([], ["--out", str(tmp_path / "out")]):
        assert main([command, "/proc/self/mem", *out]) == 2
        said = capfd.readouterr()
        assert said.out == "" and not (tmp_path / "out").exists()
        assert said.err == "error: /proc/self/mem: cannot be read: Input/output error\n"


def test_a_pipe_is_read_whole_or_refused(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    reading, writing = os.pipe()
    os.write(writing, MESSENGER.read_bytes())
    os.close(writing)
    assert main(["score", f"/dev/fd/{reading}"]) == 0
    assert capfdbinary.readouterr() == (CARD.read_bytes(), b"")
    assert main(["portfolio", f"/dev/fd/{reading}"]) == 2
    said = capfdbinary.readouterr()
    assert said == (b"", f"error: /dev/fd/{reading}: cannot be read: it is not a file\n".encode())
    os.close(reading)
