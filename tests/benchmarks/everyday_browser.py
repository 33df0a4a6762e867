"""What an everyday click costs in Chromium: the first question from an empty cache, an answer, Next, and the scorecard."""

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from browser import PATIENCE, Visitor, launch
from examples import MESSENGER
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from sides import ANSWERS, Ours, Side, ratio, row, sides

WINDOW = {"width": 1280, "height": 1600}
"""Tall enough for the scorecard's result and chart to be in view together."""
LINES = (("on this machine", None, 1.2), ("at 10 Mbit/s and 40 ms", (10_000_000 / 8, 40), 0.7))
"""What the line is called, its bytes a second and milliseconds, and what the ratio of the load is to be at most."""
MEASURED, AFTER = "Disrupt and deter CSAM", "Act on breaches of terms: class 1B material"
"""The page of ours that is measured, and the one after it."""
TIMED = """(button, [done, patience]) => new Promise((resolve, reject) => {
    const holds = new Function('return ' + done), start = performance.now();
    if (holds()) reject(new Error(`it holds before the press: ${done}`));
    setTimeout(() => reject(new Error(`it does not come to hold: ${done}`)), patience);
    const watch = new MutationObserver(() => { if (holds()) { watch.disconnect(); resolve(performance.now() - start); } });
    watch.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    button.click();
})"""
"""Press, and say after how many milliseconds something holds that did not; looked at whenever the page changes. An error where it does not come to hold."""
WATCH = """const look = () => {
    const found = document.querySelector('[data-testid=stRadio]');
    if (found && found.checkVisibility({ visibilityProperty: true }) && found.getBoundingClientRect().height) window.firstQuestion = performance.now();
    else requestAnimationFrame(look);
};
requestAnimationFrame(look);"""
"""Note when the first question is seen, in milliseconds since the page was asked for; to ask from outside would be to wait half a second at a time."""
IDLE = "document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'notRunning'"
SETTLED = IDLE + " && document.querySelector('h1')?.textContent.trim() === '{}'"
"""A page with this heading is there, and its run is done."""
SCORECARD = """document.querySelector('h1')?.textContent.trim() === 'Scorecard'
    && [...document.querySelectorAll('[data-testid=stMarkdown] strong')].some(each => each.textContent.startsWith('As drafted,'))
    && [...document.querySelectorAll('.mcm-bar')].some(each => each.getBoundingClientRect().bottom < innerHeight)"""
"""The scorecard's heading, its sentence of the result and the bars of both results are there, and in view."""


@contextmanager
def tab(browser: Browser) -> Iterator[Page]:
    """A tab of a window that has never been anywhere."""
    context = browser.new_context(viewport=WINDOW)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def milliseconds(pressed: Locator, done: str) -> float:
    return pressed.evaluate(TIMED, [done, PATIENCE])


# ------------------------------------------------------------------------------------------ the first page
def load(times: int) -> None:
    with sides() as found, sync_playwright() as playwright:
        browser = launch(playwright)
        print("load: seconds from an empty cache to the first question, medians")
        row("", [each.name.replace(", nothing imported", "*") for each in found], "ours / bare")
        for called, line, target in LINES:
            taken: list[list[float]] = [[] for _ in found]
            for _ in range(times):
                for side, each in zip(found, taken, strict=True):
                    each.append(first_question(browser, side, line))
            middle = [median(each) for each in taken]
            row(called, [f"{each:.2f}" for each in middle], ratio(middle[0], middle[1], target))
        browser.close()


def first_question(browser: Browser, side: Side, line: tuple[float, int] | None) -> float:
    with tab(browser) as page:
        if line:
            speed, wait = line
            network = page.context.new_cdp_session(page)
            network.send("Network.enable")
            network.send(
                "Network.emulateNetworkConditions",
                {"offline": False, "latency": wait, "downloadThroughput": speed, "uploadThroughput": speed},
            )
        page.add_init_script(WATCH)
        page.goto(f"{side.address}/{'your-service' if isinstance(side, Ours) else ''}", wait_until="commit")
        page.wait_for_function(
            "() => window.firstQuestion"
        )  # a bare expression would be evaluated, which the page's policy forbids
        return page.evaluate("window.firstQuestion") / 1000


