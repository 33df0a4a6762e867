"""The verdict trace: why a measure applies, lets the service out or does not apply, rule by rule, for a person who never saw the code."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.rules.conditions import Condition, Profile, explain, holds, join
from scoring.rules.in_words import change_in_words, changes_to, requirement_condition
from scoring.rules.model import (
    AMENDED,
    DRAFTED,
    Exemption,
    Interpretation,
    Measure,
    Proviso,
    Recommendation,
    Regimes,
    Requirement,
    Rules,
)
from scoring.rules.profile import its_code
from scoring.score.because import because, requirement_because
from scoring.score.verdict import (
    Cause,
    ExemptionVerdict,
    Standing,
    Verdict,
    measure_change,
    names_of_results,
)
from scoring.score.verdict import verdict as verdict_on


@dataclass(frozen=True)
class Asked:
    """A condition in words, what this service has to say to it, and whether it holds.

    `asks` completes "a service that ..."; `this_service` completes "this service ...", and is empty where no fact is known.
    """

    asks: str
    this_service: str
    held: bool

    @property
    def facts(self) -> str:
        """In one sentence, what this service has to say to it."""
        if self.this_service:
            return f"This service {self.this_service}."
        return "The facts that it turns on are not asked of this service."


@dataclass(frozen=True)
class ProvisoTrace:
    """A recommendation's condition on an exemption: whose it is, what it asks, and whether it held."""

    proviso: Proviso
    by: Recommendation
    condition: Asked

    @property
    def verdict(self) -> str:
        """In one sentence, whether it held."""
        return "This holds." if self.condition.held else "This does not hold."


@dataclass(frozen=True)
class ExemptionTrace:
    """A way out of a measure: its condition, its provisos, who withdraws it, and whether it lets this service out."""

    exemption: Exemption
    condition: Asked
    provisos: tuple[ProvisoTrace, ...]
    withdrawn_by: tuple[Recommendation, ...]
    lets_out: bool

    @property
    def verdict(self) -> str:
        """In one sentence, whether it lets the service out, and what decides that."""
        if self.withdrawn_by:
            return f"Withdrawn by {join(by.named for by in self.withdrawn_by)}: it lets no service out."
        if self.lets_out:
            return "It holds: it lets the service out."
        if not self.condition.held:
            return "It does not hold: the service does not meet its condition."
        return "It does not hold: the service meets its condition, but not every proviso."


@dataclass(frozen=True)
class RequirementTrace:
    """One requirement under one regime: whether it is owed and why, its own condition, and who adds it.

    `why` is what there is to say beyond the verdict on the measure; empty where that says it all.
    """

    requirement: Requirement
    owed: bool
    because: str
    why: str
    condition: str
    added_by: tuple[Recommendation, ...]

    def told(self, why: str) -> str:
        """In a sentence or two, whether it is owed, who adds it, and a reason, which may be empty."""
        added = f" Added by {join(by.named for by in self.added_by)}." if self.added_by else ""
        owed = "owed" if self.owed else "not owed"
        return f"Requirement {self.requirement.named}: {owed}.{added}{f' {why}' if why else ''}"


@dataclass(frozen=True)
class RegimeTrace:
    """One measure under one regime. Where the regime's rulebook does not have the measure, there is no scope."""

    name: str
    standing: Standing
    scope: Asked | None
    exemptions: tuple[ExemptionTrace, ...]
    requirements: tuple[RequirementTrace, ...]
    because: str

    def owes(self, requirement: Requirement) -> bool:
        """Whether the service owes the requirement under this regime."""
        return any(traced.owed for traced in self.requirements if traced.requirement.id == requirement.id)


@dataclass(frozen=True)
class MeasureTrace:
    """One measure under both regimes, what changed it, and the interpretations that concern it."""

    measure: Measure
    drafted: RegimeTrace
    amended: RegimeTrace
    change: Cause
    changed_by: tuple[tuple[Recommendation, tuple[str, ...]], ...]
    interpretations: tuple[Interpretation, ...]

    @property
    def regimes(self) -> tuple[RegimeTrace, RegimeTrace]:
        return self.drafted, self.amended


