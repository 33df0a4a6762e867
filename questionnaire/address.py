"""The address of the Obligations page: it carries a kind of service and the recommendations adopted, never an answer.

What an address says and the rules do not know is ignored with a notice. A link shows a colleague the same thing.
"""

import streamlit as st

from questionnaire import state
from scoring.facts import live
from scoring.model import Fact, Recommendation, Rules

ADOPTED = "adopted"
_CHOSEN, _ADOPTED, _SEEN, _TURN = "obligations_facts", "obligations_adopted", "obligations_seen", "obligations_turn"


def read(rules: Rules) -> list[str]:
    """Take over what the page's address says, where it has changed; returns what of it was ignored, in words."""
    said = st.query_params.to_dict()
    if state.recall(_SEEN) == said and state.recall(_CHOSEN):
        return []
    notices: list[str] = []
    chosen = {fact.id: fact.value_ids()[0] for fact in rules.facts} | (state.recall(_CHOSEN, {}) if not said else {})
    ids = tuple(each.id for each in rules.recommendations)
    adopted = state.recall(_ADOPTED, ids) if not said else ids
    for key, value in said.items():
        if key == ADOPTED:
            adopted, unknown = _adopted(value, ids)
            notices += [f"The address names a recommendation that there is not: {_shown(each)}. It was ignored." for each in unknown]
        elif key not in {fact.id for fact in rules.facts}:
            notices.append(f"The address says {_shown(key)}, which is not a fact about a service. It was ignored.")
        elif value not in rules.fact(key).value_ids():
            notices.append(f"The address says {_shown(value)} for “{rules.fact(key).title}”, which it cannot be. It was ignored.")
        else:
            chosen[key] = value
    for name, value in ((_CHOSEN, chosen), (_ADOPTED, adopted), (_SEEN, said)):
        state.keep(name, value)
    _forget_widgets()
    return notices


def write(rules: Rules) -> None:
    """Make the address say what is chosen."""
    ids = tuple(each.id for each in rules.recommendations)
    chosen = adopted()
    said = {**live(rules.facts, given()), ADOPTED: "all" if set(chosen) == set(ids) else ",".join(each for each in ids if each in chosen) or "none"}
    if st.query_params.to_dict() != said:
        st.query_params.from_dict(said)
    state.keep(_SEEN, said)


def given() -> dict[str, str]:
    """A value for every fact, whether or not it is asked of this kind of service."""
    return dict(state.recall(_CHOSEN))


def adopted() -> tuple[str, ...]:
    """The recommendations adopted."""
    return tuple(state.recall(_ADOPTED))


def adopt(ids: tuple[str, ...]) -> None:
    """Adopt these recommendations and no other."""
    state.keep(_ADOPTED, ids)
    _forget_widgets()


def fact_select(fact: Fact, rules: Rules) -> None:
    """A switch for one fact."""
    values = fact.value_ids()
    key = _key(fact.id)
    st.selectbox(
        fact.title, values, index=values.index(given()[fact.id]), format_func=lambda value: rules.labels[fact.id, value], key=key, on_change=_choose, args=(fact.id, key),
    )


def recommendation_switch(recommendation: Recommendation) -> None:
    """A switch for one recommendation."""
    key = _key(recommendation.id)
    st.checkbox(f"{recommendation.title} ({recommendation.id})", value=recommendation.id in adopted(), key=key, on_change=_switch, args=(recommendation.id, key))


def _key(name: str) -> str:
    return state.key("obligations", str(state.recall(_TURN, 0)), name)


def _forget_widgets() -> None:
    """Give the widgets new keys, so that they show what was put in their place."""
    state.keep(_TURN, state.recall(_TURN, 0) + 1)


def _choose(fact: str, key: str) -> None:
    state.keep(_CHOSEN, {**given(), fact: state.widget_value(key)})


def _switch(recommendation: str, key: str) -> None:
    rest = tuple(each for each in adopted() if each != recommendation)
    state.keep(_ADOPTED, (*rest, recommendation) if state.widget_value(key) else rest)


def _adopted(value: str, ids: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
    if value in ("all", "none"):
        return (ids if value == "all" else ()), []
    named = [each.strip() for each in value.split(",")]
    return tuple(each for each in ids if each in named), [each for each in named if each not in ids]


def _shown(text: str) -> str:
    """A piece of an address in a message: as code, so that it is text and never markup."""
    plain = "".join(each for each in text[:40] if each.isprintable() and each != "`")
    return f"`{plain or ' '}`"
