"""A review beside the answers that it is about: how each mark stands now, and the reply that a reviewer makes. No mark ever changes a score."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.files.header import compared
from scoring.follow_up.differences import Difference, differences
from scoring.follow_up.rounds import is_of_a_scorecard
from scoring.rules.conditions import in_a_sentence
from scoring.rules.model import Requirement, Rules
from scoring.score.assessment import Answer, Assessment, Mark, Review, all_requirements, day_in_words

OPEN, REVISED, SAME, CHANGED = "open", "revised", "same", "changed"
STANDING = {
    OPEN: "To be revised, and not changed since",
    REVISED: "To be revised, and changed since",
    CHANGED: "Accepted, and changed since",
    SAME: "Accepted, and the same",
}
"""How a mark stands beside the answer as it is now, in the order in which a reader needs it."""


@dataclass(frozen=True)
class Marked:
    """A requirement that a reviewer marked, and the answer to it as it is now. standing: one of STANDING."""

    requirement: Requirement
    mark: Mark
    answer: Answer
    standing: str

    @property
    def differences(self) -> tuple[Difference, ...]:
        """What of the answer is not as it was when it was marked."""
        return differences(self.mark.of, self.answer)


def marked(rules: Rules, assessment: Assessment) -> tuple[Marked, ...]:
    """The marks in the order of the rulebook, of what is owed no longer too. An answer has changed where any part of it is another than the one that was marked."""
    marks, changed = assessment.review.marks, changed_since_marked(assessment)
    standing = {"revise": (OPEN, REVISED), "accepted": (SAME, CHANGED)}
    return tuple(
        Marked(
            requirement, mark, assessment.answer(requirement.id), standing[mark.mark][requirement.id in changed]
        )
        for requirement in all_requirements(rules)
        if (mark := marks.get(requirement.id))
    )  # fmt: skip


def review_sentence(marks: Sequence[Marked]) -> str:
    """How many marks stand how, what needs a look first."""
    if not marks:
        return "No requirement is marked."
    counts = Counter(one.standing for one in marks)
    said = [f"{counts[standing]} {in_a_sentence(words)}" for standing, words in STANDING.items() if counts[standing]]  # fmt: skip
    return f"{len(marks)} {'requirement is' if len(marks) == 1 else 'requirements are'} marked: {'; '.join(said)}."


def by_whom(review: Review) -> str:
    """Who reviewed, and when, as far as the review says; the name as it was typed."""
    by = review.reviewer.strip() or "somebody who gave no name"
    return f"{by}, {day_in_words(review.reviewed_on)}" if review.reviewed_on else by


def changed_since_marked(assessment: Assessment) -> frozenset[str]:
    """The ids of the requirements whose answer is another now than the one that the reviewer marked, in any part of it."""
    marks = assessment.review.marks
    return frozenset(requirement for requirement, mark in marks.items() if mark.of != assessment.answer(requirement))


def replied(assessment: Assessment, said: Review, day: str) -> Assessment:
    """The reply to a return: its assessment with what a reviewer said of it.

    said: the marks, whose `of` is put here, the name and the comment on the whole; what it leaves empty stays as an earlier review had it. day: YYYY-MM-DD.
    """
    earlier = assessment.review
    marks: Mapping[str, Mark] = {
        requirement: mark.model_copy(update={"of": assessment.answer(requirement)})
        for requirement, mark in said.marks.items()
    }
    review = Review(
        reviewer=said.reviewer or earlier.reviewer,
        reviewed_on=day,
        comment=said.comment or earlier.comment,
        marks={**earlier.marks, **marks},
    )
    return assessment.model_copy(update={"review": review})


def same_service(one: Assessment, other: Assessment) -> bool:
    """Whether two assessments are of one provider's service, by their names. A provider that is not given is no other one: a scorecard names none."""
    providers = {compared(by.provider) for by in (one, other) if by.provider.strip()}
    return compared(one.service_name) == compared(other.service_name) and len(providers) < 2


def review_beside(answers: Assessment, reviewed: Assessment) -> Review:
    """The review of one assessment as it stands beside other answers of the same service.

    What was reviewed as a scorecard said of an answer no more than its grade and note, so no more of it is compared.
    """
    if not is_of_a_scorecard(reviewed):
        return reviewed.review
    marks = {
        requirement: mark.model_copy(
            update={"of": answers.answer(requirement).model_copy(update={"grade": mark.of.grade, "note": mark.of.note})}
        )
        for requirement, mark in reviewed.review.marks.items()
    }
    return reviewed.review.model_copy(update={"marks": marks})


def with_review_of(answers: Assessment, reviewed: Assessment) -> Assessment:
    """Answers that carry no review of their own, with that of the reviewed ones where both are of one service; else as they are."""
    if answers.review == Review() and same_service(answers, reviewed):
        return answers.model_copy(update={"review": reviewed.review})
    return answers
