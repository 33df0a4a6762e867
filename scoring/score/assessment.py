"""An assessment: the facts about a service, the technologies examined and the answers."""

import re
from collections.abc import Mapping
from datetime import datetime

from scoring.files.header import chosen
from scoring.rules.conditions import Frozen
from scoring.rules.model import Fact, Requirement, Rules
from scoring.rules.profile import live, missing, with_report
from scoring.score.tally import GRADES, NOT_FEASIBLE

NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
SOFT_BREAKS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")
"""What word processors put between two lines of one paragraph, beside the line ends that every program knows."""

ANSWER = {
    "met": "In place",
    "partly": "Partly in place",
    "not_met": "Not in place",
    NOT_FEASIBLE: "Not feasible or appropriate",
}
"""What each grade is called wherever it is shown."""


class Answer(Frozen):
    """A grade (empty: unanswered) and a note. What the user typed is text, never markup."""

    grade: str = ""
    note: str = ""


class Assessment(Frozen):
    """What a provider has said of one service. Facts and answers that are no longer asked for are kept, and never scored."""

    rulebook: str
    service_name: str
    saved_at: str
    profile: Mapping[str, str]
    technologies: Mapping[str, str] = {}
    answers: Mapping[str, Answer] = {}

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
