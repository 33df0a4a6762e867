"""The first page says at once which pieces of script it will need, so that the browser fetches them while it connects, not after.

Streamlit's page names the pieces that every app needs. Those of a widget it fetches when the first widget arrives, which
costs a slow connection three more journeys before the first question.
"""

import re
from functools import cache, lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.file_util import get_static_dir

from questionnaire.streamlit_inside.places import is_page

WIDGETS = ("TextInput", "Radio", "Html", "Button", "BidiComponent", "Checkbox", "TextArea", "Progress")
"""What the first questions are made of, by Streamlit's names for the pieces."""
CHARTS = "PlotlyChart"
"""What draws the charts: the largest piece by far."""
_IMPORT = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')


def _folder() -> Path:
    return Path(get_static_dir()) / "static" / "js"


@cache
def piece(name: str) -> str | None:
    """The address of a piece, relative to any page; None where this Streamlit has no such piece."""
    found = sorted(_folder().glob(f"{name}.*.js"))
    return f"./static/js/{found[0].name}" if found else None


@lru_cache(maxsize=1)
def pieces() -> tuple[str, ...]:
    """The addresses of the pieces for the first questions, and of all that those pieces need in their turn."""
    waiting = [Path(address).name for address in map(piece, WIDGETS) if address]
    found: dict[str, None] = {}
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found[name] = None
            waiting += _IMPORT.findall((_folder() / name).read_text(encoding="utf-8"))
    return tuple(f"./static/js/{name}" for name in found)


class FirstPage:
    """Add to every page of the app what it will need, behind what Streamlit names itself: nothing more urgent waits.

    Only to the app's own page: a file that a user downloads may be a page too, and goes out as it was made.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        start: Message | None = None
        page = bytearray()

        async def edited(message: Message) -> None:
            nonlocal start
            if (
                message["type"] == "http.response.start"
                and message["status"] == 200
                and MutableHeaders(raw=message["headers"]).get("content-type", "").startswith("text/html")
            ):
                start = message
            elif start is None:
                await send(message)
            else:
                page.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    body = with_pieces(bytes(page))
                    MutableHeaders(raw=start["headers"])["content-length"] = str(len(body))
                    await send(start)
                    await send({"type": "http.response.body", "body": body, "more_body": False})

        if scope["type"] != "http" or scope["method"] != "GET" or not is_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        plain = [
            (name, value) for name, value in scope["headers"] if name != b"accept-encoding"
        ]  # what is compressed cannot be edited; it is compressed after this
        await self._app({**scope, "headers": plain}, receive, edited)


def with_pieces(page: bytes) -> bytes:
    """The page with a link to each piece at the end of its head, but to none that it has already."""
    links = "".join(
        f'<link rel="modulepreload" crossorigin fetchpriority="low" href="{each}">'
        for each in pieces()
        if each.encode() not in page
    )
    return page.replace(b"</head>", f"{links}</head>".encode(), 1)
