"""What a service owes under a rulebook, and the one tally behind every score. Pure functions on frozen values.

What is owed is decided once per distinct profile and kept as a mask over the requirements. A score is a sum under
that mask: one service, 2^n regimes of one service and a hundred thousand services are the same sum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from scoring.conditions import Condition, Profile, explain, holds, join
from scoring.model import Exemption, Measure, Proviso, Recommendation, Requirement, Rulebook, Rules

Standing = Literal["not_applicable", "exempt", "applies"]
Change = Literal["measure_added", "exemption_withdrawn", "exemption_narrowed", "requirement_added", "unchanged"]
STANDINGS: tuple[Standing, ...] = ("not_applicable", "exempt", "applies")
STATUSES = ("not_applicable", "exempt", "unanswered", "incomplete", "met", "not_met", "partly_met")
"""What may be said of a measure under a regime, in the order of the codes that `status_codes` gives."""
CHANGES: tuple[Change, ...] = ("measure_added", "exemption_withdrawn", "exemption_narrowed", "requirement_added", "unchanged")

POINTS = {"met": 2, "partly": 1, "not_met": 0}
"""What a grade is worth, out of FULL."""
FULL = 2
NOT_FEASIBLE = "not_feasible"
GRADES = (*POINTS, NOT_FEASIBLE)
UNANSWERED_CODE, NOT_FEASIBLE_CODE = -1, -2


# --------------------------------------------------------------------------------------------- what is owed
@dataclass(frozen=True)
class ExemptionVerdict:
    """Whether an exemption lets the service out: its condition, each proviso with whether it held, who withdrew it."""

    exemption: Exemption
    condition_holds: bool
    provisos: tuple[tuple[Proviso, bool], ...]

    @property
    def holds(self) -> bool:
        """An exemption holds when it is not withdrawn, its condition holds and all its provisos hold."""
        return self.condition_holds and not self.exemption.withdrawn_by and all(held for _, held in self.provisos)


@dataclass(frozen=True)
class Verdict:
    """Where a service stands under one measure, with everything that decided it."""

    measure: Measure
    standing: Standing
    exemptions: tuple[ExemptionVerdict, ...]
    owed: tuple[str, ...]
    profile: Profile = field(repr=False, compare=False)
    rules: Rules = field(repr=False, compare=False)

    @cached_property
    def because(self) -> str:
        """One sentence that says why the measure applies, is exempt or does not apply; put together when it is asked for."""
        return _because(self.measure, self.standing, self.exemptions, self.profile, self.rules)

    def exempted_by(self) -> tuple[Exemption, ...]:
        return tuple(each.exemption for each in self.exemptions if each.holds)


def verdict(measure: Measure, profile: Profile, rules: Rules) -> Verdict:
    """A measure applies when its scope holds and no exemption does; a requirement is owed when it applies and a ground of its own holds."""
    in_scope = holds(measure.scope, profile)
    exemptions = tuple(
        ExemptionVerdict(each, holds(each.when, profile), tuple((proviso, holds(proviso.only_if, profile)) for proviso in each.provisos))
        for each in measure.exemptions
    )
    standing: Standing = "not_applicable" if not in_scope else "exempt" if any(each.holds for each in exemptions) else "applies"
    owed = tuple(each.id for each in measure.requirements if standing == "applies" and any(holds(ground.when, profile) for ground in each.grounds))
    return Verdict(measure, standing, exemptions, owed, dict(profile), rules)


def verdicts(rulebook: Rulebook, profile: Profile, rules: Rules) -> tuple[Verdict, ...]:
    """The verdict on every measure of the service's code."""
    code = rules.code_of(profile)
    return tuple(verdict(measure, profile, rules) for measure in rulebook.of_code(code.id)) if code else ()


def _facts_in_words(facts: Iterable[str], profile: Profile, rules: Rules) -> str:
    return join(rules.phrases[fact, profile[fact]] for fact in facts if fact in profile)


def _because(measure: Measure, standing: Standing, exemptions: tuple[ExemptionVerdict, ...], profile: Profile, rules: Rules) -> str:
    """One sentence that says why the measure applies, is exempt or does not apply."""
    facts = _facts_in_words(measure.scope.facts(), profile, rules)
    if standing == "not_applicable":
        return f"Does not apply: it binds a service that {explain(measure.scope, rules.phrases)}; this service {facts}."
    if standing == "exempt":
        reasons = [_why_exempt(each, profile, rules) for each in exemptions if each.holds]
        return f"Exempt: the service {join(reasons)}."
    lost = _why_not_exempt([each for each in exemptions if each.condition_holds], profile, rules)
    scope = f"Applies: the service {_facts_in_words(_facts_that_hold(measure.scope, profile), profile, rules)}"
    return f"{scope}; {lost}." if lost else f"{scope}{', and no exemption holds' if exemptions else ''}."


