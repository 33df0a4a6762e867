"""The rulebooks as plain text, and why each measure applies to a service, or does not."""

import textwrap
from collections.abc import Iterator, Sequence

from scoring.rules.conditions import Profile, explain
from scoring.rules.in_words import (
    change_in_words,
    exemption_in_words,
    facts_in_words,
    requirement_condition,
    with_names,
)
from scoring.rules.model import Measure, Regimes, Requirement, Rulebook, Rules, Sourced
from scoring.rules.profile import its_code
from scoring.score.trace import MeasureTrace, RegimeTrace
from scoring.score.verdict import CHANGES_IN_WORDS, STANDINGS_IN_WORDS

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
        yield from _rule(measure, rules)
        yield ""


def _rule(measure: Measure, rules: Rules) -> Iterator[str]:
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


# --------------------------------------------------------------------------------------------------------- one service
def trace_text(rules: Rules, service_name: str, facts: Profile, traces: Sequence[MeasureTrace]) -> str:
    """The trace of some measures as plain text, for reading: names before ids, and every rule with its basis and place."""
    code = its_code(rules, facts)
    lines = [
        *wrap(f"Why each measure applies, or does not: {service_name or 'a service without a name'}"),
        *wrap(
            f"Rules {rules.version}: a draft of March 2023 as IJM's submission reports it, and IJM's proposal to amend it. Neither is the law, and "
            "this is not legal advice. In brackets: on what basis a rule stands, and its place in the submission."
        ),
        "",
        "THE FACTS GIVEN",
        "",
        *(line for title, label in facts_in_words(rules, facts) for line in wrap(f"{title}: {label}", 2)),
        *wrap(f"So it comes under the {code.title} ({code.id}).", 2),
    ]
    for trace in traces:
        lines += ["", *_traced(trace)]
    return "\n".join(lines) + "\n"


def _traced(trace: MeasureTrace) -> list[str]:
    measure = trace.measure
    lines = [*wrap(f"{measure.title.upper()} ({measure.id})"), ""]
    lines += wrap(f"The measure itself: {' '.join([measure.reading, source(measure)]).strip()}", 2)
    for regime in trace.regimes:
        lines += ["", *_regime(regime)]
    lines += ["", *wrap(f"Between the two: {CHANGES_IN_WORDS[trace.change]}", 2)]
    if trace.changed_by:
        lines += ["", "  What the recommendations change in it:"]
    for recommendation, changes in trace.changed_by:
        for said in changes:
            lines += wrap(f"- {recommendation.named}: {said} [{recommendation.where}]", 4)
    if trace.interpretations:
        lines += ["", "  Interpretations that concern it:"]
    for reading in trace.interpretations:
        lines += wrap(f"- {reading.text} (interpretation {reading.id})", 4)
    return lines


def _regime(regime: RegimeTrace) -> list[str]:
    standing = f"{regime.name}: {STANDINGS_IN_WORDS[regime.standing]}."
    if regime.scope is None:
        return wrap(f"{standing} {regime.because}", 2)
    lines = wrap(standing, 2)
    in_scope = f"The service is {'' if regime.scope.held else 'not '}in scope."
    lines += wrap(f"Scope: it binds a service that {regime.scope.asks}. {regime.scope.facts} {in_scope}", 4)
    for exemption in regime.exemptions:
        said = f"for a service that {exemption.condition.asks}. {exemption.condition.facts} {exemption.verdict}"
        lines += wrap(f"Exemption “{exemption.exemption.title}”: {said} {source(exemption.exemption)}", 4)
        for proviso in exemption.provisos:
            said = f"{proviso.condition.asks} – {proviso.by.named}. {proviso.condition.facts} {proviso.verdict}"
            lines += wrap(f"- Only if the service also {said} {source(proviso.proviso)}", 6)
    if not regime.exemptions:
        lines += ["    Exemptions: none."]
    for requirement in regime.requirements:
        lines += wrap(f"{requirement.told(requirement.why)} {source(requirement.requirement)}", 4)
    return [*lines, *wrap(f"Verdict. {regime.because}", 4)]
