"""What providers sent, as far as this session has it: files come in, are read once, and are held until they are taken away or the session ends."""

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.browser import brought
from questionnaire.page_parts import adoption, exchange
from questionnaire.session import state
from questionnaire.session.steps import RETURNS
from questionnaire.streamlit_inside import uploads
from questionnaire.tool_pages import compare, turns
from scoring.returns.hidden import hidden, mixed, numbered
from scoring.returns.received import Received, receive
from scoring.returns.returned import Returns, returns_of
from scoring.rules.amend import adopting
from scoring.rules.model import Rules

_WAITING, _RECEIVED, _TOLD, _TURN, _NUMBERS, _HIDE, _OPEN = (
    f"returns_{name}" for name in ("waiting", "received", "told", "turn", "numbers", "hide", "open")
)
_HIDDEN = "returns.hide"
_ADDRESS, _YES = "files", "open"
"""What the page's address says while files are open, and nothing else of them: so that a reload can say that they are gone."""
TITLE = "Returns: what providers sent"


# ------------------------------------------------------------------------------------------------- what comes in
def take_in(label: str) -> DeltaGenerator:
    """Ask for files. Gives the place beside the uploader, for what is wrong with a single file."""
    key = f"returns.upload.{state.recall(_TURN, 0)}"
    box, _ = exchange.upload(label, key, accept_multiple_files=True, on_change=_upload, args=(key,))
    if brought.kept() or not state.empty():
        st.button("Take the services that this browser keeps", key="returns.own", on_click=brought.fetch_all)
    return box


def _upload(key: str) -> None:
    """Files were chosen: they wait to be read, and what asks for files is empty again."""
    files = [(file.name, file.getvalue()) for file in state.widget_value(key)]
    if not files:
        return
    state.keep(_WAITING, (*state.recall(_WAITING, ()), *files))
    state.keep(_TURN, state.recall(_TURN, 0) + 1)
    open_one(None, TITLE)
    uploads.let_go()


def received(rules: Rules) -> tuple[Received, ...]:
    """What has come in so far; files that wait are read first, one after another, which a bar shows."""
    own = brought.services() or ()
    if own:
        state.keep(_TURN, state.recall(_TURN, 0) + 1)
    waiting: Sequence[tuple[str, bytes]] = (*state.recall(_WAITING, ()), *own)
    if waiting:
        bar = st.progress(0.0, text="Reading")
        new: list[Received] = []
        with turns.turn(
            sum(len(data) for _, data in waiting), lambda before: bar.progress(0.0, text=turns.waiting(before))
        ):
            for place, (name, data) in enumerate(waiting):
                bar.progress(place / len(waiting), text=f"Reading: file {place + 1:,} of {len(waiting):,}")
                new += receive(name, data, rules, state.now())
        bar.empty()
        before: tuple[Received, ...] = state.recall(_RECEIVED, ())
        alone = len(before) == 1 and before[0].read is None  # one that was refused gives way to the next
        state.keep(_RECEIVED, (*(() if alone else before), *new))
        state.keep(_WAITING, ())
    every: tuple[Received, ...] = state.recall(_RECEIVED, ())
    if every and st.query_params.get(_ADDRESS) != _YES:
        st.query_params[_ADDRESS] = _YES
    return every


def are_gone() -> bool:
    """Whether the address says that files were open, and this session never had any: the page was reloaded, or somebody followed its address."""
    return st.query_params.get(_ADDRESS) == _YES and not state.recall(_TURN)


def remove() -> None:
    """Take away everything that has come in."""
    for name, nothing in ((_WAITING, ()), (_RECEIVED, ()), (_TOLD, None), (_OPEN, None)):
        state.keep(name, nothing)
    compare.hold(())
    st.query_params.pop(_ADDRESS, None)
    state.lead_to(TITLE)


def take_out(marks: Sequence[str], words: str) -> None:
    """Take away the files of these marks, and lead to the heading with these words; the rest stay."""
    rest = tuple(one for one in state.recall(_RECEIVED, ()) if one.mark.hex() not in marks)
    if not rest:
        remove()
        return
    state.keep(_RECEIVED, rest)
    open_one(None, words if len(rest) > 1 else TITLE)


# ------------------------------------------------------------------------------------------------- what it comes to
def returns(rules: Rules) -> Returns:
    """What has come in comes to this, without names where those are hidden; worked out once for as long as that, the day and the recommendations stay the same."""
    every, adopted, today = state.recall(_RECEIVED, ()), adoption.adopted(RETURNS), state.today()
    key = (len(every), state.recall(_TURN), adopted, today, are_hidden())
    kept = state.recall(_TOLD)
    if not kept or kept[0] != key:
        files = mixed(every) if are_hidden() else every
        whole = returns_of(rules, files, today, adopting(rules, adopted))
        if are_hidden():
            state.keep(_NUMBERS, numbered(whole, state.recall(_NUMBERS, {})))
            whole = hidden(whole, state.recall(_NUMBERS))
        kept = (key, whole)
        state.keep(_TOLD, kept)
    told_: Returns = kept[1]
    return told_


def are_hidden() -> bool:
    """Whether names are hidden."""
    return bool(state.recall(_HIDE))


def hide_switch() -> None:
    """A switch that hides the names, here and in what is downloaded."""
    st.checkbox(
        "Hide the names: “Service 1” in their place, in the downloads too",
        value=are_hidden(),
        key=_HIDDEN,
        on_change=lambda: state.keep(_HIDE, state.widget_value(_HIDDEN)),
    )


# ------------------------------------------------------------------------------------------------- which one is open
def opened(every: Sequence[Received]) -> Received | None:
    """The file that is open by itself, if one is."""
    mark = state.recall(_OPEN)
    return next((one for one in every if one.mark.hex() == mark), None)


def can_open(one: Received) -> bool:
    """Whether a file can be looked at by itself: it could be read, and can be scored."""
    return one.read is not None and not one.read.round.missing


def open_one(mark: str | None, words: str) -> None:
    """Open the file of a mark by itself, or go back to all of them (None), and lead to the heading with these words."""
    state.keep(_OPEN, mark)
    state.lead_to(words)
