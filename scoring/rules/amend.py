"""From the drafted rulebook to an amended one: any subset of the recommendations, in any order."""

from collections.abc import Iterable

from scoring.rules.conditions import Condition
from scoring.rules.model import (
    AddMeasure,
    AddRequirement,
    Change,
    Exemption,
    Measure,
    Proviso,
    QualifyExemption,
    Recommendation,
    Regimes,
    Requirement,
    Rulebook,
    Rules,
    WithdrawExemption,
)


class AmendmentError(ValueError):
    """A recommendation that does not fit the rulebook it amends, or another recommendation; the message names both sides."""


def adopting(rules: Rules, ids: Iterable[str]) -> Regimes:
    """The draft, and what it becomes with the recommendations of these ids adopted. Raises KeyError with an unknown id."""
    wanted = dict.fromkeys(ids)
    known = {recommendation.id for recommendation in rules.recommendations}
    for recommendation_id in wanted:
        if recommendation_id not in known:
            raise KeyError(recommendation_id)
    adopted = tuple(recommendation for recommendation in rules.recommendations if recommendation.id in wanted)
    return Regimes(drafted=rules.drafted, amended=resolve(rules.drafted, adopted), adopted=adopted)


def resolve(rulebook: Rulebook, recommendations: Iterable[Recommendation]) -> Rulebook:
    """The rulebook with the recommendations adopted. Every change is made to the drafted text, so their order never matters.

    Raises AmendmentError where a change's target is absent, does not read as the change expects, or where two
    recommendations contradict one another.
    """
    adopted = {recommendation.id: recommendation for recommendation in recommendations}
    measures = {measure.id: measure for measure in rulebook.measures}
    for _, recommendation in sorted(adopted.items()):
        for change in recommendation.changes:
            check_target(rulebook, recommendation, change)
            measure = _changed(measures, recommendation, change)
            measures[measure.id] = measure
    codes = [measure.code for measure in measures.values()]  # those of the draft first, in its order
    ordered = sorted(
        measures.values(), key=lambda measure: codes.index(measure.code)
    )  # stable: what is added comes last
    return Rulebook(measures=tuple(ordered))


# -------------------------------------------------------------------------------- what a change expects to find
def check_target(rulebook: Rulebook, recommendation: Recommendation, change: Change) -> None:
    """Hold a change against the drafted rulebook: its target has to be there and to read as the change expects."""
    if isinstance(change, AddMeasure):
        new = change.measure
        if rulebook.measure(new.id):
            raise _already_there(recommendation, f"measure {new.id}")
        there = tuple(measure.id for measure in rulebook.of_code(new.code))
        _expect(recommendation, f"the measures of code {new.code}", change.expects, there)
        _expect(recommendation, f"the code of the measure {new.id} that it adds", recommendation.code, new.code)
        _check_new(rulebook, recommendation, new.requirements)
        return
    measure = rulebook.measure(change.measure)
    if measure is None:
        raise _not_there(recommendation, f"measure {change.measure}")
    _expect(recommendation, f"the code of {measure.id}", recommendation.code, measure.code)
    if isinstance(change, AddRequirement):
        _check_new(rulebook, recommendation, (change.requirement,))
        there = tuple(requirement.id for requirement in measure.requirements)
        _expect(recommendation, f"the requirements of {measure.id}", change.expects, there)
        return
    exemption = next((exemption for exemption in measure.exemptions if exemption.id == change.exemption), None)
    if exemption is None:
        raise _not_there(recommendation, f"exemption {change.exemption} of {measure.id}")
    _expect(recommendation, f"exemption {exemption.id} of {measure.id}", change.expects, exemption.when)


def _check_new(rulebook: Rulebook, recommendation: Recommendation, requirements: Iterable[Requirement]) -> None:
    drafted = {requirement.id for requirement in rulebook.requirements()}
    taken = sorted(drafted & {requirement.id for requirement in requirements})
    if taken:
        raise _already_there(recommendation, f"requirement {', '.join(taken)}")


def _already_there(recommendation: Recommendation, what: str) -> AmendmentError:
    return AmendmentError(f"{recommendation.id} adds {what}, which the drafted rulebook has already")


