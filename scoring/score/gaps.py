"""What to do next: the gaps of a scorecard, ranked by what they are worth, and the question that narrows its range most.

A gap is an owed requirement that is graded and has points missing. What is unanswered is no gap: unknown is not no.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scoring.rules.model import Measure, Requirement, Rules
from scoring.rules.technologies import Existing, existing
from scoring.score.assessment import allowed_grades
from scoring.score.scorecard import Row, Scorecard
from scoring.score.tally import FULL, NOT_FEASIBLE_CODE, POINTS, UNANSWERED_CODE, Sums, grade_code, tally


@dataclass(frozen=True)
class Gap:
    """An owed requirement with points missing, why it is owed, and what exists for its material."""

    requirement: Requirement
    measure: Measure
    grade: str
    points_missing: int
    in_any_case: bool
    because: str
    technologies: Existing


@dataclass(frozen=True)
class Action:
    """What to do about one gap, or about several of a measure that one control closes. rank: its place among all actions."""

    rank: int
    gaps: tuple[Gap, ...]

    @property
    def title(self) -> str:
        """The control where it is about all of it, and the requirements where it is not."""
        first = self.gaps[0]
        alike = [
            one.id for one in first.measure.requirements if one.control and one.control == first.requirement.control
        ]
        if len(self.gaps) > 1 and len(self.gaps) == len(alike):
            return first.requirement.control
        return "; ".join(gap.requirement.title for gap in self.gaps)

    @property
    def points_missing(self) -> int:
        return sum(gap.points_missing for gap in self.gaps)

    @property
    def in_any_case(self) -> bool:
        return self.gaps[0].in_any_case


@dataclass(frozen=True)
class Question:
    """An owed requirement without a grade, and by how much any answer to it is sure to narrow each regime's range (as a part of 1)."""

    requirement: Requirement
    measure: Measure
    drafted_narrows: Fraction
    amended_narrows: Fraction


@dataclass(frozen=True)
class NextSteps:
    """What to do next: the gaps in two lists, the open questions, and the one that narrows the score's range most (None: none is open)."""

    in_any_case: tuple[Gap, ...]
    only_as_amended: tuple[Gap, ...]
    unanswered: tuple[Question, ...]
    narrows_most: Question | None
    sentence: str

    @property
    def actions(self) -> tuple[Action, ...]:
        """The gaps as what to do, in the order of both lists: what is worth the most points comes first in each."""
        ranked: list[tuple[Gap, ...]] = []
        for gaps in (self.in_any_case, self.only_as_amended):
            grouped: dict[tuple[str, str], list[Gap]] = {}
            for gap in gaps:
                grouped.setdefault((gap.measure.id, gap.requirement.control or gap.requirement.id), []).append(gap)
            ranked += sorted(map(tuple, grouped.values()), key=lambda alike: -sum(gap.points_missing for gap in alike))
        return tuple(Action(rank, gaps) for rank, gaps in enumerate(ranked, 1))


def next_steps(rules: Rules, card: Scorecard) -> NextSteps:
    """Gaps that are owed in any case come before those that only the recommendations ask for; then the more points are missing, the earlier.

    Between equals, the one whose material has the most points missing comes first, and then the order of the rulebook.
    """
    requirements = {
        requirement.id: (requirement, measure) for measure in card.measures for requirement in measure.requirements
    }
    gaps = [_gap(rules, card, row, *requirements[row.requirement]) for row in card.rows if _missing(row)]
    in_any_case = _ranked([gap for gap in gaps if gap.in_any_case])
    only_as_amended = _ranked([gap for gap in gaps if not gap.in_any_case])
    unanswered = _questions(card, requirements)
    narrows_most = max(unanswered, key=lambda open_: open_.drafted_narrows + open_.amended_narrows, default=None)
    return NextSteps(in_any_case, only_as_amended, unanswered, narrows_most, _sentence(card, unanswered, narrows_most))


