"""What a step of the wizard costs. Prints; asserts nothing.

    python tests/benchmarks/steps.py

Three tables: the server's time for a rerun of each page, without a browser; a cold start, from the command to the first
page in a browser; and how long an answer takes to arrive, and Next to show the next step, in a browser with Streamlit's
garbage collection after every run switched off and on (`runner.postScriptGC`), in one run and as a ratio.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

TESTS = Path(__file__).parent.parent
sys.path[:0] = [str(TESTS), str(TESTS.parent)]

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from browser import Server, Visitor, launch  # noqa: E402
from examples import MESSENGER  # noqa: E402
from walk import Walk  # noqa: E402

TIMES = 15


def milliseconds(action: Callable[[], object]) -> float:
    before = perf_counter()
    action()
    return 1000 * (perf_counter() - before)


def reruns() -> None:
    """Each page, run again as it stands."""
    walk = Walk()
    pages = [walk.title]
    costs = {walk.title: median(milliseconds(walk.app.run) for _ in range(TIMES))}
    walk.open_sample(MESSENGER.sample)
    while walk.title not in pages:
        costs[walk.title] = median(milliseconds(walk.app.run) for _ in range(TIMES))
        pages.append(walk.title)
        if any((each.key or "").startswith("back.") for each in walk.app.button):
            walk.back()
    print(f"A rerun of a page on the server, median of {TIMES}")
    for title, cost in costs.items():
        print(f"  {cost:7.1f} ms  {title}")


def cold_start(browser: Browser) -> None:
    before = perf_counter()
    server = Server()
    answers = perf_counter() - before
    try:
        page = browser.new_page()
        Visitor(page, server.address).open()
        first = perf_counter() - before
        page.close()
    finally:
        server.stop()
    print(f"A cold start: {answers:.2f} s until the server answers, {first:.2f} s until the first page is all there")


def latency(browser: Browser, collect: bool) -> tuple[float, float]:
    """Milliseconds until an answer has been to the server and back into the tab, and until Next shows the next step."""
    server = Server("--runner.postScriptGC", str(collect).lower())
    try:
        visitor = Visitor(browser.new_page(), server.address)
        visitor.open_with((TESTS.parent / "questionnaire/samples/encrypted_messenger.json").read_bytes(), "res-mcm10", "Disrupt and deter CSAM")
        arrived = [milliseconds(lambda grade=grade: visitor.choose("grade.RES-MCM10.a", grade)) for grade in ("met", "not_met") * (TIMES // 2)]
        steps = []
        for _ in range(TIMES // 2):
            steps.append(milliseconds(lambda: visitor.next("Act on breaches of terms: class 1B material")))
            visitor.back("Disrupt and deter CSAM")
        visitor.page.close()
    finally:
        server.stop()
    return median(arrived), median(steps)


def main() -> None:
    reruns()
    with sync_playwright() as playwright:
        browser = launch(playwright)
        cold_start(browser)
        off, on = latency(browser, collect=False), latency(browser, collect=True)
        browser.close()
    print("In the browser, medians        garbage collection off        on     ratio")
    for what, without, with_ in zip(("an answer has arrived", "Next shows the next step"), off, on, strict=True):
        print(f"  {what:<30} {without:16.0f} ms {with_:8.0f} ms {with_ / without:8.1f}")


if __name__ == "__main__":
    main()
