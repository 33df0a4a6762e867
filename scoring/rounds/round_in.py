"""A file becomes a round, whatever it is: a saved assessment, a filled questionnaire, or a scorecard as CSV or as a workbook.

What a file is, its content says and not its name.
"""

from dataclasses import dataclass

from scoring.files.json_in import begins_as_json, is_blank
from scoring.files.workbook_in import LARGEST_FILE, WorkbookError, is_workbook, open_workbook
from scoring.follow_up.rounds import SCORECARD, WORKBOOK, Round, round_of
from scoring.form.questionnaire_in import NotAQuestionnaire, Refused, read_questionnaire
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment
from scoring.score.assessment_file import AssessmentError, from_json
from scoring.score.scorecard_file import SHEET, ScorecardError
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


def read_round(name: str, data: bytes, rules: Rules, read_at: str) -> RoundIn:
    """Read a round from a file's bytes.

    name: what to call the file. read_at: the present moment with its offset, in ISO 8601, for answers of a questionnaire that were changed in a spreadsheet.
    Raises RoundError for a file that holds no round, says something that the rules do not know, or is over the limit of its kind.
    """
    try:
        if is_workbook(data[:8]):
            return _of_workbook(name, data, rules, read_at)
        if is_blank(data):
            raise RoundError(name, f"is empty; allowed: {ALLOWED}")
        if begins_as_json(data):
            assessment = from_json(data, rules)
            return RoundIn(round_of(assessment, rules, name), assessment)
        return _of_scorecard(name, data, rules)
    except ScorecardError as error:
        raise RoundError(name, str(error), error.elsewhere) from None
    except (AssessmentError, WorkbookError) as error:
        raise RoundError(name, str(error)) from None


def _of_workbook(name: str, data: bytes, rules: Rules, read_at: str) -> RoundIn:
    """A workbook with the scorecard's sheet is one; any other is a questionnaire where it has an answer cell, else what somebody saved of a scorecard."""
    if SHEET not in open_workbook(data).sheets:
        try:
            reading = read_questionnaire(data, rules, read_at)
        except NotAQuestionnaire:
            pass
        else:
            read = round_of(reading.assessment, rules, name, WORKBOOK)
            return RoundIn(read, reading.assessment, refused=reading.refused)
    return _of_scorecard(name, data, rules)


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
