"""The files that users upload: one a session beside the portfolio that it works on, several where its page takes them; a limit for all together.

Streamlit keeps every file that a browser ever sent until the session ends, and counts none of them.
"""

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from questionnaire.streamlit_inside.places import UPLOAD, largest, parts
from questionnaire.streamlit_inside.relied_on import find, present

if TYPE_CHECKING:
    from questionnaire.streamlit_inside.keepers import UploadedFiles

T = TypeVar("T")
GRACE, SLOWEST = 30, 20_000
"""Seconds that an upload may take whatever it brings, and bytes a second that it has to bring on average beyond them."""


def _running() -> Any:
    """Streamlit's runtime; None where none is running, or where this Streamlit lacks what our keeper of uploads is made of."""
    return (
        find("streamlit.runtime:get_instance")() if present("keepers") and find("streamlit.runtime:exists")() else None
    )


def _ours(files: object) -> "UploadedFiles | None":
    """The keeper of uploads where it is ours, else None."""
    if not present("keepers"):
        return None
    from questionnaire.streamlit_inside.keepers import UploadedFiles

    return files if isinstance(files, UploadedFiles) else None


class LimitedUploads:
    """Take a file in only where there is room for it.

    Whoever is refused is told so on the page, too: beside the file, the browser shows no more than a number.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        where = parts(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else ()
        runtime = _running() if len(where) == 4 and where[:2] == UPLOAD else None
        files = _ours(runtime.uploaded_file_mgr) if runtime else None
        if runtime is None or files is None or not runtime.is_active_session(where[2]):
            await self._app(scope, receive, send)
            return
        session, file = where[2:]
        headers = Headers(scope=scope)
        in_pieces = "transfer-encoding" in headers  # then what is said of its length need not be true
        said = "" if in_pieces else headers.get("content-length", "")
        size = int(said) if said.isdecimal() else largest()
        files.make_room(session)
        status, why = files.refusal(session, size)
        if status:
            await _read_away(receive)
            await PlainTextResponse(why + "\n", status)(scope, receive, send)
            files.refuse(session, why)
            refused = runtime.get_app_session(session)
            if refused:  # its page is drawn again as it stands, as when code changes: a refused upload draws nothing
                refused.request_rerun(refused._client_state)
            return
        try:
            with files.coming(session, size):
                await self._app(scope, _unless_too_slow(receive), send)
        except _TooSlow:
            await PlainTextResponse("This file came too slowly.\n", 408)(scope, receive, send)
        files.make_room(session, file)


class _TooSlow(Exception):
    """Too little of a file has come for the time that it took."""


def _unless_too_slow(receive: Receive) -> Receive:
    """The same, but that it fails where so little comes that the room kept for the file would be kept for nothing."""
    start, received = monotonic(), 0

    async def next_part() -> Message:
        nonlocal received
        try:
            message = await asyncio.wait_for(receive(), max(0.0, start + GRACE + received / SLOWEST - monotonic()))
        except TimeoutError:
            raise _TooSlow from None
        received += len(message.get("body", b""))
        return message

    return next_part


async def _read_away(receive: Receive) -> None:
    """Hear somebody out before they are refused: a browser that cannot finish does not listen. Nobody without end."""
    message: Message = {"more_body": True}
    left = 2 * largest()
    while message.get("more_body") and left > 0:
        message = await receive()
        left -= len(message.get("body", b""))


# ------------------------------------------------------------------------------------------ for pages
def say_refused() -> None:
    """Say it where the last file that the user chose was not taken."""
    if why := _of_session(lambda files, session: files.refused(session)):
        st.error(why)


def take_several(several: bool) -> None:
    """Say whether the page that is shown takes several files at once, which the browser sends side by side."""
    _of_session(lambda files, session: files.take_several(session, several))


def let_go() -> None:
    """Let go of all that the user has uploaded, but for the file that the session works on."""
    _of_session(lambda files, session: files.let_go(session))


def work_on(file: str) -> None:
    """The session works on this uploaded file from now on."""
    _of_session(lambda files, session: files.work_on(session, file))


def take_away() -> None:
    """Let go of all that the user has uploaded in this session."""
    _of_session(lambda files, session: files.take_away(session))


def _of_session(act: "Callable[[UploadedFiles, str], T]") -> T | None:
    """What the keeper of uploads does for this session; None where the page is not served, as in a test, or the keeper is not ours."""
    known = present("keepers")
    context = find("streamlit.runtime.scriptrunner:get_script_run_ctx")(suppress_warning=True) if known else None
    files = _ours(context.uploaded_file_mgr) if context else None
    return act(files, context.session_id) if context and files else None
