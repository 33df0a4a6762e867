"""A table: what a user does to each kind of field, by mouse, keyboard and touch, and what becomes of the server meanwhile.

Text is typed press by press, with a pause in which the server begins to answer. The tests that go through the table stand in two files, so
that they can run side by side.
"""

import asyncio
import json
import os
import re
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from browser import ROOT, SAMPLES, Server, Visit, Visitor, free_port
from playwright.sync_api import Locator

ANSWERS = json.loads((SAMPLES / "encrypted_messenger.json").read_bytes())
WORDS = "Typed, and more."


@contextmanager
def served(*options: str) -> Iterator[Server]:
    """A server of one's own. It is killed in the end: asked to stop, it would first wait for every tab that is open."""
    server = Server(*options)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


# ------------------------------------------------------------------------------------------ the ways
def by_mouse(visitor: Visitor, target: Locator) -> None:
    target.click()


def by_keyboard(visitor: Visitor, target: Locator) -> None:
    inner = target.locator("input")
    (inner if inner.count() else target).focus()
    if target.evaluate("element => !element.matches('textarea, input:not([type=radio], [type=checkbox])')"):
        visitor.page.keyboard.press("Space")


def by_touch(visitor: Visitor, target: Locator) -> None:
    target.tap()


WAYS: dict[str, Callable[[Visitor, Locator], None]] = {"mouse": by_mouse, "keyboard": by_keyboard, "touch": by_touch}


def kept_within_a_tenth_of_a_second(visitor: Visitor) -> dict:
    """What the tab keeps when 100 ms have passed in the page."""
    stored = visitor.page.evaluate("() => new Promise(done => setTimeout(() => done(sessionStorage.getItem('mcm-assessment')), 100))")
    return json.loads(stored)


def type_words(visitor: Visitor, field: Locator) -> None:
    visitor.page.keyboard.press("End")
    visitor.page.keyboard.type(WORDS[:6], delay=20)
    visitor.page.wait_for_timeout(650)  # in which what was typed is sent, and the server begins to answer
    visitor.page.keyboard.type(WORDS[6:], delay=20)
    assert field.input_value() == WORDS


# ------------------------------------------------------------------------------------------ the fields
class Tab:
    """A page with fields, what a user does to each of them, and what the answers are then."""

    def __init__(self, visitor: Visitor, address: str, title: str) -> None:
        self.visitor, self.address, self.title = visitor, address, title

    def open(self, answers: dict) -> None:
        self.visitor.open_with(json.dumps(answers).encode(), self.address, self.title)

    def act(self, way: Callable[[Visitor, Locator], None]) -> None:
        raise NotImplementedError

    def holds(self, kept: dict) -> bool:
        raise NotImplementedError

    def shows(self) -> bool:
        raise NotImplementedError

    def do(self, way: Callable[[Visitor, Locator], None], target: Locator, holds: Callable[[dict], bool], typed: bool = False) -> None:
        way(self.visitor, target)
        if typed:
            type_words(self.visitor, target)
        kept = kept_within_a_tenth_of_a_second(self.visitor)
        assert holds(kept), kept


class OfTheService(Tab):
    def act(self, way) -> None:
        self.do(way, self.visitor.option("fact.tier", "tier_2"), lambda kept: kept["profile"]["tier"] == "tier_2")
        self.do(way, self.visitor.option("fact.livestream", "no"), lambda kept: kept["profile"]["livestream"] == "no")
        self.do(way, self.visitor.option("fact.livestream", "yes"), lambda kept: kept["profile"]["livestream"] == "yes")
        self.do(way, self.visitor.field("name"), lambda kept: kept["service_name"] == WORDS, typed=True)

    def holds(self, kept: dict) -> bool:
        return (kept["profile"]["tier"], kept["profile"]["livestream"], kept["service_name"]) == ("tier_2", "yes", WORDS)

    def shows(self) -> bool:
        return self.visitor.is_chosen("fact.tier", "tier_2") and self.visitor.is_chosen("fact.livestream", "yes") and self.visitor.field("name").input_value() == WORDS


