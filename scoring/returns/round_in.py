"""A file becomes a round, whatever it is: a saved assessment, a filled questionnaire, or a scorecard as CSV or as a workbook.

What a file is, its content says and not its name.
"""

import codecs
from dataclasses import dataclass

from scoring.files.text_in import JSON
from scoring.files.workbook_in import LARGEST_FILE, WorkbookError, is_workbook
from scoring.follow_up.rounds import SCORECARD, WORKBOOK, Round, round_of
from scoring.form.questionnaire_in import NotAQuestionnaire, Refused, read_questionnaire
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment
from scoring.score.assessment_file import AssessmentError, from_json
from scoring.score.scorecard_file import NotAScorecard, ScorecardError
from scoring.score.verify import Verification, given_in, verified

LARGEST = LARGEST_FILE
"""Bytes of the largest file that may hold a round, a workbook; each other kind has a lower limit of its own."""
ALLOWED = "a saved assessment (JSON), a filled questionnaire (.xlsx) or a scorecard (CSV or .xlsx)"
"""What holds a round, for a message."""


class RoundError(ValueError):
    """A file that holds no round; the message begins with the file's name. elsewhere: as in TableError."""

    def __init__(self, name: str, what: str, elsewhere: str = "") -> None:
        super().__init__(f"{name}: {what}")
        self.elsewhere = elsewhere


@dataclass(frozen=True)
class RoundIn:
    """What came in: the round, and what else its file has.

    assessment: of a saved assessment or a questionnaire. refused: the cells of a questionnaire that are not taken. verification: of a scorecard that was
    made under the present rules.
    """

    round: Round
    assessment: Assessment | None = None
    refused: tuple[Refused, ...] = ()
    verification: Verification | None = None

    @property
    def not_as_the_rules(self) -> str:
        """That the figures of a scorecard are not what the rules give, and what it is compared by; empty where they are, or cannot be verified."""
        if not self.verification or self.verification.matches:
            return ""
        return f"{self.round.name} does not match the rules: {self.verification.overview} It is compared by its own profile, grades and notes, and its figures are worked out again."


def read_round(name: str, data: bytes, rules: Rules, read_at: str) -> RoundIn:
    """Read a round from a file's bytes.

    name: what to call the file. read_at: the present moment with its offset, in ISO 8601, for answers of a questionnaire that were changed in a spreadsheet.
    Raises RoundError for a file that holds no round, says something that the rules do not know, or is over the limit of its kind.
    """
    if not data.strip():
        raise RoundError(name, f"is empty; allowed: {ALLOWED}")
    try:
        if is_workbook(data[:8]):
            return _of_workbook(name, data, rules, read_at)
        if is_json(data):
            assessment = from_json(data, rules)
            return RoundIn(round_of(assessment, rules, name), assessment)
        return _of_scorecard(name, data, rules)
    except NotAScorecard as error:
        what = "a workbook, and neither a questionnaire nor" if is_workbook(data[:8]) else "a text file, and not"
        raise RoundError(name, f"this is {what} a scorecard: {error.header}; allowed: {ALLOWED}") from None
    except ScorecardError as error:
        if error.elsewhere == JSON:
            what = "is JSON that another program rewrote"
            raise RoundError(name, f"{what}; allowed: a saved assessment as it was downloaded (UTF-8)") from None
        raise RoundError(name, str(error), error.elsewhere) from None
    except (AssessmentError, WorkbookError) as error:
        raise RoundError(name, str(error)) from None


def is_json(data: bytes) -> bool:
    """Whether a file is to be read as JSON, by how it begins, in UTF-16 too; a text document (RTF) begins likewise."""
    start = data[:1000].replace(b"\0", b"").lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16 + b" \t\r\n")
    return start[:1] in (b"{", b"[") and not start.startswith(b"{\\rtf")


def _of_workbook(name: str, data: bytes, rules: Rules, read_at: str) -> RoundIn:
    """A workbook is a questionnaire where it has an answer cell and not the scorecard's sheet, else what somebody saved of a scorecard."""
    try:
        reading = read_questionnaire(data, rules, read_at)
    except NotAQuestionnaire:
        reading = None  # and what was opened is let go of, before it is opened again
    if reading is None:
        return _of_scorecard(name, data, rules)
    return RoundIn(round_of(reading.assessment, rules, name, WORKBOOK), reading.assessment, refused=reading.refused)


def _of_scorecard(name: str, data: bytes, rules: Rules) -> RoundIn:
    given = given_in(rules, data, other_rules=True)
    read = Round(
        name=name,
        kind=SCORECARD,
        provider="",
        service=given.service,
        assessed_on=given.assessed_on,
        saved_at="",
        rulebook=given.rulebook,
        facts=given.facts,
        answers=given.answers,
        adopted=tuple(recommendation.id for recommendation in given.regimes.adopted),
    )
    return RoundIn(read, verification=verified(rules, given) if given.rulebook == rules.version else None)
