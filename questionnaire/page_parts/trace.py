"""The verdict trace on a page: the facts, the rule's scope, each exemption and proviso, what changed it, basis and place."""

from collections.abc import Iterable

import streamlit as st

from questionnaire.page_parts import figures
from scoring.documents import words
from scoring.rules.in_words import facts_in_words, with_names
from scoring.rules.model import Rules
from scoring.score.trace import MeasureTrace, RegimeTrace
from scoring.score.verdict import CHANGES_IN_WORDS, STANDINGS_IN_WORDS


def draw(trace: MeasureTrace, rules: Rules, facts: dict[str, str]) -> None:
    """Why a measure stands where it stands. All of it in one piece: a page has many."""
    st.markdown(figures.whole_ids(in_words(trace, rules, facts)))


def in_words(trace: MeasureTrace, rules: Rules, facts: dict[str, str]) -> str:
    """Why a measure stands where it stands, as drafted and as amended, for a person who never saw the rules; as Markdown."""
    said = [
        "**The facts given.** " + "; ".join(f"{title}: {label}" for title, label in facts_in_words(rules, facts)) + "."
    ]
    if trace.measure.reading:
        said.append(f"**How we read it.** {with_names(trace.measure.reading, rules)}")
    for regime, name in zip(trace.regimes, words.REGIME.values(), strict=True):
        said += [f"**{name}: {STANDINGS_IN_WORDS[regime.standing]}.**", _list(_regime(regime, trace))]
    said.append(f"**Between the two.** {CHANGES_IN_WORDS[trace.change]}")
    if trace.changed_by:
        changes = (
            f"“{recommendation.title}” ({recommendation.id}; {recommendation.where}). {change}"
            for recommendation, changes in trace.changed_by
            for change in changes
        )
        said += ["**What the recommendations change in it.**", _list(changes)]
    if trace.interpretations:
        readings = (
            f"{with_names(reading.text, rules)} (interpretation {reading.id})" for reading in trace.interpretations
        )
        said += ["**Interpretations that concern it.**", _list(readings)]
    return "\n\n".join(said)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _regime(regime: RegimeTrace, trace: MeasureTrace) -> list[str]:
    scope = regime.scope
    if scope is None:
        return [regime.because]
    in_scope = "In scope." if scope.held else "Not in scope."
    source = words.source(trace.measure)
    lines = [f"Scope: it binds a service that {scope.asks}. {scope.facts} {in_scope} ({source})"]
    for exemption in regime.exemptions:
        said = f"lets out a service that {exemption.condition.asks}. {exemption.condition.facts} {exemption.verdict}"
        lines.append(f"Exemption “{exemption.exemption.title}”: {said} ({words.source(exemption.exemption)})")
        for proviso in exemption.provisos:
            said = f"only if the service also {proviso.condition.asks}. {proviso.condition.facts} {proviso.verdict}"
            lines.append(f"Proviso of {proviso.by.named}: {said} ({words.source(proviso.proviso)})")
    if not regime.exemptions:
        lines.append("Exemptions: none.")
    for requirement in regime.requirements:
        why = requirement.why or (requirement.because if requirement.condition else "")
        lines.append(f"{requirement.told(why)} ({words.source(requirement.requirement)})")
    return [*lines, f"Verdict: {regime.because}"]
