"""What a session held goes when it ends, by the clock: the session, its downloads, and the memory that they took.

Streamlit forgets a session only when another one leaves or comes, and its downloads only when another page is drawn
after that.
"""

import asyncio
import ctypes
import gc
import logging
import secrets
import sys
import threading
from hashlib import blake2b
from time import monotonic

from streamlit.runtime import Runtime, memory_media_file_storage, memory_session_storage, memory_uploaded_file_manager
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile, MemoryMediaFileStorage
from streamlit.runtime.session_manager import SessionInfo, SessionStorage

from questionnaire.streamlit_inside.uploads import UploadedFiles

_LOG = logging.getLogger(__name__)
GRACE = 20
"""Seconds that a download stays after it was given up: a browser may be about to fetch it."""
_MOST_AWAY = 128
"""Sessions without a connection that are kept; as many as Streamlit keeps."""


class Disconnected(SessionStorage):
    """The sessions without a connection: they can be taken up again until their time is over."""

    def __init__(self, maxsize: int = _MOST_AWAY, ttl_seconds: int = 120) -> None:
        self.seconds = ttl_seconds
        self._most = maxsize
        self._away: dict[str, tuple[float, SessionInfo]] = {}

    def overdue(self) -> list[str]:
        """Whose time is over, and whoever went first of those that are too many."""
        now, too_many = monotonic(), len(self._away) - self._most
        away = enumerate((session, since) for session, (since, _) in self._away.items())
        return [session for place, (session, since) in away if place < too_many or now - since >= self.seconds]

    def get(self, session_id: str) -> SessionInfo | None:
        return self._away.get(session_id, (0.0, None))[1]

    def save(self, session_info: SessionInfo) -> None:
        self._away.pop(session_info.session.id, None)
        self._away[session_info.session.id] = (monotonic(), session_info)

    def delete(self, session_id: str) -> None:
        self._away.pop(session_id, None)

    def list(self) -> list[SessionInfo]:
        return [info for _, info in self._away.values()]


class Downloads(MemoryMediaFileStorage):
    """What users may fetch, each under an address that comes of every byte of it and that nobody can work out.

    Streamlit takes two large files for one where they have the same length and the same beginning, middle and end: one
    user would get what was made for another.
    """

    def __init__(self, media_endpoint: str) -> None:
        super().__init__(media_endpoint)
        self.grace = GRACE
        self._key = secrets.token_bytes(32)
        self._given_up: dict[str, float] = {}
        self._changing = threading.Lock()

    def load_and_get_id(
        self, path_or_data: str | bytes, mimetype: str, kind: MediaFileKind, filename: str | None = None
    ) -> str:
        data = self._read_file(path_or_data) if isinstance(path_or_data, str) else path_or_data
        name = blake2b(repr((len(data), mimetype, kind.value, filename)).encode(), key=self._key, digest_size=16)
        name.update(data)
        with self._changing:
            self._given_up.pop(name.hexdigest(), None)
            self._files_by_id.setdefault(name.hexdigest(), MemoryFile(data, mimetype, kind, filename))
        return name.hexdigest()

    def delete_file(self, file_id: str) -> None:
        with self._changing:
            self._given_up.setdefault(file_id, monotonic())

    def sweep(self) -> bool:
        """Drop what was given up some time ago; true where there was something."""
        with self._changing:
            over = [file for file, since in self._given_up.items() if monotonic() - since >= self.grace]
            for file in over:
                del self._given_up[file]
                self._files_by_id.pop(file, None)
        return bool(over)


def take_over() -> None:
    """Have Streamlit start with these keepers of sessions, downloads and uploads in the place of its own.

    It looks them up by name when it starts, and has no setting for them.
    """
    for module, name, ours in (
        (memory_session_storage, "MemorySessionStorage", Disconnected),
        (memory_media_file_storage, "MemoryMediaFileStorage", Downloads),
        (memory_uploaded_file_manager, "MemoryUploadedFileManager", UploadedFiles),
    ):
        setattr(module, name, ours)


async def end_by_the_clock(runtime: Runtime) -> None:
    """Look every few seconds who has been gone too long and what is no longer needed, until the server stops."""
    sessions = getattr(getattr(runtime, "_session_mgr", None), "_session_storage", None)
    downloads = getattr(runtime.media_file_mgr, "_storage", None)
    uploads = runtime.uploaded_file_mgr
    if not (
        isinstance(sessions, Disconnected) and isinstance(downloads, Downloads) and isinstance(uploads, UploadedFiles)
    ):
        _LOG.warning(
            "This Streamlit keeps sessions, downloads or uploads in another way: they go when Streamlit lets them go, "
            "not by the clock, and have no limit together."
        )
        return
    held, downloads.grace = 0, min(GRACE, sessions.seconds)
    while True:
        await asyncio.sleep(min(5, max(0.5, sessions.seconds / 10)))
        try:
            over = sessions.overdue()
            for session in over:
                end(runtime, sessions, session)
            for session in [*uploads.file_storage]:  # a file may arrive after its session has ended
                if not runtime.is_active_session(session) and sessions.get(session) is None:
                    uploads.remove_session_files(session)
            runtime.media_file_mgr.remove_orphaned_files()
            before, held = held, uploads.bytes_together()
            if downloads.sweep() or over or held < before:
                await asyncio.to_thread(give_memory_back)
        except Exception:
            _LOG.exception("What should have gone by the clock did not all go; it is tried again.")


def end(runtime: Runtime, sessions: Disconnected, session: str) -> None:
    """End a session, and empty it.

    The loop in which Streamlit sends messages holds on to the last session that it sent to until somebody else comes.
    """
    known = sessions.get(session)
    if known is None:
        return
    ended = known.session
    runtime.close_session(session)
    try:
        if ended._scriptrunner is None:  # else it is being stopped, and may still look something up
            ended._session_state.clear()
            ended._client_state.Clear()
    except AttributeError:
        _LOG.warning("This Streamlit's sessions cannot be emptied: the last one stays in memory until another comes.")


def give_memory_back() -> None:
    """Hand what is no longer used back to the system. Python, Arrow and the C library would keep it for later."""
    import pyarrow

    gc.collect()
    pyarrow.default_memory_pool().release_unused()
    if _trim is not None:
        _trim(0)


_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
"""Only the C library of most Linux systems has it, and only that one needs it."""
