"""`portfolio --keep-going`: the bad rows go beside the scores, both files or neither, and no other file is lost."""

import resource
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from scoring.__main__ import main

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / "scoring" / "portfolio" / "example_services.csv").read_bytes()
BAD = EXAMPLE.replace(b"tier_1", b"tier_9", 1)
EARLIER = b"service,tier,reason\r\nBadly said,tier_8,row 1: what was wrong\r\n"
Paths = tuple[Path, Path, Path]
SOMEBODYS = b"Dear diary\n"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Where the services are, and where the scores and the bad rows go."""
    services = tmp_path / "services.csv"
    services.write_bytes(EXAMPLE)
    return services, tmp_path / "scores.csv", tmp_path / "scores.csv.rejected.csv"


def keep_going(services: Path, out: Path) -> int:
    return main(["portfolio", str(services), "--keep-going", "--out", str(out)])


@pytest.mark.parametrize("there", [EARLIER, SOMEBODYS, b""])
def test_without_bad_rows_what_is_there_already_stays_and_it_is_said(
    there: bytes, paths: Paths, capfd: pytest.CaptureFixture[str]
) -> None:
    services, out, rejected = paths
    rejected.write_bytes(there)
    assert keep_going(services, out) == 0
    said = f"note: {rejected} was there before and is left as it is: no row is bad this time\n"
    assert capfd.readouterr() == ("", said)
    assert rejected.read_bytes() == there and out.read_bytes().startswith(b"\xef\xbb\xbfservice,")
    assert sorted(services.parent.iterdir()) == [out, rejected, services]


@pytest.mark.parametrize("there", [None, b"", EARLIER, b"\xef\xbb\xbf" + EARLIER])
def test_with_bad_rows_those_of_an_earlier_run_are_written_over(there: bytes | None, paths: Paths) -> None:
    services, out, rejected = paths
    services.write_bytes(BAD)
    if there is not None:
        rejected.write_bytes(there)
    for _ in range(2):
        assert keep_going(services, out) == 1
        assert b"tier_9" in rejected.read_bytes() and b"tier_8" not in rejected.read_bytes()


@pytest.mark.parametrize(
    "there", [SOMEBODYS, b"service,colour,reason\nMine,red,I like it\n", b"\xff\x00", EXAMPLE, b'"' + b"x" * 200_000]
)
@pytest.mark.parametrize("before", [None, b"the previous file"])
def test_with_bad_rows_a_file_of_somebody_else_stays_and_nothing_is_written(
    there: bytes, before: bytes | None, paths: Paths, capfd: pytest.CaptureFixture[str]
) -> None:
    services, out, rejected = paths
    services.write_bytes(BAD)
    rejected.write_bytes(there)
    if before is not None:
        out.write_bytes(before)
    assert keep_going(services, out) == 2
    assert capfd.readouterr() == (
        "",
        (
            f"error: --keep-going: there are bad rows, and {rejected}, where they go, is there already and is not a file "
            "of bad rows; nothing is written: move it, or give another --out\n"
        ),
    )
    assert rejected.read_bytes() == there
    assert (out.read_bytes() if out.exists() else None) == before
    assert not list(services.parent.glob(".*"))


def test_a_folder_where_the_bad_rows_go_is_refused_before_anything_is_read(
    paths: Paths, capfd: pytest.CaptureFixture[str]
) -> None:
    services, out, rejected = paths
    services.write_bytes(b"not read")
    rejected.mkdir()
    assert keep_going(services, out) == 2
    said = f"error: --keep-going {rejected}: cannot be written: it is not a file\n"
    assert capfd.readouterr() == ("", said) and sorted(services.parent.iterdir()) == [rejected, services]


@pytest.mark.parametrize("link", ["the rejects lead to the scores", "the scores lead to the rejects", "two names"])
def test_one_file_for_scores_and_bad_rows_is_refused(
    link: str, paths: Paths, capfd: pytest.CaptureFixture[str]
) -> None:
    services, out, rejected = paths
    services.write_bytes(BAD)
    first, second = (rejected, out) if link == "the scores lead to the rejects" else (out, rejected)
    first.write_bytes(EARLIER)
    second.hardlink_to(first) if link == "two names" else second.symlink_to(first)
    assert keep_going(services, out) == 2
    said = f"error: --keep-going: {rejected}, where the bad rows go, and {out} are the same file\n"
    assert capfd.readouterr() == ("", said)
    assert first.read_bytes() == second.read_bytes() == EARLIER


@pytest.mark.parametrize("link", ["", "symlink_to", "hardlink_to"])
def test_the_services_are_never_written_over_by_their_bad_rows(
    link: str, paths: Paths, capfd: pytest.CaptureFixture[str]
) -> None:
    services, out, rejected = paths
    services.write_bytes(BAD)
    if link:
        getattr(rejected, link)(services)
    else:
        services = services.rename(rejected)
    assert keep_going(services, out) == 2
    said = f"error: --out {rejected}: would write over {services}, which is being read\n"
    assert capfd.readouterr() == ("", said)
    assert services.read_bytes() == BAD and not out.exists()


@pytest.mark.parametrize("fails", ["scores.csv", "scores.csv.rejected.csv"])
@pytest.mark.parametrize("there", [True, False], ids=["earlier files", "no earlier files"])
def test_where_one_of_the_two_cannot_be_put_in_its_place_neither_is(
    fails: str, there: bool, paths: Paths, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    services, out, rejected = paths
    services.write_bytes(BAD)
    if there:
        out.write_bytes(b"the previous file")
        rejected.write_bytes(EARLIER)
    before = {path.name: path.read_bytes() for path in services.parent.iterdir()}
    replace = Path.replace

    def replaced(path: Path, target: Path) -> Path:
        if target.name == fails and path.suffix != ".earlier":
            raise PermissionError(1, "Operation not permitted")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replaced)
    assert keep_going(services, out) == 2
    option = "--out" if fails == out.name else "--keep-going"
    said = f"error: {option} {services.parent / fails}: cannot be written: Operation not permitted\n"
    assert capfd.readouterr() == ("", said)
    assert {path.name: path.read_bytes() for path in services.parent.iterdir()} == before


def test_a_disk_that_is_full_leaves_both_earlier_files(paths: Paths) -> None:
    services, out, rejected = paths
    services.write_bytes(BAD)
    out.write_bytes(b"the previous file")
    rejected.write_bytes(EARLIER)
    command = [sys.executable, "-m", "scoring", "portfolio", str(services), "--keep-going", "--out", str(out)]
    full = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (500, 500))
    done = subprocess.run(command, cwd=ROOT, preexec_fn=full, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: --out {out}: cannot be written: File too large\n"
    assert sorted(services.parent.iterdir()) == [out, rejected, services]
    assert (out.read_bytes(), rejected.read_bytes()) == (b"the previous file", EARLIER)


def test_files_that_only_their_owner_reads_stay_so_meanwhile_too(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    services, out, rejected = paths
    services.write_bytes(BAD)
    for path in (out, rejected):
        path.touch(mode=0o600)
    seen = []
    chmod = Path.chmod

    def changed(path: Path, mode: int) -> None:
        seen.append(path.stat().st_mode & 0o777)
        chmod(path, mode)

    monkeypatch.setattr(Path, "chmod", changed)
    assert keep_going(services, out) == 1
    assert [*seen, *(path.stat().st_mode & 0o777 for path in (out, rejected))] == [0o600] * 4
