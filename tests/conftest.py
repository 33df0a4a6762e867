"""What every test may ask for: the rules as they stand, an edited copy of the rulebook files, and visitors with a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import CHROMIUM, Server, Visit, Visitor, launch, outside, served
from playwright.sync_api import Browser, sync_playwright

from scoring.rules.load import HERE, load
from scoring.rules.model import Rules

SERVERS = {"server", "public", "listened", "idle"}
"""Fixtures that start the app's server in a process of its own, whatever file they stand in."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark a test that asks for Chromium as `browser`, and another that asks for a running server as `slow`, itself or through a fixture."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "chromium" in fixtures:
            item.add_marker(pytest.mark.browser)
        elif fixtures & SERVERS:
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rules as they stand."""
    return load()


@pytest.fixture
def edited_rulebook(tmp_path: Path) -> Callable[..., Path]:
    """Make a copy of the rulebook files with one more edit in it each time it is called, and say where the copy is.

    The first `replace` that follows the first `after` is taken out of the file and `text` put there; without `replace`,
    `text` is added at the end of the file.
    """
    folder = tmp_path / "rulebook"
    folder.mkdir()
    for file in HERE.glob("*.toml"):
        shutil.copy(file, folder)

    def edit(name: str, text: str, replace: str = "", after: str = "") -> Path:
        content = (folder / name).read_text(encoding="utf-8")
        if replace:
            start = content.index(replace, content.index(after))
            content = content[:start] + text + content[start + len(replace) :]
        else:
            content += text
        (folder / name).write_text(content, encoding="utf-8")
        return folder

    return edit


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"there is no Chromium at {CHROMIUM}; CHROMIUM may say where it is"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(chromium: Browser) -> Iterator[Server]:
    with served() as server:
        yield server


@pytest.fixture
def requests() -> list[str]:
    """Every address that a page of this test asked for."""
    return []


@pytest.fixture
def visit(chromium: Browser, server: Server, requests: list[str]) -> Iterator[Visit]:
    """Open a window of its own for somebody, at the app; `beside` opens another tab in somebody's window instead."""
    contexts = []
    errors: list[str] = []
    hosts = {urlsplit(server.address).netloc}

    def new(at: Server = server, beside: Visitor | None = None, touch: bool = False) -> Visitor:
        hosts.add(urlsplit(at.address).netloc)
        if beside is None:
            contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}, has_touch=touch))
        page = (beside.page.context if beside else contexts[-1]).new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Visitor(page, at.address)

    yield new
    for context in contexts:
        context.close()
    assert outside(requests, hosts) == []
    assert errors == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()
