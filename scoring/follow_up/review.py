"""A review beside the answers that it is about: which of them have changed since they were marked, and which answers it goes with."""

import unicodedata

from scoring.score.assessment import Assessment, Review


def changed_since_marked(assessment: Assessment) -> frozenset[str]:
    """The ids of the requirements whose answer is another now than the one that the reviewer marked, in any part of it."""
    marks = assessment.review.marks
    return frozenset(requirement for requirement, mark in marks.items() if mark.of != assessment.answer(requirement))


def with_review_of(answers: Assessment, reviewed: Assessment) -> Assessment:
    """Answers that carry no review of their own, with that of the reviewed ones where both are of one provider's service; else as they are."""
    if answers.review == Review() and _who(answers) == _who(reviewed):
        return answers.model_copy(update={"review": reviewed.review})
    return answers


def _who(assessment: Assessment) -> tuple[str, ...]:
    names = (assessment.provider, assessment.service_name)
    return tuple(unicodedata.normalize("NFC", name).strip().casefold() for name in names)
