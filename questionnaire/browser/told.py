"""What the browser is told of a page: the fields that it has, what is read out with them, and orders."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from questionnaire.session import state
from questionnaire.streamlit_inside.markup import written
from scoring.score.assessment import is_date, without_controls

_FIELDS, _TIED, _ORDERS = "browser_fields", "browser_tied", "browser_orders"
_OF_PART: dict[str, dict[str, object]] = {
    "profile": {"filled": True},
    "technologies": {"absence": True},
    "answers": {"around": {"grade": "", "note": ""}},
}
"""By part of a saved assessment, what the browser has to know to put a value there: whether a value there is never empty (filled), whether it
makes a difference that nothing is there (absence), and what is put there around a value where nothing is yet."""


def begin() -> None:
    """Before a page is drawn: no widget of it is known yet."""
    state.keep(_FIELDS, {})
    state.keep(_TIED, {})


def field(key: str, *path: str, **what: object) -> None:
    """Say which field of the assessment a widget shows, or a button changes, so that the browser keeps what is typed or chosen at once.

    key: the widget's key; path: where the field is in a saved assessment. what: of a radio `values`, those of its choices, in their
    order; of a check box `examined`, what is there once it is ticked; of a text `longest`, how many characters of it are
    saved, `between_lines`, what takes the place of a soft line break, and `date` where only a day as YYYY-MM-DD is saved. Of a list of
    objects the path is that of the list, and each of its fields has the name of its `row`, the `place` of that, the `part` that it shows, and what
    that `was`, line ends included, which a field of one line does not show. Of a button `pressed`, what is there once it is pressed, None where
    it is gone, whether all that the browser keeps goes with it (`everywhere`), and the `row` of a list that does; without a path it is all of the assessment.
    """
    about = {"key": key, "path": list(path), **(_OF_PART.get(path[0], {}) if path else {}), **what}
    state.keep(_FIELDS, {**fields(), written(key): about})


def taken(takes: Mapping[str, Any], typed: str) -> tuple[str, str]:
    """Of what was typed into a text: what is left without what is no text, and as much of that as is saved. takes: as `field` was told.

    Of a date all is saved or nothing: what is no day is never put where a saved file has one.
    """
    text = without_controls(typed, takes["between_lines"])
    if not takes.get("date"):
        return text, text[: takes["longest"]]
    day = text.strip()
    return (day, day) if is_date(day) else (text, "")


def tie(key: str, *, needed: bool = False, wrong: bool = False) -> None:
    """Have what stands beside a widget in its container read out with it: its help, why it is asked, what is wrong with it.

    key: the widget's key; needed: whether it has to be answered; wrong: whether what stands there says what is wrong.
    """
    state.keep(_TIED, {**tied(), written(key): {"needed": needed, "wrong": wrong}})


def order(what: str, **about: object) -> None:
    """Have the browser do something, once. Each order has a name of its own, by which the browser knows that it did it already.

    The browser hears of the last five orders with each run, so that none is lost with a run that is broken off.
    """
    state.keep(_ORDERS, [*orders()[-4:], {"order": what, "turn": uuid4().hex, **about}])


def fields() -> Mapping[str, Mapping[str, Any]]:
    """The fields of the page, each by its widget's key as the page has it."""
    return state.recall(_FIELDS, {})


def tied() -> Mapping[str, Mapping[str, bool]]:
    """The widgets with which something is read out, by their key as the page has it."""
    return state.recall(_TIED, {})


def orders() -> list[dict[str, object]]:
    """The last few orders."""
    return state.recall(_ORDERS, [])
