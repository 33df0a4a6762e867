"""What only the browser can do: keep the answers on the user's own device, and start each step where it should start.

The answers go from the session to the browser's own storage and, after a refresh, a dropped connection, a restarted server
or a closed tab, back again. They never go anywhere else. What comes back is read like any saved file: with every check.
`browser.js` does it; this tells it what to keep, and takes what it brings.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import streamlit as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from questionnaire.session import state
from questionnaire.session.steps import SERVICE, START
from questionnaire.streamlit_inside.first_page import CHARTS, piece
from scoring.score.assessment import NOT_TEXT, all_requirements, allowed_grades
from scoring.score.assessment_file import AssessmentError, from_json, to_json

_SCRIPT = (Path(__file__).parent / "browser.js").read_text(encoding="utf-8")
_KEY = "mcm_browser"
_LINE = "p { margin: 0; font-size: 1rem; line-height: 1.5; color: inherit; font-family: var(--st-font); }"
_FIELDS, _ORDERS, _FOUND, _ARRIVED, _UNREADABLE, _FORGOTTEN = (
    "browser_fields",
    "browser_orders",
    "browser_found",
    "arrived",
    "unreadable",
    "forgotten",
)
_TIED, _HEARD = "browser_tied", "browser_heard"
_LONGEST_CHANGE = 100_000
"""Characters of one change that the browser brings; twenty times as many as a field takes."""


class _FromBrowser(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


def _whole(text: object) -> object:
    """Text without half characters, which no message to a browser can hold: each is written as JSON writes it, and so means the same there."""
    return text.encode("utf-8", "backslashreplace").decode() if isinstance(text, str) else text


def _readable(slots: object) -> object:
    """Of the slots that the browser names, those that can be shown; a broken one does not hide the others."""
    if not isinstance(slots, list):
        return slots
    shown = {}
    for given in slots:
        try:
            slot = Slot.model_validate(given)
        except ValidationError:
            continue
        shown[slot.slot] = slot
    return list(shown.values())


Text = Annotated[str, BeforeValidator(_whole)]


class Slot(_FromBrowser):
    """Answers that this browser keeps: their name in its storage, and of which service and moment they say that they are."""

    slot: Text
    name: Text
    saved_at: Text
    open: bool
    """True where another tab has them open."""


class Fetched(_FromBrowser):
    """What a slot holds: the step at which it was left, and the assessment as a file."""

    slot: Text
    step: Text
    assessment: Text


class Change(_FromBrowser):
    """A change that no widget brought to the server: where it is in a saved assessment, and what is there now; None where it is gone."""

    path: list[Text]
    value: Text | None


class Found(_FromBrowser):
    """What the browser found in its storage, and what it found that the server had not heard. at: the name of this message."""

    at: Text
    slots: Annotated[list[Slot], BeforeValidator(_readable)] = []
    keeping: bool = True
    own: Text | None = None
    fetched: Fetched | None = None
    forgotten: Text | None = None
    unheard: list[Change] = []


class Unreadable(_FromBrowser):
    """Kept answers that were refused, as they are, with what is wrong."""

    slot: str
    error: str
    text: str


def begin() -> None:
    """Before a page is drawn: no widget of it is known yet."""
    state.keep(_FIELDS, {})
    state.keep(_TIED, {})


def field(key: str, *path: str, **what: object) -> None:
    """Say which field of the assessment a widget shows, so that the browser keeps what is typed or chosen at once.

    key: the widget's key; path: where the field is in a saved assessment. what: of a radio `values`, those of its choices, in their
    order; of a check box `examined`, what is there once it is ticked; of a text `longest`, how many characters it takes.
    """
    state.keep(_FIELDS, {**_fields(), _written(key): {"key": key, "path": list(path), **what}})


def button(key: str, *path: str, pressed: str | None, everywhere: bool = False) -> None:
    """Say what a button changes in the assessment, so that the browser keeps that at once.

    path: where, nothing for all of the assessment; pressed: what is there once it is pressed, None where it is gone;
    everywhere: whether all that the browser keeps goes with it.
    """
    field(key, *path, pressed=pressed, everywhere=everywhere)


def tie(key: str, *, needed: bool = False, wrong: bool = False) -> None:
    """Have what stands beside a widget in its container read out with it: its help, why it is asked, what is wrong with it.

    key: the widget's key; needed: whether it has to be answered; wrong: whether what stands there says what is wrong.
    """
    state.keep(_TIED, {**state.recall(_TIED, {}), _written(key): {"needed": needed, "wrong": wrong}})


def _written(key: str) -> str:
    """A widget's key as Streamlit writes it into the page."""
    return "".join(each if each.isalnum() or each in "-_" else "-" for each in key)


def connect(step: str, heading: str, *, visible: bool) -> None:
    """Hand the answers to the browser, and on a new step scroll to its top and focus its heading.

    step: what is shown, by its address; heading: the text of its h1; visible: whether the page says that the answers are kept.
    """
    component = st.components.v2.component(_KEY, html="<p hidden></p>", css=_LINE, js=_SCRIPT)
    words, name = state.target()
    component(
        key=_KEY,
        data={
            "session": state.session(),
            "changes": state.changes(),
            "replaced": state.replaced(),
            "heard": state.recall(_HEARD),
            "empty": state.empty(),
            "lasting": not state.is_sample(),
            "assessment": to_json(state.assessment(), state.rules()).decode(),
            "fields": _fields(),
            "tied": state.recall(_TIED, {}),
            "not_text": NOT_TEXT.pattern,
            "orders": state.recall(_ORDERS, []),
            "forgotten": state.recall(_FORGOTTEN),
            "visible": visible,
            "step": step,
            "charts": piece(CHARTS) if step not in (START, SERVICE) else None,
            "heading": heading,
            "target": words,
            "target_name": name,
        },
        on_found_change=_take,
        height="content",
    )


