"""The rulebooks as plain text: the drafted one, and the amended one with what each recommendation did."""

import textwrap
from collections.abc import Iterator

from scoring.rules.conditions import explain
from scoring.rules.in_words import change_in_words, exemption_in_words, requirement_condition, with_names
from scoring.rules.model import Measure, Regimes, Requirement, Rulebook, Rules, Sourced

WIDTH = 100


def rulebooks_as_text(rules: Rules, regimes: Regimes) -> str:
    """Both rulebooks, measure by measure, each rule with its basis and its place in the submission."""
    names = ", ".join(recommendation.id for recommendation in regimes.adopted) or "none"
    lines = [
        f"Rules {rules.version}. A draft of March 2023 as IJM's submission reports it, and IJM's proposal: neither is the law.",
        "",
        "THE RULEBOOK AS DRAFTED",
        "",
        *_book(regimes.drafted, rules),
        f"THE RULEBOOK AS AMENDED (recommendations: {names})",
        "",
        *_book(regimes.amended, rules),
        "WHAT EACH RECOMMENDATION DID",
        "",
    ]
    for recommendation in regimes.adopted:
        lines += wrap(f"{recommendation.title} ({recommendation.id})")
        lines += wrap(f"{with_names(recommendation.ask, rules)} [{recommendation.where}]", 2)
        lines += [
            line for change in recommendation.changes for line in wrap(f"- {change_in_words(change, rules)}", 2)
        ] + [""]
    lines += ["INTERPRETATIONS", ""]
    lines += [
        line
        for reading in rules.interpretations
        for line in wrap(f"{reading.id}. {with_names(reading.text, rules)} (concerns {', '.join(reading.concerns)})")
    ]
    return "\n".join(lines) + "\n"


def _book(book: Rulebook, rules: Rules) -> Iterator[str]:
    for measure in book.measures:
        yield from _measure(measure, rules)
        yield ""


def _measure(measure: Measure, rules: Rules) -> Iterator[str]:
    added = f" Added by {rules.named(measure.added_by)}." if measure.added_by else ""
    yield from wrap(f"{measure.title} ({measure.id}).{added}")
    yield from wrap(
        f"Scope: a service that {explain(measure.scope, rules.phrases)}. {source(measure)} {with_names(measure.reading, rules)}",
        2,
    )
    for exemption in measure.exemptions:
        yield from wrap(f"Exemption: {exemption_in_words(exemption, rules)} {source(exemption)}", 2)
    if not measure.exemptions:
        yield "  Exemptions: none."
    for requirement in measure.requirements:
        added = f" Added by {rules.named(requirement.origin)}." if requirement.added and not measure.added_by else ""
        said = f"{requirement.id}: {requirement.text}{added} {requirement_condition(requirement, rules)}"
        yield from wrap(f"{said.strip()} {source(requirement)}", 2)


def source(rule: Sourced | Requirement) -> str:
    """On what basis a rule stands, and its place in the submission."""
    return f"[{rule.basis}; {rule.where}]"


def wrap(text: str, indent: int = 0) -> list[str]:
    """Lines of at most WIDTH characters, all but the first a little further in."""
    return textwrap.wrap(
        " ".join(text.split()),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * (indent + 2),
        break_long_words=False,
        break_on_hyphens=False,
    )
