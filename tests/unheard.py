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
from time import monotonic

from browser import PATIENCE, ROOT, SAMPLES, Server, Visit, Visitor, free_port
from playwright.sync_api import Locator

ANSWERS = json.loads((SAMPLES / "encrypted_messenger.json").read_bytes())
WORDS = ("First words.", "Words in their place.", "Typed, and more.")
"""What is typed at each turn; where a field is changed three times, it is in another way each time."""
DUE = "2027-01-31"


REMEMBERS = 120
"""Seconds for which a server remembers a user who is away, as Streamlit has it."""


@contextmanager
def served(remembers: int = REMEMBERS) -> Iterator[Server]:
    """A server of one's own. It is killed in the end: asked to stop, it would first wait for every tab that is open."""
    server = Server("--server.disconnectedSessionTTL", str(remembers), "--browser.serverAddress", "localhost")
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


Way = Callable[[Visitor, Locator], None]
WAYS: dict[str, Way] = {"mouse": by_mouse, "keyboard": by_keyboard, "touch": by_touch}


def kept_within_a_tenth_of_a_second(visitor: Visitor) -> dict:
    """What the tab keeps when 100 ms have passed in the page."""
    stored = visitor.page.evaluate(
        "() => new Promise(done => setTimeout(() => done(sessionStorage.getItem('mcm-assessment')), 100))"
    )
    return json.loads(stored)


def type_words(visitor: Visitor, field: Locator, words: str) -> None:
    visitor.page.keyboard.press("Control+A")
    visitor.page.keyboard.type(words[:6], delay=20)
    visitor.page.wait_for_timeout(650)  # in which what was typed is sent, and the server begins to answer
    visitor.page.keyboard.type(words[6:], delay=20)
    assert field.input_value() == words


# ------------------------------------------------------------------------------------------ the fields
class Tab:
    """A page with fields, what a user does to each of them, and what the answers are then."""

    def __init__(self, visitor: Visitor, address: str, title: str) -> None:
        self.visitor, self.address, self.title = visitor, address, title

    def open(self, answers: dict) -> None:
        self.visitor.open_with(json.dumps(answers).encode(), self.address, self.title)

    def act(self, way: Way, turn: int) -> None:
        """Change every field in this way; turn: 0, 1 or 2, after which the answers are what `holds` says."""
        raise NotImplementedError

    def holds(self, kept: dict) -> bool:
        raise NotImplementedError

    def shows(self) -> bool:
        raise NotImplementedError

    def do(self, way: Way, target: Locator, holds: Callable[[dict], bool], words: str = "") -> None:
        way(self.visitor, target)
        if words:
            type_words(self.visitor, target, words)
        kept = kept_within_a_tenth_of_a_second(self.visitor)
        assert holds(kept), kept


class OfTheService(Tab):
    def choose(self, way: Way, fact: str, value: str) -> None:
        self.do(way, self.visitor.option(f"fact.{fact}", value), lambda kept: kept["profile"][fact] == value)

    def act(self, way: Way, turn: int) -> None:
        self.choose(way, "tier", ("tier_3", "tier_1", "tier_2")[turn])
        self.choose(way, "livestream", "no")
        self.choose(way, "livestream", "yes")
        self.do(way, self.visitor.field("name"), lambda kept: kept["service_name"] == WORDS[turn], WORDS[turn])

    def holds(self, kept: dict) -> bool:
        said = (kept["profile"]["tier"], kept["profile"]["livestream"], kept["service_name"])
        return said == ("tier_2", "yes", WORDS[2])

    def shows(self) -> bool:
        return (
            self.visitor.is_chosen("fact.tier", "tier_2")
            and self.visitor.is_chosen("fact.livestream", "yes")
            and self.visitor.field("name").input_value() == WORDS[2]
        )


