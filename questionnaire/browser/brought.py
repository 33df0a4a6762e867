"""What the browser brings: the answers that it keeps, and changes that the server has not heard. It is read like any saved file, with every check."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, TypeAdapter, ValidationError

from questionnaire.browser import told
from questionnaire.session import answers, beside, state
from scoring.score.assessment import Evidence, all_requirements, allowed_grades
from scoring.score.assessment_file import AssessmentError, from_json

KEY = "mcm_browser"
"""The key of the component that brings it."""
_BROUGHT, _ARRIVED, _UNREADABLE = "browser_found", "arrived", "unreadable"
FORGOTTEN, HEARD = "forgotten", "browser_heard"
"""What the session has heard last of the browser: the name of a forgetting in another tab, and the name of a message."""
_LONGEST_CHANGE = 100_000
"""Characters of one change that the browser brings; twenty times as many as a field takes."""


class _FromBrowser(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True)


def _whole(text: object) -> object:
    """Text in which half characters (lone surrogates) are written as JSON writes them: no message to a browser can hold one as it is."""
    return text.encode("utf-8", "backslashreplace").decode() if isinstance(text, str) else text


def _readable(slots: object) -> object:
    """The slots, of those that the browser names, that can be shown: a broken one does not hide the others."""
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
    """A change that no widget brought to the server: where it is in a saved assessment, and what is there now; None where it is gone.

    The evidence of a requirement is one place, and what is there is the list as JSON: so no change of a row is ever taken for one of another.
    """

    path: list[Text]
    value: Text | None


class Brought(_FromBrowser):
    """One message: what the browser has in its storage, and changes that the server had not heard. at: the name of the message."""

    at: Text
    slots: Annotated[list[Slot], BeforeValidator(_readable)] = []
    keeping: bool = True
    own: Text | None = None
    beside: object = None
    """What the tab keeps beside its own answers."""
    fetched: Fetched | None = None
    forgotten: Text | None = None
    unheard: list[Change] = []


class Unreadable(_FromBrowser):
    """Kept answers that were refused, as they are, with what is wrong."""

    slot: str
    error: str
    text: str


# ------------------------------------------------------------------------------------------------ what pages ask
def kept() -> list[Slot]:
    """The answers that this browser keeps beside those of this tab, the latest first."""
    return sorted(_brought().slots, key=lambda slot: slot.saved_at, reverse=True)


def keeping() -> bool:
    """Whether answers are to be kept after a tab is closed."""
    return _brought().keeping


def arrived() -> str | None:
    """The step at which answers were left that have just been brought; given out once."""
    step = state.recall(_ARRIVED)
    state.keep(_ARRIVED, None)
    return step


def unreadable() -> Unreadable | None:
    """Kept answers that were asked for and refused."""
    return state.recall(_UNREADABLE)


def fetch(slot: str) -> None:
    """Have the browser bring what a slot holds."""
    state.keep(_UNREADABLE, None)
    told.order("fetch", slot=slot)


def remove(slot: str) -> None:
    """Have the browser forget what one slot holds."""
    state.keep(_UNREADABLE, None)
    _kept_no_more(slot)
    told.order("remove", slot=slot)


def set_keeping(on: bool) -> None:
    """Keep answers after a tab is closed, or no longer."""
    _know(keeping=on)
    told.order("keeping", on=on)


def forget() -> None:
    """Have the browser forget all answers of all tabs, and forget those of this session."""
    state.keep(_UNREADABLE, None)
    _know(slots=[])
    state.clear()
    told.order("forget")


def _know(**update: object) -> None:
    """Know, without asking the browser again, what it would say now."""
    state.keep(_BROUGHT, _brought().model_copy(update=update))


def _kept_no_more(slot: str, *, unless_open: bool = False) -> None:
    _know(slots=[other for other in kept() if other.slot != slot or (unless_open and other.open)])


# ------------------------------------------------------------------------------------------------ what it brings
def _brought() -> Brought:
    return state.recall(_BROUGHT) or Brought(at="")


def take() -> None:
    """Take what the browser brings. It is the user's own, and yet it may say anything."""
    try:
        message = Brought.model_validate(dict(state.widget_value(KEY))["found"])
    except (KeyError, TypeError, ValueError):
        return
    state.keep(_BROUGHT, message.model_copy(update={"own": None, "beside": None, "fetched": None, "unheard": []}))
    state.keep(HEARD, message.at)
    news = message.forgotten != state.recall(FORGOTTEN)
    state.keep(FORGOTTEN, message.forgotten)
    if news and not state.pristine():  # a session that has nothing yet, after a restart, has nothing to forget
        state.clear()
        state.say("warning", "The answers were forgotten in another tab, and so they are gone from this one.")
        return
    if state.pristine() and message.own is not None:
        if _restore(message.own):
            beside.take(message.beside)
        else:
            state.clear()
            told.order("leave")
    elif message.fetched and state.empty() and _restore(message.fetched.assessment, message.fetched.slot):
        state.keep(_ARRIVED, message.fetched.step)
        _kept_no_more(message.fetched.slot, unless_open=True)
        told.order("adopt", slot=message.fetched.slot)
    for change in message.unheard:
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
            answers.accept_rules()
        case ["service_name"]:
            answers.set_name(value)
        case ["profile", fact] if any(
            value in known.value_ids()
            for known in rules.facts
            if known.id == fact and not known.derived_from_technologies
        ):
            answers.set_fact(fact, value)
        case ["answers", id_, "grade"] if any(
            value in ("", *allowed_grades(known)) for known in all_requirements(rules) if known.id == id_
        ):
            answers.set_grade(id_, value)
        case ["answers", id_, "note"] if any(known.id == id_ for known in all_requirements(rules)):
            answers.set_note(id_, value)
        case ["technologies", id_] if any(known.id == id_ for known in rules.technologies):
            answers.set_examined(id_, change.value is not None)
            if change.value is not None:
                answers.set_reason(id_, value)
        case ["answers", id_, "evidence"] if any(known.id == id_ for known in all_requirements(rules)):
            evidence = _evidence(id_, value)
            if evidence is not None:
                answers.replace_evidence(id_, evidence)
        case path if _takes(path, value):
            answers.put(path, value)
        case _:
            return
    _show(change)


