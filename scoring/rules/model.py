"""The rulebook: facts, measures, exemptions, requirements, recommendations, technologies. Everything is frozen.

The TOML files are validated into these very models. A list there is a tuple here: only a field that a file may fill takes one (`strict=False`).
"""

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from scoring.rules.conditions import Condition, Frozen, Profile, holds

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$")]
Basis = Literal["quoted", "described", "implied", "inferred"]
DRAFTED, AMENDED = "drafted", "amended"
"""The ids of the two regimes; the first also says where a requirement comes from that no recommendation adds."""


class Titled(Frozen):
    """Something with an id, and a title by which people call it."""

    id: Id
    title: Text

    @property
    def named(self) -> str:
        """The title, with the id behind it."""
        return f"“{self.title}” ({self.id})"


class Value(Frozen):
    """One value that a fact may have; `phrase` completes "the service ...", `short` names it where space is short, in place of its label."""

    id: Id
    short: str = ""
    label: Text
    phrase: Text


class FromTechnologies(Frozen):
    """The values that a fact takes when the report of the technologies examined is complete, and when it is not."""

    complete: Id
    incomplete: Id


class Fact(Titled):
    """A fact about a service, asked when its condition holds. `approval` is the value with which a regulator grants the claim made."""

    values: tuple[Value, ...] = Field(strict=False, min_length=2)
    asked_when: Condition | None = None
    approval: Id | None = None
    derived_from_technologies: FromTechnologies | None = None

    def value_ids(self) -> tuple[str, ...]:
        return tuple(value.id for value in self.values)


class Sourced(Frozen):
    """Something that says on what basis it stands and where in the submission it comes from."""

    basis: Basis
    where: Text


class Code(Titled):
    """A code, and which services it is for."""

    members: Condition


class Ground(Sourced):
    """Why a requirement is asked: by the drafted text or by a recommendation, always or on a condition."""

    by: str = DRAFTED
    when: Condition | None = None


