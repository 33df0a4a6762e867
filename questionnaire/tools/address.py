"""The address of the Obligations page: it carries a kind of service, the recommendations adopted and what the map shows; never an answer.

What an address says and the rules do not know is ignored with a notice. A link shows a colleague the same thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from questionnaire.session import state
from questionnaire.session.steps import OBLIGATIONS
from questionnaire.shown import adoption
from scoring.rules.model import Fact, Rules
from scoring.rules.profile import live

ADOPTED, VIEW, ONLY = "adopted", "view", "only"
ONE, MAP = "one", "map"
_NOTICES = 10
"""How many notices a page gives of one address."""
_CHOSEN, _ADOPTED, _VIEW, _ONLY, _SEEN = (
    f"{OBLIGATIONS}_{name}" for name in ("facts", "adopted", "view", "only", "seen")
)


@dataclass(frozen=True)
class Said:
    """What an address says: a value for every fact, the recommendations adopted, the view, what the map shows; and in words what was ignored."""

    chosen: dict[str, str]
    adopted: tuple[str, ...]
    view: str
    only: tuple[str, ...]
    notices: tuple[str, ...] = ()


def read(rules: Rules) -> list[str]:
    """Take over what the page's address says, where it has changed; returns what of it was ignored, in words."""
    said = st.query_params.to_dict()
    if state.recall(_SEEN) == said and state.recall(_CHOSEN):
        return []
    if not said and state.recall(_CHOSEN):
        meant = Said(*(state.recall(name) for name in (_CHOSEN, _ADOPTED, _VIEW, _ONLY)))
    else:
        meant = understood(rules, {key: st.query_params.get_all(key) for key in said})
    for name, kept in (
        (_CHOSEN, meant.chosen),
        (_ADOPTED, meant.adopted),
        (_VIEW, meant.view),
        (_ONLY, meant.only),
        (_SEEN, said),
    ):
        state.keep(name, kept)
    adoption.forget_widgets(OBLIGATIONS)
    return list(meant.notices)


def understood(rules: Rules, said: Mapping[str, Sequence[str]]) -> Said:
    """What the words of an address mean, whatever they are. said: what each is called, and its values; the last one counts.

    An address that names a fact and no view is of one kind of service.
    """
    ids = tuple(recommendation.id for recommendation in rules.recommendations)
    notices = [
        f"The address says {_shown(key)} more than once. The last one counts."
        for key, values in said.items()
        if len(values) > 1
    ]
    chosen = {fact.id: fact.value_ids()[0] for fact in rules.facts}
    adopted, view = ids, ONE if chosen.keys() & said.keys() else MAP
    only: tuple[str, ...] = ()
    for key, value in ((key, values[-1]) for key, values in said.items()):
        if key == ADOPTED:
            adopted, unknown = _adopted(value, ids)
            notices += [
                f"The address names a recommendation that there is not: {_shown(name)}. It was ignored{'; all are adopted' if adopted == ids else ''}."
                for name in unknown
            ]
        elif key == VIEW and value in (ONE, MAP):
            view = value
        elif key == ONLY:
            known = {f"{fact.id}:{value}" for fact in rules.facts for value in fact.value_ids()}
            named = [pair for pair in dict.fromkeys(value.split(",")) if pair]
            only = tuple(pair for pair in named if pair in known)
            notices += [
                f"The address asks for services that are {_shown(pair)}, which no fact is. It was ignored."
                for pair in named
                if pair not in known
            ]
        elif key not in chosen:
            notices.append(f"The address says {_shown(f'{key}={value}')}, which means nothing here. It was ignored.")
        elif value not in rules.fact(key).value_ids():
            notices.append(
                f"The address says {_shown(value)} for “{rules.fact(key).title}”, which it cannot be. It was ignored."
            )
        else:
            chosen[key] = value
    more = (
        [f"More of the address means nothing here: {len(notices) - _NOTICES:,} more notices are left out."]
        if len(notices) > _NOTICES
        else []
    )
    return Said(chosen, adopted, view, only, (*notices[:_NOTICES], *more))


def write(rules: Rules) -> None:
    """Make the address say what is chosen."""
    ids = tuple(recommendation.id for recommendation in rules.recommendations)
    chosen = adopted()
    said = {
        **live(rules.facts, given()),
        ADOPTED: "all" if set(chosen) == set(ids) else ",".join(name for name in ids if name in chosen) or "none",
    }
    if view() == MAP:
        said[VIEW] = MAP
    if state.recall(_ONLY):
        said[ONLY] = ",".join(state.recall(_ONLY))
    if st.query_params.to_dict() != said:
        st.query_params.from_dict(said)
    state.keep(_SEEN, said)


def given() -> dict[str, str]:
    """A value for every fact, whether or not it is asked of this kind of service."""
    return dict(state.recall(_CHOSEN))


def adopted() -> tuple[str, ...]:
    """The recommendations adopted."""
    return adoption.adopted(OBLIGATIONS)


def view() -> str:
    """What is shown: one kind of service, or the map."""
    return str(state.recall(_VIEW))


def only() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The facts that the services of the map have in common: for each, the values that it may have."""
    values: dict[str, tuple[str, ...]] = {}
    for pair in state.recall(_ONLY):
        fact, value = pair.split(":")
        values[fact] = (*values.get(fact, ()), value)
    return tuple(values.items())


def fact_select(fact: Fact, rules: Rules) -> None:
    """A switch for one fact."""
    values = fact.value_ids()
    key = _key(fact.id)
    st.selectbox(
        fact.title,
        values,
        index=values.index(given()[fact.id]),
        format_func=lambda value: rules.labels[fact.id, value],
        key=key,
        on_change=_choose,
        args=(fact.id, key),
    )


def view_select() -> None:
    """Which of the two views is shown."""
    key = _key(VIEW)
    names = {MAP: "Every kind of service", ONE: "One kind, fact by fact"}
    st.radio(
        "Show",
        list(names),
        index=list(names).index(view()),
        format_func=names.__getitem__,
        key=key,
        on_change=_take,
        args=(_VIEW, key),
    )


def only_select(rules: Rules) -> None:
    """Which services the map shows: those with these facts. Two values of one fact: services with either."""
    key = _key(ONLY)
    names = {f"{fact.id}:{value.id}": f"{fact.title}: {value.label}" for fact in rules.facts for value in fact.values}
    st.multiselect(
        "Only services with these facts",
        list(names),
        default=list(state.recall(_ONLY)),
        format_func=names.__getitem__,
        key=key,
        placeholder="All services",
        on_change=_take,
        args=(_ONLY, key),
    )


def _key(name: str) -> str:
    return adoption.key(OBLIGATIONS, name)


def _choose(fact: str, key: str) -> None:
    state.keep(_CHOSEN, {**given(), fact: state.widget_value(key)})


def _take(name: str, key: str) -> None:
    value = state.widget_value(key)
    state.keep(name, tuple(value) if isinstance(value, list) else value)


def _adopted(value: str, ids: tuple[str, ...]) -> tuple[tuple[str, ...], list[str]]:
    """The recommendations that an address names, and what it names that there is not. All, where it names none that there is."""
    if value.lower() in ("all", "none"):
        return (ids if value.lower() == "all" else ()), []
    named = dict.fromkeys(name.strip().upper() for name in value.split(","))
    return tuple(name for name in ids if name in named) or ids, [name for name in named if name not in ids]


def _shown(text: str) -> str:
    """A piece of an address in a message: as code, so that it is text and never markup. What does not print shows as a sign of its own."""
    plain = "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:40] if sign != "`")
    return f"`{plain}`" if plain.strip() else "nothing"
