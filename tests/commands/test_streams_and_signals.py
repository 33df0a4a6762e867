"""The command line as a process: whatever its streams and whatever stops it, a sentence at most and no file left."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
ROOT = HERE.parent
MESSENGER = HERE / "assessments" / "encrypted_messenger.json"
SERVICES = ROOT / "scoring" / "portfolio" / "example_services.csv"
CARD = HERE / "golden" / "encrypted_messenger.csv"
COMMAND = [sys.executable, "-m", "scoring"]
Commands = dict[str, tuple[list[str], int]]
Said = dict[str, tuple[bytes, bytes]]
Folders = tuple[Path, dict[str, str]]

pytestmark = [
    pytest.mark.skipif(not Path("/dev/full").exists(), reason="there are no such streams and signals here"),
    pytest.mark.slow,  # nearly every test starts several processes
]


# ----------------------------------------------------------------------------------- commands and their streams
@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Commands:
    """Commands, each with the exit code that it has when its streams are good."""
    folder = tmp_path_factory.mktemp("given")
    changed, bad, old = folder / "changed.csv", folder / "bad.csv", folder / "old.json"
    changed.write_bytes(CARD.read_bytes().replace(b",partly,", b",met,"))
    bad.write_bytes(SERVICES.read_bytes().replace(b"tier_1", b"tier_9"))
    old.write_bytes(MESSENGER.read_bytes().replace(b'"rulebook": "', b'"rulebook": "v0-'))
    return {
        "score": (["score", str(MESSENGER)], 0),
        "score with a note": (["score", str(old)], 0),
        "explain": (["explain", str(MESSENGER)], 0),
        "verify": (["verify", str(CARD)], 0),
        "verify with differences": (["verify", str(changed)], 1),
        "portfolio": (["portfolio", str(SERVICES)], 0),
        "portfolio with bad rows": (["portfolio", str(bad)], 2),
        "obligations": (["obligations"], 0),
        "rulebook": (["rulebook"], 0),
        "help": (["score", "--help"], 0),
        "a command that there is not": (["scores"], 2),
    }


@pytest.fixture(scope="module")
def said(commands: Commands) -> Said:
    """What each command says on good streams: on standard output, and on standard error."""
    found = {}
    for name, (arguments, code) in commands.items():
        done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == code
        found[name] = done.stdout, done.stderr
    return found


CLOSED = b"error: standard output: cannot be written: it is closed\n"
FULL = b"error: standard output: cannot be written: No space left on device\n"
SOME = ("score with a note", "portfolio with bad rows", "help", "a command that there is not")
"""Of each kind one: a process takes its time to start."""


def on(redirected: str, arguments: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run a command on streams as a shell redirects them."""
    words = ["sh", "-c", f'"$@" {redirected}', "sh", *COMMAND, *arguments]
    return subprocess.run(words, cwd=ROOT, capture_output=True, check=False)


@pytest.mark.parametrize(("redirected", "sentence"), [(">&-", CLOSED), (">/dev/full", FULL)])
def test_a_result_that_cannot_be_written_is_one_sentence_and_exit_2(
    redirected: str, sentence: bytes, commands: Commands, said: Said
) -> None:
    for name in commands if sentence == CLOSED else SOME:
        arguments, code = commands[name]
        done = on(redirected, arguments)
        out, error = said[name]
        assert (done.returncode, done.stdout) == (2 if out else code, b""), name
        assert done.stderr == error + (sentence if out else b""), name


@pytest.mark.parametrize("redirected", ["<&- >&- 2>&-", ">/dev/full 2>/dev/full"])
def test_where_neither_result_nor_message_can_be_written_the_exit_code_says_so(
    redirected: str, commands: Commands, said: Said
) -> None:
    for name in SOME:
        arguments, code = commands[name]
        done = on(redirected, arguments)
        assert (done.returncode, done.stdout, done.stderr) == (2 if said[name][0] else code, b"", b""), name


def test_with_standard_error_closed_the_result_and_the_exit_code_are_the_same(commands: Commands, said: Said) -> None:
    for name in SOME:
        arguments, code = commands[name]
        done = on("2>&-", arguments)
        assert (done.returncode, done.stdout) == (code, said[name][0]), name


def test_a_message_that_cannot_be_written_changes_nothing_else(commands: Commands, said: Said) -> None:
    for name in SOME:
        arguments, code = commands[name]
        done = on("2>/dev/full", arguments)
        assert (done.returncode, done.stdout) == (code, said[name][0]), name
        with gone() as nobody:
            done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=nobody, check=False)
        assert (done.returncode, done.stdout) == (code, said[name][0]), name


def test_where_the_reader_of_the_result_has_gone_there_is_nothing_to_say(commands: Commands, said: Said) -> None:
    for name in (*SOME, "verify with differences"):
        arguments, code = commands[name]
        with gone() as nobody:
            done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, stdout=nobody, stderr=subprocess.PIPE, check=False)
        assert (done.returncode, done.stderr) == (code, said[name][1]), name


