"""An answer in words, part by part, and what differs between two of them; and what else of two rounds differs."""

from collections.abc import Callable
from dataclasses import dataclass

from scoring.follow_up.rounds import Round
from scoring.rules.model import Rules
from scoring.score.assessment import ANSWER, STATUS, Answer, day_in_words

GRADE, NOTE, SINCE, EVIDENCE, PLAN = "Answer", "Note", "In place since", "Evidence", "Plan"
"""What the parts of an answer are called."""
SHORT = (GRADE, SINCE)
"""The parts that are a few words of the program's own; the others hold what a user typed, on one or several lines."""


@dataclass(frozen=True)
class Difference:
    """A part of an answer that is not as it was, in words; empty where there was or is nothing."""

    part: str
    before: str
    now: str

    @property
    def said(self) -> str:
        """What became of it, without what a user typed."""
        if self.part in SHORT:
            return f"{self.part}: {self.before or 'no day'} → {self.now or 'no day'}"
        return f"{self.part} {'changed' if self.before and self.now else 'added' if self.now else 'taken away'}"


def parts(answer: Answer, show: Callable[[str], str] = str) -> dict[str, str]:
    """What an answer says, by the names of its parts, in their order. What a user typed is in it as text, never markup.

    show: what is done to each text that a user typed, so that it reorders nothing beside it.
    """
    plan = answer.plan
    return {
        GRADE: ANSWER.get(answer.grade, "Unanswered"),
        NOTE: show(answer.note),
        SINCE: day_in_words(answer.since),
        EVIDENCE: "\n".join(
            _joined(show(piece.what), show(piece.where), ("dated ", piece.dated), ("good until ", piece.good_until))
            for piece in answer.evidence
        ),
        PLAN: _joined(
            show(plan.action),
            ("who: ", show(plan.owner)),
            ("by ", plan.due),
            STATUS.get(plan.status, ""),
            ("answer then: ", ANSWER.get(plan.grade, "")),
        ),
    }


def differences(before: Answer, now: Answer) -> tuple[Difference, ...]:
    """The parts of an answer that differ, in their order, though the words for them may be the same; nothing where the two are equal."""
    then, today = parts(before), parts(now)
    return tuple(
        Difference(part, then[part], today[part])
        for part, field in zip(then, Answer.model_fields, strict=True)
        if getattr(before, field) != getattr(now, field)
    )


def beside_answers(earlier: Round, later: Round, rules: Rules) -> tuple[Difference, ...]:
    """What differs that is neither a fact nor an answer, and moves nothing: the reasons in the report of the technologies, and the sign-off."""
    then, now = (
        {
            **{
                f"Report: {technology.title}": one.technologies[technology.id] or "No reason yet"
                for technology in rules.technologies
                if technology.id in one.technologies
            },
            "Prepared by": one.sign_off.prepared_by,
            "Approved by": one.sign_off.approved_by,
            "Approved on": day_in_words(one.sign_off.approved_on),
        }
        for one in (earlier, later)
    )
    titles = [f"Report: {technology.title}" for technology in rules.technologies] + [*now][-3:]
    every = (Difference(title, then.get(title, ""), now.get(title, "")) for title in titles)
    return tuple(difference for difference in every if difference.before != difference.now)


def _joined(*said: str | tuple[str, str]) -> str:
    """What is there of it, with semicolons between; a pair is a word before a day or a text."""
    whole = (one if isinstance(one, str) else one[0] + day_in_words(one[1]) if one[1] else "" for one in said)
    return "; ".join(filter(None, whole))
