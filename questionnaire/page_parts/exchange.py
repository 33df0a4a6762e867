"""Files on a page: how one is asked for, what is said of one that is not taken, and the button that gives one out."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.browser import told
from questionnaire.page_parts import way
from questionnaire.streamlit_inside import uploads

_OFFICE = "application/vnd.openxmlformats-officedocument"
_MEDIA_TYPES = {
    "csv": "text/csv",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "html": "text/html",
    "ics": "text/calendar",
    "json": "application/json",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""What kind of file it is, by the end of its name."""


def upload(label: str, key: str, **how: Any) -> tuple[DeltaGenerator, Any]:
    """Ask for a file. Gives the place beside the uploader, for what is wrong with the file, and what was given. how: as Streamlit's uploader takes it."""
    box = st.container()
    told.tie(key)
    given = box.file_uploader(label, key=key, **how)
    uploads.say_refused()
    return box, given


def not_taken(
    box: DeltaGenerator, what: str, why: str, otherwise: str, elsewhere: tuple[str, str] | None = None
) -> None:
    """Say beside the uploader that a file was not taken, so that it is read out with the button that takes another one.

    elsewhere: of a file that another page takes, the address of that page and what the link to it says; otherwise: what to do with any other.
    """
    box.error(what)
    box.text(why)
    if elsewhere:
        with box:
            way.link(*elsewhere)
    elif otherwise:
        box.markdown(otherwise)


def download(label: str, made: bytes | Callable[[], bytes], name: str, key: str, *, primary: bool = False) -> None:
    """Give a file out under a name, whose end says what kind of file it is. made: the file, or what makes it once it is asked for, on a thread without the session."""
    media_type = _MEDIA_TYPES[name.rpartition(".")[2]]
    type_: Literal["primary", "secondary"] = "primary" if primary else "secondary"
    st.download_button(label, made, name, media_type, on_click="ignore", key=key, type=type_)
