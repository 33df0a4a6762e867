"""A round: what one service said of itself at one time, whatever file it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, SignOff, day_in_words, is_date

ASSESSMENT, SCORECARD, WORKBOOK = "assessment", "scorecard", "workbook"
"""The kinds of file that hold a round. A workbook is a filled questionnaire; a scorecard is one as CSV or as a workbook."""


@dataclass(frozen=True)
class Round:
    """What a service said at one time.

    name: what the round is called, such as its file. kind: one of the three above. provider is empty where the file has none. assessed_on: YYYY-MM-DD,
    unless a spreadsheet rewrote it; saved_at: the moment, empty where the file has only a day. rulebook: the version of the rules that it was given
    under. facts: those that are scored; missing: the ids of those that are asked and not given. adopted: the recommendations that a scorecard names, by
    their ids; None where the file names none. technologies: those in the report, each with its reason, as in an assessment; a scorecard has neither them nor
    a sign-off.
    """

    name: str
    kind: str
    provider: str
    service: str
    assessed_on: str
    saved_at: str
    rulebook: str
    facts: Mapping[str, str]
    answers: Mapping[str, Answer] = field(repr=False)
    missing: tuple[str, ...] = ()
    adopted: tuple[str, ...] | None = None
    technologies: Mapping[str, str] = field(default_factory=dict, repr=False)
    sign_off: SignOff = field(default_factory=SignOff)

    @property
    def day(self) -> str:
        """The day of the round in words, such as 3 March 2026; what the file says where a spreadsheet rewrote it."""
        return day_in_words(self.assessed_on)


def round_of(assessment: Assessment, rules: Rules, name: str, kind: str = ASSESSMENT) -> Round:
    """An assessment as a round."""
    return Round(
        name=name,
        kind=kind,
        provider=assessment.provider,
        service=assessment.service_name,
        assessed_on=assessment.assessed_on,
        saved_at=assessment.saved_at,
        rulebook=assessment.rulebook,
        facts=assessment.facts(rules),
        answers=assessment.answers,
        missing=tuple(fact.id for fact in assessment.missing(rules)),
        technologies=assessment.technologies,
        sign_off=assessment.sign_off,
    )


def is_of_a_scorecard(assessment: Assessment) -> bool:
    """Whether an assessment says no more than a scorecard does, as `assessment_of` gives it."""
    bare = all(answer == answer.scored for answer in assessment.answers.values())
    of_a_day = assessment.saved_at == f"{assessment.assessed_on}T00:00:00+00:00"
    return (
        bare and of_a_day and not (assessment.provider or assessment.technologies or assessment.sign_off != SignOff())
    )


def assessment_of(scorecard: Round, rules: Rules, read_at: str) -> Assessment:
    """A scorecard's round as an assessment, as far as a scorecard says: it has facts, grades and notes, and neither provider nor what is not scored.

    The technologies examined are not in it either, so the fact that follows from them is lost. read_at: the moment, in ISO 8601 with its offset, that
    stands for its day where a spreadsheet rewrote that.
    """
    asked = {fact.id for fact in rules.facts if not fact.derived_from_technologies}
    return Assessment(
        rulebook=scorecard.rulebook,
        service_name=scorecard.service,
        saved_at=f"{scorecard.assessed_on}T00:00:00+00:00" if is_date(scorecard.assessed_on) else read_at,
        profile={fact: value for fact, value in scorecard.facts.items() if fact in asked},
        answers={requirement: answer for requirement, answer in scorecard.answers.items() if answer != Answer()},
    )
