"""The one door to the session: the assessment that it owns, and where the user is. Plain and frozen values only.

Widgets are views of the assessment. Each has a key of the present generation, so that a widget never outlives the
assessment that it was drawn from. Nothing that belongs to a user is kept anywhere else.

All of it is one entry of Streamlit's session: with each widget, Streamlit goes through every entry that there is.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from questionnaire.session.samples import sample_assessment, samples
from questionnaire.streamlit_inside.session_state import session_state
from scoring.rules.load import load
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment, version_notice

T = TypeVar("T")
OURS = "mcm"
"""The name of our entry."""
_ASSESSMENT, _GENERATION, _CHANGES, _SESSION = "assessment", "generation", "changes", "session"
_MESSAGES, _SHOWN, _RETURN, _FOLLOWING = "messages", "shown_messages", "return", "following"
_PRESSED, _DESTINATION, _HELD_UP, _REPLACED = "pressed", "destination", "held_up", "replaced"
NOT_KNOWN = "not_known"
"""Under which name the session knows the requirements whose answer was said to be not known yet."""


def _ours() -> dict[str, Any]:
    session = session_state()
    try:
        return session[OURS]
    except KeyError:
        session[OURS] = {}
        return session[OURS]


def rules() -> Rules:
    """The rules. They are frozen, and the one thing that all sessions share."""
    return load()


def assessment() -> Assessment:
    """The assessment of this session; a new, empty one where there is none yet."""
    return _ours().get(_ASSESSMENT) or _ours().setdefault(_ASSESSMENT, _empty())


def following(name: str, given: object, make: Callable[[], T]) -> T:
    """What `make` works out from the answers; kept, and worked out again only when `given` is another than before.

    name: what is worked out, a name that stands once in the whole program; given: a plain value that changes whenever the result may, such
    as `changes()` for all answers, or the facts.
    """
    kept = _ours().setdefault(_FOLLOWING, {})
    if name not in kept or kept[name][0] != given:
        kept[name] = (given, make())
    return kept[name][1]


def changes() -> int:
    """How often the assessment has been changed in this session; never until something is answered, opened or resumed in it."""
    return _ours().get(_CHANGES, 0)


def session() -> str:
    """A name for this session that says nothing about the user."""
    return _ours().get(_SESSION) or _ours().setdefault(_SESSION, uuid4().hex)


def key(*parts: str) -> str:
    """A widget's key. It changes when another assessment takes the place of this one."""
    return ".".join((str(_ours().get(_GENERATION, 0)), *parts))


def now() -> str:
    """The present moment where the user is, to the second."""
    try:
        zone = ZoneInfo(st.context.timezone) if st.context.timezone else UTC
    except (
        ZoneInfoNotFoundError,
        ValueError,
        OSError,
    ):  # a browser may name a folder of the time zones, or anything else
        zone = UTC
    return datetime.now(zone).replace(microsecond=0).isoformat()


def today() -> date:
    """The day where the user is."""
    return datetime.fromisoformat(now()).date()


def _empty() -> Assessment:
    return Assessment(rulebook=rules().version, service_name="", saved_at=now(), profile={})


def put(new: Assessment, **also: object) -> None:
    """Put an assessment in the place of the present one, and what else changes with it."""
    ours = _ours()
    ours.update({_ASSESSMENT: new, _CHANGES: ours.get(_CHANGES, 0) + 1, **also})


def changed(**update: object) -> Assessment:
    """The assessment with parts of it changed now. Raises ValidationError where that is no assessment."""
    return Assessment.model_validate({**dict(assessment()), **update, "saved_at": now()})


def not_known() -> frozenset[str]:
    """The requirements of which the user said that the answer is not known yet."""
    return _ours().get(NOT_KNOWN, frozenset())


def replace(new: Assessment, *, restored: bool = False) -> None:
    """Put another assessment in the place of this one: a sample, a saved file, or an empty one.

    restored: whether it is the tab's own, brought back to a server that knew nothing of it; what is changed meanwhile then still counts.
    """
    ours = _ours()
    put(
        new,
        **{
            _GENERATION: ours.get(_GENERATION, 0) + 1,
            _REPLACED: replaced() + (not restored),
            _RETURN: None,
            NOT_KNOWN: frozenset(),
        },
    )


