"""What a session held goes when it ends, by the clock: the session, its downloads, and the memory that they took.

Streamlit forgets a session only when another one leaves or comes, and its downloads only when another page is drawn
after that.
"""

import asyncio
import ctypes
import gc
import logging
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from questionnaire.streamlit_inside.relied_on import find, present

if TYPE_CHECKING:
    from streamlit.runtime import Runtime

    from questionnaire.streamlit_inside.keepers import Disconnected

_LOG = logging.getLogger(__name__)


def take_over() -> None:
    """Have Streamlit start with our keepers of sessions, downloads and uploads in the place of its own.

    It looks them up by name when it starts, and has no setting for them. A Streamlit that lacks what ours are made of keeps its own.
    """
    if not present("keepers"):
        return
    from questionnaire.streamlit_inside import keepers

    for module, name, ours in (
        ("memory_session_storage", "MemorySessionStorage", keepers.Disconnected),
        ("memory_media_file_storage", "MemoryMediaFileStorage", keepers.Downloads),
        ("memory_uploaded_file_manager", "MemoryUploadedFileManager", keepers.UploadedFiles),
    ):
        setattr(import_module(f"streamlit.runtime.{module}"), name, ours)


async def end_by_the_clock(runtime: "Runtime | None" = None) -> None:
    """Look every few seconds who has been gone too long and what is no longer needed, until the server stops.

    runtime: Streamlit's; left out, the one that is running.
    """
    if not present("keepers"):
        return
    from questionnaire.streamlit_inside.keepers import GRACE, Disconnected, Downloads, UploadedFiles

    runtime = runtime or find("streamlit.runtime:get_instance")()
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


def end(runtime: "Runtime", sessions: "Disconnected", session: str) -> None:
    """End a session, and empty it.

    The loop in which Streamlit sends messages holds on to the last session that it sent to until somebody else comes.
    """
    info = sessions.get(session)
    runtime.close_session(session)
    if info and info.session._scriptrunner is None:  # else it is being stopped, and may still look something up
        info.session._session_state.clear()
        info.session._client_state.Clear()


def give_memory_back() -> None:
    """Hand what is no longer used back to the system. Python, Arrow and the C library would keep it for later."""
    import pyarrow

    gc.collect()
    pyarrow.default_memory_pool().release_unused()
    if _trim is not None:
        _trim(0)


_trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
"""Only the C library of most Linux systems has it, and only that one needs it."""
