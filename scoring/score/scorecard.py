"""The one table: a row a requirement, both regimes side by side. Screen, charts and CSV are views of it and never compute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from scoring.rules.conditions import in_a_sentence
from scoring.rules.model import AMENDED, DRAFTED, Code, Fact, Measure, Regimes, Requirement, Rulebook, Rules
from scoring.rules.profile import its_code
from scoring.score.assessment import Answer, Assessment
from scoring.score.because import because, requirement_because
from scoring.score.tally import FULL, NOT_FEASIBLE_CODE, STATUSES, Sums, grade_code, mask, status_codes, tally
from scoring.score.verdict import (
    STANDINGS,
    Verdict,
    names_of_results,
    requirement_change,
    verdicts,
)


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
class MeasureLine:
    """One measure under one regime: `verdict` is None where that regime's rulebook does not have it."""

    measure: Measure
    verdict: Verdict | None
    status: str
    sums: Sums
    because: str


@dataclass(frozen=True)
class RegimeResult:
    """A service under one regime: a line a measure, the totals, and how many owed requirements have points missing."""

    lines: tuple[MeasureLine, ...]
    sums: Sums
    gaps: int

    @property
    def measures(self) -> int:
        """How many measures the regime's rulebook has for the service's code."""
        return sum(line.verdict is not None for line in self.lines)

    @property
    def measures_applying(self) -> int:
        """How many of them apply to the service."""
        return sum(line.verdict is not None and line.verdict.standing == "applies" for line in self.lines)

    @property
    def measures_met(self) -> int:
        """How many of those the service meets."""
        return sum(line.status == "met" for line in self.lines)

    def line(self, measure_id: str) -> MeasureLine:
        return next(line for line in self.lines if line.measure.id == measure_id)


@dataclass(frozen=True)
class Scorecard:
    """What a service gets: the rows, and the same sums by measure and in total under both regimes.

    names: what to call the two results, with how many recommendations are adopted where those are not all.
    """

    service: str
    code: Code
    facts: dict[str, str]
    regimes: Regimes
    names: dict[str, str]
    drafted: RegimeResult
    amended: RegimeResult
    rows: tuple[Row, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures of the code in either regime, as the amended rulebook has them."""
        return tuple(line.measure for line in self.amended.lines)

    def requirement(self, row: Row) -> Requirement:
        """The requirement that a row is about."""
        of_measure = (requirement for measure in self.measures for requirement in measure.requirements)
        return next(requirement for requirement in of_measure if requirement.id == row.requirement)


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
    code = its_code(rules, facts)
    measures = regimes.amended.of_code(code.id)
    requirements = [requirement.id for measure in measures for requirement in measure.requirements]
    given = {requirement: answers.get(requirement, Answer()) for requirement in requirements}
    grades = {requirement: grade_code(answer.grade, answer.note) for requirement, answer in given.items()}
    drafted = _under(regimes.drafted, measures, grades, facts, rules)
    amended = _under(regimes.amended, measures, grades, facts, rules)
    shared = {
        "service": service,
        "code": code.id,
        "profile": ";".join(f"{fact}={value}" for fact, value in facts.items()),
        "regime_amended": _adopted(regimes, rules),
        "rulebook": rules.version,
        "assessed_on": assessed_on,
    }
    rows = []
    for before, after in zip(drafted.lines, amended.lines, strict=True):
        measure = after.measure
        for requirement in measure.requirements:
            answer, grade = given[requirement.id], grades[requirement.id]
            cells: dict[str, Any] = {
                **shared,
                "measure": measure.id,
                "measure_title": measure.title,
                "requirement": requirement.id,
                "requirement_text": requirement.text,
                "origin": "+".join(requirement.origin),
                "grade": answer.grade,
                **_cells(DRAFTED, before, requirement, grade, rules),
                **_cells(AMENDED, after, requirement, grade, rules),
                "change": requirement_change(requirement, before.verdict, after.verdict),
                "note": answer.note,
                "basis": requirement.basis,
                "source": requirement.where,
            }
            rows.append(Row(**cells))
    names = names_of_results(len(regimes.adopted), len(rules.recommendations))
    return Scorecard(service, code, facts, regimes, names, drafted, amended, tuple(rows))


def _adopted(regimes: Regimes, rules: Rules) -> str:
    """The recommendations that make the amended regime, as the column `regime_amended` has them."""
    if len(regimes.adopted) == len(rules.recommendations):
        return "all"
    return "+".join(recommendation.id for recommendation in regimes.adopted) or "none"


def _under(
    rulebook: Rulebook, measures: Sequence[Measure], grades: Mapping[str, int], facts: dict[str, str], rules: Rules
) -> RegimeResult:
    """The measures of either regime under one rulebook, each with its own tally; the total is the tally of all.

    grades: the grade code of each requirement of these measures, in their order.
    """
    by_measure = {verdict.measure.id: verdict for verdict in verdicts(rulebook, facts, rules)}
    owed = mask(by_measure.values(), list(grades))[:, None]
    codes = np.array(list(grades.values()), dtype=np.int8)[:, None]
    lines = []
    start = 0
    for measure in measures:
        part = slice(start, start := start + len(measure.requirements))
        sums = tally(owed[part], codes[part])
        verdict = by_measure.get(measure.id)
        standing = np.array([STANDINGS.index(verdict.standing) if verdict else 0])
        status = STATUSES[int(status_codes(standing, sums)[0])]
        lines.append(MeasureLine(measure, verdict, status, sums.of(0), because(measure, verdict, rules)))
    gaps = int((owed & (codes >= 0) & (codes < FULL)).sum())
    return RegimeResult(tuple(lines), tally(owed, codes).of(0), gaps)


def _cells(regime: str, line: MeasureLine, requirement: Requirement, grade: int, rules: Rules) -> dict[str, object]:
    """What a row says of one regime. grade: the grade code."""
    owed = line.verdict is not None and requirement.id in line.verdict.owed
    return {
        f"{regime}_status": line.status,
        f"{regime}_owed": owed,
        f"{regime}_points": max(grade, 0) if owed else None,
        f"{regime}_out_of": (0 if grade == NOT_FEASIBLE_CODE else FULL) if owed else None,
        f"{regime}_because": requirement_because(requirement, line.verdict, rules),
    }


def sentence(card: Scorecard) -> str:
    """The result as a sentence: what is owed and how many points are there, as drafted and as amended."""
    return f"{card.names[DRAFTED]}: {_said(card.drafted)} {card.names[AMENDED]}: {_said(card.amended)}"


def headline(card: Scorecard) -> str:
    """How many measures are owed, in one short sentence."""
    before, after = card.drafted, card.amended
    if not (before.measures_applying or after.measures_applying):
        return f"Nothing is owed, as drafted or {in_a_sentence(card.names[AMENDED])}."
    owed = "is" if before.measures_applying == 1 else "are"
    measures = "measure" if before.measures == 1 else "measures"
    return (
        f"{card.names[DRAFTED]}, {before.measures_applying} of {before.measures} {measures} {owed} owed; "
        f"{in_a_sentence(card.names[AMENDED])}, {after.measures_applying} of {after.measures}."
    )


def _said(result: RegimeResult) -> str:
    applying, total = result.measures_applying, result.measures
    if not applying:
        return "nothing is owed."
    verb = "is owed" if applying == 1 else "are owed"
    unanswered = f", {result.sums.unanswered} unanswered" if result.sums.unanswered else ""
    return f"{applying} of {total} {'measure' if total == 1 else 'measures'} {verb}, {result.sums.counted} points{unanswered}."