def _not_there(recommendation: Recommendation, what: str) -> AmendmentError:
    return AmendmentError(f"{recommendation.id} changes {what}, which the drafted rulebook does not have")


def _expect(recommendation: Recommendation, what: str, expected: object, drafted: object) -> None:
    if expected != drafted:
        raise AmendmentError(
            f"{recommendation.id} expects {what} to be {_say(expected)}, but the drafted rulebook has {_say(drafted)}"
        )


def _say(value: object) -> str:
    if isinstance(value, Condition):
        return " or ".join(
            "{" + ", ".join(f"{test.fact} = {'/'.join(test.values)}" for test in tests) + "}"
            for tests in value.alternatives
        )
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else str(value)


# ------------------------------------------------------------------------------------------ what a change makes
def _changed(measures: dict[str, Measure], recommendation: Recommendation, change: Change) -> Measure:
    """The measure that a change adds, or changes. measures: by id, with the changes made so far."""
    if isinstance(change, AddMeasure):
        return _new_measure(measures, recommendation, change.measure)
    measure = measures[change.measure]
    if isinstance(change, AddRequirement):
        return _with_requirement(measures, recommendation, measure, change.requirement.by(recommendation.id))
    exemptions = tuple(
        _changed_exemption(exemption, recommendation, change) if exemption.id == change.exemption else exemption
        for exemption in measure.exemptions
    )
    return measure.model_copy(update={"exemptions": exemptions})


def _changed_exemption(
    exemption: Exemption, recommendation: Recommendation, change: WithdrawExemption | QualifyExemption
) -> Exemption:
    if isinstance(change, WithdrawExemption):
        return exemption.model_copy(update={"withdrawn_by": (*exemption.withdrawn_by, recommendation.id)})
    proviso = Proviso(by=recommendation.id, only_if=change.only_if, basis=change.basis, where=recommendation.where)
    return exemption.model_copy(update={"provisos": (*exemption.provisos, proviso)})


def _new_measure(measures: dict[str, Measure], recommendation: Recommendation, new: Measure) -> Measure:
    if new.id in measures:
        raise _contradict(measures[new.id].added_by, (recommendation.id,), f"measure {new.id}")
    for requirement in new.requirements:
        _check_not_elsewhere(measures, recommendation, new.id, requirement)
    requirements = tuple(requirement.by(recommendation.id) for requirement in new.requirements)
    return new.model_copy(update={"requirements": requirements, "added_by": (recommendation.id,)})


def _with_requirement(
    measures: dict[str, Measure], recommendation: Recommendation, measure: Measure, new: Requirement
) -> Measure:
    """The measure with a requirement added: the drafted requirements first, then those added, by their ids."""
    _check_not_elsewhere(measures, recommendation, measure.id, new)
    added = {requirement.id: requirement for requirement in measure.requirements if requirement.added}
    added[new.id] = _joined(added[new.id], new) if new.id in added else new
    drafted = (requirement for requirement in measure.requirements if not requirement.added)
    return measure.model_copy(update={"requirements": (*drafted, *(added[key] for key in sorted(added)))})


def _check_not_elsewhere(
    measures: dict[str, Measure], recommendation: Recommendation, measure_id: str, new: Requirement
) -> None:
    """No two recommendations may add one requirement to different measures."""
    for measure in measures.values():
        for requirement in measure.requirements:
            if requirement.id == new.id and measure.id != measure_id:
                where = f", to {measure.id} and to {measure_id}"
                raise _contradict(requirement.origin, (recommendation.id,), f"requirement {new.id}{where}")


def _joined(first: Requirement, second: Requirement) -> Requirement:
    """One requirement that two recommendations add: owed where either asks for it."""
    for name in type(second).model_fields:
        one, other = getattr(first, name), getattr(second, name)
        if name != "grounds" and one != other:
            what = f"requirement {second.id}, with another {name}: {one!r} and {other!r}"
            raise _contradict(first.origin, second.origin, what)
    return first.model_copy(update={"grounds": (*first.grounds, *second.grounds)})


def _contradict(some: tuple[str, ...], others: tuple[str, ...], what: str) -> AmendmentError:
    return AmendmentError(f"{' and '.join((*some, *others))} contradict each other: both add {what}")