class OfAMeasure(Tab):
    recorded = 0
    """How many of the three things are done that are done to what is on record."""

    def grade(self, way: Way, requirement: str, grade: str) -> None:
        """Choose a grade, or that it is not known yet where it is empty."""
        target = self.visitor.option(f"grade.{requirement}", grade)
        self.do(way, target, lambda kept: kept["answers"].get(requirement, {}).get("grade", "") == grade)

    def act(self, way: Way, turn: int) -> None:
        self.grade(way, "RES-MCM10.a", ("not_met", "partly", "met")[turn])
        if turn:
            self.grade(way, "RES-MCM10.c", ("met", "partly")[turn - 1])
        self.grade(way, "RES-MCM10.c", "")
        note = self.visitor.field("note.RES-MCM10.b")
        self.do(way, note, lambda kept: kept["answers"]["RES-MCM10.b"]["note"] == WORDS[turn], WORDS[turn])
        self.grade(way, "RES-MCM10.b", ("not_met", "partly", "not_met")[turn])  # each of which has a plan
        self.on_record(way, turn)

    def on_record(self, way: Way, turn: int) -> None:
        """Evidence and plan, at each turn one of three or what is left of them: a piece is typed into, a day is typed, of which the server hears a half, and the other piece is removed."""
        holds = (
            lambda kept: kept["evidence"] == [{"what": "First"}, {"what": WORDS[0]}],
            lambda kept: kept["plan"]["due"] == DUE,
            lambda kept: kept["evidence"] == [{"what": WORDS[0]}],
        )
        due = self.visitor.field("answers.RES-MCM10.b.plan.due")
        targets = (self.evidence.nth(1), due, self.visitor.button("Remove evidence 1"))
        while self.recorded <= turn:
            said, words = holds[self.recorded], (WORDS[0], DUE, "")[self.recorded]
            self.do(way, targets[self.recorded], lambda kept: said(kept["answers"]["RES-MCM10.b"]), words)
            self.recorded += 1

    def open(self, answers: dict) -> None:
        super().open(answers)
        self.unfold()
        self.visitor.asks("answers.RES-MCM10.b.plan.due").wait_for()  # what unfolds is drawn by the server
        self.visitor.see()

    def unfold(self) -> None:
        fold = self.visitor.asks("show_how.RES-MCM10.b").locator("details:not([open]) > summary")
        if fold.count():
            fold.click()

    @property
    def evidence(self) -> Locator:
        return self.visitor.page.locator("[class*='-evidence-'][class*='-what'] input")

    def holds(self, kept: dict) -> bool:
        answers = kept["answers"]
        grades = (answers["RES-MCM10.a"]["grade"], answers.get("RES-MCM10.c", {}).get("grade", ""))
        on_record = {"evidence": [{"what": WORDS[0]}], "plan": {"due": DUE}}
        return (*grades, answers["RES-MCM10.b"]) == ("met", "", {"grade": "not_met", "note": WORDS[2], **on_record})

    def shows(self) -> bool:
        visitor = self.visitor
        self.unfold()
        return (
            self.evidence.evaluate_all("fields => fields.map(field => field.value)") == [WORDS[0]]
            and visitor.field("answers.RES-MCM10.b.plan.due").input_value() == DUE
            and visitor.is_chosen("grade.RES-MCM10.a", "met")
            and visitor.chosen("grade.RES-MCM10.c") in (None, "Not known yet")
            and visitor.is_chosen("grade.RES-MCM10.b", "not_met")
            and visitor.field("note.RES-MCM10.b").input_value() == WORDS[2]
        )


class OfTheTechnologies(Tab):
    def box(self, technology: str) -> Locator:
        return self.visitor.asks(f"examined.{technology}").locator("label", has=self.visitor.page.locator("input"))

    def act(self, way: Way, turn: int) -> None:
        ticked = turn != 1
        self.do(way, self.box("safer"), lambda kept: ("safer" in kept["technologies"]) == ticked)
        self.do(way, self.box("secure_enclaves"), lambda kept: ("secure_enclaves" in kept["technologies"]) != ticked)
        reason = self.visitor.field("reason.client_side_hashing")
        self.do(way, reason, lambda kept: kept["technologies"]["client_side_hashing"] == WORDS[turn], WORDS[turn])

    def holds(self, kept: dict) -> bool:
        return kept["technologies"] == {"client_side_hashing": WORDS[2], "safer": ""}

    def shows(self) -> bool:
        ticked = {
            name: self.box(name).locator("input").is_checked()
            for name in ("safer", "secure_enclaves", "client_side_hashing")
        }
        return (
            ticked == {"safer": True, "secure_enclaves": False, "client_side_hashing": True}
            and self.visitor.field("reason.client_side_hashing").input_value() == WORDS[2]
        )


