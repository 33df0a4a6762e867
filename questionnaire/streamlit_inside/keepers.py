"""Who keeps what users leave with the server, in the place of Streamlit's own keepers: sessions without a connection, downloads, uploads."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from time import monotonic

from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile, MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import SessionInfo, SessionStorage

from questionnaire.streamlit_inside.places import MEGABYTE, largest

GRACE = 20
"""Seconds that a download stays after it was given up: a browser may be about to fetch it."""
TOGETHER = 5
"""How many files of the largest size all users together may have here."""
_MOST_AWAY = 128
"""Sessions without a connection that are kept; as many as Streamlit keeps."""
_AT_ONCE = 2
"""Files that one session may be sending: the second replaces the first, which the browser has broken off."""
_FULL = (
    "There is no room for this file now: the files of everybody who uses this tool may have {limit:,} MB together, and "
    "that is used up. Try again in some minutes, or use the command line on your own machine."
)
_TOO_LARGE = "This file is too large: one may have {limit:,} MB."
_TOO_LARGE_TOGETHER = "These files are too large: those that a page takes at once may have {limit:,} MB together."
_TOO_MANY = "Other files of this session are still on their way. Wait until they are there."


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


class UploadedFiles(MemoryUploadedFileManager):
    """Streamlit's keeper of uploaded files, which also knows which one a session works on, and what is on its way."""

    def __init__(self, upload_endpoint: str) -> None:
        super().__init__(upload_endpoint)
        self._worked_on: dict[str, str] = {}
        self._several: set[str] = set()
        self._coming: dict[str, list[int]] = {}
        self._refused: dict[str, str] = {}

    def work_on(self, session: str, file: str) -> None:
        """This session works on a file, which stays until it is taken away or replaced. All its others go."""
        self._worked_on[session] = file
        self.let_go(session)

    def take_away(self, session: str) -> None:
        """Nothing of a session stays, but what is still on its way."""
        super().remove_session_files(session)
        self._worked_on.pop(session, None)

    def take_several(self, session: str, several: bool) -> None:
        """Whether the page that a session is on takes several files at once. Those that another page left behind go."""
        if several != (session in self._several):
            (self._several.add if several else self._several.discard)(session)
            self.let_go(session)

    def make_room(self, session: str, new: str = "") -> None:
        """A new file comes in the place of the others of its session, unless its page takes several."""
        if session not in self._several:
            self.let_go(session, new)

    def let_go(self, session: str, new: str = "") -> None:
        """All files of a session go, but for the new one and the one that the session works on."""
        for file in [*self.file_storage.get(session, ())]:
            if file not in (new, self._worked_on.get(session)):
                self.remove_file(session, file)

    def remove_session_files(self, session_id: str) -> None:
        """The session has ended."""
        super().remove_session_files(session_id)
        for notes in (self._worked_on, self._refused):
            notes.pop(session_id, None)
        self._several.discard(session_id)

    def bytes_together(self) -> int:
        """What all sessions have here, and what they are sending."""
        with self._lock:
            kept = sum(len(file.data) for files in self.file_storage.values() for file in files.values())
        return kept + sum(sum(sizes) for sizes in self._coming.values())

    def refusal(self, session: str, size: int) -> tuple[int, str]:
        """With what status, and why, a file of this size cannot be taken now; 0 where it can."""
        if size > largest():
            return 413, _TOO_LARGE.format(limit=largest() // MEGABYTE)
        coming = self._coming.get(session, [])
        if session in self._several:
            files, worked_on = [*self.file_storage.get(session, {}).items()], self._worked_on.get(session)
            here = sum(len(file.data) for name, file in files if name != worked_on)
            if here + sum(coming) + size > largest():
                return 413, _TOO_LARGE_TOGETHER.format(limit=largest() // MEGABYTE)
        elif len(coming) >= _AT_ONCE:
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