def _owed(row: Row) -> bool:
    return row.drafted_owed or row.amended_owed


def _missing(row: Row) -> int:
    """The points missing of an owed requirement that is graded; 0 where it is not owed, unanswered or not feasible."""
    code = grade_code(row.grade, row.note)
    return FULL - code if _owed(row) and code >= 0 else 0


def _gap(rules: Rules, card: Scorecard, row: Row, requirement: Requirement, measure: Measure) -> Gap:
    return Gap(
        requirement=requirement,
        measure=measure,
        grade=row.grade,
        points_missing=_missing(row),
        in_any_case=row.drafted_owed,
        because=row.drafted_because if row.drafted_owed else row.amended_because,
        technologies=existing(requirement, card.facts, rules),
    )


def _ranked(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    alike: Counter[str] = Counter()  # material -> points missing: what one control may go some way to close
    for gap in gaps:
        alike[gap.requirement.covers] += gap.points_missing
    in_order = sorted(gaps, key=lambda gap: (-gap.points_missing, -alike[gap.requirement.covers]))
    return tuple(in_order)  # sorting is stable: equals stay as in the rulebook


# --------------------------------------------------------------------------------------- what is unanswered
def _questions(card: Scorecard, requirements: dict[str, tuple[Requirement, Measure]]) -> tuple[Question, ...]:
    """Each owed requirement without a grade, with the least that any allowed answer narrows each regime's range."""
    before = np.array([[grade_code(row.grade, row.note)] for row in card.rows], dtype=np.int8)
    owed = [
        np.array([[row.drafted_owed] for row in card.rows], dtype=bool),
        np.array([[row.amended_owed] for row in card.rows], dtype=bool),
    ]
    questions = []
    for place, row in enumerate(card.rows):
        if _owed(row) and before[place, 0] == UNANSWERED_CODE:
            requirement, measure = requirements[row.requirement]
            codes = [POINTS.get(grade, NOT_FEASIBLE_CODE) for grade in allowed_grades(requirement)]
            after = np.repeat(before, len(codes), axis=1)
            after[place] = codes
            drafted, amended = (_narrowed(regime, before, after) for regime in owed)
            questions.append(Question(requirement, measure, drafted, amended))
    return tuple(questions)


def _narrowed(owed: np.ndarray, before: np.ndarray, after: np.ndarray) -> Fraction:
    """How much narrower the range from the lowest to the highest score becomes at least. after: a column for each answer there may be."""
    answered = tally(owed, after)
    return _width(tally(owed, before).of(0)) - max(_width(answered.of(column)) for column in range(after.shape[1]))


def _width(sums: Sums) -> Fraction:
    low, high = sums.shares or (Fraction(0), Fraction(0))
    return high - low


def _sentence(card: Scorecard, unanswered: tuple[Question, ...], narrows_most: Question | None) -> str:
    """The range that the answers leave open, and the question that narrows it most; that nothing is open, where that is so."""
    if narrows_most is None:
        if any(map(_owed, card.rows)):
            return "Every owed requirement is answered: the score is settled."
        return "Nothing is owed, so there is nothing to answer."
    count = len(unanswered)
    regimes = (
        (card.drafted.sums, "as drafted", narrows_most.drafted_narrows),
        (card.amended.sums, "as amended", narrows_most.amended_narrows),
    )
    ranges = [f"{sums.counted} points {name}" for sums, name, _ in regimes if sums.unanswered]
    settles = [
        f"{FULL} of the {FULL * sums.unanswered} points that are open {name}"
        for sums, name, narrows in regimes
        if narrows
    ]
    counts = f"{count} owed {'requirement is' if count == 1 else 'requirements are'} unanswered"
    said = f"{counts}, so the result is still a range: {' and '.join(ranges)}. Start with {narrows_most.requirement.named}:"
    return f"{said} no other answer narrows it more. It settles {' and '.join(settles)}."
