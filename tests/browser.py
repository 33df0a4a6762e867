"""The app in a real browser: a server of its own, a visitor, and the accessibility checks.

A visitor waits for what they see, never for a time. Widgets are found by what they are about, or by the words on them.
"""

import json
import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import randbelow
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Playwright

from scoring.form.questions import load_questionnaire

ROOT = Path(__file__).parent.parent
CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--in-process-gpu",  # it draws in software, for which a process of its own is one too many
    "--process-per-site",  # the tabs of a window share their process
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # it does not mind that the app is on the same machine, as it would not mind an app in public; the others are Playwright's, whose own list this takes the place of
    "--disable-features=LocalNetworkAccessChecks,PaintHolding,HttpsUpgrades,MediaRouter,OptimizationHints,ThirdPartyStoragePartitioning,DestroyProfileOnBrowserClose",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost",
]
VIEWPORT = {"width": 1280, "height": 900}
STILL = """{
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, *::before, *::after { transition: none !important; animation: none !important; }');
    document.adoptedStyleSheets.push(sheet);
}"""
"""For a page on which nothing moves from one look to another, but is there at once: each picture on the way costs as much as the one that it leads to."""
PATIENCE = 60_000
"""Milliseconds until something that does not come is a failure; never waited out when all is well."""
AXE = Axe().axe_script
ALSO = [
    "target-size",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "td-has-header",
    "focus-order-semantics",
    "css-orientation-lock",
]
"""Rules of axe that are off unless asked for: one of WCAG 2.2 AA, and those of A, AA and best practice that it calls experimental. The others are of AAA, outdated, or ask a person to look."""
SAMPLES = ROOT / "questionnaire" / "session" / "samples"
ADDRESSES = {
    "Your service": "your-service",
    "Not capable?": "not-capable",
    "Detect and remove known CSAM": "res-mcm8",
    "Disrupt and deter CSAM": "res-mcm10",
    "Check your answers": "check",
    "Scorecard": "scorecard",
}
"""The steps of the encrypted messenger and where they are."""
GRADE_WORDS = {
    "met": "In place",
    "partly": "Partly in place",
    "not_met": "Not in place",
    "not_feasible": "Not feasible or appropriate",
    "": "Not known yet",
}


# ------------------------------------------------------------------------------------------ the server
def free_port() -> int:
    """A port that no connection is given before a server takes it: below those from which Linux gives one to whoever connects."""
    while True:
        with socket.socket() as found, suppress(OSError):
            found.bind(("localhost", 15_000 + randbelow(15_000)))
            return found.getsockname()[1]


class Server:
    """The app, started as README starts it, on a port of its own; or what another folder has for an app."""

    def __init__(self, *options: str, port: int | None = None, folder: Path = ROOT) -> None:
        self.port = port or free_port()
        self.folder = folder
        self.options = options
        self.start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            "--server.headless",
            "true",
            "--server.port",
            str(self.port),
            *self.options,
        ]
        self.process = subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = monotonic() + PATIENCE / 1000
        while not self._answers():
            assert self.process.poll() is None, "the app did not start"
            assert monotonic() < until, "the app does not answer"
            sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@contextmanager
def served(*options: str, folder: Path = ROOT) -> Iterator[Server]:
    server = Server(*options, folder=folder)
    try:
        yield server
    finally:
        server.stop()


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)


