"""What to do next: the gaps of a scorecard, ranked by what they are worth, and the question that narrows its range most.

A gap is an owed requirement that is graded and has points missing. What is unanswered is no gap: unknown is not no.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from scoring.rules.model import Measure, Requirement, Rules
from scoring.rules.technologies import Existing, existing
from scoring.score.assessment import allowed_grades
from scoring.score.scorecard import RegimeResult, Row, Scorecard
from scoring.score.tally import FULL, NOT_FEASIBLE_CODE, POINTS, UNANSWERED_CODE, Tally, grade_code, tally


@dataclass(frozen=True)
class Gap:
    """An owed requirement with points missing, why it is owed, where that stands, and what exists for its material.

    `alike` is the points missing in all gaps of its list that are about the same material: what one control may go
    some way to close.
    """

    requirement: Requirement
    measure: Measure
    grade: str
    points_missing: int
    in_any_case: bool
    alike: int
    because: str
    basis: str
    where: str
    technologies: Existing

    @property
    def sentence(self) -> str:
        """What the gap is worth, and when."""
        worth = f"{self.points_missing} {'point' if self.points_missing == 1 else 'points'} missing"
        return (
            f"{worth}, as drafted and with the recommendations."
            if self.in_any_case
            else f"{worth}, only if the recommendations are adopted."
        )


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
    only_if_adopted: tuple[Gap, ...]
    unanswered: tuple[Question, ...]
    narrows_most: Question | None
    sentence: str


def next_steps(rules: Rules, card: Scorecard) -> NextSteps:
    """Gaps that are owed in any case come before those that only the recommendations ask for; then the more points are missing, the earlier.

    Between equals, the one whose material has the most points missing comes first, and then the order of the rulebook.
    """
    requirements = {each.id: (each, measure) for measure in card.measures for each in measure.requirements}
    unranked = [_gap(rules, card, row, *requirements[row.requirement]) for row in card.rows if _missing(row)]
    in_any_case = _ranked(each for each in unranked if each.in_any_case)
    only_if_adopted = _ranked(each for each in unranked if not each.in_any_case)
    unanswered = _questions(card, requirements)
    narrows_most = max(unanswered, key=lambda each: each.drafted_narrows + each.amended_narrows, default=None)
    return NextSteps(in_any_case, only_if_adopted, unanswered, narrows_most, _sentence(card, unanswered, narrows_most))


def _missing(row: Row) -> int:
    """The points missing of an owed requirement that is graded; 0 where it is not owed, unanswered or not feasible."""
    code = grade_code(row.grade, row.note)
    owed = row.drafted_owed or row.amended_owed
    return FULL - code if owed and code >= 0 else 0


def _gap(rules: Rules, card: Scorecard, row: Row, requirement: Requirement, measure: Measure) -> Gap:
    return Gap(
        requirement=requirement,
        measure=measure,
        grade=row.grade,
        points_missing=_missing(row),
        in_any_case=row.drafted_owed,
        alike=0,
        because=row.drafted_because if row.drafted_owed else row.amended_because,
        basis=row.basis,
        where=row.source,
        technologies=existing(requirement, card.facts, rules),
    )


def _ranked(unranked: Iterable[Gap]) -> tuple[Gap, ...]:
    gaps = tuple(unranked)
    alike: dict[str, int] = {}
    for each in gaps:
        alike[each.requirement.covers] = alike.get(each.requirement.covers, 0) + each.points_missing
    whole = [replace(each, alike=alike[each.requirement.covers]) for each in gaps]
    return tuple(
        sorted(whole, key=lambda each: (-each.points_missing, -each.alike))
    )  # stable: equals stay in the order of the rulebook


# --------------------------------------------------------------------------------------- what is unanswered
def _questions(card: Scorecard, requirements: dict[str, tuple[Requirement, Measure]]) -> tuple[Question, ...]:
    """Each owed requirement without a grade, with the least that any allowed answer narrows each regime's range."""
    open_rows = [
        row
        for row in card.rows
        if (row.drafted_owed or row.amended_owed) and grade_code(row.grade, row.note) == UNANSWERED_CODE
    ]
    if not open_rows:
        return ()
    before = np.array([grade_code(row.grade, row.note) for row in card.rows], dtype=np.int8)
    tried = [(row, code) for row in open_rows for code in _codes(requirements[row.requirement][0])]
    grades = np.repeat(before[:, None], len(tried), axis=1)
    places = {row.requirement: place for place, row in enumerate(card.rows)}
    for column, (row, code) in enumerate(tried):
        grades[places[row.requirement], column] = code
    owed = ([row.drafted_owed for row in card.rows], [row.amended_owed for row in card.rows])
    narrowed = [_narrowed(np.array(each)[:, None], before[:, None], grades) for each in owed]
    found = []
    for row in open_rows:
        columns = [column for column, (tried_row, _) in enumerate(tried) if tried_row is row]
        drafted, amended = (min(regime[column] for column in columns) for regime in narrowed)
        found.append(Question(*requirements[row.requirement], drafted, amended))
    return tuple(found)


def _codes(requirement: Requirement) -> tuple[int, ...]:
    """The grade codes that an answer may have."""
    return tuple(POINTS.get(grade, NOT_FEASIBLE_CODE) for grade in allowed_grades(requirement))


def _narrowed(owed: np.ndarray, before: np.ndarray, after: np.ndarray) -> list[Fraction]:
    """How much narrower the range from the lowest to the highest score becomes, for each column of grades."""
    now = _widths(tally(owed, before))[0]
    return [now - width for width in _widths(tally(owed, after))]


def _widths(sums: Tally) -> list[Fraction]:
    return [
        Fraction(int(high - low), int(all_)) if all_ else Fraction(0)
        for low, high, all_ in zip(sums.points, sums.highest, sums.out_of, strict=True)
    ]


def _sentence(card: Scorecard, unanswered: tuple[Question, ...], narrows_most: Question | None) -> str:
    """The range that the answers leave open, and the question that narrows it most; that nothing is open, where that is so."""
    if narrows_most is None:
        owed = any(row.drafted_owed or row.amended_owed for row in card.rows)
        return (
            "Every owed requirement is answered: the score is settled."
            if owed
            else "No obligations apply, so there is nothing to answer."
        )
    count = len(unanswered)
    ranges = [
        f"{_range(result)} {name}"
        for result, name in ((card.drafted, "as drafted"), (card.amended, "with the recommendations"))
        if result.sums.unanswered
    ]
    counts = f"{count} owed {'requirement is' if count == 1 else 'requirements are'} unanswered"
    settles = [
        f"{FULL} of the {FULL * result.sums.unanswered} points that are open {name}"
        for result, name, narrows in (
            (card.drafted, "as drafted", narrows_most.drafted_narrows),
            (card.amended, "with the recommendations", narrows_most.amended_narrows),
        )
        if narrows
    ]
    which = f"“{narrows_most.requirement.title}” ({narrows_most.requirement.id})"
    said = f"{counts}, so the score is still a range: {' and '.join(ranges)}."
    return f"{said} Start with {which}: no other answer narrows it more. It settles {' and '.join(settles)}."


def _range(result: RegimeResult) -> str:
    percentages = result.sums.percentages
    assert percentages is not None  # something is unanswered, so something is owed
    return f"from {percentages[0]} % to {percentages[1]} %"
