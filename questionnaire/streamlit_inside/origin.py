"""Who may speak with the server: its own pages, under its own names. All else is refused at once, and nobody is asked.

Streamlit takes any name for its own, does not mind the port, and asks a public service for the server's address where
it does not know an origin. This stands before it, so that its check is never asked about a stranger.
"""

import re
from importlib import import_module
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from questionnaire.streamlit_inside.places import HEALTH, parts
from questionnaire.streamlit_inside.relied_on import find

_READING = ("GET", "HEAD", "OPTIONS")
_PORTS = {"http": 80, "https": 443}
_NAME_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^\[\]:]*)(:\d+)?")
"""What may stand before the path of an address; nothing follows the brackets of an address in numbers but a port."""
_NOT_OURS = (
    "This server does not go by the name that it was asked for. If you run it: set browser.serverAddress to its public "
    "name, and have the proxy pass that name on (README, Run it for a team).\n"
)


_NOT_OWN_PAGE = "Only this app's own pages may do that.\n"


class OwnOrigin:
    """Refuse a name that is not the server's with 421, and what a page of another origin connects to or sends with 403.

    The names are localhost, every address in numbers, `browser.serverAddress`, `server.address`, and what
    `server.allowedHosts` lists. A name that somebody else has pointed here (DNS rebinding) is none of them; an address
    in numbers cannot be pointed anywhere. The health check answers under any name.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        status = _refused(scope) if scope["type"] in ("http", "websocket") else 0
        if not status:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})  # before it was accepted: the browser gets 403
        else:
            await PlainTextResponse(_NOT_OURS if status == 421 else _NOT_OWN_PAGE, status)(scope, receive, send)


def _refused(scope: Scope) -> int:
    """The status with which a request is refused; 0 where it is not."""
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    host = hosts[0] if len(hosts) == 1 else ""
    if not is_own_name(host) and parts(scope["path"]) != HEALTH:
        return 421
    origin = headers.get("origin")
    changes = scope["type"] == "websocket" or scope["method"] not in _READING
    secure = scope.get("scheme") in ("https", "wss")
    return 403 if changes and origin is not None and not is_own_origin(origin, host, secure=secure) else 0


def is_own_name(host: str) -> bool:
    """True for a Host header with one of the server's names in it, whatever the port: a proxy may have any."""
    name, _ = _place(f"//{host}", 0)
    return name == "localhost" or _in_numbers(name) or any(_fits(name, own) for own in _names())


def is_own_origin(origin: str, host: str, *, secure: bool) -> bool:
    """True where the origin is what the server was asked for as, or its public address: the name and the port.

    secure: the connection is known to have come by TLS, so that a page without TLS is a stranger.
    """
    scheme = origin.partition("://")[0].lower()
    if scheme not in _PORTS or (secure and scheme != "https"):
        return False
    place = _place(origin, _PORTS[scheme])
    return bool(place[0]) and place in (_place(f"//{host}", _PORTS[scheme]), _public(_PORTS[scheme]))


def _names() -> list[str]:
    """The names that the settings give the server."""
    options = ("browser.serverAddress", "server.address")
    said = [config.get_option(option) or "" for option in options if _is_set(option)]
    return [*said, *config.get_option("server.allowedHosts")]


def _fits(name: str, own: str) -> bool:
    """True where a name is one of ours; `*.` before ours stands for anything."""
    own = own.strip().lower().rstrip(".")
    if not own:
        return False
    return name.endswith(own[1:]) and len(name) >= len(own) if own.startswith("*.") else name == own


def _public(port: int) -> tuple[str, int]:
    """Where the public finds the server, as the settings say it."""
    if not _is_set("browser.serverAddress"):
        return "", 0
    if _is_set("browser.serverPort"):
        port = int(config.get_option("browser.serverPort"))
    return _place(f"//{config.get_option('browser.serverAddress')}", port)


def _place(address: str, port: int) -> tuple[str, int]:
    """The name and the port of an address; an empty name where it is none. port: where the address names no port."""
    try:
        place = urlsplit(address)
        more = place.username is not None or place.path or place.query or place.fragment
        if more or not _NAME_AND_PORT.fullmatch(place.netloc):
            return "", 0
        return (place.hostname or "").rstrip("."), place.port or port
    except ValueError:
        return "", 0


def _in_numbers(name: str) -> bool:
    try:
        return bool(ip_address(name))
    except ValueError:
        return False


def call_nobody() -> None:
    """Have Streamlit never ask a public service, or the network, what address the server has.

    It would do so for its banner, and for origins that it does not know.
    """
    for name in ("get_external_ip", "get_internal_ip"):
        if find(f"streamlit.net_util:{name}"):
            setattr(import_module("streamlit.net_util"), name, lambda: None)


def _is_set(option: str) -> bool:
    """True where a setting was made."""
    if known := find("streamlit.config:is_manually_set"):
        return bool(known(option))
    return config.get_option(option) not in (None, "localhost", config.get_option("server.port"))
