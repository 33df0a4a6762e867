"""What the app relies on in Streamlit's insides, each part with why, and what the app does without it where a Streamlit has it no more.

All of it is looked for at start. What is missing is said in the log, in words, and what was made of it is left out; the app runs on.
"""

import inspect
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from questionnaire.streamlit_inside.markup import FOR_SCRIPTS, STYLE, WRITTEN
from questionnaire.streamlit_inside.places import CONNECTION, DOWNLOADS, UPLOAD, scripts, static

_LOG = logging.getLogger(__name__)
_NAMED = re.compile(r'\[data-testid="([\w-]+)"')
_PIECES = [
    "index",
    "BaseButton",
    "Checkbox",
    "DataFrame",
    "Mult*",
    "Number*",
    "PageLink",
    "Radio",
    "Sel*",
    "T*",
    "Widg*",
]
"""Streamlit's pieces of script in which its markup is named today; the others, 20 MB, are read only where these lack a name."""


class Use(NamedTuple):
    """One thing that the app makes of Streamlit's insides.

    why: what it is for; without: what is so where a part of it is missing; parts: Python's names, each a module and what is in it, with its
    value where that counts; words: what has to stand in the scripts of Streamlit's page.
    """

    why: str
    without: str
    parts: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def _of(place: str, names: str) -> tuple[str, ...]:
    return tuple(f"streamlit.{place}{name}" for name in names.split())


def _named(*selectors: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_NAMED.findall(str(selectors))))


_DOWNLOADS, _UPLOADS = "runtime.memory_media_file_storage:Memory", "runtime.memory_uploaded_file_manager:Memory"
_ROUTES = "web.server.starlette.starlette_routes:BASE_ROUTE_"
USES = {
    "session": Use(
        "to keep what the user says while a page is being drawn",
        "an answer that is given at such a moment may be lost.",
        (
            *_of("runtime.state.session_state_proxy:", "get_session_state"),
            *_of("runtime.state.safe_session_state:SafeSessionState.", "_state"),
        ),
    ),
    "keepers": Use(
        "to let sessions, downloads and uploads go by the clock, and to limit uploads",
        "they go when Streamlit lets them go, and the files of all users together have no limit.",
        (
            *_of("runtime.session_manager:", "SessionInfo SessionStorage"),
            *_of("runtime.memory_session_storage:", "MemorySessionStorage"),
            *_of("runtime.media_file_storage:", "MediaFileKind"),
            *_of(_DOWNLOADS, "File MediaFileStorage._read_file MediaFileStorage._files_by_id"),
            *_of(_UPLOADS + "UploadedFileManager.", "remove_session_files remove_file file_storage _lock"),
            *_of("runtime.runtime:Runtime.", "_session_mgr uploaded_file_mgr is_active_session close_session"),
            *_of("runtime.runtime:Runtime.", "get_app_session"),
            *_of("runtime.app_session:AppSession.", "_scriptrunner _session_state _client_state request_rerun"),
            *_of("runtime.websocket_session_manager:WebsocketSessionManager.", "_session_storage"),
            *_of("runtime.media_file_manager:MediaFileManager.", "_storage remove_orphaned_files"),
            *_of("runtime:", "exists get_instance"),
            *_of("runtime.scriptrunner:", "get_script_run_ctx"),
        ),
    ),
    "calling nobody": Use(
        "to keep Streamlit from asking others for the server's address",
        "it may ask elsewhere: look whom the server calls.",
        _of("net_util:", "get_external_ip get_internal_ip"),
    ),
    "settings": Use(
        "to know which settings were made",
        "the server's public name and port count as set where they are not as Streamlit begins with.",
        _of("config:", "is_manually_set"),
    ),
    "addresses": Use(
        "to tell downloads, uploads and Streamlit's own files by their address",
        "downloads may stay in a browser's cache, uploads may have no limit, and scripts go out more slowly.",
        _of(_ROUTES, f"MEDIA={DOWNLOADS} CORE={CONNECTION} UPLOAD_FILE={'/'.join(UPLOAD)} STATIC=static"),
    ),
    "opening": Use(
        "to say where the app is and to open a browser there",
        "only its port is said.",
        (*_of("web.server.server_util:", "get_url get_display_address"), *_of("cli_util:", "open_browser")),
    ),
    "style": Use(
        "to show what the theme cannot: larger labels, where the focus is, tables that fit",
        "parts of the pages look as Streamlit draws them.",
        words=(*_named(STYLE), "data-layout"),
    ),
    "keeping": Use(
        "to keep in the browser at once what is typed and chosen",
        "it is kept only once the server has heard it.",
        words=(
            *_named(FOR_SCRIPTS["app"], FOR_SCRIPTS["typed"]),
            *(str(FOR_SCRIPTS[name]) for name in ("key", "connection", "connected", "run", "idle")),
            WRITTEN,
        ),
    ),
    "tying": Use(
        "to have a field's help and errors read out with it",
        "a screen reader may not say them.",
        words=_named(FOR_SCRIPTS["control"], FOR_SCRIPTS["said"]),
    ),
    "marking": Use(
        "to mark the wizard in the navigation while one of its steps is shown",
        "no entry of the navigation is marked on the steps.",
        words=_named(FOR_SCRIPTS["entries"]),
    ),
    "away": Use(
        "to say in our words that the server is gone and that the answers are safe",
        "Streamlit says it too, in words of its own.",
        words=(*_named(FOR_SCRIPTS["dialog"]), str(FOR_SCRIPTS["connection"]), str(FOR_SCRIPTS["lost"])),
    ),
    "leading": Use(
        "to begin each step at its top, or at the question that needs an answer",
        "a page may stay where it was scrolled to.",
        words=_named(FOR_SCRIPTS["main"], FOR_SCRIPTS["questions"], FOR_SCRIPTS["block"]),
    ),
}


