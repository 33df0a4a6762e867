"""The files that users upload: one a session beside the portfolio that it works on, and a limit for all together.

Streamlit keeps every file that a browser ever sent until the session ends, and counts none of them.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from questionnaire.streamlit_inside.places import UPLOAD, parts

_LOG = logging.getLogger(__name__)
MEGABYTE = 1024 * 1024
TOGETHER = 5
"""How many files of the largest size all users together may have here."""
GRACE, SLOWEST = 30, 20_000
"""Seconds that an upload may take whatever it brings, and bytes a second that it has to bring on average beyond them."""
_AT_ONCE = 2
"""Files that one session may be sending: the second replaces the first, which the browser has broken off."""
_FULL = (
    "There is no room for this file now: the files of everybody who uses this tool may have {limit:,} MB together, and "
    "that is used up. Try again in some minutes, or use the command line on your own machine."
)
_TOO_LARGE = "This file is too large: one may have {limit:,} MB."
_TOO_MANY = "Other files of this session are still on their way. Wait until they are there."


def largest() -> int:
    """Bytes that one file may have."""
    return config.get_option("server.maxUploadSize") * MEGABYTE


class UploadedFiles(MemoryUploadedFileManager):
    """Streamlit's keeper of uploaded files, which also knows which one a session works on, and what is on its way."""

    def __init__(self, upload_endpoint: str) -> None:
        super().__init__(upload_endpoint)
        self._worked_on: dict[str, str] = {}
        self._coming: dict[str, list[int]] = {}
        self._refused: dict[str, str] = {}

    def work_on(self, session: str, file: str) -> None:
        """This session works on a file, which stays until it is taken away or replaced. All its others go."""
        self._worked_on[session] = file
        self.make_room(session)

    def take_away(self, session: str) -> None:
        """Nothing of a session stays, but what is still on its way."""
        super().remove_session_files(session)
        self._worked_on.pop(session, None)

    def make_room(self, session: str, new: str = "") -> None:
        """A new file comes in the place of the others of its session, but for the one that the session works on."""
        for file in [*self.file_storage.get(session, ())]:
            if file not in (new, self._worked_on.get(session)):
                self.remove_file(session, file)

    def remove_session_files(self, session_id: str) -> None:
        """The session has ended."""
        super().remove_session_files(session_id)
        for notes in (self._worked_on, self._refused):
            notes.pop(session_id, None)

    def bytes_together(self) -> int:
        """What all sessions have here, and what they are sending."""
        with self._lock:
            here = sum(len(file.data) for files in self.file_storage.values() for file in files.values())
        return here + sum(sum(sizes) for sizes in self._coming.values())

    def refusal(self, session: str, size: int) -> tuple[int, str]:
        """With what status, and why, a file of this size cannot be taken now; 0 where it can."""
        if size > largest():
            return 413, _TOO_LARGE.format(limit=largest() // MEGABYTE)
        if len(self._coming.get(session, ())) >= _AT_ONCE:
            return 429, _TOO_MANY
        limit = TOGETHER * largest()
        return (507, _FULL.format(limit=limit // MEGABYTE)) if self.bytes_together() + size > limit else (0, "")

    @contextmanager
    def coming(self, session: str, size: int) -> Iterator[None]:
        """Count a file while it is on its way."""
        self._coming.setdefault(session, []).append(size)
        try:
            yield
        finally:
            self._coming[session].remove(size)
            if not self._coming[session]:
                del self._coming[session]

    def refuse(self, session: str, why: str) -> None:
        """Note for the session's page why its file was not taken."""
        self._refused[session] = why

    def refused(self, session: str) -> str:
        """Why the last file of a session was not taken; given out once."""
        return self._refused.pop(session, "")


class LimitedUploads:
    """Take a file in only where there is room for it.

    Whoever is refused is told so on the page, too: beside the file, the browser shows no more than a number.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        where = parts(scope["path"]) if scope["type"] == "http" and scope["method"] == "PUT" else ()
        is_upload = len(where) == 4 and where[:2] == UPLOAD and runtime.exists()
        files = runtime.get_instance().uploaded_file_mgr if is_upload else None
        if not isinstance(files, UploadedFiles) or not runtime.get_instance().is_active_session(where[2]):
            await self._app(scope, receive, send)
            return
        session, file = where[2:]
        headers = Headers(scope=scope)
        said = (
            "" if "transfer-encoding" in headers else headers.get("content-length", "")
        )  # in pieces, it need not be true
        size = int(said) if said.isdecimal() else largest()
        files.make_room(session)
        status, why = files.refusal(session, size)
        if status:
            await _read_away(receive)
            await PlainTextResponse(why + "\n", status)(scope, receive, send)
            files.refuse(session, why)
            _draw_again(session)
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


def _draw_again(session: str) -> None:
    """Have the page drawn again as it stands, as Streamlit does when code changes: a refused upload draws nothing."""
    try:
        found = runtime.get_instance().get_app_session(session)
        if found is not None:
            found.request_rerun(found._client_state)
    except AttributeError:
        _LOG.warning("This Streamlit draws a page again in another way: whoever is refused a file sees a number only.")


# ------------------------------------------------------------------------------------------ for pages
def say_refused() -> None:
    """Say it where the last file that the user chose was not taken."""
    files, session = _files()
    why = files.refused(session) if files else ""
    if why:
        st.error(why)


def work_on(file: str) -> None:
    """The session works on this uploaded file from now on."""
    files, session = _files()
    if files:
        files.work_on(session, file)


def take_away() -> None:
    """Let go of all that the user has uploaded in this session."""
    files, session = _files()
    if files:
        files.take_away(session)


def _files() -> tuple[UploadedFiles | None, str]:
    """The files, and which session this is; none where the page is not served, as in a test."""
    context = get_script_run_ctx(suppress_warning=True)
    if context and isinstance(context.uploaded_file_mgr, UploadedFiles):
        return context.uploaded_file_mgr, context.session_id
    return None, ""
