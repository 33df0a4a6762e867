"""A file that was sent is recognised and verified, whatever it is; what is wrong with it stops no other."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from scoring.files.workbook_in import is_workbook
from scoring.returns.round_in import RoundError, RoundIn, is_json, read_round
from scoring.returns.unpacked import ZipRefused, is_zip, unpacked
from scoring.rules.model import Rules

JSON_FILE, TEXT_FILE, WORKBOOK_FILE, ZIP_FILE = "refused JSON", "refused text", "refused workbook", "refused zip"
UNREADABLE = "refused file"
"""What a file is that holds no round."""
LARGEST = 200_000_000
"""Bytes of the largest file that is taken, a zip; each other kind has a lower limit of its own."""


@dataclass(frozen=True)
class Received:
    """A file that was sent. file: its name, one of a zip's behind the zip's. mark: what only files with the same bytes share.

    kind: what it is. read: what is in it, or None where it is refused. why: what is wrong with it, which goes on after its name; empty where nothing is.
    elsewhere: as in TableError, for a file that another page takes.
    """

    file: str
    mark: bytes
    kind: str
    read: RoundIn | None = None
    why: str = ""
    elsewhere: str = ""


def receive(file: str, data: bytes, rules: Rules, read_at: str) -> Iterator[Received]:
    """What a file is and what is in it; of a zip, each of its files. read_at: as `read_round` takes it."""
    mark = sha256(data).digest()
    if len(data) > LARGEST:
        why = f"is over {LARGEST // 1_000_000} MB, the most that a file may have: send less at once"
        yield Received(file, mark, TEXT_FILE, why=why)
    elif not is_zip(data):
        yield _one(file, data, rules, read_at)
    else:
        try:
            for inner in unpacked(file, data):
                if inner.refused:
                    of_inner = sha256(mark + inner.name.encode("utf-8", "replace")).digest()
                    yield Received(inner.name, of_inner, ZIP_FILE, why=inner.refused)
                else:
                    yield _one(inner.name, inner.data, rules, read_at)
        except ZipRefused as error:
            yield Received(file, mark, ZIP_FILE, why=str(error))


def _one(file: str, data: bytes, rules: Rules, read_at: str) -> Received:
    mark = sha256(data).digest()
    try:
        read = read_round(file, data, rules, read_at)
    except RoundError as error:
        kind = WORKBOOK_FILE if is_workbook(data[:8]) else JSON_FILE if is_json(data) else TEXT_FILE
        return Received(file, mark, kind, None, str(error).removeprefix(f"{file}: "), error.elsewhere)
    return Received(file, mark, read.round.kind, read, _wrong(read, rules))


def _wrong(read: RoundIn, rules: Rules) -> str:
    """What is wrong with a file that could be read; empty where it holds."""
    said = []
    if read.verification and not read.verification.matches:
        first, *more = read.verification.differences
        said += [read.verification.overview, f"{'The first: ' if more else ''}{first.told()}"]
    if read.refused:
        count = len(read.refused)
        said.append(
            f"{count:,} {'cell is' if count == 1 else 'cells are'} not taken, the first: {read.refused[0].in_words()}."
        )
    if read.round.missing:
        titles = ", ".join(rules.fact(fact).title.lower() for fact in read.round.missing)
        said.append(f"It is not scored: facts are missing ({titles}).")
    if read.round.kind == "scorecard" and read.verification is None:
        said.append(f"It was made under the rules {read.round.rulebook} and is not verified under {rules.version}.")
    return " ".join(said)
