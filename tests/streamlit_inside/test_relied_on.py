"""A Streamlit that lacks something: the log says in words what moved and what the app does without, and the pages still answer."""

import ast
import asyncio
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from browser import PATIENCE, ROOT, free_port
from streamlit import net_util
from test_server import ask
from walk import Walk
from wire import User

from questionnaire.streamlit_inside import headers, relied_on, session_state
from questionnaire.streamlit_inside.relied_on import USES, find, missing, present

INSIDE = ROOT / "questionnaire" / "streamlit_inside"
PARTS = [(name, part) for name, use in USES.items() for part in use.parts]
WORDS = [(name, word) for name, use in USES.items() for word in use.words]
LACKING = f"""
import sys

sys.path.insert(0, {str(ROOT)!r})
from pathlib import Path
from questionnaire.streamlit_inside import places

places.static = lambda *names: Path("/nowhere").joinpath(*names)
from questionnaire.streamlit_inside import relied_on

relied_on.find = lambda part: None
{(ROOT / "app.py").read_text(encoding="utf-8")}
"""
"""The app on a Streamlit that lacks everything that the app can do without."""


@pytest.fixture(autouse=True)
def _looked_for_anew() -> Iterator[None]:
    present.cache_clear()
    yield
    present.cache_clear()


def test_this_streamlit_has_all_that_the_app_relies_on() -> None:
    assert [*missing()] == []


@pytest.mark.parametrize(("use", "gone"), PARTS, ids=[part for _, part in PARTS])
def test_a_part_that_is_missing_is_named_with_what_it_is_for_and_is_left_out(
    use: str, gone: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(relied_on, "find", lambda part: None if part == gone.partition("=")[0] else find(part))
    monkeypatch.setattr(relied_on, "scripts", lambda name: [])
    relied_on.check()
    said = [record.message for record in caplog.records if f"no {gone}" in record.message]
    assert any(USES[use].why in sentence and USES[use].without in sentence for sentence in said)
    assert not present(use)


@pytest.mark.parametrize(("use", "gone"), WORDS, ids=[f"{use}: {word}" for use, word in WORDS])
def test_a_name_of_the_markup_that_is_missing_is_said(use: str, gone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relied_on, "words_gone", lambda: {gone})
    assert any(f"no {gone}" in said and USES[use].without in said for said in missing())


def test_what_no_script_has_is_found_to_be_missing_and_what_another_script_has_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    words = ("stPlotlyChart", "stNoSuchThing", "stBaseButton-tertiary", "stNoSuchThing-tertiary")
    monkeypatch.setattr(relied_on, "USES", {"x": relied_on.Use("", "", words=words)})
    assert relied_on.words_gone() == {"stNoSuchThing", "stNoSuchThing-tertiary"}
    monkeypatch.setattr(relied_on, "scripts", lambda name: [])
    assert relied_on.words_gone() == {*words}


def test_pieces_of_script_that_cannot_be_read_are_said_to_lack_everything_and_stop_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(relied_on, "scripts", lambda name: [tmp_path])  # a folder
    relied_on.check()
    assert {word for _, word in WORDS} == relied_on.words_gone()
    assert all(USES[name].without in caplog.text for name, _ in WORDS)


def test_what_is_really_taken_away_is_found_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(net_util, "get_external_ip")
    assert find("streamlit.net_util:get_external_ip") is None
    assert find("streamlit.no_such_module:x") is None
    assert find("streamlit.runtime.app_session:AppSession._no_such_thing") is None
    assert find("streamlit.runtime.app_session:AppSession._client_state") is not None


def test_a_value_that_is_another_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streamlit.web.server.starlette.starlette_routes.BASE_ROUTE_MEDIA", "files")
    assert not present("addresses")


def test_without_the_session_behind_it_the_public_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_state, "_REACH", None)
    walk = Walk()
    walk.visit("your-service")
    walk.give("name", "Another")
    assert walk.title == "Your service"


def test_a_page_without_its_file_is_answered_and_said_to_be_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def page(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"a page", "more_body": False})

    headers._always.cache_clear()
    for module in (headers, relied_on):
        monkeypatch.setattr(module, "static", tmp_path.joinpath)
    try:
        assert ask(headers.SafeHeaders(page), "/")[::2] == (200, b"a page")
        assert any("no static/index.html" in said for said in missing())
    finally:
        headers._always.cache_clear()


@pytest.fixture
def lacking(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of the app on a Streamlit that lacks everything, and the file with its log."""
    (tmp_path / "app.py").write_text(LACKING, encoding="utf-8")
    (tmp_path / ".streamlit").symlink_to(ROOT / ".streamlit")
    port, log = free_port(), tmp_path / "log"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.headless",
        "true",
        "--server.port",
        str(port),
    ]
    with log.open("w") as out, subprocess.Popen(command, cwd=tmp_path, stdout=out, stderr=out) as process:
        try:
            yield f"http://localhost:{port}", log
        finally:
            process.terminate()


def until_it_answers(address: str) -> None:
    until = monotonic() + PATIENCE / 1000
    while True:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).close()
            return
        except OSError:
            assert monotonic() < until, "the app does not answer"
            sleep(0.1)


@pytest.mark.slow
def test_on_a_streamlit_that_lacks_everything_every_page_answers_and_the_log_says_all_that_is_missing(
    lacking: tuple[str, Path],
) -> None:
    address, log = lacking
    until_it_answers(address)
    for path in ("", "/your-service", "/portfolio"):
        with urllib.request.urlopen(address + path, timeout=30) as answer:
            assert answer.status == 200 and b"<title>" in answer.read()

    async def walk() -> str:
        user = await User(address).open("your-service")
        title = user.title
        await user.close()
        user = await User(address).open("portfolio")
        await user.press("Show the example")
        text = user.text
        await user.close()
        return title + text

    said = asyncio.run(walk())
    assert "Your service" in said and "Of 12 services, " in said
    written = log.read_text(encoding="utf-8")
    assert [use.why for use in USES.values() if use.why not in written] == []
    assert "Traceback" not in written


# ------------------------------------------------------------------------------------------ and nobody else touches it
OUTSIDE = [
    path
    for path in (*(ROOT / "questionnaire").rglob("*"), *(ROOT / "scoring").rglob("*"), ROOT / "app.py")
    if path.suffix in (".py", ".js", ".css", ".html")
]
OUTSIDE = [path for path in OUTSIDE if INSIDE not in path.parents]
PUBLIC = {"streamlit", "streamlit.delta_generator"}


def test_nothing_outside_the_folder_touches_streamlits_insides() -> None:
    for path in OUTSIDE:
        where, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        assert re.findall(r"data-testid|data-test-|stApp|st-key-|\bst(?=[A-Z])\w+", text) == [], where
        for node in ast.walk(ast.parse(text)) if path.suffix == ".py" else ():
            assert inside_names(node) == [], where


def inside_names(node: ast.AST) -> list[str]:
    """The names of what is not public in Streamlit that a piece of code uses itself."""
    if isinstance(node, ast.Import):
        return [name.name for name in node.names if name.name.startswith("streamlit.") and name.name not in PUBLIC]
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit"):
        names = [name.name for name in node.names]
        return [node.module] * (node.module not in PUBLIC) + [name for name in names if is_inside(name)]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "st":
        return [node.attr] * is_inside(node.attr)
    return []


def is_inside(name: str) -> bool:
    return name.startswith("_") or name in ("config", "runtime", "web", "cli_util")
