"""The command line: the same bytes as the pages, clear refusals on standard error, and never half a file."""

import csv
import io
import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scoring.__main__ import main
from scoring.record.record_document import record_document
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes

HERE = Path(__file__).parents[1]
ROOT = HERE.parent
MESSENGER = HERE / "assessments" / "encrypted_messenger.json"
SERVICES = ROOT / "scoring" / "portfolio" / "example_services.csv"
ALLOWED = "all, none, or any of IJM-SMS-1, IJM-RES-1, IJM-RES-2, IJM-RES-3, IJM-DIS-1, IJM-DIS-2, IJM-DIS-3, IJM-DIS-4, IJM-DIS-5"
WORKED_EXAMPLES = {
    # points and points to be had: as drafted, as amended
    "encrypted_messenger": (3, 6, 3, 16),
    "cloud_drive": (0, 0, 10, 16),
    "large_social_network": (4, 4, 4, 6),
    "small_forum": (0, 0, 0, 0),
}

Run = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run a command in this process: its exit code, and what it says on standard output and on standard error."""

    def run(*arguments: object) -> tuple[int, bytes, str]:
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as stopped:
            code = stopped.code if isinstance(stopped.code, int) else 1
        out, err = capfdbinary.readouterr()
        return code, out, err.decode()

    return run


def process(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run a command as a user would, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "scoring", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        **options,
    )  # type: ignore[call-overload]


def expected(rules: Rules, path: Path = MESSENGER, adopted: tuple[str, ...] | None = None) -> bytes:
    """The scorecard as the pages give it."""
    return csv_bytes(
        scorecard(rules, from_json(path.read_bytes(), rules), None if adopted is None else adopting(rules, adopted))
    )


# ------------------------------------------------------------------------------------------------------- score
@pytest.mark.parametrize("name", WORKED_EXAMPLES)
def test_the_worked_examples_come_out_figure_for_figure(name: str, run: Run) -> None:
    code, out, err = run("score", HERE / "assessments" / f"{name}.json")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(io.StringIO(out.decode("utf-8-sig"), newline="")))
    figures = tuple(
        sum(int(row[column] or 0) for row in rows)
        for column in ("drafted_points", "drafted_out_of", "amended_points", "amended_out_of")
    )
    assert figures == WORKED_EXAMPLES[name]


@pytest.mark.parametrize("name", [*WORKED_EXAMPLES, "awkward_text"])
def test_the_command_gives_the_bytes_of_the_page(name: str, rules: Rules, run: Run) -> None:
    path = HERE / "assessments" / f"{name}.json"
    assert run("score", path) == (0, expected(rules, path), "")
    assert expected(rules, path) == (HERE / "golden" / f"{name}.csv").read_bytes()


def test_it_gives_them_in_a_process_of_its_own_too() -> None:
    done = process("score", HERE / "assessments" / "awkward_text.json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == (HERE / "golden" / "awkward_text.csv").read_bytes()


@pytest.mark.parametrize(
    ("given", "adopted"),
    [
        ("all", None),
        ("none", ()),
        ("IJM-RES-2", ("IJM-RES-2",)),
        ("IJM-RES-2,IJM-RES-3", ("IJM-RES-2", "IJM-RES-3")),
        ("IJM-RES-3,IJM-RES-2", ("IJM-RES-2", "IJM-RES-3")),
        (" IJM-RES-3 , IJM-RES-2 ", ("IJM-RES-2", "IJM-RES-3")),
        ("IJM-RES-2,IJM-RES-2", ("IJM-RES-2",)),
        ("IJM-DIS-1", ("IJM-DIS-1",)),
        ("IJM-DIS-5,IJM-DIS-4,IJM-DIS-3,IJM-DIS-2,IJM-DIS-1,IJM-RES-3,IJM-RES-2,IJM-RES-1,IJM-SMS-1", None),
    ],
)
def test_amendments_are_all_none_or_any_in_any_order(
    given: str, adopted: tuple[str, ...] | None, rules: Rules, run: Run
) -> None:
    assert run("score", MESSENGER, "--amendments", given) == (0, expected(rules, adopted=adopted), "")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("IJM-RES-9", "IJM-RES-9"),
        ("IJM-RES-2,ijm-res-3", "ijm-res-3"),
        ("", ""),
        ("IJM-RES-2,", ""),
        ("ALL", "ALL"),
        ("IJM-RES-2 IJM-RES-3", "IJM-RES-2 IJM-RES-3"),
        ("all,IJM-RES-2", "all"),
    ],
)
def test_a_recommendation_that_there_is_not_is_refused_with_those_that_there_are(
    given: str, named: str, run: Run, tmp_path: Path
) -> None:
    out = tmp_path / "card.csv"
    assert run("score", MESSENGER, "--amendments", given, "--out", out) == (
        2,
        b"",
        f"error: --amendments: there is no recommendation '{named}'; allowed: {ALLOWED}\n",
    )
    assert not out.exists()


def test_an_assessment_of_another_rulebook_version_is_scored_with_a_note(
    run: Run, tmp_path: Path, rules: Rules
) -> None:
    content = json.loads(MESSENGER.read_text(encoding="utf-8"))
    path = tmp_path / "old.json"
    path.write_text(json.dumps({**content, "rulebook": "v1.9/ijm-0"}), encoding="utf-8")
    code, out, err = run("score", path)
    assert (code, out) == (0, expected(rules))
    assert err.startswith(
        f"note: {path}: These answers were given under the rules v1.9/ijm-0; they are scored under {rules.version}."
    )


# ------------------------------------------------------------------------------------------------- bad input
def test_a_missing_input_is_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "nowhere.json"
    assert run("score", path) == (2, b"", f"error: {path}: cannot be read: No such file or directory\n")


def test_a_folder_for_an_input_is_named(run: Run, tmp_path: Path) -> None:
    assert run("score", tmp_path) == (2, b"", f"error: {tmp_path}: cannot be read: Is a directory\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "the file is empty; a saved assessment is a JSON object with the key 'format'"),
        (b"\xff", "the file is not UTF-8 text: byte 1 cannot be read"),
        (b"[" * 100_000, "the file is nested too deep; a saved assessment has objects at most six deep"),
        (b" " * (1024 * 1024 + 1), "the file is over 1 MiB; a saved assessment has at most 1,048,576 bytes"),
        (
            b"{}",
            "'format' is missing; allowed: 'mcm-assessment/2' or 'mcm-assessment/1'. This file is not an assessment that this program saved",
        ),
        (
            MESSENGER.read_bytes().replace(b"tier_1", b"tier_4"),
            "'profile.tier': unknown value 'tier_4'; allowed: tier_1, tier_2, tier_3",
        ),
        (
            MESSENGER.read_bytes().replace(b'"tier": "tier_1",', b""),
            "'profile.tier' is missing; allowed: tier_1, tier_2, tier_3",
        ),
        (
            MESSENGER.read_bytes().replace(b'"service_name": "', b'"service_name": "\\ud800'),
            "'service_name' holds the character U+D800, which is not text; allowed: letters, signs, tabs and line ends",
        ),
    ],
    ids=["empty", "not UTF-8", "deep", "large", "no format", "unknown value", "a fact is missing", "a lone surrogate"],
)
def test_a_bad_assessment_is_refused_with_its_name_and_the_previous_file_stays(
    content: bytes, says: str, run: Run, tmp_path: Path
) -> None:
    path, out = tmp_path / "bad.json", tmp_path / "card.csv"
    path.write_bytes(content)
    out.write_bytes(b"the previous file")
    assert run("score", path, "--out", out) == (2, b"", f"error: {path}: {says}\n")
    assert out.read_bytes() == b"the previous file"
    assert sorted(tmp_path.iterdir()) == [path, out]


def test_a_refusal_in_a_process_of_its_own_is_one_line_on_standard_error(tmp_path: Path) -> None:
    path = tmp_path / "bad \udcff.json"
    done = process("score", path)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error: ") and done.stderr.count(b"\n") == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "the following arguments are required: COMMAND"),
        (("score",), "the following arguments are required: ASSESSMENT.json"),
        (("scores", "x.json"), "argument COMMAND: invalid choice: 'scores'"),
        (("score", "x.json", "y.json"), "unrecognized arguments: y.json"),
        (("score", "x.json", "--amendments"), "argument --amendments: expected one argument"),
        (("score", "x.json", "--colour", "red"), "unrecognized arguments: --colour red"),
    ],
    ids=str,
)
def test_a_command_that_is_not_understood_exits_2_and_says_how_it_is_used(
    arguments: tuple[str, ...], says: str, run: Run
) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, b"")
    assert err.startswith("usage: python -m scoring") and says in err


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("--help",), ("score", "rulebook")),
        (("score", "--help"), ("ASSESSMENT.json", "--amendments", "--out")),
        (("rulebook", "--help"), ("--amendments", "--out")),
    ],
    ids=str,
)
def test_help_is_given_on_request(arguments: tuple[str, ...], names: tuple[str, ...], run: Run) -> None:
    code, out, err = run(*arguments)
    assert (code, err) == (0, "")
    assert out.startswith(b"usage: python -m scoring")
    assert all(name in out.decode() for name in names)


# ------------------------------------------------------------------------------------------------------- --out
def test_the_record_is_a_document_of_the_present_day_and_needs_a_name_for_it(
    run: Run, tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scoring.commands.of_one_service.today", lambda: date(2026, 11, 27))
    record = tmp_path / "record.docx"
    assert run("record", MESSENGER, "--out", record, "--amendments", "none") == (0, b"", "")
    regimes = adopting(rules, ())
    assert record.read_bytes() == record_document(
        rules, from_json(MESSENGER.read_bytes(), rules), date(2026, 11, 27), regimes
    )
    for out in ((), ("--out", tmp_path / "record.pdf")):
        assert run("record", MESSENGER, *out) == (2, b"", "error: the record is a document and needs --out FILE.docx\n")


def test_out_writes_the_same_bytes_and_nothing_on_standard_output(run: Run, tmp_path: Path, rules: Rules) -> None:
    out = tmp_path / "card.csv"
    assert run("score", MESSENGER, "--out", out) == (0, b"", "")
    assert out.read_bytes() == expected(rules)
    assert list(tmp_path.iterdir()) == [out]


def test_out_takes_the_place_of_the_previous_file_and_keeps_its_permissions(
    run: Run, tmp_path: Path, rules: Rules
) -> None:
    out = tmp_path / "card.csv"
    out.write_bytes(b"the previous file, longer than nothing" * 1000)
    out.chmod(0o640)
    assert run("score", MESSENGER, "--out", out)[0] == 0
    assert out.read_bytes() == expected(rules)
    assert out.stat().st_mode & 0o777 == 0o640


def test_a_new_file_has_the_permissions_of_any_new_file(run: Run, tmp_path: Path) -> None:
    out, other = tmp_path / "card.csv", tmp_path / "other"
    other.touch()
    assert run("score", MESSENGER, "--out", out)[0] == 0
    assert out.stat().st_mode == other.stat().st_mode


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(run: Run, tmp_path: Path, rules: Rules) -> None:
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_bytes(b"the previous file")
    link.symlink_to(target)
    assert run("score", MESSENGER, "--out", link)[0] == 0
    assert link.is_symlink() and target.read_bytes() == expected(rules)


@pytest.mark.parametrize("command", ["score", "explain"])
@pytest.mark.parametrize("through_a_link", [False, True], ids=["by name", "through a link"])
def test_the_assessment_itself_is_never_written_over(
    command: str, through_a_link: bool, run: Run, tmp_path: Path
) -> None:
    path, out = tmp_path / "messenger.json", tmp_path / "out"
    path.write_bytes(MESSENGER.read_bytes())
    if through_a_link:
        out.symlink_to(path)
    else:
        out = path
    assert run(command, path, "--out", out) == (
        2,
        b"",
        f"error: --out {out}: would write over {path}, which is being read\n",
    )
    assert path.read_bytes() == MESSENGER.read_bytes()


def test_out_may_be_a_name_without_a_folder(
    run: Run, tmp_path: Path, rules: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("score", MESSENGER, "--out", "card.csv") == (0, b"", "")
    assert (tmp_path / "card.csv").read_bytes() == expected(rules)


def test_a_folder_that_is_not_there_is_named_and_not_made(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "nowhere" / "card.csv"
    assert run("score", MESSENGER, "--out", out) == (
        2,
        b"",
        f"error: --out {out}: cannot be written: No such file or directory\n",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("what", ["a folder", "a device"])
def test_what_is_not_a_file_is_not_replaced(what: str, run: Run, tmp_path: Path) -> None:
    out = tmp_path if what == "a folder" else Path(os.devnull)
    assert run("score", MESSENGER, "--out", out) == (
        2,
        b"",
        f"error: --out {out}: cannot be written: it is not a file\n",
    )
    assert not out.is_file() and list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("what", ["/dev/stdout", "/dev/stderr", "a named pipe", "a link to itself"])
@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there are no such names here")
def test_a_stream_a_pipe_and_a_link_to_nowhere_are_not_replaced_either(what: str, tmp_path: Path) -> None:
    out, says = Path(what), "it is not a file"
    if what == "a named pipe":
        out = tmp_path / "pipe"
        os.mkfifo(out)
    elif what == "a link to itself":
        out, says = tmp_path / "loop", "Too many levels of symbolic links"
        out.symlink_to(out)
    before = list(tmp_path.iterdir())
    done = process("score", MESSENGER, "--out", out)
    said = f"error: --out {out}: cannot be written: {says}\n"
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", said)
    assert list(tmp_path.iterdir()) == before


@pytest.mark.slow
@pytest.mark.parametrize("command", ["score", "portfolio"])
@pytest.mark.parametrize("there", ["the log itself", "another name of it", "/dev/stdout"])
def test_the_file_that_standard_output_goes_to_is_not_replaced(command: str, there: str, tmp_path: Path) -> None:
    log, other = tmp_path / "log", tmp_path / "other"
    log.write_bytes(b"before\n")
    other.hardlink_to(log)
    out = {"the log itself": log, "another name of it": other}.get(there, Path(there))
    given = MESSENGER if command == "score" else SERVICES
    with log.open("ab") as stream:
        done = subprocess.run(
            [sys.executable, "-m", "scoring", command, given, "--out", out],
            cwd=ROOT,
            stdout=stream,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == f"error: --out {out}: cannot be written: standard output or standard error goes there\n"
    assert log.read_bytes() == b"before\n"
    assert sorted(tmp_path.iterdir()) == [log, other]


def test_a_name_may_be_as_long_as_the_disk_allows(run: Run, tmp_path: Path, rules: Rules) -> None:
    out = tmp_path / ("x" * os.pathconf(tmp_path, "PC_NAME_MAX"))
    assert run("score", MESSENGER, "--out", out) == (0, b"", "")
    assert out.read_bytes() == expected(rules)
    assert run("score", MESSENGER, "--out", f"{out}x")[0] == 2


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="nothing is unwritable for the superuser")
def test_a_folder_that_may_not_be_written_is_named_and_the_previous_file_stays(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "card.csv"
    out.write_bytes(b"the previous file")
    tmp_path.chmod(0o555)
    try:
        assert run("score", MESSENGER, "--out", out) == (
            2,
            b"",
            f"error: --out {out}: cannot be written: Permission denied\n",
        )
        assert out.read_bytes() == b"the previous file"
    finally:
        tmp_path.chmod(0o755)


def test_a_disk_that_fills_up_half_way_leaves_the_previous_file_and_no_half_one(tmp_path: Path) -> None:
    out = tmp_path / "card.csv"
    out.write_bytes(b"the previous file")
    done = process(
        "score", MESSENGER, "--out", out, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
    )
    assert (done.returncode, done.stdout, done.stderr.decode()) == (
        2,
        b"",
        f"error: --out {out}: cannot be written: File too large\n",
    )
    assert out.read_bytes() == b"the previous file"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("step", ["chmod", "replace"])
def test_whatever_fails_on_the_way_the_previous_file_stays_and_nothing_is_left_over(
    step: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "card.csv"
    out.write_bytes(b"the previous file")

    def fails(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, step, fails)
    assert run("score", MESSENGER, "--out", out) == (
        2,
        b"",
        f"error: --out {out}: cannot be written: Permission denied\n",
    )
    assert out.read_bytes() == b"the previous file"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full disk to write to")
def test_a_full_disk_behind_standard_output_is_said_and_is_no_traceback() -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "scoring", "score", str(MESSENGER)],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        2,
        b"error: standard output: cannot be written: No space left on device\n",
    )


def test_a_reader_that_goes_away_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "scoring", "rulebook"], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


# ---------------------------------------------------------------------------------------- what a terminal is given
SIGNS = "\u202e\u2066\u200f\x85\x9b2J\x9d"


def prints(text: bytes) -> bool:
    """Whether a terminal shows nothing but signs, line after line."""
    return all(line.isprintable() for line in text.decode().split("\n"))


@pytest.mark.parametrize("to_a_file", [False, True], ids=["", "--out"])
def test_signs_that_move_a_cursor_or_turn_a_line_around_are_written_out_by_explain(
    to_a_file: bool, run: Run, tmp_path: Path
) -> None:
    path, out = tmp_path / "signs.json", tmp_path / "out.txt"
    content = json.loads(MESSENGER.read_text(encoding="utf-8"))
    plain = run("explain", MESSENGER)[1].decode()
    path.write_text(json.dumps({**content, "service_name": f"Word{SIGNS}\nerror: Word"}), encoding="utf-8")
    code, said, error = run("explain", path, *(("--out", out) if to_a_file else ()))
    said = said or out.read_bytes()
    assert (code, error) == (0, "") and prints(said)
    assert said.decode().splitlines()[1:] == plain.splitlines()[1:]
    assert said.decode().splitlines()[0].startswith("Why each measure applies, or does not: Word")
    assert r"\u202e" in said.decode().splitlines()[0] and r"\x9b2J" in said.decode().splitlines()[0]


def test_signs_that_move_a_cursor_or_turn_a_line_around_are_written_out_by_verify(
    run: Run, tmp_path: Path, rules: Rules
) -> None:
    path = tmp_path / "\x1b[2J\u202e\x07\b\r\n\udcff.csv"
    name = str(tmp_path) + r"/\x1b[2J\u202e\x07\x08\r\n\udcff.csv"
    path.write_bytes(expected(rules))
    code, said, error = run("verify", path)
    assert (code, error) == (0, "") and prints(said) and said.decode().startswith(f"{name}: The scorecard matches")
    path.write_bytes(expected(rules).replace(b"Applies: ", "\u202e\x1b[2J\b".encode(), 1))
    code, said, error = run("verify", path)
    assert (code, error) == (1, "") and prints(said) and said.decode().count("\n") == 4
    path.write_bytes(b"")
    code, said, error = run("verify", path)
    assert (code, said) == (2, b"") and error.startswith(f"error: {name}: ") and prints(error.encode())
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("score", "{}"),
        ("score", MESSENGER, "--out", "{}/x"),
        ("explain", "{}"),
        ("verify", "{}"),
        ("portfolio", "{}"),
        ("portfolio", "{}", "--out", "{}"),
        ("score", MESSENGER, "{}"),
        ("{}",),
        ("score", MESSENGER, "--amendments", "{}"),
    ],
    ids=str,
)
def test_whatever_is_given_a_message_is_lines_that_print(arguments: tuple[object, ...], run: Run) -> None:
    code, said, error = run(*(str(given).format("no\nerror: \x1b[2J\u202e\r") for given in arguments))
    assert (code, said) == (2, b"") and prints(error.encode())
    assert not any(line.startswith("error: ") for line in error.splitlines()[1:])


# ------------------------------------------------------------------------------------------------------ rulebook
def test_rulebook_prints_both_rulebooks_with_every_rule_its_basis_and_its_place(run: Run, rules: Rules) -> None:
    code, out, err = run("rulebook")
    assert (code, err) == (0, "")
    said = out.decode()
    drafted, amended = said.split("THE RULEBOOK AS AMENDED")
    amended, did = amended.split("WHAT EACH RECOMMENDATION DID")
    for measure in rules.drafted.measures:
        assert f"({measure.id})" in drafted and f"({measure.id})" in amended
        for requirement in measure.requirements:
            assert f"{requirement.id}: " in drafted and f"{requirement.id}: " in amended
    assert "DIS-NEW" not in drafted and "(DIS-NEW)" in amended
    assert all(f"({each.id})" in did for each in rules.recommendations)
    assert "[described; Strengths]" in drafted


def test_rulebook_without_recommendations_prints_the_drafted_one_twice(run: Run) -> None:
    code, out, _ = run("rulebook", "--amendments", "none")
    said = out.decode()
    drafted, amended = said.split("THE RULEBOOK AS AMENDED (recommendations: none)\n")
    assert code == 0
    assert amended.startswith(drafted.split("THE RULEBOOK AS DRAFTED\n")[1])


def test_rulebook_does_not_depend_on_the_order_of_recommendations(run: Run) -> None:
    assert run("rulebook", "--amendments", "IJM-DIS-4,IJM-DIS-3") == run(
        "rulebook", "--amendments", "IJM-DIS-3,IJM-DIS-4"
    )


# ------------------------------------------------------------------------------------------------------ imports
@pytest.mark.slow
@pytest.mark.parametrize("command", [("score", MESSENGER), ("rulebook",)], ids=lambda command: command[0])
def test_no_screen_chart_or_table_library_is_loaded_on_the_way_to_a_scorecard(command: tuple[object, ...]) -> None:
    program = (
        "import sys\nfrom scoring.__main__ import main\n"
        f"code = main({[str(each) for each in command]!r})\n"
        "heavy = {'streamlit', 'pandas', 'plotly', 'matplotlib', 'pyarrow', 'questionnaire'} & {each.partition('.')[0] for each in sys.modules}\n"
        "sys.exit(f'loaded: {sorted(heavy)}' if heavy else code)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
