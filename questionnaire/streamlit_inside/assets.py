"""What never changes goes out compressed once and is kept: Streamlit's own scripts and styles, some 3 MB for the first page."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from questionnaire.streamlit_inside.places import is_download, is_own_file

_LEVEL = 6
"""How hard it is compressed, of 9; harder takes half as long again and saves next to nothing."""


class CompressedOnce:
    """Compress what goes out, and keep what is marked immutable, to send it again from memory.

    Streamlit leaves its files uncompressed, since to compress them for each visitor costs more than it saves. Only Streamlit's
    own files are marked so; what belongs to a user never is. There are some 300 of them, each kept under its one proper address,
    so that it cannot grow without end.
    What a user downloads goes out as it is: to compress a large file would hold up everybody else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._plain = app
        self._app = GZipMiddleware(app, compresslevel=_LEVEL)
        self._kept: dict[str, list[Message]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_download(scope["path"]):
            await self._plain(scope, receive, send)
        elif scope["method"] != "GET" or not is_own_file(scope["path"]) or not _is_plain(Headers(scope=scope)):
            await self._app(scope, receive, send)
        elif kept := self._kept.get(scope["path"]):
            for message in kept:
                await send(message)
        else:
            await self._app(scope, receive, self._noting(scope["path"], send))

    def _noting(self, path: str, send: Send) -> Send:
        """The same, but that what is sent whole, and never changes, is kept."""
        sent: list[Message] = []

        async def note(message: Message) -> None:
            await send(message)
            sent.append(message)
            never_changes = "immutable" in Headers(raw=sent[0]["headers"]).get("Cache-Control", "")
            if sent[0]["status"] == 200 and never_changes and len(sent) > 1 and not message.get("more_body"):
                self._kept[path] = sent

        return note


def _is_plain(headers: Headers) -> bool:
    """True where all of a file is asked for, as any browser asks."""
    parts = ("Range", "If-None-Match", "If-Modified-Since")
    return "gzip" in headers.get("Accept-Encoding", "") and not any(name in headers for name in parts)
