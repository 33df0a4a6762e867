"""The verdict trace on a page: the facts, the rule's scope, each exemption and proviso, what changed it, basis and place."""

import streamlit as st

from scoring import words
from scoring.conditions import join
from scoring.explain import CHANGES_IN_WORDS, STANDINGS_IN_WORDS, Asked, MeasureTrace, RegimeTrace, facts_in_words
from scoring.model import Rules
from scoring.text import with_names


def draw(found: MeasureTrace, rules: Rules, facts: dict[str, str]) -> None:
    """Why a measure stands where it stands, under both texts, for a person who never saw the rules."""
    st.markdown("**The facts given.** " + "; ".join(f"{title}: {label}" for title, label in facts_in_words(rules, facts)) + ".")
    if found.measure.reading:
        st.markdown(f"**How we read it.** {with_names(found.measure.reading, rules)}")
    for regime, name in zip(found.regimes, words.REGIME.values(), strict=True):
        st.markdown(f"**{name}: {STANDINGS_IN_WORDS[regime.standing]}.**\n\n" + "\n".join(f"- {line}" for line in _regime(regime, found)))
    st.markdown(f"**Between the two.** {CHANGES_IN_WORDS[found.change]}")
    if found.changed_by:
        st.markdown("**What the recommendations change in it.**\n\n" + "\n".join(
            f"- “{recommendation.title}” ({recommendation.id}; {recommendation.where}). {said}" for recommendation, changes in found.changed_by for said in changes
        ))
    if found.interpretations:
        st.markdown("**Interpretations that concern it.**\n\n" + "\n".join(f"- {with_names(each.text, rules)} (interpretation {each.id})" for each in found.interpretations))


def _regime(regime: RegimeTrace, found: MeasureTrace) -> list[str]:
    if regime.scope is None:
        return [regime.because]
    scope = f"Scope: it binds a service that {regime.scope.asks}. {_this(regime.scope)} {'In scope.' if regime.scope.held else 'Not in scope.'}"
    lines = [f"{scope} {_source(found.measure.basis, found.measure.where)}"]
    for each in regime.exemptions:
        lines.append(f"Exemption “{each.title}”: lets out a service that {each.condition.asks}. {_this(each.condition)} {each.verdict} {_source(each.basis, each.where)}")
        for proviso in each.provisos:
            held = "This holds." if proviso.condition.held else "This does not hold."
            lines.append(
                f"Proviso of “{proviso.by.title}” ({proviso.by.id}): only if the service also {proviso.condition.asks}. {_this(proviso.condition)} {held} "
                f"{_source(proviso.basis, proviso.where)}"
            )
    if not regime.exemptions:
        lines.append("Exemptions: none.")
    for one in regime.requirements:
        added = f" Added by {join(f'“{by.title}” ({by.id})' for by in one.added_by)}." if one.added_by else ""
        why = f" {one.condition if one.owed else one.because}" if one.condition or (not one.owed and one.because != regime.because) else ""
        lines.append(f"Requirement “{one.requirement.title}” ({one.requirement.id}): {'owed' if one.owed else 'not owed'}.{added}{why} {_source(one.basis, one.where)}")
    lines.append(f"Verdict: {regime.because}")
    return lines


def _this(asked: Asked) -> str:
    return f"This service {asked.this_service}." if asked.this_service else "The facts that it turns on are not asked of this service."


def _source(basis: str, where: str) -> str:
    return f"({words.basis(basis)}; {where})"
