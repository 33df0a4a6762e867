"""Where a command's result goes: to standard output, or to files that are put in their places whole or not at all.

A signal that ends the program takes away what was begun. Once a file is in its place the program is done, and is no
longer ended by a signal: a program that was stopped has changed nothing.
"""

import errno
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO, TextIO

from scoring.files.messages import printable

ENDING = tuple(
    getattr(signal, name)
    for name in ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGXCPU", "SIGALRM", "SIGUSR1", "SIGUSR2")
    if hasattr(signal, name)
)
"""The signals that end a program."""
Handler = Callable[[int, FrameType | None], Any] | int | None


class CannotWrite(Exception):
    """A result that cannot be written; the message says where to, and why."""


def why(error: OSError) -> str:
    """What the system says of it."""
    return error.strerror or str(error) or type(error).__name__


def named(path: Path) -> str:
    """A file in a message, on one line whatever it is called."""
    return printable(str(path)).replace("\n", "\\n")


# --------------------------------------------------------------------------------------------- standard streams
def tell(message: str) -> None:
    """Say it on standard error. Where that cannot be written, nobody is there to be told."""
    if sys.stderr is None:
        return
    try:
        print(printable(message), file=sys.stderr, flush=True)
    except OSError:
        _let_go(sys.stderr)


def to_standard_output(file: BinaryIO) -> None:
    """Copy what is left of a file to standard output. Raises CannotWrite, but not where the reader has gone."""
    if sys.stdout is None:
        raise CannotWrite("standard output: cannot be written: it is closed")
    try:
        shutil.copyfileobj(file, sys.stdout.buffer, 1024 * 1024)
        sys.stdout.buffer.flush()
    except OSError as error:
        _let_go(sys.stdout)
        if not isinstance(error, BrokenPipeError):
            raise CannotWrite(f"standard output: cannot be written: {why(error)}") from None


def _let_go(stream: TextIO) -> None:
    """Lead a stream that fails to nowhere: what it still holds would fail again when the program ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


# ------------------------------------------------------------------------------------------------------ signals
@contextmanager
def signals_as_before() -> Iterator[None]:
    """Afterwards, signals are handled as they were."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        yield
    finally:
        _handle(before)


def _handle(handlers: dict[int, Handler]) -> None:
    for number, handler in handlers.items():
        if handler is not None:  # nor can it be set where it was not Python that set it
            signal.signal(number, handler)


def _not_ignored() -> dict[int, Handler]:
    """How the signals are handled that end the program; not those that whoever started it wants ignored."""
    handlers = {number: signal.getsignal(number) for number in ENDING}
    return {number: handler for number, handler in handlers.items() if handler not in (signal.SIG_IGN, None)}


@contextmanager
def _signals_later() -> Iterator[None]:
    """A signal that comes meanwhile has its effect at the end."""
    before, came = _not_ignored(), []
    _handle({number: lambda number, _: came.append(number) for number in before})
    try:
        yield
    finally:
        _handle(before)
        for number in came[:1]:
            signal.raise_signal(number)


# -------------------------------------------------------------------------------------------------------- files
@contextmanager
def put_aside() -> Iterator[BinaryIO]:
    """A file without a name, for a result that is not yet whole; it goes when the program ends, however it ends."""
    try:
        with _signals_later():  # on some disks it has a name for a moment
            file = tempfile.TemporaryFile()
        with file:
            yield file
    except OSError as error:
        raise CannotWrite(f"temporary file: cannot be written: {why(error)}") from None


class NewFile:
    """A file in the making, under a name of its own beside the place where it is to go.

    wanted: whether it is to be put in its place. option: which option asked for it.
    """

    def __init__(self, given: Path, option: str = "--out") -> None:
        self.given, self.option, self.wanted = given, option, True
        self.path = Path(os.path.realpath(given))  # a link stays a link
        self._making = self.path.with_name(f".scoring-{os.urandom(8).hex()}")
        self._earlier = self._making.with_suffix(".earlier")
        self._file: BinaryIO | None = None

    @property
    def file(self) -> BinaryIO:
        """What to write to, once it is begun."""
        assert self._file is not None
        return self._file

    def error(self, error: OSError | str) -> CannotWrite:
        """That it cannot be written, and why."""
        said = why(error) if isinstance(error, OSError) else error
        return CannotWrite(f"{self.option} {named(self.given)}: cannot be written: {said}")

    def check(self) -> None:
        """Raise CannotWrite where something is in its place that is no file."""
        try:
            if self.given.exists() and not self.given.is_file():
                raise self.error("it is not a file")
            if self.path.exists() and any(os.path.samestat(self.path.stat(), os.fstat(stream)) for stream in (1, 2)):
                raise self.error("standard output or standard error goes there")
            if self.path.is_symlink():  # a link that leads to itself
                raise self.error(os.strerror(errno.ELOOP))
        except OSError as error:
            raise self.error(error) from None

    def begin(self) -> None:
        """Open it, for nobody else to read."""
        try:
            self._file = open(self._making, "x+b", opener=lambda path, flags: os.open(path, flags, 0o600))
        except OSError as error:
            raise self.error(error) from None

    def finish(self) -> None:
        """Close it, with the permissions that it is to have."""
        try:
            self.file.close()
            self._making.chmod(self.path.stat().st_mode & 0o777 if self.path.exists() else 0o666 & ~_umask())
        except OSError as error:
            raise self.error(error) from None

    def put_in_place(self, keep_earlier: bool) -> None:
        """Put it where it is to go; what was there before is kept beside it, so that it can be put back."""
        try:
            if keep_earlier and self.path.exists():
                with suppress(OSError):  # not every disk knows two names for a file
                    os.link(self.path, self._earlier)
            self._making.replace(self.path)
        except OSError as error:
            raise self.error(error) from None

    def take_back(self, was_there: bool) -> None:
        """Put back what was there before."""
        with suppress(OSError):
            if not was_there:
                self.path.unlink()
            elif self._earlier.exists():
                self._earlier.replace(self.path)

    def clear_away(self) -> None:
        """Leave nothing beside the place where it goes."""
        for path in (self._making, self._earlier):
            with suppress(OSError):
                path.unlink()


@contextmanager
def new_files(*files: NewFile) -> Iterator[None]:
    """Make files that are put in their places together at the end of the `with`; after an error or a signal, none is.

    Raises CannotWrite. The last file is put in its place first: the first one says to others that all is done.
    """
    for new in files:
        new.check()
    before = _not_ignored()

    def stopped(number: int, _: FrameType | None) -> None:
        for new in files:
            new.clear_away()
        _handle(before)
        signal.raise_signal(number)

    _handle(dict.fromkeys(before, stopped))
    try:
        for new in files:
            new.begin()
        try:
            yield
        except OSError as error:
            raise files[0].error(error) from None
        for new in files:
            new.finish()
        _handle(dict.fromkeys(before, signal.SIG_IGN))
        _put_in_place([new for new in reversed(files) if new.wanted])
    except BaseException:
        _clear_away(files)
        _handle(before)
        raise
    _clear_away(files)


def _clear_away(files: Sequence[NewFile]) -> None:
    for new in files:
        if new._file is not None:
            with suppress(OSError):
                new._file.close()
        new.clear_away()


def _put_in_place(files: list[NewFile]) -> None:
    """All of them; and where one cannot be put in its place, none, as far as the disk goes along."""
    were_there = [new.path.exists() for new in files]
    done = 0
    try:
        for new in files:
            new.put_in_place(keep_earlier=len(files) > 1)
            done += 1
    except CannotWrite:
        for new, was_there in zip(files[:done], were_there, strict=False):
            new.take_back(was_there)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