class OfAMeasure(Tab):
    def act(self, way) -> None:
        grade = lambda id: lambda kept: kept["answers"].get(id, {}).get("grade", "")  # noqa: E731
        self.do(way, self.visitor.option("grade.RES-MCM10.a", "met"), lambda kept: grade("RES-MCM10.a")(kept) == "met")
        self.do(way, self.visitor.asks("unanswer.RES-MCM10.c").locator("button"), lambda kept: grade("RES-MCM10.c")(kept) == "")
        self.do(way, self.visitor.field("note.RES-MCM10.b"), lambda kept: kept["answers"]["RES-MCM10.b"]["note"] == WORDS, typed=True)
        self.do(way, self.visitor.option("grade.RES-MCM10.b", "not_met"), lambda kept: grade("RES-MCM10.b")(kept) == "not_met")

    def holds(self, kept: dict) -> bool:
        answers = kept["answers"]
        return (answers["RES-MCM10.a"]["grade"], answers.get("RES-MCM10.c", {}).get("grade", ""), answers["RES-MCM10.b"]) == ("met", "", {"grade": "not_met", "note": WORDS})

    def shows(self) -> bool:
        visitor = self.visitor
        return (
            visitor.is_chosen("grade.RES-MCM10.a", "met") and not visitor.asks("grade.RES-MCM10.c").locator("input:checked").count() and visitor.is_chosen("grade.RES-MCM10.b", "not_met")
            and visitor.field("note.RES-MCM10.b").input_value() == WORDS
        )


class OfTheTechnologies(Tab):
    def box(self, technology: str) -> Locator:
        return self.visitor.asks(f"examined.{technology}").locator("label", has=self.visitor.page.locator("input"))

    def act(self, way) -> None:
        self.do(way, self.box("safer"), lambda kept: kept["technologies"].get("safer") == "")
        self.do(way, self.box("secure_enclaves"), lambda kept: "secure_enclaves" not in kept["technologies"])
        self.do(way, self.visitor.field("reason.client_side_hashing"), lambda kept: kept["technologies"]["client_side_hashing"] == WORDS, typed=True)

    def holds(self, kept: dict) -> bool:
        return kept["technologies"] == {"client_side_hashing": WORDS, "safer": ""}

    def shows(self) -> bool:
        ticked = {name: self.box(name).locator("input").is_checked() for name in ("safer", "secure_enclaves", "client_side_hashing")}
        return ticked == {"safer": True, "secure_enclaves": False, "client_side_hashing": True} and self.visitor.field("reason.client_side_hashing").input_value() == WORDS


BEFORE = {
    **ANSWERS, "service_name": "", "technologies": {"client_side_hashing": "", "secure_enclaves": "Too slow."},
    "answers": {**ANSWERS["answers"], "RES-MCM10.b": {"grade": "partly", "note": ""}, "RES-MCM10.c": {"grade": "partly", "note": ""}},
}


PAGES = [
    (OfTheService, "your-service", "Your service"), (OfAMeasure, "res-mcm10", "Disrupt and deter CSAM"), (OfTheTechnologies, "not-capable", "Not capable?"),
]


def tabs(visit: Visit, at: Server) -> dict[tuple[str, str], Tab]:
    """By way and page, a tab of one browser for each page and each way, each with its own answers."""
    first = visit(at=at, touch=True)
    opened = {}
    for way in WAYS:
        for page, address, title in PAGES:
            opened[way, title] = page(visit(at=at, beside=first) if opened else first, address, title)
            opened[way, title].open(BEFORE)
    return opened


