"""What every test may ask for: the rules as they stand, an edited copy of the rulebook files, and visitors with a browser."""

import functools
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import CHROMIUM, VIEWPORT, Server, Visit, Visitor, launch, outside, served
from playwright.sync_api import Browser, BrowserContext, sync_playwright
from streamlit.components.v2 import manifest_scanner

from scoring.rules.load import HERE, load
from scoring.rules.model import Rules

# AppTest looks through every installed package for components at each start, which takes longer than the app itself; here once a process.
manifest_scanner.scan_component_manifests = functools.cache(manifest_scanner.scan_component_manifests)

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


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with served() as server:
        yield server


@pytest.fixture(scope="module")
def window(chromium: Browser, server: Server) -> Iterator[BrowserContext]:
    """A window for the visitors of one test after another.

    Its first tab stays open, and with it the process that has compiled Streamlit's scripts: a new process would spend half of its time on that.
    """
    context = chromium.new_context(viewport=VIEWPORT)
    context.new_page().goto(f"{server.address}/_stcore/health")
    yield context
    context.close()


def empty(window: BrowserContext, addresses: Iterable[str]) -> None:
    """Close the tabs that a test opened, and forget what the browser keeps for these addresses."""
    first, *others = window.pages
    for page in others:
        page.close()
    first.evaluate("() => localStorage.clear()")
    browser = window.new_cdp_session(first)
    for address in addresses:
        browser.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    browser.detach()
    assert first.evaluate("() => localStorage.length") == 0


@pytest.fixture
def requests() -> list[str]:
    """Every address that a page of this test asked for."""
    return []


@pytest.fixture
def visit(chromium: Browser, window: BrowserContext, server: Server, requests: list[str]) -> Iterator[Visit]:
    """Open a window for somebody else each time, at the app; `beside` opens another tab in somebody's window instead."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []
    addresses = {server.address}

    def new(at: Server = server, beside: Visitor | None = None, touch: bool = False) -> Visitor:
        addresses.add(at.address)
        if beside is None:
            first = not contexts and not touch
            contexts.append(window if first else chromium.new_context(viewport=VIEWPORT, has_touch=touch))
        page = (beside.page.context if beside else contexts[-1]).new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Visitor(page, at.address)

    yield new
    for context in contexts:
        if context is not window:
            context.close()
    empty(window, addresses)
    assert outside(requests, {urlsplit(address).netloc for address in addresses}) == []
    assert errors == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()