# ------------------------------------------------------------------------------------------ the visitor
class Visitor:
    """Somebody with a browser tab in front of them."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        page.set_default_timeout(PATIENCE)

    def open(self, address: str = "", title: str | None = None) -> None:
        """Open a page by its address and wait until it is all there."""
        self.page.goto(f"{self.address}/{address}")
        self.see(title)

    def open_with(self, saved: bytes, address: str, title: str) -> None:
        """Open a page in a tab that keeps these answers already, as after a refresh."""
        self.page.goto(f"{self.address}/_stcore/health")
        self.page.evaluate("stored => sessionStorage.setItem('mcm-assessment', stored)", saved.decode())
        self.page.goto(f"{self.address}/{address}")
        self.page.wait_for_selector(".mcm-way")  # the page says its step as soon as the answers are back
        self.until_settled()  # a run that is on its way may draw the page anew, and take what is typed meanwhile
        self.see(title)

    def jump(self, address: str, title: str) -> None:
        """Go to another page of the app as the browser's Back would: without loading it all again."""
        self.page.evaluate(
            "address => { history.pushState({}, '', address); dispatchEvent(new PopStateEvent('popstate', {state: {}})); }",
            f"/{address}",
        )
        self.see(title)

    def see(self, title: str | None = None) -> None:
        """Wait until the page with this heading is all there and nothing on it is out of date or on its way.

        Streamlit says that a run is done before it draws the last of what came with it. That it draws some milliseconds later:
        so the page is looked at again when what was to come by then has come.
        """
        self._stands_still(title)
        self.page.evaluate(
            "() => new Promise(done => setTimeout(() => requestAnimationFrame(() => setTimeout(done)), 15))"
        )
        self._stands_still(title)

    def _stands_still(self, title: str | None) -> None:
        self.page.wait_for_function(
            """title => {
                const app = document.querySelector('[data-testid=stApp]'), heading = document.querySelector('h1');
                return app && heading && app.dataset.testScriptState === 'notRunning' && app.dataset.testConnectionState === 'CONNECTED'
                    && (title === null || heading.innerText.trim() === title)
                    && document.title.includes(heading.innerText.trim())
                    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton], [data-testid=stAppSkeleton]')
                    && document.getAnimations().every(each => each.playState !== 'running');
            }""",
            arg=title,
        )

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text().strip()

    def asks(self, about: str) -> Locator:
        """The widget about something: "fact.tier", "grade.RES-MCM8.a", "note.RES-MCM8.a", "name"."""
        return self.page.locator(f"[class*='st-key-'][class*='-{re.sub(r'[^A-Za-z0-9_-]', '-', about)}']").first

    def option(self, about: str, value: str) -> Locator:
        kind, _, what = about.partition(".")
        label = (
            GRADE_WORDS[value] if kind == "grade" else load_questionnaire().of(what).choices[value].replace("**", "")
        )
        return (
            self.asks(about)
            .locator("label", has=self.page.locator("input"))
            .filter(has_text=re.compile(f"^{re.escape(label)}$"))
        )

    def choose(self, about: str, value: str) -> None:
        """Choose, and wait until the app knows."""
        self.option(about, value).click()
        kind, _, what = about.partition(".")
        self.until_kept(
            lambda kept: (
                (
                    kept.get("profile", {})
                    if kind == "fact"
                    else {key: each["grade"] for key, each in kept.get("answers", {}).items()}
                ).get(what)
                == value
            )
        )
        self.until_heard()

    def until_heard(self) -> None:
        """Wait until the server is known to have heard all that was changed."""
        self.page.wait_for_function("() => window.__mcm?.pending.size === 0")

    def until_settled(self) -> None:
        """Wait until this tab has its place among those that the browser keeps, and the server has heard all that the page has to tell: no run is on its way."""
        self.page.wait_for_function(
            "() => { if (!window.__mcm) return false; const {slot, said, data, pending} = window.__mcm; return slot !== null && !pending.size && (said === null || data.heard === said); }"
        )

    def chosen(self, about: str) -> str | None:
        found = self.asks(about).locator("label:has(input:checked)")
        return found.inner_text().strip() if found.count() else None

    def is_chosen(self, about: str, value: str) -> bool:
        return self.option(about, value).locator("input").is_checked()

    def field(self, about: str) -> Locator:
        """What is typed into; the fold that it is in is opened."""
        self.asks(about).wait_for(state="attached")  # answers that come back after a load draw the page anew
        fold = self.asks(about).locator("xpath=ancestor::details[not(@open)]/summary")
        if fold.count():
            fold.click()
        return self.asks(about).locator("textarea, input")

    def button(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label, exact=True)

    def top(self, title: str) -> Locator:
        """A link of the navigation along the top."""
        return self.page.get_by_test_id("stTopNavLink").filter(has_text=re.compile(f"^{title}$"))

    def unfold(self, label: str) -> None:
        """Open a fold, and wait until it has grown: what is in it moves until then, away from under a press."""
        self.page.get_by_text(label).click()
        self.see()

    def press(self, label: str, title: str | None = None) -> None:
        """Press a button once the page stands still, since what a run draws anew may take it away from under the press; with a title, wait for the page that it leads to."""
        self.button(label).wait_for()
        self.see()
        self.button(label).click()
        if title is not None:
            self.see(title)

    def give_files(self, files: Mapping[str, bytes]) -> None:
        """Give files (name -> content) to the page's uploader, once it is the only one: the one of the page before may stand there until a run is done."""
        self.page.wait_for_function("() => document.querySelectorAll('input[type=file]').length === 1")
        self.see()
        self.page.locator("input[type=file]").set_input_files(
            [
                {"name": name, "mimeType": "application/octet-stream", "buffer": content}
                for name, content in files.items()
            ]
        )

    def next(self, title: str | None = None) -> None:
        self.page.locator("[class*='st-key-next-'] button").click()
        if title is not None:
            self.see(title)

    def back(self, title: str | None = None) -> None:
        self.page.locator("[class*='st-key-back-'] button").click()
        if title is not None:
            self.see(title)

    def open_sample(self, title: str) -> None:
        self.open()
        self.press(f"Open sample: {title}", "Scorecard")

    def text(self) -> str:
        """What is seen of the page; where no line ends at a space, it is a space all the same."""
        return self.page.locator("[data-testid=stMain]").inner_text().replace("\N{NO-BREAK SPACE}", " ")

    # -------------------------------------------------------------------------------------- what the tab keeps
    def kept(self) -> dict[str, Any] | None:
        """The answers that this tab keeps."""
        stored = self.page.evaluate("() => sessionStorage.getItem('mcm-assessment')")
        return json.loads(stored) if stored else None

    def until_kept(self, holds: Callable[[dict[str, Any]], bool]) -> None:
        """Wait until the answers that the tab keeps are as they should be."""
        until = monotonic() + PATIENCE / 1000
        while not (holds(kept) if (kept := self.kept()) else False):
            assert monotonic() < until, f"the tab keeps {kept}"
            self.page.wait_for_timeout(20)

    def download(self, label: str) -> bytes:
        """What a button downloads, wherever it stands: on the page, once that is all there, or among more files."""
        self.see()
        if not self.button(label).count() and self.button("More files").count():
            self.button("More files").click()
        with self.page.expect_download() as coming:
            self.button(label).click()
        return Path(coming.value.path()).read_bytes()

    # -------------------------------------------------------------------------------------- what a page is like
    def show_all(self, width: int = 1280, *, folded: bool = False) -> None:
        """Make the window taller than the page, with everything that folds unfolded unless told otherwise: axe does not judge what is out of view."""
        self.page.set_viewport_size({"width": width, "height": 900})
        if not folded:
            self._unfold()
        for _ in range(5):
            needed, there = self.page.evaluate(
                "() => [document.querySelector('[data-testid=stMain]')].flatMap(main => [main.scrollHeight, main.clientHeight])"
            )
            if needed <= there:
                return
            self.page.set_viewport_size({"width": width, "height": needed + 400})
            self.see()
        raise AssertionError("the page grows with the window")

    def _unfold(self) -> None:
        self.page.wait_for_function(  # a press that comes while the page is still being drawn may be lost, so it is made again
            """() => {
                const folded = document.querySelectorAll('[data-testid=stMain] details:not([open]) > summary');
                folded.forEach(each => each.click());
                const app = document.querySelector('[data-testid=stApp]');
                const opened = [...document.querySelectorAll('[data-testid=stMain] details[open]')];
                const isFilled = fold => !fold.parentElement.matches('[data-testid=stExpander]') || fold.querySelector('[data-testid=stElementContainer]');
                return folded.length === 0 && opened.every(isFilled)  // the server draws some folds only when it hears that they were opened
                    && app.getAttribute('data-test-script-state') === 'notRunning';
            }""",
            polling=200,
        )

    def dark(self, dark: bool) -> None:
        """Ask for the dark theme, or the light one, as the system's setting does."""
        self.page.emulate_media(color_scheme="dark" if dark else "light")
        want = "dark" if dark else "light"
        self.page.wait_for_function(
            "want => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === want", arg=want
        )

    def is_dark(self) -> bool:
        return (
            self.page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme")
            == "dark"
        )

    def violations(self, *rules: str, without: Sequence[str] = (), among: Sequence[str] | None = None) -> list[str]:
        """What axe finds wrong: the rule, the element and what to do.

        Under all its rules without some, or under these rules; on the whole page, or among the texts that look so, as `looks` told.
        """
        if among is not None and not among:
            return []
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE)
        # axe takes every page for an open modal, in which it asks for neither a heading nor a main landmark
        self.page.evaluate(
            "() => { for (const id of ['page-has-heading-one', 'page-has-main']) axe._audit.checks[id].options.passForModal = document.querySelector('[role=dialog]') !== null; }"
        )
        found = self.page.evaluate(
            """([rules, also, without, among]) => axe.run(among ? {include: [...window.looks].filter(([look]) => among.includes(look)).map(([, element]) => element)} : document, {
                resultTypes: ['violations'],
                ...(rules.length ? {runOnly: {type: 'rule', values: rules}}
                    : {rules: Object.fromEntries([...also.map(each => [each, {enabled: true}]), ...without.map(each => [each, {enabled: false}])])}),
            })""",
            [list(rules), ALSO, list(without), among],
        )
        return [
            f"{rule['id']}: {node['html'][:300]} {node['failureSummary'].splitlines()[-1].strip()}"
            for rule in found["violations"]
            for node in rule["nodes"]
        ]

    def looks(self) -> list[str]:
        """The ways in which text looks here, each as what says so: the elements around it, with the classes, styles and states of each. `violations` takes one text for each of them."""
        return self.page.evaluate(
            r"""() => {
                const says = ['class', 'style', 'role', 'type', 'kind', 'lang', 'fill', 'open', 'disabled', 'data-testid', 'aria-disabled', 'aria-invalid', 'aria-selected', 'aria-checked'];
                const known = new Map(), digest = text => { let sum = 0n; for (const sign of text) sum = (sum * 1099511628211n + BigInt(sign.codePointAt(0))) & 0xffffffffffffffffn; return sum.toString(36); };
                const look = element => {
                    if (!element) return '';
                    if (!known.has(element)) known.set(element, digest([look(element.parentElement), element.tagName, element.checked, ...says.map(name => element.getAttribute(name)?.replace(/stAppEmbeddingId-\w+|[\d.]+(px|%)/g, '').replace(/st-key-[\d.-]*([a-z]*)\S*/, '$1'))].join('|')));
                    return known.get(element);
                };
                window.looks = new Map();
                for (const element of document.querySelectorAll('body *'))
                    if (element.checkVisibility() && (element.matches('input, textarea, select') || [...element.childNodes].some(each => each.nodeType === Node.TEXT_NODE && each.data.trim())))
                        window.looks.set(look(element), element);
                return [...window.looks.keys()];
            }"""
        )

    def sideways(self) -> list[str]:
        """What makes the page scroll sideways, with the names of the elements that reach too far. A table that follows the window's width may take a moment."""
        found: list[str] = []
        for _ in range(10):
            if not (found := self._sideways()):
                break
            self.page.wait_for_timeout(100)
        return found

    def _sideways(self) -> list[str]:
        return self.page.evaluate(
            """() => {
                const wide = each => each.scrollWidth > each.clientWidth + 1;
                const main = document.querySelector('[data-testid=stMain]');
                if (![document.documentElement, main].some(wide)) return [];
                const right = main.getBoundingClientRect().right;
                return [...main.querySelectorAll('*')].filter(each => each.getBoundingClientRect().right > right + 1)
                    .slice(0, 5).map(each => each.tagName + ' ' + (each.dataset.testid || '') + ' ' + each.textContent.slice(0, 60)).concat('the page scrolls sideways');
            }"""
        )

    def clipped(self, style: str) -> list[str]:
        """Text that is cut off where a reader's own style sheet spaces it out."""
        return self.page.evaluate(
            """style => {
                const sheet = document.head.appendChild(Object.assign(document.createElement('style'), {textContent: style}));
                const cuts = each => {
                    const {overflowX, overflowY} = getComputedStyle(each);
                    return (overflowX !== 'visible' && overflowX !== 'auto' && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1)
                        || (overflowY !== 'visible' && overflowY !== 'auto' && each.scrollHeight > each.clientHeight + 1 && each.clientHeight > 1);
                };
                const out = each => {  // text that reaches over the edge of the button or label that it is in
                    const box = each.getBoundingClientRect(), said = document.createRange();
                    said.selectNodeContents(each);
                    const text = said.getBoundingClientRect();
                    return text.right > box.right + 1 || text.bottom > box.bottom + 1;
                };
                const main = document.querySelector('[data-testid=stMain]');
                const found = [...main.querySelectorAll('*')].filter(each => each.textContent.trim() && each.checkVisibility() && !each.closest('canvas, [data-testid=stPlotlyChart], [data-testid=stDataFrame], [data-testid=stIconMaterial], [data-testid=stBaseButton-borderlessIcon]'))
                    .filter(each => cuts(each) || (each.matches('button, summary, label') && out(each)));
                const said = found.map(each => `${each.tagName} ${each.dataset.testid ?? ''} ${each.className} ${each.innerText.trim().slice(0, 60)}`);
                sheet.remove();
                return said;
            }""",
            style,
        )


Visit = Callable[..., Visitor]
"""Opens a window for somebody, or another tab in a window."""


def outside(requests: list[str], hosts: set[str]) -> list[str]:
    """The addresses that are not the app's own; what a page makes for itself (data, blob) goes nowhere."""
    return [
        each
        for each in requests
        if urlsplit(each).scheme not in ("data", "blob") and urlsplit(each).netloc not in hosts
    ]


def messenger_at(visitor: Visitor, title: str) -> None:
    """The sample's answers, at one of its steps."""
    visitor.open_with((SAMPLES / "encrypted_messenger.json").read_bytes(), ADDRESSES[title], title)
