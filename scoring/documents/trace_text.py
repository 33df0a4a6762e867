"""Why each measure applies, or does not, as plain text."""

from collections.abc import Sequence

from scoring.documents.rulebook_text import source, wrap
from scoring.rules.conditions import Profile
from scoring.rules.in_words import facts_in_words
from scoring.rules.model import Rules
from scoring.score.trace import MeasureTrace, RegimeTrace
from scoring.score.verdict import CHANGES_IN_WORDS, STANDINGS_IN_WORDS


def trace_text(rules: Rules, service_name: str, facts: Profile, traces: Sequence[MeasureTrace]) -> str:
    """The trace of some measures as plain text, for reading: names before ids, and every rule with its basis and place."""
    code = rules.code_of(facts)
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
    ]
    if code:
        lines += wrap(f"So it comes under the {code.title} ({code.id}).", 2)
    for trace in traces:
        lines += ["", *_measure(trace)]
    return "\n".join(lines) + "\n"


def _measure(trace: MeasureTrace) -> list[str]:
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