def find(part: str) -> Any:
    """What a name stands for, as a module and what is in it; None where it is not there.

    What each object gets only when it is made stands in the source of its class's module; that it stands there is then the answer.
    """
    module, _, names = part.partition(":")
    try:
        thing: Any = import_module(module)
        for name in names.split("."):
            if inspect.isclass(thing) and not hasattr(thing, name):
                return re.search(rf'self\.{name}\b|"{name}"', Path(inspect.getfile(thing)).read_text(encoding="utf-8"))
            thing = getattr(thing, name)
    except (ImportError, AttributeError, OSError):
        return None
    return thing


def _is_gone(part: str) -> bool:
    name, _, value = part.partition("=")
    thing = find(name)
    return thing is None or bool(value and thing != value)


@cache
def present(use: str) -> bool:
    """True where all of Python's names that a use needs are there."""
    return not any(map(_is_gone, USES[use].parts))


def words_gone() -> set[str]:
    """The words, of those that any use needs, that stand in none of the scripts of Streamlit's page."""
    left = {word for use in USES.values() for word in use.words}
    for path in (path for name in (*_PIECES, "*") for path in scripts(name)):
        if not left:
            break
        with suppress(OSError):  # a piece that cannot be read has none of the words
            text = path.read_text(encoding="utf-8", errors="replace")
            left = {word for word in left if not _stands_in(text, word)}
    return left


def _stands_in(text: str, word: str) -> bool:
    """True where a script has a word between marks: quotation marks, or what stands around a regular expression or a name's first part."""
    marked = [f"`{word}`", f'"{word}"', f"'{word}'", f"({word},"]
    if "-" in word:
        marked.append(f"`{word.rpartition('-')[0]}-${{")
    return any(mark in text for mark in marked)


def missing() -> Iterator[str]:
    """A sentence for each use of which something is not there, with the names that were looked for."""
    words = words_gone()
    for use in USES.values():
        gone = [*filter(_is_gone, use.parts), *(word for word in use.words if word in words)]
        if gone:
            yield f"This Streamlit has no {', no '.join(gone)}. The app needs that {use.why}. Without it, {use.without}"
    if not static("index.html").is_file():
        yield "This Streamlit has no static/index.html. Browsers may run none of the script that stands in its page."


def check() -> None:
    """Say in the log what is missing."""
    for sentence in missing():
        _LOG.warning("%s", sentence)
