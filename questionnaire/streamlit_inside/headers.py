"""What every answer says to the browser: load nothing from elsewhere, show this in no other page, guess no types."""

import base64
import hashlib
import re
from functools import lru_cache

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from questionnaire.streamlit_inside.places import is_download, static

_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)
_POWERS = (
    "accelerometer camera display-capture geolocation gyroscope hid magnetometer microphone midi payment serial usb"
)
"""What a browser can do and this app never asks for."""


def policy() -> str:
    """What a page may load, and from where: this server, and what the page makes itself.

    Streamlit loads the script of a component as a blob that the page made, tries WebAssembly for large numbers, and
    styles what it draws as it goes along.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' blob: 'wasm-unsafe-eval' {_own_scripts()}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


def _own_scripts() -> str:
    """The pieces of script that stand in Streamlit's page itself, by what they are: no other can be put in."""
    try:
        page = static("index.html").read_bytes()
    except OSError:  # the log says so at start
        page = b""
    digests = (hashlib.sha256(script).digest() for script in _INLINE.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


@lru_cache(maxsize=1)
def _always() -> tuple[tuple[bytes, bytes], ...]:
    said = {
        "Content-Security-Policy": policy(),
        "X-Frame-Options": "DENY",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{power}=()" for power in _POWERS.split()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return tuple((name.lower().encode(), value.encode()) for name, value in said.items())


class SafeHeaders:
    """Put the headers on everything that goes out, failures too, and take off what would let another origin read it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def safe(message: Message) -> None:
            nonlocal begun
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                begun = True
                headers = _with_ours(message.get("headers", ()), is_download(scope["path"]))
                message = {**message, "headers": headers}  # not in place: some messages are kept
            await send(message)

        try:
            await self._app(scope, receive, safe)
        except Exception:
            if scope["type"] == "http" and not begun:
                await PlainTextResponse("Something went wrong here.\n", 500)(scope, receive, safe)
            raise


def _with_ours(headers: list[tuple[bytes, bytes]], download: bool) -> list[tuple[bytes, bytes]]:
    ours = (*_always(), (b"cache-control", b"no-store")) if download else _always()
    names = {name for name, _ in ours}
    others = [(name.lower(), value) for name, value in headers if not name.lower().startswith(b"access-control-")]
    return [*((name, value) for name, value in others if name not in names), *ours]