# ------------------------------------------------------------------------------------------------ what it brings
def kept() -> list[Slot]:
    """The answers that this browser keeps beside those of this tab, the latest first."""
    return sorted(_found().slots, key=lambda each: each.saved_at, reverse=True)


def keeping() -> bool:
    """Whether answers are to be kept after a tab is closed."""
    return _found().keeping


def arrived() -> str | None:
    """The step at which answers were left that have just been brought; given out once."""
    step = state.recall(_ARRIVED)
    state.keep(_ARRIVED, None)
    return step


def unreadable() -> Unreadable | None:
    """Kept answers that were asked for and refused."""
    return state.recall(_UNREADABLE)


def _fields() -> Mapping[str, Mapping[str, Any]]:
    return state.recall(_FIELDS, {})


def _found() -> Found:
    return state.recall(_FOUND) or Found(at="")


def _take() -> None:
    """The browser says what it found. It is the user's own, and yet it may say anything."""
    try:
        found = Found.model_validate(dict(state.widget_value(_KEY))["found"])
    except (KeyError, TypeError, ValueError):
        return
    state.keep(_FOUND, found.model_copy(update={"own": None, "fetched": None, "unheard": []}))
    state.keep(_HEARD, found.at)
    news = found.forgotten != state.recall(_FORGOTTEN)
    state.keep(_FORGOTTEN, found.forgotten)
    if news and not state.pristine():  # a session that has nothing yet, after a restart, has nothing to forget
        state.clear()
        state.say("warning", "The answers were forgotten in another tab, and so they are gone from this one.")
        return
    if state.pristine() and found.own is not None:
        if not _restore(found.own):
            state.clear()
            _order("leave")
    elif found.fetched and state.empty() and _restore(found.fetched.assessment, found.fetched.slot):
        state.keep(_ARRIVED, found.fetched.step)
        _kept_no_more(found.fetched.slot, unless_open=True)
        _order("adopt", slot=found.fetched.slot)
    for change in found.unheard:
        _hear(change)


def _hear(change: Change) -> None:
    """Take over what the user changed and no widget said. A change of something that does not exist is passed over."""
    value = change.value or ""
    if len(value) > _LONGEST_CHANGE:
        return
    rules = state.rules()
    match change.path:
        case []:
            state.clear()
        case ["rulebook"] if value == rules.version:
            state.accept_rules()
        case ["service_name"]:
            state.set_name(value)
        case ["profile", fact] if any(
            value in known.value_ids()
            for known in rules.facts
            if known.id == fact and not known.derived_from_technologies
        ):
            state.set_fact(fact, value)
        case ["answers", id_, "grade"] if any(
            value in ("", *allowed_grades(known)) for known in all_requirements(rules) if known.id == id_
        ):
            state.set_grade(id_, value)
        case ["answers", id_, "note"] if any(known.id == id_ for known in all_requirements(rules)):
            state.set_note(id_, value)
        case ["technologies", id_] if any(known.id == id_ for known in rules.technologies):
            state.set_examined(id_, change.value is not None)
            if change.value is not None:
                state.set_reason(id_, value)
        case _:
            return
    _show(change)


def _show(change: Change) -> None:
    """Have the widget for a change show it, where the page has one that shows something else."""
    for about in _fields().values():
        if about["path"] == change.path and "pressed" not in about:
            if "examined" in about:
                state.show_in(about["key"], change.value is not None, again=True)
            elif "values" in about:
                state.show_in(about["key"], change.value or None, again=True)
            elif change.value is not None:
                state.show_in(about["key"], change.value)


def _restore(text: str, slot: str = "") -> bool:
    """Take over what was kept, like a saved file; what is refused stays where it is, and the page says what is wrong with it.

    slot: where it was fetched from at the user's wish; empty where the tab had it itself.
    """
    try:
        state.replace(from_json(text.encode(), state.rules()), restored=not slot)
    except AssessmentError as error:
        state.keep(_UNREADABLE, Unreadable(slot=slot, error=str(error), text=text))
        return False
    return True


# ------------------------------------------------------------------------------------------------ what it is asked
def fetch(slot: str) -> None:
    """Have the browser bring what a slot holds."""
    state.keep(_UNREADABLE, None)
    _order("fetch", slot=slot)


def remove(slot: str) -> None:
    """Have the browser forget what one slot holds."""
    state.keep(_UNREADABLE, None)
    _kept_no_more(slot)
    _order("remove", slot=slot)


def set_keeping(on: bool) -> None:
    """Keep answers after a tab is closed, or no longer."""
    state.keep(_FOUND, _found().model_copy(update={"keeping": on}))
    _order("keeping", on=on)


def forget() -> None:
    """Have the browser forget all answers of all tabs, and forget those of this session."""
    state.keep(_UNREADABLE, None)
    state.keep(_FOUND, _found().model_copy(update={"slots": []}))
    state.clear()
    _order("forget")


def _kept_no_more(slot: str, *, unless_open: bool = False) -> None:
    """Know it without asking the browser again."""
    state.keep(
        _FOUND,
        _found().model_copy(
            update={"slots": [each for each in kept() if each.slot != slot or (unless_open and each.open)]}
        ),
    )


def _order(order: str, **about: object) -> None:
    """Each order has a name of its own, by which the browser knows that it did it already; the last few are enough."""
    state.keep(_ORDERS, [*state.recall(_ORDERS, [])[-4:], {"order": order, "turn": uuid4().hex, **about}])
