"""An assessment: the facts about a service, the technologies examined and the answers."""

import re
from collections.abc import Mapping
from datetime import date, datetime

from pydantic import Field, field_validator

from scoring.files.header import chosen
from scoring.files.messages import NOT_TEXT
from scoring.rules.conditions import Frozen
from scoring.rules.model import Fact, Requirement, Rules
from scoring.rules.profile import live, missing, with_report
from scoring.score.tally import GRADES, NOT_FEASIBLE

SOFT_BREAKS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")
"""What word processors put between two lines of one paragraph, beside the line ends that every program knows."""

ANSWER = {
    "met": "In place",
    "partly": "Partly in place",
    "not_met": "Not in place",
    NOT_FEASIBLE: "Not feasible or appropriate",
}
"""What each grade is called wherever it is shown."""


STATUS = {"planned": "Planned", "under_way": "Under way", "done": "Done"}
"""What the status of a plan is called wherever it is shown."""
MARK = {"accepted": "Accepted", "revise": "To be revised"}
"""What the mark of a reviewer is called wherever it is shown."""


class Evidence(Frozen):
    """What shows that a requirement is in place, by name: nothing is uploaded. `where` is a link or a file's name; dates are YYYY-MM-DD, or empty."""

    what: str = ""
    where: str = ""
    dated: str = ""
    good_until: str = ""


class Plan(Frozen):
    """What is to be done about a requirement: who does it, until which day (YYYY-MM-DD), how far it is (see STATUS), and the grade there is then."""

    action: str = ""
    owner: str = ""
    due: str = ""
    status: str = ""
    grade: str = ""


class Answer(Frozen):
    """A grade (empty: unanswered) and a note, which are scored; and what is never scored: since which day, with what evidence and with what plan.

    What the user typed is text, never markup.
    """

    grade: str = ""
    note: str = ""
    since: str = ""
    evidence: tuple[Evidence, ...] = Field(default=(), strict=False)  # a JSON file has a list there
    plan: Plan = Plan()

    @property
    def scored(self) -> "Answer":
        """As much of it as is scored, and as a scorecard says of it: the grade and the note."""
        return Answer(grade=self.grade, note=self.note)

    @field_validator("evidence")
    @classmethod
    def _without_empty(cls, given: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(evidence for evidence in given if evidence != Evidence())


class SignOff(Frozen):
    """Who prepared an assessment, and who approved it on which day (YYYY-MM-DD)."""

    prepared_by: str = ""
    approved_by: str = ""
    approved_on: str = ""


class Mark(Frozen):
    """What a reviewer said of one answer (see MARK), and the answer as it was then, so that a later change of it shows."""

    mark: str
    comment: str = ""
    of: Answer = Answer()


class Review(Frozen):
    """Who reviewed an assessment and when (YYYY-MM-DD), the marks by requirement, and a comment on the whole."""

    reviewer: str = ""
    reviewed_on: str = ""
    comment: str = ""
    marks: Mapping[str, Mark] = {}


class Assessment(Frozen):
    """What a provider has said of one service. Facts and answers that are no longer asked for are kept, and never scored.

    Of all this the profile, the technologies and the grades and notes of the answers make the score, and nothing else does.
    """

    rulebook: str
    provider: str = ""
    service_name: str
    saved_at: str
    profile: Mapping[str, str]
    technologies: Mapping[str, str] = {}
    answers: Mapping[str, Answer] = {}
    sign_off: SignOff = SignOff()
    review: Review = Review()

    @property
    def assessed_on(self) -> str:
        """The date, as YYYY-MM-DD, of the last change."""
        return datetime.fromisoformat(self.saved_at).date().isoformat()

    def facts(self, rules: Rules) -> dict[str, str]:
        """The profile that is scored: the facts that are asked, the one that follows from the technologies among them."""
        return live(rules.facts, with_report(rules.facts, rules.technologies, self.profile, self.technologies))

    def missing(self, rules: Rules) -> tuple[Fact, ...]:
        """The facts that are asked and not given."""
        return missing(rules.facts, with_report(rules.facts, rules.technologies, self.profile, self.technologies))

    def answer(self, requirement_id: str) -> Answer:
        return self.answers.get(requirement_id, Answer())


def without_controls(typed: str, between_lines: str = "\n") -> str:
    """What a user typed or pasted, without the control characters that no saved file may hold; soft line breaks become `between_lines`."""
    return NOT_TEXT.sub("", SOFT_BREAKS.sub(between_lines, typed))


def is_date(text: str) -> bool:
    """Whether a text is a day as a saved assessment has it: YYYY-MM-DD, a day that there is."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def day_in_words(day: str) -> str:
    """1 May 2026, of a day as YYYY-MM-DD; any other text as it is."""
    known = date.fromisoformat(day) if is_date(day) else None
    return f"{known.day} {known:%B %Y}" if known else day


def all_requirements(rules: Rules) -> tuple[Requirement, ...]:
    """Every requirement that there is, with all recommendations adopted."""
    return rules.regimes.amended.requirements()


def version_notice(assessment: Assessment, rules: Rules) -> str:
    """What to tell the user where the answers were given under another version of the rules; empty where they were not."""
    if assessment.rulebook == rules.version:
        return ""
    known = [version.version for version in rules.history]
    since = rules.history[known.index(assessment.rulebook) + 1 :] if assessment.rulebook in known else ()
    changes = " ".join(f"{version.version}: {version.what}" for version in since)
    said = (
        f"What changed since: {changes}" if changes else "This program has no record of what changed between the two."
    )
    return f"These answers were given under the rules {assessment.rulebook}; they are scored under {rules.version}. {said} Check the answers before you rely on the result."


def allowed_grades(requirement: Requirement) -> tuple[str, ...]:
    """The grades that a requirement may have: not feasible only where its text carries that caveat."""
    return tuple(grade for grade in GRADES if grade != NOT_FEASIBLE or requirement.where_feasible)


def grades_in_words(requirement: Requirement, given: str) -> str:
    """What is allowed where another grade was given, for a message."""
    caveat = f" ({NOT_FEASIBLE!r} only where the text says 'where feasible and appropriate')"
    return f"{', '.join(allowed_grades(requirement))}, or empty{caveat if given == NOT_FEASIBLE else ''}"


def grade_of(requirement: Requirement, cell: str) -> str | None:
    """The grade that a cell names, by its id or its word: "" for an empty cell, None for one that names none."""
    return chosen(cell, {grade: ANSWER[grade] for grade in allowed_grades(requirement)})