def _facts_that_hold(condition: Condition, profile: Profile) -> tuple[str, ...]:
    """The facts of the first alternative that holds."""
    tests = next((tests for tests in condition.alternatives if all(test.holds(profile) for test in tests)), ())
    return tuple(test.fact for test in tests)


def _why_exempt(each: ExemptionVerdict, profile: Profile, rules: Rules) -> str:
    facts = list(_facts_that_hold(each.exemption.when, profile))
    facts += [fact for proviso, _ in each.provisos for fact in _facts_that_hold(proviso.only_if, profile) if fact not in facts]
    return _facts_in_words(dict.fromkeys(facts), profile, rules)


def _why_not_exempt(lost: list[ExemptionVerdict], profile: Profile, rules: Rules) -> str:
    """Why exemptions whose condition holds let the service out no longer: withdrawn, or a proviso fails."""
    withdrawn: dict[tuple[str, ...], list[str]] = {}
    for each in lost:
        if each.exemption.withdrawn_by:
            withdrawn.setdefault(each.exemption.withdrawn_by, []).append(f"“{each.exemption.title}”")
    said = [
        f"{rules.named(by)} {'withdraw' if len(by) > 1 else 'withdraws'} the exemption{'s' if len(titles) > 1 else ''} {join(titles)}"
        for by, titles in withdrawn.items()
    ]
    for each in lost:
        failed = [proviso for proviso, held in each.provisos if not held and not each.exemption.withdrawn_by]
        if failed:
            facts = _facts_in_words(dict.fromkeys(fact for proviso in failed for fact in _facts_that_fail(proviso.only_if, profile)), profile, rules)
            narrow = f"{rules.named(tuple(proviso.by for proviso in failed))} {'narrow' if len(failed) > 1 else 'narrows'} the exemption “{each.exemption.title}”"
            said.append(f"{narrow}, which no longer covers this service, since it {facts}")
    return "; ".join(said)


def _facts_that_fail(condition: Condition, profile: Profile) -> tuple[str, ...]:
    """The facts whose values stand in the way of a condition that does not hold."""
    return tuple(dict.fromkeys(test.fact for tests in condition.alternatives for test in tests if not test.holds(profile)))


def requirement_because(requirement: Requirement, found: Verdict | None, adds: tuple[str, ...], profile: Profile, rules: Rules) -> str:
    """One sentence that says why a requirement is owed, or is not.

    found: the verdict on its measure, None where the rulebook does not have the measure.
    adds: the recommendations that would add the measure or the requirement to a rulebook that lacks it.
    """
    if found is None:
        return f"Not in the text as drafted: {rules.named(adds)} would add this measure."
    if found.standing != "applies":
        return found.because
    here = next((each for each in found.measure.requirements if each.id == requirement.id), None)
    if here is None:
        return f"Not in the text as drafted: {rules.named(adds)} would add this requirement."
    holding = [ground for ground in here.grounds if holds(ground.when, profile)]
    if not holding:
        conditions = [ground.when for ground in here.grounds if ground.when]
        asked = join((explain(each, rules.phrases) for each in conditions), "or")
        facts = _facts_in_words(dict.fromkeys(fact for each in conditions for fact in each.facts()), profile, rules)
        return f"Not owed: it is asked only of a service that {asked}{f'; this service {facts}' if facts else ''}."
    if here.added and not found.measure.added_by:
        by = tuple(ground.by for ground in holding)
        return f"{found.because[:-1]}; {rules.named(by)} {'add' if len(by) > 1 else 'adds'} this requirement."
    return found.because


def measure_change(before: Verdict | None, after: Verdict | None) -> Change:
    """Why a measure differs between two regimes: the first reason that fits, in the order of CHANGES."""
    if after is None or after.standing != "applies":
        return "unchanged"
    if before is None:
        return "measure_added"
    if before.standing == "exempt":
        withdrawn = {each.exemption.id for each in after.exemptions if each.exemption.withdrawn_by}
        return "exemption_withdrawn" if withdrawn & {each.id for each in before.exempted_by()} else "exemption_narrowed"
    return "requirement_added" if set(after.owed) - set(before.owed) else "unchanged"


