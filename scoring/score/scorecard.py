"""The one table: a row a requirement, both regimes side by side. Screen, charts and CSV are views of it and never compute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from scoring.rules.model import Code, Fact, Measure, Regimes, Requirement, Rulebook, Rules
from scoring.score.assessment import Answer, Assessment
from scoring.score.because import measure_because, requirement_because
from scoring.score.tally import FULL, NOT_FEASIBLE_CODE, STATUSES, Tally, grade_code, mask, percent, status_codes, tally
from scoring.score.verdict import STANDINGS, Verdict, measure_change, requirement_change, verdicts


class IncompleteProfile(ValueError):
    """The facts do not yet say which measures apply; `facts` are those that are missing."""

    def __init__(self, facts: tuple[Fact, ...]) -> None:
        said = "; ".join(f"'profile.{fact.id}' is missing; allowed: {', '.join(fact.value_ids())}" for fact in facts)
        super().__init__(said)
        self.facts = facts


@dataclass(frozen=True)
class Row:
    """One requirement of the service's code under both regimes; the fields are the columns of the CSV, in their order."""

    service: str
    code: str
    measure: str
    measure_title: str
    requirement: str
    requirement_text: str
    origin: str
    grade: str
    drafted_status: str
    drafted_owed: bool
    drafted_points: int | None
    drafted_out_of: int | None
    drafted_because: str
    amended_status: str
    amended_owed: bool
    amended_points: int | None
    amended_out_of: int | None
    amended_because: str
    change: str
    note: str
    basis: str
    source: str
    profile: str
    regime_amended: str
    rulebook: str
    assessed_on: str


COLUMNS = tuple(field.name for field in fields(Row))


@dataclass(frozen=True)
class Sums:
    """Points of a measure, or of all of them, under one regime. With `out_of` 0 nothing is owed and there is no score."""

    points: int
    out_of: int
    unanswered: int
    shortfall: int
    highest: int

    @property
    def percentages(self) -> tuple[int, int] | None:
        """The lowest and the highest score that the answers leave open, in whole percent; None where nothing is owed."""
        return (percent(self.points, self.out_of), percent(self.highest, self.out_of)) if self.out_of else None


@dataclass(frozen=True)
class MeasureLine:
    """One measure under one regime: `found` is None where that regime's rulebook does not have it."""

    measure: Measure
    found: Verdict | None
    status: str
    sums: Sums
    because: str


@dataclass(frozen=True)
class RegimeResult:
    """A service under one regime: a line a measure, and the totals."""

    rulebook: Rulebook
    lines: tuple[MeasureLine, ...]
    sums: Sums

    @property
    def measures_applying(self) -> int:
        return sum(line.status not in STANDINGS[:2] for line in self.lines)

    @property
    def measures_met(self) -> int:
        return sum(line.status == "met" for line in self.lines)

    def line(self, measure_id: str) -> MeasureLine:
        return next(line for line in self.lines if line.measure.id == measure_id)