def trace(
    rules: Rules, facts: Profile, regimes: Regimes | None = None, measure: str | None = None
) -> tuple[MeasureTrace, ...]:
    """Why each measure of the service's code, in either regime, stands where it stands.

    facts: a complete profile. regimes: the two texts; the amended one has all recommendations, unless told otherwise. measure:
    the id of the only measure that is asked about; of another code's, there is nothing.
    """
    regimes = rules.regimes if regimes is None else regimes
    return tuple(
        _measure(rules, facts, regimes.drafted.measure(amended.id), amended, regimes.adopted)
        for amended in regimes.amended.of_code(its_code(rules, facts).id)
        if measure in (None, amended.id)
    )


def _measure(
    rules: Rules, facts: Profile, drafted: Measure | None, amended: Measure, adopted: Sequence[Recommendation]
) -> MeasureTrace:
    before = verdict_on(drafted, facts) if drafted else None
    after = verdict_on(amended, facts)
    names = names_of_results(len(adopted), len(rules.recommendations))
    changes = {by.id: changes_to(amended.id, by) for by in adopted}
    changed_by = tuple(
        (by, tuple(change_in_words(change, rules) for change in changes[by.id])) for by in adopted if changes[by.id]
    )
    ids = [recommendation.id for recommendation, _ in changed_by]
    return MeasureTrace(
        measure=amended,
        drafted=_regime(names[DRAFTED], rules, facts, before, amended),
        amended=_regime(names[AMENDED], rules, facts, after, amended),
        change=measure_change(before, after),
        changed_by=changed_by,
        interpretations=tuple(reading for reading in rules.interpretations if _concerns(reading, amended, ids, rules)),
    )


def _concerns(interpretation: Interpretation, measure: Measure, changed_by: list[str], rules: Rules) -> bool:
    """An interpretation concerns a measure when it names it, its code, or (naming no measure at all) a recommendation that changes it."""
    named = set(interpretation.concerns)
    if named & {measure.id, measure.code}:
        return True
    return bool(named & set(changed_by)) and named <= {recommendation.id for recommendation in rules.recommendations}


def _regime(name: str, rules: Rules, facts: Profile, verdict: Verdict | None, amended: Measure) -> RegimeTrace:
    why = because(amended, verdict, rules)
    if verdict is None:
        return RegimeTrace(name, "not_applicable", None, (), (), why)
    measure = verdict.measure
    return RegimeTrace(
        name=name,
        standing=verdict.standing,
        scope=_asked(measure.scope, facts, rules),
        exemptions=tuple(_exemption(exemption, facts, rules) for exemption in verdict.exemptions),
        requirements=tuple(_requirement(requirement, verdict, why, rules) for requirement in measure.requirements),
        because=why,
    )


def _asked(condition: Condition, facts: Profile, rules: Rules) -> Asked:
    this_service = join(rules.phrases[fact, facts[fact]] for fact in condition.facts() if fact in facts)
    return Asked(explain(condition, rules.phrases), this_service, holds(condition, facts))


def _exemption(tried: ExemptionVerdict, facts: Profile, rules: Rules) -> ExemptionTrace:
    exemption = tried.exemption
    return ExemptionTrace(
        exemption=exemption,
        condition=_asked(exemption.when, facts, rules),
        provisos=tuple(
            ProvisoTrace(proviso, rules.recommendation(proviso.by), _asked(proviso.only_if, facts, rules))
            for proviso in exemption.provisos
        ),
        withdrawn_by=tuple(map(rules.recommendation, exemption.withdrawn_by)),
        lets_out=tried.holds,
    )


def _requirement(requirement: Requirement, verdict: Verdict, of_measure: str, rules: Rules) -> RequirementTrace:
    """of_measure: why the measure stands where it stands."""
    owed, why = requirement.id in verdict.owed, requirement_because(requirement, verdict, rules)
    condition = requirement_condition(requirement, rules)
    return RequirementTrace(
        requirement=requirement,
        owed=owed,
        because=why,
        why=condition if owed else why if why != of_measure else "",
        condition=condition,
        added_by=tuple(map(rules.recommendation, requirement.origin)) if requirement.added else (),
    )
