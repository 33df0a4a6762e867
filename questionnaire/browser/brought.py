"""What the browser brings: the answers that it keeps, and changes that the server has not heard. It is read like any saved file, with every check."""

from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from questionnaire.browser import told
from questionnaire.browser.message import Brought, Change, FromBrowser, Slot
from questionnaire.session import answers, beside, reviews, state
from questionnaire.session.steps import SERVICE
from scoring.score.assessment import Evidence, Review, SignOff, all_requirements
from scoring.score.assessment_file import AssessmentError, from_json, to_json

KEY = "mcm_browser"
"""The key of the component that brings it."""
_SLOTS, _KEEPING, _ARRIVED, _UNREADABLE = "browser_slots", "browser_keeping", "arrived", "unreadable"
_WANTED, _SERVICES, _BEGINNING = "browser_wanted", "browser_services", "browser_beginning"
FORGOTTEN, HEARD = "forgotten", "browser_heard"
"""What the session has heard last of the browser: the name of a forgetting in another tab, and the name of a message."""
_LONGEST_CHANGE = 100_000
"""Characters of one change that the browser brings; twenty times as many as a field takes."""


class Unreadable(FromBrowser):
    """Kept answers that were refused, as they are, with what is wrong."""

    slot: str
    error: str
    text: str


# ------------------------------------------------------------------------------------------------ what pages ask
def kept() -> list[Slot]:
    """The answers that this browser keeps beside those of this tab, the latest first."""
    return sorted(state.recall(_SLOTS, ()), key=lambda slot: slot.saved_at, reverse=True)


def keeping() -> bool:
    """Whether answers are to be kept after a tab is closed."""
    return bool(state.recall(_KEEPING, True))


def arrived() -> str | None:
    """The step at which answers were left that have just been brought; given out once."""
    step = state.recall(_ARRIVED)
    state.keep(_ARRIVED, None)
    return step


def unreadable() -> Unreadable | None:
    """Kept answers that were asked for and refused."""
    return state.recall(_UNREADABLE)


def fetch(slot: str) -> None:
    """Have the browser bring what a slot holds; answers that are here stay in theirs."""
    state.keep(_UNREADABLE, None)
    state.keep(_WANTED, slot)
    told.order("fetch", slot=slot)


def begin_beside(*, as_copy: bool = False) -> None:
    """Go on with a copy of the answers that are here, or with none, in a slot of their own, as soon as the browser says that those here are kept in theirs."""
    slot = uuid4().hex
    state.keep(_BEGINNING, (slot, as_copy))
    told.order("begin", slot=slot)


def _begin(slot: str, as_copy: bool) -> None:
    if as_copy:
        new = {"service_name": "", "saved_at": state.now(), "sign_off": SignOff(), "review": Review()}
        state.replace(state.assessment().model_copy(update=new))
        state.say(
            "success",
            "This is a copy, without sign-off and review: give it a name of its own. What you copied stays as it is.",
        )
    else:
        state.clear()
    told.order("adopt", slot=slot, beside=True)
    state.head_for(SERVICE)


def fetch_all() -> None:
    """Have the browser bring all that it keeps, for a page that shows many services."""
    state.keep(_SERVICES, None)
    told.order("fetchAll")


def services() -> tuple[tuple[str, bytes], ...] | None:
    """All that this browser keeps, those of this tab first, each with a file's name; given out once. None where they were not asked for, or are not here yet."""
    brought = state.recall(_SERVICES)
    state.keep(_SERVICES, None)
    if brought is None:
        return None
    own = () if state.empty() else ((state.assessment().service_name, to_json(state.assessment(), state.rules())),)
    return tuple((f"{name.strip() or 'service'}.json", data) for name, data in (*own, *brought))


def remove(slot: str) -> None:
    """Have the browser forget what one slot holds."""
    state.keep(_UNREADABLE, None)
    _kept_no_more(slot)
    told.order("remove", slot=slot)


def set_keeping(on: bool) -> None:
    """Keep answers after a tab is closed, or no longer."""
    state.keep(_KEEPING, on)
    told.order("keeping", on=on)


def forget() -> None:
    """Have the browser forget all answers of all tabs, and forget those of this session."""
    state.keep(_UNREADABLE, None)
    state.keep(_SLOTS, ())
    state.clear()
    reviews.forget()
    told.order("forget")


def _kept_no_more(slot: str, *, unless_open: bool = False) -> None:
    """Know, without asking the browser again, that it keeps a slot no more."""
    state.keep(_SLOTS, [other for other in kept() if other.slot != slot or (unless_open and other.open)])


# ------------------------------------------------------------------------------------------------ what it brings
def take() -> None:
    """Take what the browser brings. It is the user's own, and yet it may say anything."""
    try:
        message = Brought.model_validate(dict(state.widget_value(KEY))["found"])
    except (KeyError, TypeError, ValueError):
        return
    state.say_again()
    news = message.forgotten != state.recall(FORGOTTEN)
    for name, said in (
        (_SLOTS, message.slots),
        (_KEEPING, message.keeping),
        (HEARD, message.at),
        (FORGOTTEN, message.forgotten),
    ):
        state.keep(name, said)
    if news:
        reviews.forget()
    if news and state.changes():  # a session that has nothing yet, after a restart, has nothing to forget
        state.clear()
        state.say("warning", "The answers were forgotten in another tab, and so they are gone from this one.")
        return
    if message.reviews:
        reviews.take(message.reviews)
    if not state.changes() and message.own is not None:
        if _restore(message.own):
            beside.take(message.beside)
        else:
            state.clear()
            told.order("leave")
    elif message.fetched and (state.empty() or message.fetched.slot == state.recall(_WANTED)):
        beside_others = not state.empty()
        if _restore(message.fetched.assessment, message.fetched.slot):
            state.keep(_ARRIVED, message.fetched.step)
            _kept_no_more(message.fetched.slot, unless_open=True)
            told.order("adopt", slot=message.fetched.slot, beside=beside_others)
        state.keep(_WANTED, None)
    elif message.begun and (beginning := state.recall(_BEGINNING)) and message.begun == beginning[0]:
        state.keep(_BEGINNING, None)
        _begin(*beginning)
    elif message.unsafe:
        state.say(
            "warning",
            "Nothing has changed: this browser does not keep the answers that are here, and they would be lost. Save them as a file first: on the scorecard page, under “More files”.",
        )
    if message.all is not None:
        state.keep(_SERVICES, tuple((held.name, held.assessment.encode()) for held in message.all))
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
        case ["technologies", id_] if any(known.id == id_ for known in rules.technologies):
            answers.set_examined(id_, change.value is not None)
            if change.value is not None and _takes(change.path, value):
                answers.put(change.path, value)
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
    """Whether there is such a place, and it takes this value as it is."""
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