def _takes(path: list[str], value: str) -> bool:
    """Whether there is such a place on record beside the answers, and it takes this value as it is."""
    takes = answers.takes(path)
    if takes is None or "values" in takes:
        return takes is not None and value in takes["values"]
    return told.taken({**takes, "longest": _LONGEST_CHANGE}, value)[1] == value


def _evidence(requirement: str, value: str) -> tuple[Evidence, ...] | None:
    """A list of evidence that the browser brings as JSON; None for what is none, or is more than a page has."""
    try:
        evidence = TypeAdapter(tuple[Evidence, ...]).validate_json(value or "[]")
    except ValidationError:
        return None
    before = state.assessment().answer(requirement).evidence
    parts = ((answers.EVIDENCE[part], text) for piece in evidence for part, text in piece)
    fits = all(told.taken({**takes, "longest": _LONGEST_CHANGE}, text)[1] == text for takes, text in parts)
    return evidence if fits and len(evidence) <= max(answers.MOST_EVIDENCE, len(before)) else None


def _show(change: Change) -> None:
    """Have the widget for a change show it, where the page has one that shows something else."""
    for field in told.fields().values():
        if field["path"] == change.path and not field.keys() & {"pressed", "row"}:
            if "examined" in field:
                state.show_in(field["key"], change.value is not None, again=True)
            elif "values" in field:
                state.show_in(field["key"], change.value if change.value in field["values"] else None, again=True)
            elif change.value is not None and told.taken(field, state.shown_in(field["key"]))[1] != change.value:
                state.show_in(field["key"], change.value)


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