class gone:
    """The end of a pipe whose other end nobody reads."""

    def __enter__(self) -> int:
        reading, self.writing = os.pipe()
        os.close(reading)
        return self.writing

    def __exit__(self, *_: object) -> None:
        os.close(self.writing)


def test_with_every_stream_closed_a_file_is_written_whole_all_the_same(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    for command in (["score", MESSENGER], ["portfolio", SERVICES, "--keep-going"]):
        arguments = [*COMMAND, *map(str, command), "--out", str(out)]
        done = subprocess.run(["sh", "-c", '"$@" <&- >&- 2>&-', "sh", *arguments], cwd=ROOT, check=False)
        assert done.returncode == 0 and list(tmp_path.iterdir()) == [out]
        plain = subprocess.run([*COMMAND, *map(str, command[:2])], cwd=ROOT, capture_output=True, check=True)
        assert out.read_bytes() == plain.stdout


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "utf-16"},
        {"TMPDIR": "/nowhere"},
    ],
    ids=str,
)
def test_the_bytes_and_the_messages_do_not_depend_on_the_surroundings(
    environment: dict[str, str], commands: Commands, said: Said
) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run([*COMMAND, *arguments], cwd=ROOT, env=environment, capture_output=True, check=False)

    done = run(*commands["portfolio"][0])
    assert (done.returncode, done.stdout, done.stderr) == (0, *said["portfolio"])
    done = run("score", "né\u202e.json")
    message = done.stderr.decode(environment.get("PYTHONIOENCODING", "utf-8"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert message.startswith("error: n") and "cannot be read" in message and message.count("\n") == 1


def test_no_room_to_put_a_portfolio_aside_is_said(tmp_path: Path) -> None:
    program = """
        import resource, runpy
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        runpy.run_module("scoring", run_name="__main__", alter_sys=True)
    """
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    done = in_python(program, "portfolio", SERVICES, env=environment)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: temporary file: cannot be written: File too large\n"
    assert list(tmp_path.iterdir()) == []


def in_python(program: str, *arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a program that is given as text."""
    words = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, **options)  # type: ignore


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        (
            "ValueError('one\\ntwo')",
            "something went wrong, by a fault of this program: ValueError at of_one_service.py, ",
        ),
        ("MemoryError", "there is not enough memory\n"),
    ],
)
def test_a_fault_of_the_program_and_too_little_memory_are_sentences_too(fault: str, says: str, tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    out.write_bytes(b"the previous file")
    program = f"""
        import runpy
        import scoring.commands.of_one_service
        def fails(*_):
            raise {fault}
        scoring.commands.of_one_service.csv_bytes = fails
        runpy.run_module("scoring", run_name="__main__", alter_sys=True)
    """
    done = in_python(program, "score", MESSENGER, "--out", out)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {says}") and done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == [out] and out.read_bytes() == b"the previous file"


# ------------------------------------------------------------------------------------------------------ signals
SIGNALS = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM]
FRESH = [
    sys.executable,
    "-c",
    "import os, signal, sys\n"
    "for name in ('HUP', 'INT', 'QUIT', 'TERM'): signal.signal(signal.Signals[f'SIG{name}'], signal.SIG_DFL)\n"
    "os.execv(sys.executable, [sys.executable, '-m', 'scoring', *sys.argv[1:]])",
]
"""The command with no signal ignored, whoever runs the tests."""
SLOW = 300_000
"""Rows that take much longer than a signal takes to arrive."""


def services(path: Path, rows: int) -> Path:
    """A file of so many services."""
    header, first = SERVICES.read_text(encoding="utf-8").splitlines()[:2]
    rest = first.partition(",")[2]
    with path.open("w", encoding="utf-8") as file:
        file.write(f"{header}\n")
        file.writelines(f"Service {number},{rest}\n" for number in range(rows))
    return path


@pytest.fixture(scope="module")
def many_services(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return services(tmp_path_factory.mktemp("many") / "services.csv", SLOW)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """A folder with an earlier file in it, and surroundings with a folder of their own for temporary files."""
    (tmp_path / "temporary").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "scores.csv").write_bytes(b"the previous file")
    return tmp_path / "out", {**os.environ, "TMPDIR": str(tmp_path / "temporary")}


def started(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    words = [*FRESH, *arguments]
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def is_as_before(out: Path) -> None:
    """The earlier file is untouched, and there is no other, neither here nor among the temporary ones."""
    assert [path.name for path in out.iterdir()] == ["scores.csv"]
    assert (out / "scores.csv").read_bytes() == b"the previous file"
    assert list((out.parent / "temporary").iterdir()) == []


def ended_by(process: subprocess.Popen[bytes], number: int) -> None:
    """The process ended by the signal, of which a shell makes 128 and its number, and said nothing."""
    _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (-number, b"")


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_while_a_large_portfolio_is_scored_into_a_file_leaves_nothing(
    number: int, many_services: Path, folders: Folders
) -> None:
    out, environment = folders
    process = started(["portfolio", str(many_services), "--keep-going", "--out", str(out / "scores.csv")], environment)
    while not any(path.stat().st_size for path in out.glob(".*")):  # until it has begun to write
        assert process.poll() is None, process.communicate()
        time.sleep(0.005)
    process.send_signal(number)
    ended_by(process, number)
    is_as_before(out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_while_standard_output_is_waited_for_leaves_nothing(
    number: int, folders: Folders, tmp_path: Path
) -> None:
    out, environment = folders
    process = started(["portfolio", str(services(tmp_path / "services.csv", 5_000))], environment)
    assert process.stdout is not None and process.stdout.read(1) == b"\xef"  # and no more: it cannot go on
    process.send_signal(number)
    ended_by(process, number)
    is_as_before(out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
@pytest.mark.parametrize("while_it", ["starts", "reads"])
def test_a_signal_while_it_starts_or_waits_for_its_input_leaves_nothing(
    while_it: str, number: int, folders: Folders, tmp_path: Path
) -> None:
    out, environment = folders
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    given = MESSENGER
    if while_it == "starts":  # a module that it imports waits
        (tmp_path / "modules").mkdir()
        (tmp_path / "modules" / "argparse.py").write_text(f"open({str(pipe)!r}).read()", encoding="utf-8")
        environment["PYTHONPATH"] = str(tmp_path / "modules")
    else:
        given = pipe
    process = started(["score", str(given), "--out", str(out / "scores.csv")], environment)
    with pipe.open("wb"):  # which waits until the process reads it
        process.send_signal(number)
        ended_by(process, number)
    is_as_before(out)


@pytest.mark.parametrize(("number", "shown"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_shell_shows_130_for_ctrl_c_and_143_for_a_termination(
    number: int, shown: int, folders: Folders, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    words = ["sh", "-c", '"$@"; echo $?', "sh", *FRESH, "score", str(pipe)]
    shell = subprocess.Popen(words, cwd=ROOT, env=folders[1], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with pipe.open("wb"):
        (child,) = Path(f"/proc/{shell.pid}/task/{shell.pid}/children").read_text(encoding="ascii").split()
        os.kill(int(child), number)
        said, _ = shell.communicate(timeout=60)
    assert said == f"{shown}\n".encode()


def test_a_signal_that_whoever_started_it_wants_ignored_is_ignored(folders: Folders, tmp_path: Path) -> None:
    out, environment = folders
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" HUP INT; exec "$@"', "sh", *COMMAND, "score", pipe, "--out", out / "scores.csv"],
        cwd=ROOT,
        env=environment,
        stderr=subprocess.PIPE,
    )
    with pipe.open("wb") as file:
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGINT)
        file.write(MESSENGER.read_bytes())
    assert process.communicate(timeout=60)[1] == b"" and process.returncode == 0
    assert (out / "scores.csv").read_bytes() == CARD.read_bytes()


EVERY_MOMENT = """
    import os, signal, sys
    from pathlib import Path
    from scoring.files import output
    from scoring.__main__ import _begin

    folder = Path(sys.argv[1])
    scores, rejects = folder / "scores.csv", folder / "scores.csv.rejected.csv"
    BEFORE = {scores.name: b"earlier"}
    AFTER = {scores.name: b"new", rejects.name: b"new"}
    NEVER_CAME, FAILED = 9, 8

    def write():
        with output.put_aside() as aside:
            aside.write(b"something")
        files = output.NewFile(scores), output.NewFile(rejects)
        with output.new_files(*files):
            for new in files:
                new.file.write(b"new")

    def stopped_at(moment):
        seen = 0
        def trace(frame, event, _):
            nonlocal seen
            if frame.f_globals.get("__name__") not in ("scoring.files.output", "tempfile"):
                return None
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGTERM)
            return trace
        _begin()
        sys.settrace(trace)
        write()
        sys.settrace(None)
        return 0 if seen >= moment else NEVER_CAME

    codes = []
    while NEVER_CAME not in codes:
        for path in folder.iterdir():
            path.unlink()
        for name, content in BEFORE.items():
            (folder / name).write_bytes(content)
        child = os.fork()
        if not child:
            code = FAILED
            try:
                code = stopped_at(len(codes) + 1)
            finally:
                os._exit(code)
        codes.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        found = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert found == (BEFORE if codes[-1] == -signal.SIGTERM else AFTER), (len(codes), codes[-1], found)
    assert set(codes) == {-signal.SIGTERM, 0, NEVER_CAME}, codes
    print("stopped at", codes.count(-signal.SIGTERM), "moments, done at", codes.count(0))
"""
"""A signal at the first step of writing, in a new process at the second, and so on, until it comes too late."""


def test_at_every_moment_of_writing_a_signal_leaves_either_nothing_or_all(tmp_path: Path) -> None:
    done = in_python(EVERY_MOMENT, tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)})
    assert done.stderr == "" and done.stdout.startswith("stopped at ")
