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
        if scope["type"] == "http" and is_download(scope["path"]):
            await self._plain(scope, receive, send)
            return
        if scope["type"] != "http" or scope["method"] != "GET" or not _plain(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path not in self._kept:
            sent: list[Message] = []

            async def note(message: Message) -> None:
                sent.append(message)
                await send(message)

            await self._app(scope, receive, note)
            if (
                is_own_file(path)
                and sent
                and sent[0]["status"] == 200
                and "immutable" in Headers(raw=sent[0]["headers"]).get("Cache-Control", "")
            ):
                self._kept[path] = _whole(sent)
            return
        for message in self._kept[path]:
            await send(message)


def _plain(headers: Headers) -> bool:
    """True where all of a file is asked for, as any browser asks."""
    return (
        "gzip" in headers.get("Accept-Encoding", "")
        and "Range" not in headers
        and "If-None-Match" not in headers
        and "If-Modified-Since" not in headers
    )


def _whole(sent: list[Message]) -> list[Message]:
    """The same answer with all of its body in one message."""
    body = b"".join(message.get("body", b"") for message in sent[1:])
    headers = [(name, value) for name, value in sent[0]["headers"] if name != b"content-length"]
    return [
        {**sent[0], "headers": [*headers, (b"content-length", str(len(body)).encode())]},
        {"type": "http.response.body", "body": body, "more_body": False},
    ]
