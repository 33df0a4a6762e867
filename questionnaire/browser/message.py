"""What a message of the browser is made of. It may say anything: what is not as it is here is no message."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError


class FromBrowser(BaseModel):
    """A piece of what the browser says: frozen, and of exactly these types."""

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


class Slot(FromBrowser):
    """Answers that this browser keeps: their name in its storage, and of which service and moment they say that they are."""

    slot: Text
    name: Text
    saved_at: Text
    result: Text = ""
    """What the tab that kept them said that they come to."""
    open: bool
    """True where another tab has them open."""


class Fetched(FromBrowser):
    """What a slot holds: the step at which it was left, and the assessment as a file."""

    slot: Text
    step: Text
    assessment: Text


class Held(FromBrowser):
    """One of all assessments that the browser keeps, as a file, and of which service it says that it is."""

    name: Text
    assessment: Text


class Change(FromBrowser):
    """A change that no widget brought to the server: where it is in a saved assessment, and what is there now; None where it is gone.

    The evidence of a requirement is one place, and what is there is the list as JSON: so no change of a row is ever taken for one of another.
    """

    path: list[Text]
    value: Text | None


class Brought(FromBrowser):
    """One message: what the browser has in its storage, and changes that the server had not heard. at: the name of the message."""

    at: Text
    slots: Annotated[list[Slot], BeforeValidator(_readable)] = []
    keeping: bool = True
    own: Text | None = None
    beside: object = None
    """What the tab keeps beside its own answers."""
    reviews: Text | None = None
    """What was said in this tab of returns of others."""
    fetched: Fetched | None = None
    begun: Text | None = None
    """The slot in which other answers may be begun: those that are here are kept in theirs."""
    unsafe: bool = False
    """True where something else was to take the place of the answers here, and they are not kept on the device."""
    all: list[Held] | None = None
    forgotten: Text | None = None
    unheard: list[Change] = []