# ------------------------------------------------------------------------------------------ clicks
def clicks(times: int) -> None:
    with sides("ours", "bare") as found, sync_playwright() as playwright:
        browser = launch(playwright)
        answers, steps, firsts, agains = ([[], []] for _ in range(4))
        for _ in range(times):
            for place, side in enumerate(found):
                with tab(browser) as page:
                    ours = isinstance(side, Ours)
                    open_page(page, side)
                    for turn in range(4):
                        answers[place].append(answer(page, ours, ANSWERS[turn % 2]))
                    for _ in range(2):
                        steps[place].append(next_page(page, ours))
                        page.locator("[class*='st-key-back-'] button").click()
                        Visitor(page, side.address).see(MEASURED if ours else "One")
                with tab(browser) as page:
                    for taken in (firsts, agains):
                        taken[place].append(to_the_scorecard(page, side, first=taken is firsts))
        browser.close()
    print("clicks: milliseconds in Chromium, medians")
    row("", ["ours", "bare"], "ours / bare")
    for what, figures, target in (
        ("an answer shows", answers, None),
        ("Next shows the next page, all of it", steps, None),
        ("the scorecard is in view, beside a bare Next", firsts, 2),
        ("the same, when the tab has had it before", agains, 2),
    ):
        middle = [median(each) for each in figures]
        row(what, [f"{each:.0f}" for each in middle], ratio(middle[0], middle[1], target))


def open_page(page: Page, side: Side) -> None:
    """The page that is measured; in ours with the sample open."""
    visitor = Visitor(page, side.address)
    if not isinstance(side, Ours):
        visitor.open("", "One")
        return
    visitor.open_sample(MESSENGER.sample)
    for title in ("Check your answers", AFTER, MEASURED):
        visitor.back(title)


def open_check(visitor: Visitor) -> None:
    """Your answers, in a tab that has not had a chart in it: by the facts of the sample and Next, all measures left open."""
    visitor.open("your-service", "Your service")
    while visitor.title != "Check your answers":
        while left := [
            fact
            for fact, value in MESSENGER.profile.items()
            if visitor.asks(f"fact.{fact}").count() and not visitor.is_chosen(f"fact.{fact}", value)
        ]:
            visitor.option(f"fact.{left[0]}", MESSENGER.profile[left[0]]).click()
            visitor.page.wait_for_timeout(
                300
            )  # no matter how long: this is not timed, and what is not chosen by then is chosen again
            visitor.see()
        before = visitor.title
        visitor.next()
        visitor.page.wait_for_function(
            "before => document.querySelector('h1')?.innerText.trim() !== before", arg=before
        )
        visitor.see()


def answer(page: Page, ours: bool, words: str) -> float:
    """Until the page says something else than before: what exists for a gap in ours, the answer again in the bare one."""
    radio = page.get_by_test_id("stRadio").first
    if ours:
        gaps = (
            "[...document.querySelectorAll('summary')].filter(fold => fold.textContent.includes('Technologies')).length"
        )
        done = f"{gaps} !== {page.evaluate(gaps)}"
    else:
        done = f"[...document.querySelectorAll('[data-testid=stText]')].some(each => each.textContent === 'Chosen: {words}')"
    taken = milliseconds(
        radio.locator("label", has=page.locator("input")).filter(has_text=words).locator(f"text=/^{words}$/"), done
    )
    page.wait_for_function(f"() => {IDLE}")
    return taken


def next_page(page: Page, ours: bool) -> float:
    return milliseconds(page.locator("[class*='st-key-next-'] button"), SETTLED.format(AFTER if ours else "Two"))


def to_the_scorecard(page: Page, side: Side, *, first: bool) -> float:
    visitor = Visitor(page, side.address)
    if isinstance(side, Ours):
        if first:
            open_check(visitor)
        else:
            visitor.back("Check your answers")
        taken = milliseconds(visitor.button("See the scorecard"), SCORECARD)
        visitor.see("Scorecard")
        return taken
    if first:
        visitor.open("", "One")
    else:
        visitor.back("One")
    taken = milliseconds(
        page.locator("[class*='st-key-next-'] button"), "document.querySelector('h1')?.textContent.trim() === 'Two'"
    )
    visitor.see("Two")
    return taken
