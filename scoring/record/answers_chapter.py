"""The chapters of the record about the answers: each measure with why it is owed or not, each requirement with what is said of it, and the review."""

from collections.abc import Sequence

from scoring.documents import words
from scoring.follow_up.differences import SHORT
from scoring.follow_up.review import STANDING, Marked, marked, review_sentence
from scoring.record.new_document import Link, NewDocument
from scoring.rules.model import Rules
from scoring.score.assessment import ANSWER, STATUS, Answer, Assessment, Plan, day_in_words
from scoring.score.scorecard import Row, Scorecard
from scoring.score.trace import MeasureTrace
from scoring.score.verdict import CHANGES_IN_WORDS


def answers_chapter(
    document: NewDocument, rules: Rules, assessment: Assessment, card: Scorecard, traces: Sequence[MeasureTrace]
) -> None:
    """Every measure of the service's code, as drafted and as amended, and every requirement of it with answer, note, evidence and plan."""
    document.heading("Measures and answers", 1)
    marks = {one.requirement.id: one for one in marked(rules, assessment)}
    for traced in traces:
        measure = traced.measure
        document.heading(f"{measure.title} ({measure.id})", 2)
        for name, result in zip(card.names.values(), (card.drafted, card.amended), strict=True):
            line = result.line(measure.id)
            document.say(words.reason(line.because), head=f"{name}: {words.STATUS[line.status]}.")
        said = (CHANGES_IN_WORDS[traced.change], measure.reading, f"({words.source(measure)})")
        document.say(" ".join(filter(None, said)))
        for row in card.rows:
            if row.measure == measure.id:
                requirement = card.requirement(row)
                document.heading(f"{requirement.title} ({requirement.id})", 3)
                document.say(requirement.text, with_next=True)
                _answer(document, row, assessment.answer(requirement.id))
                if requirement.id in marks:
                    _mark(document, marks[requirement.id])


def review_chapter(document: NewDocument, rules: Rules, assessment: Assessment) -> None:
    """Who reviewed the answers, what is said of the whole, and each mark with what the answer was where it has changed since."""
    review, marks = assessment.review, marked(rules, assessment)
    document.heading("Review", 1)
    document.say(review_sentence(marks))
    document.table((("Reviewed by", 2), ("On", 1)), [(review.reviewer, day_in_words(review.reviewed_on))])
    if review.comment.strip():
        document.label("On the whole")
        document.say(review.comment)
    if marks:
        document.label("Marks")
        document.table(
            (("Requirement", 3), ("Mark", 3), ("Comment", 4), ("What it was when it was marked", 5)),
            [(one.requirement.named, STANDING[one.standing], one.mark.comment, _before(one)) for one in marks],
        )


def _before(marked_: Marked) -> tuple[str, ...]:
    """What of the answer has changed since it was marked, and what that was; what a user typed stands in a paragraph of its own."""
    return tuple(
        said
        for difference in marked_.differences
        for said in (difference.said, "" if difference.part in SHORT else difference.before)
        if said
    ) or ("As it is now",)


def _answer(document: NewDocument, row: Row, answer: Answer) -> None:
    """What is said of a requirement: the answer and its points in a table, and below it what else there is."""
    document.table(
        (("Answer", 2), ("As drafted", 2), ("As amended", 2), ("In place since", 2), ("Source", 4)),
        [
            (
                words.answer(row),
                words.owed_points(row, "drafted"),
                words.owed_points(row, "amended") + words.difference(row),
                day_in_words(answer.since),
                f"{words.basis(row.basis)}; {row.source}",
            )
        ],
    )
    if answer.note.strip():
        document.label("Note")
        document.say(answer.note)
    if answer.evidence:
        document.label("Evidence")
        document.table(
            (("What", 5), ("Where", 6), ("Dated", 3), ("Good until", 3)),
            [
                (evidence.what, Link(evidence.where), day_in_words(evidence.dated), day_in_words(evidence.good_until))
                for evidence in answer.evidence
            ],
        )
    if answer.plan != Plan():
        plan = answer.plan
        document.label("Plan")
        document.table(
            (("What is to be done", 6), ("Who", 3), ("Until", 3), ("Status", 2), ("Answer then", 3)),
            [
                (
                    plan.action,
                    plan.owner,
                    day_in_words(plan.due),
                    STATUS.get(plan.status, ""),
                    ANSWER.get(plan.grade, ""),
                )
            ],
        )


def _mark(document: NewDocument, marked_: Marked) -> None:
    document.say(f"{STANDING[marked_.standing]}.", head="Review:")
    if marked_.mark.comment.strip():
        document.say(marked_.mark.comment)
