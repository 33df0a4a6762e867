"""The address of the Obligations page: it carries a kind of service, the recommendations adopted and what the map shows; never an answer.

What an address says and the rules do not know is ignored with a notice. A link shows a colleague the same thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from questionnaire.page_parts import adoption
from questionnaire.page_parts.choices import choice
from questionnaire.session import state
from questionnaire.session.steps import OBLIGATIONS
from scoring.kinds.groups import Facts
from scoring.rules.model import Fact, Rules
from scoring.rules.profile import live

ADOPTED, VIEW, ONLY = "adopted", "view", "only"
ONE, MAP = "one", "map"
_NOTICES = 10
"""How many notices a page gives of one address."""
_SAID, _SEEN = f"{OBLIGATIONS}_said", f"{OBLIGATIONS}_seen"


@dataclass(frozen=True)
class Said:
    """What an address says: a value for every fact, whether or not it is asked of this kind of service; the recommendations adopted, the view, what the map shows; and in words what was ignored."""

    chosen: dict[str, str]
    adopted: tuple[str, ...]
    view: str
    only: tuple[str, ...]
    notices: tuple[str, ...] = ()

    @property
    def together(self) -> Facts:
        """The facts that the services of the map have in common: for each, the values that it may have."""
        values: dict[str, tuple[str, ...]] = {}
        for fact, value in (pair.split(":") for pair in self.only):
            values[fact] = (*values.get(fact, ()), value)
        return tuple(values.items())


def said() -> Said:
    """What the page's address says by what has been chosen since; of the recommendations, `adoption` knows."""
    chosen: Said = state.recall(_SAID)
    return chosen


def read(rules: Rules) -> tuple[str, ...]:
    """Take over what the page's address says, where it has changed; returns what of it was ignored, in words."""
    written, is_known = st.query_params.to_dict(), bool(state.recall(_SAID))
    if is_known and written == state.recall(_SEEN):
        return ()
    state.keep(_SEEN, written)
    if is_known and not written:
        adoption.forget_widgets(OBLIGATIONS)
        return ()
    meant = understood(rules, {key: st.query_params.get_all(key) for key in written})
    state.keep(_SAID, meant)
    adoption.adopt(OBLIGATIONS, meant.adopted)
    return meant.notices


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
    left_out = len(notices) - _NOTICES
    if left_out > 0:
        notices[_NOTICES:] = [f"More of the address means nothing here: {left_out:,} more notices are left out."]
    return Said(chosen, adopted, view, only, tuple(notices))


def write(rules: Rules) -> None:
    """Make the address say what is chosen."""
    ids, adopted, now = [known.id for known in rules.recommendations], adoption.adopted(OBLIGATIONS), said()
    every = set(adopted) == set(ids)
    words = {
        **live(rules.facts, now.chosen),
        ADOPTED: "all" if every else ",".join(name for name in ids if name in adopted) or "none",
    }
    if now.view == MAP:
        words[VIEW] = MAP
    if now.only:
        words[ONLY] = ",".join(now.only)
    if st.query_params.to_dict() != words:
        st.query_params.from_dict(words)
    state.keep(_SEEN, words)


def fact_select(fact: Fact, rules: Rules) -> None:
    """A switch for one fact."""
    names = {value: rules.labels[fact.id, value] for value in fact.value_ids()}
    choice(st.selectbox, fact.title, names, _key(fact.id), said().chosen[fact.id], on_change=_take, args=(fact.id,))


def view_select() -> None:
    """Which of the two views is shown."""
    names = {MAP: "Every kind of service", ONE: "One kind, fact by fact"}
    choice(st.radio, "Show", names, _key(VIEW), said().view, on_change=_take, args=(VIEW,))


def only_select(rules: Rules) -> None:
    """Which services the map shows: those with these facts. Two values of one fact: services with either."""
    names = {f"{fact.id}:{value.id}": f"{fact.title}: {value.label}" for fact in rules.facts for value in fact.values}
    st.multiselect(
        "Only services with these facts",
        list(names),
        default=list(said().only),
        format_func=names.__getitem__,
        key=_key(ONLY),
        placeholder="All services",
        on_change=_take,
        args=(ONLY,),
    )


def _key(name: str) -> str:
    return adoption.key(OBLIGATIONS, name)


def _take(name: str) -> None:
    """Something was chosen: a view, what the map shows, or a value of a fact."""
    value, now = state.widget_value(_key(name)), said()
    if name == ONLY:
        new = replace(now, only=tuple(value))
    else:
        new = replace(now, view=value) if name == VIEW else replace(now, chosen={**now.chosen, name: value})
    state.keep(_SAID, new)


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
