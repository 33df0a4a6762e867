"""`python -m scoring`: the command line as a process, from its first moment to its exit code."""

import os
import sys

try:  # until `_begin` has run, Python itself answers Ctrl-C, with a traceback
    import signal
    from collections.abc import Sequence
    from types import FrameType
except KeyboardInterrupt:
    os._exit(130)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command in a program that goes on afterwards. Returns the exit code, as `command_line.run` does."""
    from scoring.commands.command_line import run
    from scoring.files.output import signals_as_before

    with signals_as_before():
        return run(arguments)


def _begin() -> None:
    """From here on a signal ends the program at once and without a word, and no file takes a closed stream's number."""
    for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGXCPU", "SIGALRM", "SIGUSR1", "SIGUSR2"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _stop)
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # is given the lowest free number, which is this one


def _stop(number: int, frame: FrameType | None) -> None:
    """End as if the signal had not been handled, so that a shell knows: it shows 128 and the signal's number."""
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)
    os._exit(128 + number)  # the first process of a container outlives its own signal


def _process() -> int:
    """Run the command that this process was started for. Whatever fails, it is said in a sentence."""
    try:
        from scoring.commands.command_line import run

        return run()
    except MemoryError:
        said = "there is not enough memory"
    except Exception as error:
        said = f"something went wrong, by a fault of this program: {_kind_and_place(error)}"
    from scoring.files.output import tell

    tell(f"error: {said}")
    return 2


def _kind_and_place(error: Exception) -> str:
    """What an error is, and the line of this program where it came up."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        path = trace.tb_frame.f_code.co_filename
        if path.startswith(os.path.dirname(__file__) + os.sep):
            place = f" at {os.path.basename(path)}, line {trace.tb_lineno}"
        trace = trace.tb_next
    what = " ".join(str(error).split())[:200]
    return f"{type(error).__name__}{place}{f' ({what})' if what else ''}"


if __name__ == "__main__":
    _begin()
    sys.exit(_process())
