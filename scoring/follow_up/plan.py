"""The plan: what is to be done about each gap, what is overdue, and the score on the day when it is done.

Nothing is added up here. The score when a plan is done is the score of the same answers with the grades intended in their place.
Which day it is, is handed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial

from scoring.follow_up.doubts import overdue
from scoring.rules.conditions import in_a_sentence
from scoring.rules.model import AMENDED, DRAFTED, Measure, Requirement, Rules
from scoring.score.assessment import ANSWER, Answer, Assessment, Plan, day_in_words
from scoring.score.gaps import Gap, next_steps
from scoring.score.scorecard import Scorecard, score
from scoring.score.tally import NOT_FEASIBLE, Sums, grade_code


@dataclass(frozen=True)
class PlanLine:
    """An owed requirement with points missing, and what is planned about it, which may be nothing; or one that is unanswered and has a plan.

    rank: the place of the action that it belongs to, the same for all gaps that one control closes; 0 where it is unanswered, and gap is
    None: unknown is no gap.
    """

    rank: int
    gap: Gap | None
    requirement: Requirement
    measure: Measure
    in_any_case: bool
    answer: Answer
    overdue: bool

    @property
    def plan(self) -> Plan:
        return self.answer.plan

    @property
    def planned(self) -> bool:
        return self.plan != Plan()

    @property
    def said(self) -> tuple[str, ...]:
        """What has to be said of the plan: that it is overdue, that it is done and the answer is not, and why it changes no score or has no day."""
        plan, said = self.plan, []
        answer = f"“{ANSWER[self.answer.grade]}”" if self.gap else "missing"
        if self.overdue:
            said.append(f"Overdue: it was to be done by {day_in_words(plan.due)}.")
        if plan.status == "done":
            said.append(
                f"The plan is done, but the answer is still {answer}, and that counts today: change the answer."
            )
        if self.planned and not plan.grade:
            said.append("It changes no score: it does not say which answer there will be.")
        elif plan.grade == NOT_FEASIBLE and not self.answer.note.strip():
            said.append("Not feasible counts as unanswered until the note says why.")
        elif self.gap and 0 <= grade_code(plan.grade, "") <= grade_code(self.answer.grade, ""):
            said.append(f"It brings no points: the answer is {answer} already.")
        if plan.grade and not plan.due:
            said.append("It has no day, so it counts only when all is done.")
        return tuple(said)


@dataclass(frozen=True)
class Stage:
    """The sums on a day, YYYY-MM-DD, under each regime; without a day, those there are once all is done."""

    day: str
    drafted: Sums
    amended: Sums


@dataclass(frozen=True)
class Outlook:
    """A service's plan as a whole: a line for each gap, in its order, and behind them what is planned for unanswered requirements; and what it comes to.

    course: the sums today, with the answers as they are, and then on each day on which something is due, today or later, when all that is
    due by then is done. What is overdue is part of it from the first of those days. names: what to call the two results.
    """

    lines: tuple[PlanLine, ...]
    course: tuple[Stage, ...]
    all_done: Stage
    names: dict[str, str]

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The course, and behind it the end of it where that brings more: what is overdue or has no day."""
        last = self.course[-1]
        at_end = (last.drafted, last.amended) == (self.all_done.drafted, self.all_done.amended)
        return self.course if at_end else (*self.course, self.all_done)

    @property
    def today(self) -> Stage:
        return self.course[0]

    @property
    def planned(self) -> tuple[PlanLine, ...]:
        return tuple(line for line in self.lines if line.planned)

    @property
    def overdue(self) -> tuple[PlanLine, ...]:
        """What is overdue, the longest first."""
        return tuple(sorted((line for line in self.lines if line.overdue), key=lambda line: line.plan.due))

    def new_at(self, place: int) -> tuple[PlanLine, ...]:
        """What is done at a stage, by its place among `stages`, and not yet at the one before; nothing today."""
        before, now = (_done_by(self.lines, self.stages[at].day) if at > 0 else () for at in (place - 1, place))
        return tuple(line for line in now if line not in before)

    def said(self, stage: Stage) -> str:
        """The points of a stage as drafted and as amended."""
        sides = ((stage.drafted, self.names[DRAFTED]), (stage.amended, self.names[AMENDED]))
        return ", ".join(
            f"{f'{sums.counted} points' if sums.out_of else 'nothing is owed'} {in_a_sentence(name)}"
            for sums, name in sides
        )

    @property
    def sentence(self) -> str:
        """The points today, and when all of the plan is done; what of the plan is not counted then."""
        said = f"Today: {self.said(self.today)}. When all that is planned is done: {self.said(self.all_done)}."
        return f"{said} {self.uncounted_sentence}".rstrip()

    @property
    def uncounted_sentence(self) -> str:
        """How much of the plan changes no score since no answer is named for the day when it is done; empty where nothing is."""
        planned = len(self.planned)
        silent = sum(not line.plan.grade for line in self.planned)
        if not silent:
            return ""
        count = f"{silent} of {planned} plans" if planned > 1 else "The plan"
        do_not = "do not" if silent > 1 else "does not"
        return f"{count} {do_not} say which answer there will be, and {'change' if silent > 1 else 'changes'} no score."

    @property
    def overdue_sentence(self) -> str:
        """How much of the plan is overdue, and since when; empty where nothing is."""
        if not self.overdue:
            return ""
        since, count = day_in_words(self.overdue[0].plan.due), len(self.overdue)
        return (
            f"One plan is overdue: it was to be done by {since}."
            if count == 1
            else f"{count} plans are overdue, the first since {since}."
        )


