"""The verdict trace on a page: the facts, the rule's scope, each exemption and proviso, what changed it, basis and place."""

from collections.abc import Iterable

import streamlit as st

from scoring.documents import words
from scoring.rules.conditions import join
from scoring.rules.in_words import with_names
from scoring.rules.model import Rules
from scoring.score.trace import CHANGES_IN_WORDS, STANDINGS_IN_WORDS, Asked, MeasureTrace, RegimeTrace, facts_in_words


def draw(found: MeasureTrace, rules: Rules, facts: dict[str, str]) -> None:
    """Why a measure stands where it stands, under both texts, for a person who never saw the rules. All of it in one piece: a page has many."""
    said = [
        "**The facts given.** " + "; ".join(f"{title}: {label}" for title, label in facts_in_words(rules, facts)) + "."
    ]
    if found.measure.reading:
        said.append(f"**How we read it.** {with_names(found.measure.reading, rules)}")
    for regime, name in zip(found.regimes, words.REGIME.values(), strict=True):
        said += [f"**{name}: {STANDINGS_IN_WORDS[regime.standing]}.**", _list(_regime(regime, found))]
    said.append(f"**Between the two.** {CHANGES_IN_WORDS[found.change]}")
    if found.changed_by:
        changes = [
            f"“{recommendation.title}” ({recommendation.id}; {recommendation.where}). {each}"
            for recommendation, changes in found.changed_by
            for each in changes
        ]
        said += ["**What the recommendations change in it.**", _list(changes)]
    if found.interpretations:
        said += [
            "**Interpretations that concern it.**",
            _list(f"{with_names(each.text, rules)} (interpretation {each.id})" for each in found.interpretations),
        ]
    st.markdown("\n\n".join(said))


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _regime(regime: RegimeTrace, found: MeasureTrace) -> list[str]:
    if regime.scope is None:
        return [regime.because]
    scope = f"Scope: it binds a service that {regime.scope.asks}. {_this(regime.scope)} {'In scope.' if regime.scope.held else 'Not in scope.'}"
    lines = [f"{scope} {_source(found.measure.basis, found.measure.where)}"]
    for each in regime.exemptions:
        lines.append(
            f"Exemption “{each.title}”: lets out a service that {each.condition.asks}. {_this(each.condition)} {each.verdict} {_source(each.basis, each.where)}"
        )
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
        why = (
            f" {one.condition if one.owed else one.because}"
            if one.condition or (not one.owed and one.because != regime.because)
            else ""
        )
        lines.append(
            f"Requirement “{one.requirement.title}” ({one.requirement.id}): {'owed' if one.owed else 'not owed'}.{added}{why} {_source(one.basis, one.where)}"
        )
    lines.append(f"Verdict: {regime.because}")
    return lines


def _this(asked: Asked) -> str:
    return (
        f"This service {asked.this_service}."
        if asked.this_service
        else "The facts that it turns on are not asked of this service."
    )


def _source(basis: str, where: str) -> str:
    return f"({words.basis(basis)}; {where})"
