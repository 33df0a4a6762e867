"""Why each measure applies, or does not, as plain text."""

from collections.abc import Sequence

from scoring.documents.rulebook_text import wrap
from scoring.rules.conditions import Profile, join
from scoring.rules.model import Rules
from scoring.score.trace import CHANGES_IN_WORDS, STANDINGS_IN_WORDS, Asked, MeasureTrace, RegimeTrace, facts_in_words


def as_text(rules: Rules, service_name: str, facts: Profile, traces: Sequence[MeasureTrace]) -> str:
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
    for each in traces:
        lines += ["", *_measure_as_text(each)]
    return "\n".join(lines) + "\n"


def _measure_as_text(each: MeasureTrace) -> list[str]:
    measure = each.measure
    lines = [*wrap(f"{measure.title.upper()} ({measure.id})"), ""]
    lines += wrap(
        f"The measure itself: {' '.join([measure.reading, _source(measure.basis, measure.where)]).strip()}", 2
    )
    for regime in each.regimes:
        lines += ["", *_regime_as_text(regime)]
    lines += ["", *wrap(f"Between the two: {CHANGES_IN_WORDS[each.change]}", 2)]
    if each.changed_by:
        lines += ["", "  What the recommendations change in it:"]
    for recommendation, words in each.changed_by:
        for said in words:
            lines += wrap(f"- “{recommendation.title}” ({recommendation.id}): {said} [{recommendation.where}]", 4)
    if each.interpretations:
        lines += ["", "  Interpretations that concern it:"]
        lines += [line for one in each.interpretations for line in wrap(f"- {one.text} (interpretation {one.id})", 4)]
    return lines


def _regime_as_text(regime: RegimeTrace) -> list[str]:
    if regime.scope is None:
        return wrap(f"{regime.name}: {STANDINGS_IN_WORDS[regime.standing]}. {regime.because}", 2)
    lines = wrap(f"{regime.name}: {STANDINGS_IN_WORDS[regime.standing]}.", 2)
    lines += wrap(
        f"Scope: it binds a service that {regime.scope.asks}. {_this(regime.scope)} The service is {'' if regime.scope.held else 'not '}in scope.",
        4,
    )
    for exemption in regime.exemptions:
        lines += wrap(
            f"Exemption “{exemption.title}”: for a service that {exemption.condition.asks}. {_this(exemption.condition)} {exemption.verdict} "
            f"{_source(exemption.basis, exemption.where)}",
            4,
        )
        for proviso in exemption.provisos:
            lines += wrap(
                f"- Only if the service also {proviso.condition.asks} – “{proviso.by.title}” ({proviso.by.id}). {_this(proviso.condition)} "
                f"{'This holds.' if proviso.condition.held else 'This does not hold.'} {_source(proviso.basis, proviso.where)}",
                6,
            )
    if not regime.exemptions:
        lines += ["    Exemptions: none."]
    for one in regime.requirements:
        added = f" Added by {join(f'“{by.title}” ({by.id})' for by in one.added_by)}." if one.added_by else ""
        why = one.condition if one.owed else one.because if one.because != regime.because else ""
        lines += wrap(
            f"Requirement “{one.requirement.title}” ({one.requirement.id}): {'owed' if one.owed else 'not owed'}.{added}{f' {why}' if why else ''} {_source(one.basis, one.where)}",
            4,
        )
    return [*lines, *wrap(f"Verdict. {regime.because}", 4)]


def _this(asked: Asked) -> str:
    return (
        f"This service {asked.this_service}."
        if asked.this_service
        else "The facts that it turns on are not asked of this service."
    )


def _source(basis: str, where: str) -> str:
    return f"[{basis}; {where}]"
