"""The server: what never changes goes out compressed and from memory, nothing of a user is in its log, and a failure is said in words."""

import asyncio
import gc
import gzip
import logging
import socket
import urllib.request
import weakref

import pytest
from browser import ROOT, Server
from starlette.types import ASGIApp
from streamlit.testing.v1 import AppTest

from questionnaire.server import log_record, show_error
from questionnaire.streamlit_inside.assets import CompressedOnce
from questionnaire.streamlit_inside.starting import send_at_once

SECRET = "Only the provider knows this"


# ------------------------------------------------------------------------------------------ what goes out
class Origin:
    """An application behind the compression: it counts how often it is asked, and says that what it sends never changes, or not."""

    def __init__(self, cache: str, status: int = 200) -> None:
        self.asked = 0
        self.headers = [(b"content-type", b"text/javascript"), (b"cache-control", cache.encode())]
        self.status = status

    async def __call__(self, scope, receive, send) -> None:
        self.asked += 1
        await send({"type": "http.response.start", "status": self.status, "headers": [*self.headers]})
        for part in (b"first part, ", b"second part"):
            await send(
                {"type": "http.response.body", "body": (part + str(self.asked).encode()) * 500, "more_body": True}
            )
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def ask(
    application: ASGIApp, path: str = "/static/js/a.js", method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    sent: list[dict] = []

    async def send(message) -> None:
        sent.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    given = {"accept_encoding": "gzip, br", **headers}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in given.items()],
    }
    asyncio.run(application(scope, receive, send))
    found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:])


FIRST, SECOND = (
    b"".join((part + number) * 500 for part in (b"first part, ", b"second part")) for number in (b"1", b"2")
)


def test_what_never_changes_is_compressed_once_and_then_comes_from_memory() -> None:
    origin = Origin("public, immutable, max-age=31536000")
    application = CompressedOnce(origin)
    for _ in range(3):
        status, headers, body = ask(application)
        assert (status, headers["content-encoding"], gzip.decompress(body)) == (200, "gzip", FIRST)
        assert headers["vary"] == "Accept-Encoding"
        assert headers["cache-control"] == "public, immutable, max-age=31536000"
    assert len(body) < len(FIRST)
    assert origin.asked == 1


@pytest.mark.parametrize(
    ("said", "origin", "request_"),
    [
        ("what may change", Origin("no-cache"), {}),
        ("what belongs to one user", Origin("private"), {}),
        ("a failure", Origin("public, immutable", status=500), {}),
        ("a part of a file", Origin("public, immutable"), {"range": "bytes=0-9"}),
        ("what the browser may have already", Origin("public, immutable"), {"if_none_match": "x"}),
        ("what is asked for uncompressed", Origin("public, immutable"), {"accept_encoding": "identity"}),
        ("what is sent to the server", Origin("public, immutable"), {"method": "POST"}),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_kept_in_memory_is_never(said: str, origin: Origin, request_: dict[str, str]) -> None:
    application = CompressedOnce(origin)
    bodies = [ask(application, **request_)[2] for _ in range(2)]
    assert origin.asked == 2
    assert bodies[0] != bodies[1]


@pytest.mark.parametrize(
    "path",
    [
        "//static/js/a.js",
        "/static//js/a.js",
        "/static/js//a.js",
        "/./static/js/a.js",
        "/static/js/../js/a.js",
        "/static/js/a.js/",
        "/x/static/js/a.js",
        "/static/a.js",
    ],
)
def test_another_way_of_writing_an_address_is_answered_and_kept_by_nobody(path: str) -> None:
    origin = Origin("public, immutable")
    application = CompressedOnce(origin)
    assert [gzip.decompress(ask(application, path)[2]) for _ in range(2)] == [FIRST, SECOND]


def test_a_file_that_is_kept_is_not_given_for_another() -> None:
    origin = Origin("public, immutable")
    application = CompressedOnce(origin)
    assert gzip.decompress(ask(application, "/static/js/a.js")[2]) == FIRST
    assert gzip.decompress(ask(application, "/static/js/b.js")[2]) == SECOND
    assert gzip.decompress(ask(application, "/static/js/a.js")[2]) == FIRST


def fetched(server: Server, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    with urllib.request.urlopen(urllib.request.Request(server.address + path, headers=headers), timeout=30) as answer:
        return {name.lower(): value for name, value in answer.headers.items()}, answer.read()


def test_the_scripts_of_a_page_go_out_at_less_than_half_their_size_and_are_the_same(server: Server) -> None:
    _, page = fetched(server, "/")
    scripts = [each.decode() for each in page.split(b'"') if each.endswith(b".js") and b"static/js/" in each]
    assert any(len(fetched(server, "/" + each.lstrip("./"))[1]) > 100_000 for each in scripts)
    for script in scripts:
        path = "/" + script.lstrip("./")
        _, plain = fetched(server, path)
        for _ in range(2):  # compressed now, and from memory
            headers, body = fetched(server, path, **{"Accept-Encoding": "gzip"})
            assert "immutable" in headers["cache-control"]
            if len(plain) > 10_000:
                assert gzip.decompress(body) == plain
                assert len(body) < len(plain) / 2


def test_the_health_check_answers_and_nothing_that_a_stranger_makes_up_is_kept(server: Server) -> None:
    assert fetched(server, "/_stcore/health")[1] == b"ok"
    headers, _ = fetched(server, "/static/js/no-such-file.js", **{"Accept-Encoding": "gzip"})
    assert "immutable" not in headers["cache-control"]


def test_what_the_server_listens_on_sends_each_answer_at_once() -> None:
    with socket.socket() as listening, socket.socket(type=socket.SOCK_DGRAM) as other:
        listening.bind(("localhost", 0))
        listening.listen()
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 0
        send_at_once()
        assert listening.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0
        assert other.fileno() >= 0  # and what is no stream is left alone


def test_a_weak_reference_to_something_gone_does_not_stop_the_servers_start() -> None:
    gone = weakref.proxy(type("Gone", (), {})())
    assert any(thing is gone for thing in gc.get_objects())
    send_at_once()


# ------------------------------------------------------------------------------------------ when something fails
def failure() -> BaseException:
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as first:
            raise ValueError(f"of {SECRET}") from first
    except ValueError as second:
        return second


def test_the_log_has_the_kind_of_an_error_and_the_place_in_the_code_and_not_what_the_user_typed() -> None:
    error = failure()
    record = log_record(
        "streamlit", logging.ERROR, __file__, 1, "Uncaught app execution", (), (type(error), error, error.__traceback__)
    )
    said = logging.Formatter("%(message)s").format(record)
    assert "Uncaught app execution" in said
    assert "ValueError" in said
    assert "KeyError" in said
    assert f'"{__file__}", line ' in said
    assert SECRET not in said.replace('raise ValueError(f"of {SECRET}")', "")


def test_a_record_without_an_error_is_as_it_was() -> None:
    assert (
        logging.Formatter("%(message)s").format(log_record("x", logging.INFO, __file__, 1, "%s services", (3,), None))
        == "3 services"
    )


def test_a_page_that_fails_says_so_in_words_and_that_the_answers_are_as_they_were() -> None:
    def page() -> None:
        from questionnaire.server import show_error

        assert show_error(ValueError("inner"))

    app = AppTest.from_function(page).run()
    assert ["Your answers are as they were" in each.value for each in app.error] == [True]
    assert not app.exception


def test_the_front_door_can_be_served_by_any_asgi_server_too() -> None:
    import app

    assert callable(app.app)
    assert app.app.script_path == ROOT / "app.py"
    assert app.show_error is show_error