def replaced() -> int:
    """How often the user has put another assessment in the place of the present one in this session."""
    return _ours().get(_REPLACED, 0)


def clear() -> None:
    """Start again with nothing answered."""
    replace(_empty())


def empty() -> bool:
    """True where nothing at all has been said yet."""
    now = assessment()
    return now == _empty().model_copy(update={"rulebook": now.rulebook, "saved_at": now.saved_at})


def is_sample() -> bool:
    """True where the answers are those of a made-up service, and nobody has changed them."""
    return any(sample_assessment(sample) == assessment() for sample in samples())


def of_a_sample() -> bool:
    """True where the answers are about a made-up service, changed or not, until it is given another name."""
    return assessment().service_name in {sample_assessment(sample).service_name for sample in samples()}


def notice_of_version() -> str:
    """What to tell the user where the answers were given under another version of the rules; empty where they were not."""
    return version_notice(assessment(), rules())


def say(kind: str, text: str) -> None:
    """Leave a message that the next page shows once. kind: "success", "warning", "error" or, of the plan, "overdue"."""
    _ours().setdefault(_MESSAGES, []).append((kind, text))


def messages() -> list[tuple[str, str]]:
    """The messages left for this page; each is given out once."""
    keep(_SHOWN, _ours().pop(_MESSAGES, []))
    return recall(_SHOWN)


def say_again() -> None:
    """The page is about to be drawn again, and not because of anything that the user did: what it says, it says once more."""
    keep(_MESSAGES, [*recall(_SHOWN, []), *recall(_MESSAGES, [])])


def press(way: str, page: str) -> None:
    """Back or Next was pressed on a page."""
    keep(_PRESSED, (way, page))


def pressed() -> tuple[str | None, str]:
    """What was pressed, and on which page; given out once."""
    return _ours().pop(_PRESSED, (None, ""))


def head_for(page: str) -> None:
    """Have the page at an address shown next; for a callback, which cannot open one itself."""
    keep(_DESTINATION, page)


def destination() -> str | None:
    """The address of the page that is to be shown next; given out once."""
    return _ours().pop(_DESTINATION, None)


def come_back_to(page: str | None) -> None:
    """Remember which page a Change link came from, so that the changed page leads straight back."""
    if page is None:
        _ours().pop(_RETURN, None)
    else:
        _ours()[_RETURN] = page


def lead_to(words: str) -> None:
    """Have the next page brought to the question or heading with these words."""
    keep("target", (words, uuid4().hex))


def target() -> tuple[str, str]:
    """The words that the page is to be brought to, and a name that tells one time from the next."""
    return recall("target") or ("", "")


def hold_up(page: str) -> None:
    """Next was pressed on a page: from now on it says at each question that it needs an answer."""
    keep(_HELD_UP, page)


def held_up(page: str) -> bool:
    """True where Next was pressed on this page since it was opened."""
    return recall(_HELD_UP) == page


def let_go(page: str) -> None:
    """A page is shown: that Next was pressed on another one counts no more."""
    if not held_up(page):
        keep(_HELD_UP, None)


def return_page() -> str | None:
    """The address that a Change link came from; None where none did."""
    return _ours().get(_RETURN)


def recall(name: str, default: object = None) -> Any:
    """A plain value that a page keeps beside the assessment, such as a switch."""
    return _ours().get(name, default)


def keep(name: str, value: object) -> None:
    """Keep a plain value for as long as the session lasts."""
    _ours()[name] = value


def widget_value(key_: str) -> Any:
    """What a widget says now; for its own callback."""
    return session_state()[key_]


def shown_in(key_: str) -> str:
    """What a text of the page shows, or showed last; empty where it is not there yet."""
    session = session_state()
    if key_ not in session:  # it is no whole mapping, and has no `get`
        return ""
    return str(session[key_])


def show_in(key_: str, value: object, again: bool = False) -> None:
    """Make a widget of the page show a value, None where nothing is to be chosen; one that shows it already is left as it is.

    again: tell the browser once more, though the session says that the widget shows it.
    """
    session = session_state()
    if again or key_ not in session or session[key_] != value:
        session[key_] = value
