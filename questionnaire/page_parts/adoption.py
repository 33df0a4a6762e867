"""Which recommendations a page adopts: kept for as long as the session lasts, with a switch for each, and all or none at a press."""

import streamlit as st

from questionnaire.page_parts import figures
from questionnaire.session import state
from questionnaire.session.beside import adopted_name
from scoring.rules.amend import adopting
from scoring.rules.in_words import in_short
from scoring.rules.model import Recommendation, Rules
from scoring.score.scorecard import Scorecard, scorecard


def adopted(page: str) -> tuple[str, ...]:
    """The recommendations that a page adopts; all of them, unless told otherwise. page: its address."""
    chosen = state.recall(adopted_name(page))
    if chosen is None:
        return tuple(recommendation.id for recommendation in state.rules().recommendations)
    return tuple(chosen)


def card(page: str) -> Scorecard:
    """The scorecard of the answers, whose facts are complete, with the recommendations that a page adopts."""
    rules = state.rules()
    return scorecard(rules, state.assessment(), adopting(rules, adopted(page)))


def adopt(page: str, ids: tuple[str, ...]) -> None:
    """Adopt these recommendations on a page, and no other."""
    state.keep(adopted_name(page), ids)
    forget_widgets(page)


def switches(rules: Rules, page: str) -> None:
    """The switches, folded, a column a code."""
    with st.expander(said(rules, page), key=f"{page}.switches"):
        draw(rules, page, wide=True)


def said(rules: Rules, page: str) -> str:
    """How many recommendations a page adopts."""
    return f"Recommendations adopted: {len(adopted(page))} of {len(rules.recommendations)}"


def draw(rules: Rules, page: str, *, wide: bool) -> None:
    """A switch for each recommendation, and all or none at a press. wide: a column a code, not one below the other."""
    every = tuple(recommendation.id for recommendation in rules.recommendations)
    with st.container(horizontal=True):
        st.button("Adopt all", key=f"{page}.all", on_click=adopt, args=(page, every))
        st.button("Adopt none", key=f"{page}.none", on_click=adopt, args=(page, ()))
    if not wide:
        with st.container(gap="xsmall", key=f"{page}.narrow"):
            for recommendation in rules.recommendations:
                _switch(page, recommendation)
        return
    for column, code in zip(st.columns(len(rules.codes)), rules.codes, strict=True):
        with column:
            st.markdown(f"**{code.title}**")
            for recommendation in rules.recommendations:
                if recommendation.code == code.id:
                    _switch(page, recommendation)


def key(page: str, name: str) -> str:
    """A widget's key on a page; another one once what it shows is replaced."""
    return state.key(page, str(state.recall(f"{page}_turn", 0)), name)


def forget_widgets(page: str) -> None:
    """Give a page's widgets new keys, so that they show what was put in their place."""
    state.keep(f"{page}_turn", state.recall(f"{page}_turn", 0) + 1)


def _switch(page: str, recommendation: Recommendation) -> None:
    name = key(page, recommendation.id)
    st.checkbox(
        figures.whole_ids(in_short(recommendation)),
        value=recommendation.id in adopted(page),
        key=name,
        on_change=_take,
        args=(page, recommendation.id, name),
    )


def _take(page: str, recommendation: str, name: str) -> None:
    rest = tuple(other for other in adopted(page) if other != recommendation)
    state.keep(adopted_name(page), (*rest, recommendation) if state.widget_value(name) else rest)
