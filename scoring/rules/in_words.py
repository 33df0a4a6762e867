"""The rulebooks as plain text: the drafted one, and the amended one with what each recommendation did."""

import re

from scoring.rules.conditions import Condition, explain
from scoring.rules.model import AddMeasure, AddRequirement, Change, Exemption, Requirement, Rules, WithdrawExemption


def change_in_words(change: Change, rules: Rules) -> str:
    """What a recommendation changes, in one sentence that names the old reading and the new one."""
    if isinstance(change, AddMeasure):
        return f"Adds the measure “{change.measure.title}” ({change.measure.id}), which binds a service that {explain(change.measure.scope, rules.phrases)}."
    measure = rules.drafted.measure(change.measure)
    assert measure is not None  # load() has checked it
    of = f"“{measure.title}” ({measure.id})"
    if isinstance(change, AddRequirement):
        when = change.requirement.grounds[0].when
        only = f", owed by a service that {explain(when, rules.phrases)}" if when else ""
        return f"Adds to {of} the requirement “{change.requirement.title}” ({change.requirement.id}){only}."
    exemption = next(each for each in measure.exemptions if each.id == change.exemption)
    was = f"the exemption “{exemption.title}” from {of}, which lets out a service that {explain(exemption.when, rules.phrases)}"
    if isinstance(change, WithdrawExemption):
        return f"Withdraws {was}."
    return f"Narrows {was}: it holds only if the service also {explain(change.only_if, rules.phrases)}."


def exemption_in_words(exemption: Exemption, rules: Rules) -> str:
    """An exemption with its provisos, or who withdraws it, in one sentence."""
    said = f"{exemption.title}: a service that {explain(exemption.when, rules.phrases)}"
    if exemption.withdrawn_by:
        return f"{said}. Withdrawn by {rules.named(exemption.withdrawn_by)}."
    return (
        said
        + "".join(
            f"; only if it {explain(each.only_if, rules.phrases)} – {rules.named((each.by,))}"
            for each in exemption.provisos
        )
        + "."
    )


def requirement_condition(requirement: Requirement, rules: Rules) -> str:
    """Who owes the requirement beyond the measure's own scope, in words; empty where everyone in scope does."""
    conditions: list[Condition] = [ground.when for ground in requirement.grounds if ground.when]
    if not conditions:
        return ""
    if len(requirement.grounds) == 1:
        return f"Owed only by a service that {explain(conditions[0], rules.phrases)}."
    each = [
        f"{rules.named((ground.by,))}: {'a service that ' + explain(ground.when, rules.phrases) if ground.when else 'every service in scope'}"
        for ground in requirement.grounds
    ]
    return f"Owed under {'; '.join(each)}."


def with_names(text: str, rules: Rules) -> str:
    """The text with the name of each rule before its id, where the text has the id alone; for each id the first time only."""
    ids = "|".join(re.escape(each) for each in sorted(rules.titles, key=len, reverse=True))
    said: set[str] = set()

    def named(found: re.Match[str]) -> str:
        this = found.group()
        first = this not in said and not text[: found.start()].endswith("(")
        said.add(this)
        return f"“{rules.titles[this]}” ({this})" if first else this

    return re.sub(rf"(?<![\w.-])(?:{ids})(?![\w-]|\.\w)", named, text)