BEFORE = {
    **ANSWERS,
    "service_name": "",
    "technologies": {"client_side_hashing": "", "secure_enclaves": "Too slow."},
    "answers": {
        **ANSWERS["answers"],
        "RES-MCM10.b": {"grade": "partly", "note": "", "evidence": [{"what": "First"}, {"what": "Second"}]},
        "RES-MCM10.c": {"grade": "partly", "note": ""},
    },
}


def tabs(visit: Visit, at: Server) -> list[Tab]:
    """Three tabs of one browser, each with its own answers."""
    first = visit(at=at, touch=True)
    opened = [
        OfTheService(first, "your-service", "Your service"),
        OfAMeasure(visit(at=at, beside=first), "res-mcm10", "Disrupt and deter CSAM"),
        OfTheTechnologies(visit(at=at, beside=first), "not-capable", "Not capable?"),
    ]
    for tab in opened:
        tab.open(BEFORE)
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
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(".*venv*", ".git", ".*_cache", "tests"))
    rules = next(file for file in folder.rglob("code.toml"))
    text = rules.read_text(encoding="utf-8")
    version = re.search(r'^version = "(.*)"$', text, re.M)[1]
    history = text.index("[[history]]")
    entry = f'[[history]]\nversion = "{version}-later"\nwhat = "Made for a test."\n\n'
    changed = text[:history].replace(f'version = "{version}"', f'version = "{version}-later"') + entry + text[history:]
    rules.write_text(changed, encoding="utf-8")
    return folder


FATES = [
    "answers",
    "hangs",
    "dies",
    "dies, and the page stays",
    "is away and knows the user still",
    "is away for longer than it remembers",
    "comes back as a new version",
]
THREE_TURNS = ("dies", "is away and knows the user still")
"""The fates, one of the server and one of the network, under which every field is changed in all three ways.

Under the others each page is changed in one way, another on each page and under the next fate: every two of fate, page and way come together.
"""


OF_ITS_OWN = ("is away for longer than it remembers", "comes back as a new version")
"""The fates that need a server with other options, or of another folder; the others share one."""


def go_through(fate: str, visit: Visit, fated: Server, folder: Path) -> None:
    """Change every field under this fate, in one way or in all; it is kept at once and stays, and the server knows it in the end."""
    with ExitStack() as stack:
        remembers = 1 if "remembers" in fate else REMEMBERS
        server = stack.enter_context(served(remembers)) if fate in OF_ITS_OWN else fated
        road = stack.enter_context(road_to(server)) if "away" in fate else None
        pages = tabs(visit, road or server)
        if road:
            road.block()
        elif fate != "answers":
            stop(server)
        turns = range(len(WAYS))
        for number, tab in enumerate(pages):
            tab.visitor.page.bring_to_front()
            for turn in turns if fate in THREE_TURNS else turns[-1:]:
                tab.act([*WAYS.values()][(FATES.index(fate) + number + turn) % len(WAYS)], turn)
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
        for tab in pages:
            tab.visitor.page.bring_to_front()
            if fate in ("dies", "comes back as a new version"):
                tab.visitor.page.reload()
                tab.visitor.page.wait_for_selector(".mcm-way")
            tab.visitor.see(tab.title)
            until(tab, tab.shows)
            assert tab.holds(tab.visitor.kept()), tab.visitor.kept()
        for tab in pages:  # and the server knows it: another tab of the same answers would too
            tab.visitor.until_heard()
            assert tab.holds(json.loads(tab.visitor.page.evaluate("() => window.__mcm.data.assessment")))
            assert tab.shows()


def until(tab: Tab, holds: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE / 1000
    while not holds():
        assert monotonic() < until, f"{tab.title}: kept {tab.visitor.kept()}"
        tab.visitor.page.wait_for_timeout(100)
