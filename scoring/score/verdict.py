"""What a service owes under a rulebook, and what changes between two. Pure functions on frozen values."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from scoring.rules.conditions import Profile, holds
from scoring.rules.model import AMENDED, DRAFTED, Exemption, Measure, Proviso, Requirement, Rulebook, Rules

Standing = Literal["not_applicable", "exempt", "applies"]
Cause = Literal["measure_added", "exemption_withdrawn", "exemption_narrowed", "requirement_added", "unchanged"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
CHANGES: tuple[Cause, ...] = get_args(Cause)
"""What may be said in the column `change`: why a row differs between the regimes, the first that fits."""
REGIMES = {DRAFTED: "As drafted", AMENDED: "As amended"}
"""What the two results are called, on every page and in every document."""
STANDINGS_IN_WORDS: dict[Standing, str] = {"not_applicable": "not covered", "exempt": "exempt", "applies": "owed"}
CHANGES_IN_WORDS: dict[Cause, str] = {
    "measure_added": "The recommendations add the measure.",
    "exemption_withdrawn": "The exemption that let the service out is withdrawn.",
    "exemption_narrowed": "The exemption that let the service out holds no longer, since a proviso is not met.",
    "requirement_added": "The measure is owed as drafted too; the recommendations add to what it asks.",
    "unchanged": "Nothing changes for this service.",
}


def names_of_results(adopted: int, of: int) -> dict[str, str]:
    """What the two results are called, with how many of the recommendations are adopted where those are not all."""
    return REGIMES if adopted == of else {**REGIMES, AMENDED: f"{REGIMES[AMENDED]} ({adopted} of {of})"}


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
        """The exemptions that let the service out."""
        return tuple(tried.exemption for tried in self.exemptions if tried.holds)


def verdict(measure: Measure, profile: Profile) -> Verdict:
    """A measure applies when its scope holds and no exemption does; a requirement is owed when it applies and a ground of its own holds."""
    exemptions = tuple(
        ExemptionVerdict(
            exemption,
            holds(exemption.when, profile),
            tuple((proviso, holds(proviso.only_if, profile)) for proviso in exemption.provisos),
        )
        for exemption in measure.exemptions
    )
    standing: Standing = "applies"
    if not holds(measure.scope, profile):
        standing = "not_applicable"
    elif any(exemption.holds for exemption in exemptions):
        standing = "exempt"
    owed = tuple(
        requirement.id
        for requirement in measure.requirements
        if standing == "applies" and any(holds(ground.when, profile) for ground in requirement.grounds)
    )
    return Verdict(measure, standing, exemptions, owed, dict(profile))


def verdicts(rulebook: Rulebook, profile: Profile, rules: Rules) -> tuple[Verdict, ...]:
    """The verdict on every measure of the service's code."""
    code = rules.code_of(profile)
    return tuple(verdict(measure, profile) for measure in rulebook.of_code(code.id)) if code else ()


def measure_change(before: Verdict | None, after: Verdict | None) -> Cause:
    """Why a measure differs between two regimes: the first reason that fits, in the order of CHANGES."""
    if after is None or after.standing != "applies":
        return "unchanged"
    if before is None:
        return "measure_added"
    if before.standing == "exempt":
        withdrawn = {tried.exemption.id for tried in after.exemptions if tried.exemption.withdrawn_by}
        let_out_by = {exemption.id for exemption in before.exempted_by()}
        return "exemption_withdrawn" if withdrawn & let_out_by else "exemption_narrowed"
    return "requirement_added" if set(after.owed) - set(before.owed) else "unchanged"


def requirement_change(requirement: Requirement, before: Verdict | None, after: Verdict | None) -> Cause:
    """Why a requirement differs: unchanged where both regimes owe it or neither does, else what added it, else its measure's cause."""
    owed_before = before is not None and requirement.id in before.owed
    owed_after = after is not None and requirement.id in after.owed
    if owed_before == owed_after:
        return "unchanged"
    if after is not None and after.measure.added_by:
        return "measure_added"
    return "requirement_added" if requirement.added else measure_change(before, after)
