"""What a service owes under a rulebook, and what changes between two. Pure functions on frozen values."""

from dataclasses import dataclass, field
from typing import Literal

from scoring.rules.conditions import Profile, holds
from scoring.rules.model import Exemption, Measure, Proviso, Requirement, Rulebook, Rules

Standing = Literal["not_applicable", "exempt", "applies"]
Change = Literal["measure_added", "exemption_withdrawn", "exemption_narrowed", "requirement_added", "unchanged"]
STANDINGS: tuple[Standing, ...] = ("not_applicable", "exempt", "applies")
CHANGES: tuple[Change, ...] = (
    "measure_added",
    "exemption_withdrawn",
    "exemption_narrowed",
    "requirement_added",
    "unchanged",
)


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

    def exempted_by(self) -> tuple[Exemption, ...]:
        return tuple(each.exemption for each in self.exemptions if each.holds)


def verdict(measure: Measure, profile: Profile) -> Verdict:
    """A measure applies when its scope holds and no exemption does; a requirement is owed when it applies and a ground of its own holds."""
    in_scope = holds(measure.scope, profile)
    exemptions = tuple(
        ExemptionVerdict(
            each,
            holds(each.when, profile),
            tuple((proviso, holds(proviso.only_if, profile)) for proviso in each.provisos),
        )
        for each in measure.exemptions
    )
    standing: Standing = (
        "not_applicable" if not in_scope else "exempt" if any(each.holds for each in exemptions) else "applies"
    )
    owed = tuple(
        each.id
        for each in measure.requirements
        if standing == "applies" and any(holds(ground.when, profile) for ground in each.grounds)
    )
    return Verdict(measure, standing, exemptions, owed, dict(profile))


def verdicts(rulebook: Rulebook, profile: Profile, rules: Rules) -> tuple[Verdict, ...]:
    """The verdict on every measure of the service's code."""
    code = rules.code_of(profile)
    return tuple(verdict(measure, profile) for measure in rulebook.of_code(code.id)) if code else ()


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