def outlook(rules: Rules, card: Scorecard, assessment: Assessment, today: date) -> Outlook:
    """The plan of an assessment. card: its scorecard, whose regimes and order count; today: the user's day.

    Plans for what is not owed, met or not feasible are kept, and not counted.
    """
    lines = _lines(rules, card, assessment, today)
    stage = partial(when_done, rules, card, assessment, lines)
    now = Stage(today.isoformat(), card.drafted.sums, card.amended.sums)
    days = sorted({line.plan.due for line in lines if line.plan.grade and line.plan.due >= now.day})
    return Outlook(lines, (now, *map(stage, days)), stage(""), card.names)


def when_done(rules: Rules, card: Scorecard, assessment: Assessment, lines: Iterable[PlanLine], day: str) -> Stage:
    """The sums when all that is due by a day, YYYY-MM-DD, is done; without a day, when all is, the plans without a day too."""
    done = _done_by(lines, day)
    changed = {line.requirement.id: line.answer.model_copy(update={"grade": line.plan.grade}) for line in done}
    answers = {**assessment.answers, **changed}
    then = score(rules, card.facts, answers, card.regimes, service=card.service, assessed_on=assessment.assessed_on)
    return Stage(day, then.drafted.sums, then.amended.sums)


def _done_by(lines: Iterable[PlanLine], day: str) -> tuple[PlanLine, ...]:
    """The lines that say what answer there will be and are due by a day; without a day, all that say it."""
    return tuple(line for line in lines if line.plan.grade and (not day or "" < line.plan.due <= day))


def _lines(rules: Rules, card: Scorecard, assessment: Assessment, today: date) -> tuple[PlanLine, ...]:
    def line(rank: int, gap: Gap | None, requirement: Requirement, measure: Measure, in_any_case: bool) -> PlanLine:
        answer = assessment.answer(requirement.id)
        return PlanLine(rank, gap, requirement, measure, in_any_case, answer, overdue(answer.plan, today))

    steps = next_steps(rules, card)
    gaps = (
        line(action.rank, gap, gap.requirement, gap.measure, gap.in_any_case)
        for action in steps.actions
        for gap in action.gaps
    )
    drafted = {row.requirement for row in card.rows if row.drafted_owed}
    unanswered = (
        line(0, None, open_.requirement, open_.measure, open_.requirement.id in drafted) for open_ in steps.unanswered
    )
    return (*gaps, *(one for one in unanswered if one.planned))
