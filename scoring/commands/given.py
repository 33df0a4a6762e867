"""What the caller of a command gave: files that are read once and never written over, and what is said of bad input."""

import os
from datetime import date
from pathlib import Path

from scoring.files.output import named, tell
from scoring.files.text_in import TableError, unchanging
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment, version_notice
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json
from scoring.score.scorecard import IncompleteProfile

PROBLEMS_SHOWN = 20
"""How many bad cells a message lists; all are counted."""


class BadInput(Exception):
    """Something the caller gave that cannot be used; the message names it and says what is allowed."""


class WithFault(bytes):
    """The output of a command that ran and found fault."""


def today() -> date:
    """The day where this program runs, on which plans are overdue and evidence is no longer good."""
    return date.today()


def shown(given: str) -> str:
    """Something the caller gave, in a message: of a long one the beginning."""
    return repr(given) if len(given) <= 40 else f"{given[:40]!r}..."


def assessment_in(path: Path, rules: Rules, written: Path | None, whole: bool = True) -> Assessment:
    """Read a saved assessment, whose facts are all there if it is to be whole; says on standard error where it was made under other rules."""
    try:
        assessment = from_json(read(path, LARGEST_FILE + 1, written), rules)
        absent = assessment.missing(rules)
        if absent and whole:
            raise IncompleteProfile(absent)
    except (AssessmentError, IncompleteProfile) as error:
        raise BadInput(f"{named(path)}: {error}") from None
    notice = version_notice(assessment, rules)
    if notice:
        tell(f"note: {named(path)}: {notice}")
    return assessment


def read(path: Path, most: int, written: Path | None = None) -> bytes:
    """The first bytes of a file or a pipe, as many as `most`. Raises BadInput, also for a file that changes meanwhile, or is to be written."""
    not_over(path, written)
    try:
        with unchanging(path) as file:
            return file.read(most)
    except TableError as error:
        raise BadInput(f"{named(path)}: {error}") from None


def not_over(path: Path, written: Path | None) -> None:
    """What is read is never written over."""
    if written is not None and same(path, written):
        raise BadInput(f"--out {named(written)}: would write over {named(path)}, which is being read")


def same(one: Path, other: Path) -> bool:
    """Whether two names lead to one file, or would."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    try:
        return one.samefile(other)  # a disk may take two spellings for one
    except OSError:
        return False


def is_workbook_name(path: Path | None) -> bool:
    """Whether what is to be written is a workbook, by its name."""
    return path is not None and path.suffix.lower() == ".xlsx"
