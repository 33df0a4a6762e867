"""The rulebooks as plain text: the drafted one, and the amended one with what each recommendation did."""

import re
import textwrap
from collections.abc import Iterator, Sequence

from scoring.amend import resolve
from scoring.conditions import Condition, explain
from scoring.model import AddMeasure, AddRequirement, Change, Exemption, Measure, Recommendation, Requirement, Rulebook, Rules, WithdrawExemption

WIDTH = 100


def rulebooks_as_text(rules: Rules, amendments: Sequence[Recommendation]) -> str:
    """Both rulebooks, measure by measure, each rule with its basis and its place in the submission."""
    amended = resolve(rules.drafted, amendments)
    names = ", ".join(each.id for each in amendments) or "none"
    lines = [
        f"Rules {rules.version}. A draft of March 2023 as IJM's submission reports it, and IJM's proposal: neither is the law.",
        "", "THE RULEBOOK AS DRAFTED", "", *_book(rules.drafted, rules),
        f"THE RULEBOOK AS AMENDED (recommendations: {names})", "", *_book(amended, rules),
        "WHAT EACH RECOMMENDATION DID", "",
    ]
    for each in amendments:
        lines += [*wrap(f"{each.title} ({each.id})"), *wrap(f"{with_names(each.ask, rules)} [{each.where}]", 2)]
        lines += [line for change in each.changes for line in wrap(f"- {change_in_words(change, rules)}", 2)] + [""]
    lines += ["INTERPRETATIONS", ""]
    lines += [line for each in rules.interpretations for line in wrap(f"{each.id}. {with_names(each.text, rules)} (concerns {', '.join(each.concerns)})")]
    return "\n".join(lines) + "\n"


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
    return said + "".join(f"; only if it {explain(each.only_if, rules.phrases)} – {rules.named((each.by,))}" for each in exemption.provisos) + "."


def requirement_condition(requirement: Requirement, rules: Rules) -> str:
    """Who owes the requirement beyond the measure's own scope, in words; empty where everyone in scope does."""
    conditions: list[Condition] = [ground.when for ground in requirement.grounds if ground.when]
    if not conditions:
        return ""
    if len(requirement.grounds) == 1:
        return f"Owed only by a service that {explain(conditions[0], rules.phrases)}."
    each = [f"{rules.named((ground.by,))}: {'a service that ' + explain(ground.when, rules.phrases) if ground.when else 'every service in scope'}" for ground in requirement.grounds]
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


def _book(book: Rulebook, rules: Rules) -> Iterator[str]:
    for measure in book.measures:
        yield from _measure(measure, rules)
        yield ""


def _measure(measure: Measure, rules: Rules) -> Iterator[str]:
    added = f" Added by {rules.named(measure.added_by)}." if measure.added_by else ""
    yield from wrap(f"{measure.title} ({measure.id}).{added}")
    yield from wrap(f"Scope: a service that {explain(measure.scope, rules.phrases)}. [{measure.basis}; {measure.where}] {with_names(measure.reading, rules)}", 2)
    for exemption in measure.exemptions:
        yield from wrap(f"Exemption: {exemption_in_words(exemption, rules)} [{exemption.basis}; {exemption.where}]", 2)
    if not measure.exemptions:
        yield "  Exemptions: none."
    for requirement in measure.requirements:
        added = f" Added by {rules.named(requirement.origin)}." if requirement.added and not measure.added_by else ""
        said = f"{requirement.id}: {requirement.text}{added} {requirement_condition(requirement, rules)}"
        yield from wrap(f"{said.strip()} [{requirement.basis}; {requirement.where}]", 2)


def wrap(text: str, indent: int = 0) -> list[str]:
    """Lines of at most WIDTH characters, all but the first a little further in."""
    return textwrap.wrap(" ".join(text.split()), WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_long_words=False, break_on_hyphens=False)
