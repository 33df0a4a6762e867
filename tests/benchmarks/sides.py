"""The sides that are measured against each other: the app, and a bare Streamlit page of as many widgets on default settings."""

import shutil
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter, sleep

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from browser import free_port
from examples import MESSENGER
from wire import User

ANSWERS = ("In place", "Not in place")
"""Two answers that every radio on either side offers; to give one after the other is a change each time."""


class Side:
    """A server on a port of its own, and the way to the page that is measured on it."""

    name: str
    answer: str
    """What the first radio of the page is about."""

    def __init__(self, script: str, folder: Path, *arguments: str) -> None:
        self.port = free_port()
        self.address = f"http://localhost:{self.port}"
        options = ["--server.headless", "true", "--server.port", str(self.port)]
        before = perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, *options, "--", *arguments],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not self._answers():
            assert self.process.poll() is None, f"{self.name} did not start"
            sleep(0.02)
        self.started_in = perf_counter() - before

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    async def arrive(self) -> User:
        """A new user, on the page that is measured."""
        raise NotImplementedError

    async def walk(self, user: User) -> None:
        """Go through all pages that there are once."""
        raise NotImplementedError

    def memory(self) -> int:
        """Bytes that are the server's own: its part of what it shares, and all of what it does not."""
        said = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        return 1024 * int(next(line for line in said.splitlines() if line.startswith("Pss:")).split()[1])

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Ours(Side):
    """The app, started as README says. Measured is the page of a measure with four requirements, all of them answered."""

    name = "ours"
    answer = "grade.RES-MCM10.a"

    def __init__(self) -> None:
        super().__init__("app.py", TESTS.parent)

    async def arrive(self) -> User:
        user = await User(self.address).open()
        await user.press(f"Open sample: {MESSENGER.sample}")
        while self.answer.removeprefix("grade.") not in user.asked("grade"):
            await user.back()
        return user

    async def walk(self, user: User) -> None:
        while any(each.key.startswith("back.") for each in user.widgets.values()):
            await user.back()
        await user.press("go_on")
        while user.title != "Scorecard":
            await user.next()


class Bare(Side):
    """The bare page, in a folder of its own, where no settings of ours reach it."""

    name = "bare"
    answer = "grade.0"

    def __init__(self, folder: Path, *arguments: str) -> None:
        shutil.copy(Path(__file__).with_name("bare_page.py"), folder)
        super().__init__("bare_page.py", folder, *arguments)

    async def arrive(self) -> User:
        return await User(self.address).open()

    async def walk(self, user: User) -> None:
        for _ in range(PAGES_OF_OURS):
            await user.next()


class Light(Bare):
    """The bare page without the packages that an app like ours has loaded: the least that Streamlit can be."""

    name = "bare, nothing imported"


PAGES_OF_OURS = 9
"""Pages from the start to the scorecard of the sample that is measured, both among them."""


@contextmanager
def sides(*kinds: str) -> Iterator[list[Side]]:
    """The app, the bare page, and the bare page with nothing imported; or some of the three."""
    with ExitStack() as stack:
        found: list[Side] = []
        for kind in kinds or ("ours", "bare", "light"):
            if kind == "ours":
                side: Side = Ours()
            else:
                folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
                side = Bare(folder, "imports") if kind == "bare" else Light(folder)
            stack.callback(side.stop)
            found.append(side)
        yield found


def row(what: str, figures: list[str], against: str = "") -> None:
    """One line of a table."""
    print(
        f"  {what:<46}" + "".join(f"{each:>16}" for each in figures) + (f"   {against}" if against else ""), flush=True
    )


def ratio(ours: float, bare: float, target: float | None = None) -> str:
    """How many times the bare page's figure ours is, beside what it should be."""
    return f"{ours / bare:6.2f}" + (f"  wanted: at most {target}" if target is not None else "")