# ------------------------------------------------------------------------------------------ the network between
class Road:
    """What lies between the browser and the server: it can be blocked, so that what is sent is lost, and then all connections are gone."""

    def __init__(self, server: Server) -> None:
        self.server, self.blocked = server, False
        self._loop = asyncio.new_event_loop()
        self._writers: set[asyncio.StreamWriter] = set()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._door = self._run(asyncio.start_server(self._travel, "localhost", free_port()))
        self.address = f"http://localhost:{self._door.sockets[0].getsockname()[1]}"

    def _run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _travel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.blocked:
            writer.close()
            return
        there, here = await asyncio.open_connection("localhost", self.server.port)
        self._writers |= {writer, here}
        await asyncio.gather(self._carry(reader, here), self._carry(there, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                if not self.blocked:
                    writer.write(data)
                    await writer.drain()
        writer.close()
        self._writers.discard(writer)

    def block(self) -> None:
        self.blocked = True

    def open_again(self) -> None:
        async def cut() -> None:
            for writer in list(self._writers):
                writer.close()

        self._run(cut())
        self.blocked = False

    def close(self) -> None:
        async def end() -> None:
            self._door.close()
            for writer in list(self._writers):
                writer.close()
            tasks = asyncio.all_tasks() - {asyncio.current_task()}
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        self._run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def road_to(server: Server) -> Iterator[Road]:
    road = Road(server)
    try:
        yield road
    finally:
        road.close()


# ------------------------------------------------------------------------------------------ the fates of the server
def stop(server: Server) -> None:
    os.kill(server.process.pid, signal.SIGSTOP)  # from here on nothing reaches it


def die(server: Server) -> None:
    server.process.kill()
    server.process.wait()


def newer(folder: Path) -> Path:
    """The app with a later version of its rules."""
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*venv*", ".git", "tests", "__pycache__"))
    rules = next(file for file in folder.rglob("code.toml"))
    text = rules.read_text(encoding="utf-8")
    version = re.search(r'^version = "(.*)"$', text, re.M)[1]
    history = text.index("[[history]]")
    entry = f'[[history]]\nversion = "{version}-later"\nwhat = "Made for a test."\n\n'
    changed = text[:history].replace(f'version = "{version}"', f'version = "{version}-later"') + entry + text[history:]
    rules.write_text(changed, encoding="utf-8")
    return folder


FATES = [
    "answers", "hangs", "dies", "dies, and the page stays", "is away and knows the user still", "is away for longer than it remembers", "comes back as a new version",
]


def go_through(fate: str, visit: Visit, folder: Path) -> None:
    """Do everything to every field in every way under this fate; it is kept at once and stays, and the server knows it in the end."""
    with ExitStack() as stack:
        server = stack.enter_context(served("--server.disconnectedSessionTTL", "1" if "remembers" in fate else "120", "--browser.serverAddress", "localhost"))
        road = stack.enter_context(road_to(server)) if "away" in fate else None
        pages = tabs(visit, road or server)
        if road:
            road.block()
        elif fate != "answers":
            stop(server)
        for (way, _), tab in pages.items():
            tab.visitor.page.bring_to_front()
            tab.act(WAYS[way])
        match fate:
            case "hangs":
                os.kill(server.process.pid, signal.SIGCONT)
            case "dies" | "dies, and the page stays":
                die(server)
                server.start()
            case "comes back as a new version":
                die(server)
                server.folder = newer(folder / "later")
                server.start()
        if road:
            road.open_again()
        for tab in pages.values():
            tab.visitor.page.bring_to_front()
            if fate in ("dies", "comes back as a new version"):
                tab.visitor.page.reload()
                tab.visitor.page.wait_for_selector("[data-testid=stProgress]")
            tab.visitor.see(tab.title)
            until(tab, tab.shows)
            assert tab.holds(tab.visitor.kept())
        for tab in pages.values():  # and the server knows it: another tab of the same answers would too
            tab.visitor.until_heard()
            assert tab.holds(json.loads(tab.visitor.page.evaluate("() => window.__mcm.data.assessment")))
            assert tab.shows()


def until(tab: Tab, holds: Callable[[], bool]) -> None:
    for _ in range(150):
        if holds():
            return
        tab.visitor.page.wait_for_timeout(100)
    raise AssertionError(f"{tab.title}: kept {tab.visitor.kept()}")
