"""Which recommendations a page adopts: kept for as long as the session lasts, with a switch for each, and all or none at a press."""

import streamlit as st

from questionnaire.session import state
from scoring.rules.model import Recommendation, Rules


def adopted(page: str) -> tuple[str, ...]:
    """The recommendations that a page adopts; all of them, unless told otherwise. page: its address."""
    found = state.recall(f"{page}_adopted")
    return tuple(each.id for each in state.rules().recommendations) if found is None else tuple(found)


def adopt(page: str, ids: tuple[str, ...]) -> None:
    """Adopt these recommendations on a page, and no other."""
    state.keep(f"{page}_adopted", ids)
    forget_widgets(page)


def switches(rules: Rules, page: str, *, expanded: bool) -> None:
    """A switch for each recommendation, by code, and all or none at a press."""
    every = tuple(each.id for each in rules.recommendations)
    with st.expander(
        f"Recommendations adopted: {len(adopted(page))} of {len(every)}", expanded=expanded, key=f"{page}.switches"
    ):
        with st.container(horizontal=True):
            st.button("Adopt all", key=f"{page}.all", on_click=adopt, args=(page, every))
            st.button("Adopt none", key=f"{page}.none", on_click=adopt, args=(page, ()))
        for column, code in zip(st.columns(len(rules.codes)), rules.codes, strict=True):
            with column:
                st.markdown(f"**{code.title}**")
                for each in rules.recommendations:
                    if each.code == code.id:
                        _switch(page, each)


def key(page: str, name: str) -> str:
    """A widget's key on a page; another one once what it shows is replaced."""
    return state.key(page, str(state.recall(f"{page}_turn", 0)), name)


def forget_widgets(page: str) -> None:
    """Give a page's widgets new keys, so that they show what was put in their place."""
    state.keep(f"{page}_turn", state.recall(f"{page}_turn", 0) + 1)


def _switch(page: str, recommendation: Recommendation) -> None:
    name = key(page, recommendation.id)
    st.checkbox(
        f"{recommendation.title} ({recommendation.id})",
        value=recommendation.id in adopted(page),
        key=name,
        on_change=_take,
        args=(page, recommendation.id, name),
    )


def _take(page: str, recommendation: str, name: str) -> None:
    rest = tuple(each for each in adopted(page) if each != recommendation)
    state.keep(f"{page}_adopted", (*rest, recommendation) if state.widget_value(name) else rest)