def requirement_change(requirement: Requirement, before: Verdict | None, after: Verdict | None) -> Change:
    """Why a requirement differs: unchanged where both regimes owe it or neither does, else what added it, else its measure's cause."""
    owed_before = before is not None and requirement.id in before.owed
    owed_after = after is not None and requirement.id in after.owed
    if owed_before == owed_after:
        return "unchanged"
    if after is not None and after.measure.added_by:
        return "measure_added"
    return "requirement_added" if requirement.added else measure_change(before, after)


# ----------------------------------------------------------------------------------------------- the tally
def grade_code(grade: str, note: str) -> int:
    """A grade as a number: its points; unanswered where it is empty, or not feasible without a written justification."""
    if grade == NOT_FEASIBLE:
        return NOT_FEASIBLE_CODE if note.strip() else UNANSWERED_CODE
    return POINTS.get(grade, UNANSWERED_CODE)


@dataclass(frozen=True)
class Tally:
    """Sums over owed requirements, one element a service or regime: points, points to be had, and how many answered or not."""

    points: np.ndarray
    out_of: np.ndarray
    unanswered: np.ndarray
    answered: np.ndarray

    @property
    def shortfall(self) -> np.ndarray:
        """Points known to be missing."""
        return self.out_of - self.points - FULL * self.unanswered

    @property
    def highest(self) -> np.ndarray:
        """The points there would be if everything unanswered were met."""
        return self.points + FULL * self.unanswered

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.points + other.points, self.out_of + other.out_of, self.unanswered + other.unanswered, self.answered + other.answered)


def tally(owed: np.ndarray, grades: np.ndarray) -> Tally:
    """Add up owed requirements.

    owed: bool, requirements x services (or regimes); grades: int8 grade codes of the same shape, or of one that
    broadcasts to it. A met requirement is 2 points, a partly met one 1, each out of 2; what is not feasible counts
    on neither side; what is unanswered counts as neither met nor missing. Source: rulebook, section 4.
    """
    small = np.int8 if FULL * len(owed) <= np.iinfo(np.int8).max else np.int32  # the smaller the number, the quicker the sum

    def total_of(each: np.ndarray) -> np.ndarray:
        return each.view(np.int8).sum(axis=0, dtype=small).astype(np.int32)

    points = total_of(np.maximum(grades, np.int8(0)) * owed.view(np.int8))
    unanswered = total_of(owed & (grades == UNANSWERED_CODE))
    not_feasible = total_of(owed & (grades == NOT_FEASIBLE_CODE))
    total = total_of(owed)
    return Tally(points, FULL * (total - not_feasible), unanswered, total - unanswered)


def status_codes(standing: np.ndarray, sums: Tally) -> np.ndarray:
    """The status of a measure for each service, as indices into STATUSES.

    standing: 0 not applicable, 1 exempt, 2 applies. Source: rulebook, section 4.
    """
    last = np.int8(len(STATUSES) - 1)
    codes = np.full(standing.shape, last)
    fitting = (standing == 0, standing == 1, sums.answered == 0, sums.unanswered > 0, sums.points == sums.out_of, sums.points == 0)
    for code, fits in enumerate(fitting):  # the first that fits counts: it has the smallest code
        codes = np.minimum(codes, last - fits.view(np.int8) * (last - np.int8(code)))
    return codes


def mask(found: Sequence[Verdict], columns: Sequence[str]) -> np.ndarray:
    """Which requirements are owed, as a bool for each column."""
    owed = {each for verdict_ in found for each in verdict_.owed}
    return np.fromiter((each in owed for each in columns), dtype=bool, count=len(columns))


def percent(points: int, out_of: int) -> int:
    """A score in whole percent of `out_of`, which is not 0, a half rounded up; 100 only when every point is there (99.6 gives 99)."""
    return 100 if points == out_of else min(99, (200 * points + out_of) // (2 * out_of))


def amendments_named(rules: Rules, ids: Iterable[str]) -> tuple[Recommendation, ...]:
    """The recommendations with these ids, in the order of the rules, each once. Raises KeyError with the unknown id."""
    wanted = dict.fromkeys(ids)
    for each in wanted:
        if each not in {known.id for known in rules.recommendations}:
            raise KeyError(each)
    return tuple(each for each in rules.recommendations if each.id in wanted)
