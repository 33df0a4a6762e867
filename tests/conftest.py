"""What every test may ask for: the rules as they stand, an edited copy of the rulebook files, and visitors with a browser."""

import asyncio
import functools
import gc
import os
import shutil
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browser import CHROMIUM, STILL, VIEWPORT, Server, Visit, Visitor, launch, outside, served
from playwright.sync_api import Browser, BrowserContext, Error, sync_playwright
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


def pytest_collection_finish() -> None:
    """What is loaded by now stays: Python need not look through it again and again for what could go."""
    gc.freeze()


def without_the_browsers_loop(item: pytest.Item) -> Generator[None, object, object]:
    """While Chromium is driven, its loop counts as running from one call to the next; for a test that asks for no Chromium it does not, so that it may run a loop of its own."""
    running = asyncio._get_running_loop()
    if item.get_closest_marker("browser") is None:
        asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(asyncio._get_running_loop() or running)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from without_the_browsers_loop(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from without_the_browsers_loop(item))


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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One for all tests of a process: each new one takes seconds of the processor until it is warm."""
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


Window = Callable[[bool, int], BrowserContext]
"""The window of somebody: whether it has a touch screen, and of which of several people it is."""


@pytest.fixture(scope="session")
def window(chromium: Browser, server: Server) -> Iterator[Window]:
    """Windows for the visitors of one test after another, each of somebody else, with a touch screen or without.

    The first tab of each stays open, and with it the process that has compiled Streamlit's scripts: a new process would spend half of its time on that.
    """
    windows: dict[tuple[bool, int], BrowserContext] = {}

    def of(touch: bool, number: int) -> BrowserContext:
        if (touch, number) not in windows:
            opened = windows[touch, number] = chromium.new_context(viewport=VIEWPORT, has_touch=touch)
            opened.new_page().goto(f"{server.address}/_stcore/health")
        return windows[touch, number]

    yield of
    for opened in windows.values():
        opened.close()


WRITES_NO_MORE = "() => { Storage.prototype.setItem = () => {}; localStorage.clear(); }"


def empty(window: BrowserContext, addresses: Iterable[str]) -> None:
    """Close the tabs that a test opened, and forget what the browser keeps for these addresses."""
    first, *others = window.pages
    for page in others:
        with suppress(Error):  # of a page that is no longer there
            page.evaluate(WRITES_NO_MORE)  # else what it still writes may arrive after all is forgotten
        page.close()
    window.unroute_all()
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
def visit(window: Window, server: Server, requests: list[str]) -> Iterator[Visit]:
    """Open a window of somebody else each time, at the app; `beside` opens another tab in somebody's window instead."""
    windows: list[BrowserContext] = []
    errors: list[str] = []
    addresses = {server.address}

    def new(at: Server = server, beside: Visitor | None = None, touch: bool = False) -> Visitor:
        addresses.add(at.address)
        if beside is None:
            windows.append(window(touch, len(windows)))
        page = (beside.page.context if beside else windows[-1]).new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("websocket", lambda socket: requests.append(socket.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.add_init_script(STILL)
        return Visitor(page, at.address)

    yield new
    for opened in windows:
        empty(opened, addresses)
    assert outside(requests, {urlsplit(address).netloc for address in addresses}) == []
    assert errors == []


@pytest.fixture
def visitor(visit: Visit) -> Visitor:
    return visit()