class Requirement(Titled):
    """One thing that a provider must have in place; owed when its measure applies and one of its grounds holds. `question` asks a provider for it;
    requirements of a measure with the same `control` are closed by that one control. In a file there is one ground, whose keys stand among the others."""

    question: Annotated[str, StringConstraints(pattern=r"\S\?$")]
    text: Text
    covers: Text
    control: str = ""
    where_feasible: bool = False
    grounds: tuple[Ground, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _from_toml(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "grounds" in data:
            return data
        ground = {key: data[key] for key in ("basis", "where", "when") if key in data}
        return {**{key: value for key, value in data.items() if key not in ground}, "grounds": (ground,)}

    def by(self, recommendation_id: str) -> "Requirement":
        """The same requirement, as one that a recommendation adds."""
        grounds = tuple(ground.model_copy(update={"by": recommendation_id}) for ground in self.grounds)
        return self.model_copy(update={"grounds": grounds})

    @property
    def origin(self) -> tuple[str, ...]:
        """`("drafted",)`, or the recommendations that add the requirement."""
        return tuple(ground.by for ground in self.grounds)

    @property
    def added(self) -> bool:
        """True where a recommendation adds it."""
        return DRAFTED not in self.origin

    @property
    def basis(self) -> str:
        return "; ".join(dict.fromkeys(ground.basis for ground in self.grounds))

    @property
    def where(self) -> str:
        return "; ".join(dict.fromkeys(ground.where for ground in self.grounds))


class Proviso(Sourced):
    """A recommendation's condition on an exemption: the exemption holds only if this holds too."""

    by: str
    only_if: Condition


class Exemption(Titled, Sourced):
    """A way out of a measure: holds when it is not withdrawn, its condition holds and all its provisos hold."""

    when: Condition
    provisos: tuple[Proviso, ...] = ()
    withdrawn_by: tuple[str, ...] = ()


class Measure(Titled, Sourced):
    """A minimum compliance measure; `reading` says which part of it is not stated outright; `short` names it in a list of steps."""

    code: Id
    short: str = ""
    scope: Condition
    reading: str = ""
    exemptions: tuple[Exemption, ...] = Field(default=(), alias="exemption", strict=False)
    requirements: tuple[Requirement, ...] = Field(alias="requirement", strict=False, min_length=1)
    added_by: tuple[str, ...] = ()


class Rulebook(Frozen):
    """The measures under one regime: as drafted, or with some recommendations adopted."""

    measures: tuple[Measure, ...]

    def of_code(self, code: str) -> tuple[Measure, ...]:
        return tuple(measure for measure in self.measures if measure.code == code)

    def measure(self, measure_id: str) -> Measure | None:
        return next((measure for measure in self.measures if measure.id == measure_id), None)

    def requirements(self) -> tuple[Requirement, ...]:
        return tuple(requirement for measure in self.measures for requirement in measure.requirements)


class AddRequirement(Frozen):
    """Add a requirement to a drafted measure; expects the ids of that measure's drafted requirements."""

    kind: Literal["add_requirement"]
    measure: Id
    expects: tuple[str, ...] = Field(strict=False)
    requirement: Requirement


class AddMeasure(Frozen):
    """Add a measure to a code; expects the ids of that code's drafted measures."""

    kind: Literal["add_measure"]
    expects: tuple[str, ...] = Field(strict=False)
    measure: Measure


class ToExemption(Frozen):
    """A change to a drafted exemption; expects the condition that it has in the draft."""

    measure: Id
    exemption: Id
    expects: Condition


class WithdrawExemption(ToExemption):
    """Let nobody out by the exemption any more."""

    kind: Literal["withdraw_exemption"]


class QualifyExemption(ToExemption):
    """Put a proviso on the exemption."""

    kind: Literal["qualify_exemption"]
    only_if: Condition
    basis: Basis = "described"


Change = Annotated[AddRequirement | AddMeasure | WithdrawExemption | QualifyExemption, Field(discriminator="kind")]


class Recommendation(Titled):
    """One of IJM's recommendations: what it asks, and the changes to the drafted rulebook that carry it out; `short` as in Value."""

    code: Id
    short: str = ""
    ask: Text
    where: Text
    changes: tuple[Change, ...] = Field(alias="change", strict=False, min_length=1)


class Regimes(Frozen):
    """The two texts that a service is judged under, and the recommendations that make the one of the other, in the order of the rules."""

    drafted: Rulebook
    amended: Rulebook
    adopted: tuple[Recommendation, ...]


class Limit(Sourced):
    """The services that something is for, or is not for, and the reason in a sentence."""

    when: Condition
    because: Text


class Technology(Titled):
    """A technology that the submission names, and what it says of it. An example, never a recommendation.

    `passage_about` is the material that the passage is about, where it states none for the technology itself. With `only_for`
    the technology is named for some services only; with `not_for` some services rule it out.
    """

    who: Text
    materials: tuple[str, ...] = Field(alias="for", strict=False)
    cloud_storage: bool
    runs: Text
    end_to_end: Literal["yes", "not_stated"]
    report: Literal["always", "if_examined"] = "if_examined"
    where: Text
    passage_about: tuple[str, ...] = Field(default=(), strict=False)
    only_for: Limit | None = None
    not_for: Limit | None = None


class Interpretation(Frozen):
    """A reading of the submission that the scores depend on, and the rules that it concerns."""

    id: str
    text: Text
    concerns: tuple[str, ...] = Field(default=(), strict=False)


class Version(Frozen):
    """A version of the rules and what it changed."""

    version: Text
    what: Text


class Rules(Frozen):
    """Everything that is loaded: the facts, the drafted rulebook, the recommendations and what stands beside them.

    `regimes` are the draft and what it becomes with every recommendation adopted.
    """

    version: str
    facts: tuple[Fact, ...]
    codes: tuple[Code, ...]
    drafted: Rulebook
    recommendations: tuple[Recommendation, ...]
    regimes: Regimes
    technologies: tuple[Technology, ...]
    material: Annotated[Mapping[str, tuple[str, ...]], AfterValidator(MappingProxyType)]
    interpretations: tuple[Interpretation, ...]
    history: tuple[Version, ...]

    @cached_property
    def phrases(self) -> Mapping[tuple[str, str], str]:
        """(fact, value) -> the words that complete "the service ..."."""
        return MappingProxyType({(fact.id, value.id): value.phrase for fact in self.facts for value in fact.values})

    @cached_property
    def labels(self) -> Mapping[tuple[str, str], str]:
        """(fact, value) -> the value's name."""
        return MappingProxyType({(fact.id, value.id): value.label for fact in self.facts for value in fact.values})

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Id of a recommendation, measure or requirement -> its name; of those that a recommendation adds too."""
        changes = [change for recommendation in self.recommendations for change in recommendation.changes]
        measures = [*self.drafted.measures, *(change.measure for change in changes if isinstance(change, AddMeasure))]
        titled: list[Titled] = [
            *self.recommendations,
            *measures,
            *(requirement for measure in measures for requirement in measure.requirements),
            *(change.requirement for change in changes if isinstance(change, AddRequirement)),
        ]
        return MappingProxyType({rule.id: rule.title for rule in titled})

    def fact(self, fact_id: str) -> Fact:
        return next(fact for fact in self.facts if fact.id == fact_id)

    def code_of(self, profile: Profile) -> Code | None:
        """The code that is for the service; None while the facts do not say."""
        return next((code for code in self.codes if holds(code.members, profile)), None)

    def recommendation(self, recommendation_id: str) -> Recommendation:
        return next(known for known in self.recommendations if known.id == recommendation_id)

    def named(self, recommendation_ids: tuple[str, ...]) -> str:
        """The recommendations by name, each with its id behind it."""
        return " and ".join(self.recommendation(recommendation_id).named for recommendation_id in recommendation_ids)