@dataclass(frozen=True)
class Scorecard:
    """What a service gets: the rows, and the same sums by measure and in total under both regimes."""

    service: str
    code: Code
    facts: dict[str, str]
    regimes: Regimes
    drafted: RegimeResult
    amended: RegimeResult
    changes: dict[str, str]
    rows: tuple[Row, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the code in either regime, as the amended rulebook has them."""
        return tuple(line.measure for line in self.amended.lines)

    def requirement(self, row: Row) -> Requirement:
        return next(each for measure in self.measures for each in measure.requirements if each.id == row.requirement)


def scorecard(rules: Rules, assessment: Assessment, regimes: Regimes | None = None) -> Scorecard:
    """Score an assessment as drafted and as amended (with all recommendations, unless told otherwise).

    Raises IncompleteProfile while a fact that is asked is missing.
    """
    absent = assessment.missing(rules)
    if absent:
        raise IncompleteProfile(absent)
    return score(
        rules,
        assessment.facts(rules),
        assessment.answers,
        regimes,
        service=assessment.service_name,
        assessed_on=assessment.assessed_on,
    )


def score(
    rules: Rules,
    facts: dict[str, str],
    answers: Mapping[str, Answer],
    regimes: Regimes | None = None,
    *,
    service: str,
    assessed_on: str,
) -> Scorecard:
    """The scorecard of a service from its facts, which are complete and are all asked, and its answers by requirement."""
    regimes = rules.regimes if regimes is None else regimes
    code = rules.code_of(facts)
    assert code is not None  # load() has seen to it that every complete profile belongs to a code
    measures = regimes.amended.of_code(code.id)
    requirements = [each for measure in measures for each in measure.requirements]
    grades = np.array(
        [
            [grade_code(answer.grade, answer.note)]
            for answer in (answers.get(each.id, Answer()) for each in requirements)
        ],
        dtype=np.int8,
    )

    drafted = _under(regimes.drafted, measures, requirements, grades, facts, rules)
    amended = _under(regimes.amended, measures, requirements, grades, facts, rules)
    changes = {
        before.measure.id: measure_change(before.found, after.found)
        for before, after in zip(drafted.lines, amended.lines, strict=True)
    }

    shared = {
        "profile": ";".join(f"{fact}={value}" for fact, value in facts.items()),
        "regime_amended": _adopted(regimes, rules),
        "rulebook": rules.version,
        "assessed_on": assessed_on,
    }
    rows = []
    for before, after in zip(drafted.lines, amended.lines, strict=True):
        for requirement in after.measure.requirements:
            answer, code_ = answers.get(requirement.id, Answer()), int(grades[requirements.index(requirement), 0])
            rows.append(
                Row(
                    service=service,
                    code=code.id,
                    measure=after.measure.id,
                    measure_title=after.measure.title,
                    requirement=requirement.id,
                    requirement_text=requirement.text,
                    origin="+".join(requirement.origin),
                    grade=answer.grade,
                    **_cells("drafted", before, requirement, code_, facts, rules),
                    **_cells("amended", after, requirement, code_, facts, rules),
                    change=requirement_change(requirement, before.found, after.found),
                    note=answer.note,
                    basis=requirement.basis,
                    source=requirement.where,
                    **shared,
                )
            )
    return Scorecard(service, code, facts, regimes, drafted, amended, changes, tuple(rows))


def _adopted(regimes: Regimes, rules: Rules) -> str:
    every = len(regimes.adopted) == len(rules.recommendations)
    return "all" if every else "+".join(recommendation.id for recommendation in regimes.adopted) or "none"


def _under(
    book: Rulebook,
    measures: Sequence[Measure],
    requirements: Sequence[Requirement],
    grades: np.ndarray,
    facts: dict[str, str],
    rules: Rules,
) -> RegimeResult:
    """The measures of the union under one rulebook, each with its own tally; the total is their sum."""
    found = {each.measure.id: each for each in verdicts(book, facts, rules)}
    owed = mask(tuple(found.values()), [each.id for each in requirements])[:, None]
    lines, total = [], None
    start = 0
    for measure in measures:
        part = slice(start, start := start + len(measure.requirements))
        sums = tally(owed[part], grades[part])
        total = sums if total is None else total + sums
        here = found.get(measure.id)
        standing = np.array([STANDINGS.index(here.standing) if here else 0])
        because = (
            measure_because(here, rules)
            if here
            else requirement_because(measure.requirements[0], None, measure.added_by, facts, rules)
        )
        lines.append(MeasureLine(measure, here, STATUSES[int(status_codes(standing, sums)[0])], _plain(sums), because))
    assert total is not None  # every code has a measure
    return RegimeResult(book, tuple(lines), _plain(total))


def _plain(sums: Tally) -> Sums:
    return Sums(*(int(each[0]) for each in (sums.points, sums.out_of, sums.unanswered, sums.shortfall, sums.highest)))


def _cells(
    regime: str, line: MeasureLine, requirement: Requirement, grade: int, facts: dict[str, str], rules: Rules
) -> dict[str, object]:
    owed = line.found is not None and requirement.id in line.found.owed
    return {
        f"{regime}_status": line.status,
        f"{regime}_owed": owed,
        f"{regime}_points": max(grade, 0) if owed else None,
        f"{regime}_out_of": (0 if grade == NOT_FEASIBLE_CODE else FULL) if owed else None,
        f"{regime}_because": requirement_because(
            requirement, line.found, line.measure.added_by or requirement.origin, facts, rules
        ),
    }


def sentence(card: Scorecard) -> str:
    """The result as a sentence: what applies and how many points are there, under both regimes."""
    whole = card.rows[0].regime_amended == "all" if card.rows else True
    name = (
        f"With IJM's {number(len(card.regimes.adopted))} recommendations"
        if whole
        else "With the recommendations chosen"
    )
    return f"As drafted: {_said(card.drafted)} {name}: {_said(card.amended)}"


def number(count: int) -> str:
    """A number as a sentence has it: a small one in words."""
    return (
        ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")[count]
        if count < 10
        else str(count)
    )


def _said(result: RegimeResult) -> str:
    applying, total = result.measures_applying, sum(line.found is not None for line in result.lines)
    if not applying:
        return "no obligations apply."
    verb = "applies" if applying == 1 else "apply"
    sums = result.sums
    points = (
        f"{sums.points} to {sums.highest} of {sums.out_of} points, {sums.unanswered} unanswered"
        if sums.unanswered
        else f"{sums.points} of {sums.out_of} points"
    )
    return f"{applying} of {total} {'measure' if total == 1 else 'measures'} {verb}, {points}."


# ------------------------------------------------------------------------------------------------- CSV
