"""From the drafted rulebook to an amended one: any subset of the recommendations, in any order."""

from collections.abc import Callable, Iterable

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


def resolve(rulebook: Rulebook, amendments: Iterable[Recommendation]) -> Rulebook:
    """The rulebook with the recommendations adopted. Every change is made to the drafted text, so their order never matters.

    Raises AmendmentError where a change's target is absent, does not read as the change expects, or where two
    recommendations contradict one another.
    """
    adopted = {recommendation.id: recommendation for recommendation in amendments}
    measures = {measure.id: measure for measure in rulebook.measures}
    for _, recommendation in sorted(adopted.items()):
        for change in recommendation.changes:
            check_target(rulebook, recommendation, change)
            _MAKE[type(change)](measures, recommendation, change)
    codes = [measure.code for measure in measures.values()]  # those of the draft first, in its order
    ordered = sorted(
        measures.values(), key=lambda measure: codes.index(measure.code)
    )  # stable: what is added comes last
    return Rulebook(measures=tuple(ordered))


def check_target(rulebook: Rulebook, recommendation: Recommendation, change: Change) -> None:
    """Hold a change against the drafted rulebook: its target has to be there and to read as the change expects."""
    if isinstance(change, AddMeasure):
        new = change.measure
        if rulebook.measure(new.id):
            raise AmendmentError(f"{recommendation.id} adds measure {new.id}, which the drafted rulebook has already")
        _expect(
            recommendation,
            f"the measures of code {new.code}",
            change.expects,
            tuple(each.id for each in rulebook.of_code(new.code)),
        )
        _expect(recommendation, f"the code of the measure {new.id} that it adds", recommendation.code, new.code)
        taken = {each.id for each in rulebook.requirements()} & {each.id for each in new.requirements}
        if taken:
            raise AmendmentError(
                f"{recommendation.id} adds requirement {', '.join(sorted(taken))}, which the drafted rulebook has already"
            )
        return
    measure = rulebook.measure(change.measure)
    if measure is None:
        raise AmendmentError(
            f"{recommendation.id} changes measure {change.measure}, which the drafted rulebook does not have"
        )
    _expect(recommendation, f"the code of {measure.id}", recommendation.code, measure.code)
    if isinstance(change, AddRequirement):
        if change.requirement.id in {each.id for each in rulebook.requirements()}:
            raise AmendmentError(
                f"{recommendation.id} adds requirement {change.requirement.id}, which the drafted rulebook has already"
            )
        _expect(
            recommendation,
            f"the requirements of {measure.id}",
            change.expects,
            tuple(each.id for each in measure.requirements),
        )
        return
    exemption = next((each for each in measure.exemptions if each.id == change.exemption), None)
    if exemption is None:
        raise AmendmentError(
            f"{recommendation.id} changes exemption {change.exemption} of {measure.id}, which the drafted rulebook does not have"
        )
    _expect(recommendation, f"exemption {exemption.id} of {measure.id}", change.expects, exemption.when)


def _expect(recommendation: Recommendation, what: str, expected: object, found: object) -> None:
    if expected != found:
        raise AmendmentError(
            f"{recommendation.id} expects {what} to be {_say(expected)}, but the drafted rulebook has {_say(found)}"
        )


def _say(value: object) -> str:
    if hasattr(value, "alternatives"):
        return " or ".join(
            "{" + ", ".join(f"{test.fact} = {'/'.join(test.values)}" for test in tests) + "}"
            for tests in value.alternatives
        )
    return f"[{', '.join(value)}]" if isinstance(value, tuple) else str(value)


def _add_requirement(measures: dict[str, Measure], recommendation: Recommendation, change: AddRequirement) -> None:
    measure, new = measures[change.measure], change.requirement
    _check_not_elsewhere(measures, recommendation, measure.id, new)
    there = next((each for each in measure.requirements if each.id == new.id), None)
    joined = new if there is None else _join(there, new)
    rest = tuple(each for each in measure.requirements if each.id != new.id)
    drafted = tuple(each for each in rest if not each.added)
    added = sorted([*(each for each in rest if each.added), joined], key=lambda each: each.id)
    measures[measure.id] = measure.model_copy(update={"requirements": (*drafted, *added)})


def _check_not_elsewhere(
    measures: dict[str, Measure], recommendation: Recommendation, measure_id: str, new: Requirement
) -> None:
    """No two recommendations may add one requirement to different measures."""
    for measure in measures.values():
        for there in measure.requirements:
            if there.id == new.id and measure.id != measure_id:
                raise AmendmentError(
                    f"{_and(there.origin)} and {recommendation.id} contradict each other: both add requirement {new.id}, to {measure.id} and to {measure_id}"
                )


def _join(there: Requirement, new: Requirement) -> Requirement:
    """One requirement that two recommendations add: owed where either asks for it."""
    differing = [
        name
        for name in type(new).model_fields
        if name not in ("grounds", "id") and getattr(there, name) != getattr(new, name)
    ]
    if differing:
        raise AmendmentError(
            f"{_and(there.origin)} and {_and(new.origin)} contradict each other: both add requirement {new.id}, "
            f"with another {differing[0]}: {getattr(there, differing[0])!r} and {getattr(new, differing[0])!r}"
        )
    return there.model_copy(update={"grounds": (*there.grounds, *new.grounds)})


def _add_measure(measures: dict[str, Measure], recommendation: Recommendation, change: AddMeasure) -> None:
    there = measures.get(change.measure.id)
    if there is not None:
        raise AmendmentError(
            f"{_and(there.added_by)} and {recommendation.id} contradict each other: both add measure {there.id}"
        )
    for new in change.measure.requirements:
        _check_not_elsewhere(measures, recommendation, change.measure.id, new)
    measures[change.measure.id] = change.measure


def _withdraw(measures: dict[str, Measure], recommendation: Recommendation, change: WithdrawExemption) -> None:
    _on_exemption(
        measures,
        change.measure,
        change.exemption,
        lambda each: each.model_copy(update={"withdrawn_by": (*each.withdrawn_by, recommendation.id)}),
    )


def _qualify(measures: dict[str, Measure], recommendation: Recommendation, change: QualifyExemption) -> None:
    proviso = Proviso(by=recommendation.id, only_if=change.only_if, basis=change.basis, where=recommendation.where)
    _on_exemption(
        measures,
        change.measure,
        change.exemption,
        lambda each: each.model_copy(update={"provisos": (*each.provisos, proviso)}),
    )


def _on_exemption(
    measures: dict[str, Measure], measure_id: str, exemption_id: str, make: Callable[[Exemption], Exemption]
) -> None:
    measure = measures[measure_id]
    exemptions = tuple(make(each) if each.id == exemption_id else each for each in measure.exemptions)
    measures[measure_id] = measure.model_copy(update={"exemptions": exemptions})


def _and(ids: tuple[str, ...]) -> str:
    return " and ".join(ids)


_MAKE = {
    AddRequirement: _add_requirement,
    AddMeasure: _add_measure,
    WithdrawExemption: _withdraw,
    QualifyExemption: _qualify,
}
