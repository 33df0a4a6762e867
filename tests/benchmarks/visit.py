"""What a visit takes of a reader: clicks, pages, words and pixels, in Chromium. Prints; asserts nothing.

    python tests/benchmarks/visit.py

A provider of an encrypted messenger comes for the first time, opens no sample, answers every question and takes the scorecard's CSV along.
Words are those that are seen where nothing is unfolded: of each page once, as it is when it is left, and apart from it what stands around every page.
An analyst wants to know which recommendation binds a closed, encrypted messenger in tier 2.
"""

import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent)]  # where what the next lines import stands

from browser import Server, Visitor, launch, served
from examples import MESSENGER
from playwright.sync_api import Browser, sync_playwright
from sides import row

SERVICE, ANSWER = "Encrypted messenger, tier 2", "IJM-RES-2"
"""The typical service that the analyst looks for, and what is read where it stands."""
PAGES = 20
"""Pages after which a visit that has not come to its end never will."""


class Counted(Visitor):
    """A visitor whose clicks, pages and words are counted."""

    clicks = 0

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()
        self.clicks += 1

    def words(self, selector: str) -> int:
        """Words that are seen; the names of symbols are none, and what a button says to a screen reader alone."""
        unseen = f":is({selector}) :is([data-testid=stIconMaterial], [class*='st-key-change-'] em)"
        return self._words(selector) - self._words(unseen)

    def _words(self, selector: str) -> int:
        return sum(len(said.split()) for said in self.page.locator(selector).all_inner_texts())

    def answer(self, about: str, value: str) -> None:
        self.choose(about, value)
        self.clicks += 1
        self.see()


def provider(browser: Browser, server: Server, *, straight: bool) -> None:
    """straight: goes on to the scorecard by the list of steps as soon as all is answered, and leaves out the page that lists the answers."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        visitor = Counted(context.new_page(), server.address)
        visitor.open()
        words, around = {}, {}
        for _ in range(PAGES):
            for fact, value in MESSENGER.profile.items():
                if visitor.asks(f"fact.{fact}").count():
                    visitor.answer(f"fact.{fact}", value)
            for requirement, grade in MESSENGER.grades.items():
                if visitor.asks(f"grade.{requirement}").count():
                    visitor.answer(f"grade.{requirement}", grade)
            visitor.see()
            title = visitor.title
            steps = visitor.words(".mcm-name, .mcm-way")
            words[title] = visitor.words("[data-testid=stMain]") - steps
            around[title] = visitor.words("[data-testid=stHeader]") + steps
            tall = visitor.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight")
            row(title, [f"{words[title]:,} words", f"+ {around[title]} around", f"{tall:,} px"])
            if visitor.page.locator("[class*='st-key-csv']").count():
                break
            done = straight and not visitor.page.locator(".mcm-way .mcm-open").count() and len(words) > 1
            last = ".mcm-way [data-step=scorecard]" if done else "[class*='st-key-next-'] button"
            visitor.click(f"[class*='st-key-start'] button, {last}")
            visitor.page.wait_for_function(
                "title => document.querySelector('h1')?.innerText.trim() !== title", arg=title
            )
            visitor.see()
        place = visitor.page.evaluate(
            """() => document.querySelector("[class*='st-key-csv'] button").getBoundingClientRect().bottom
                + document.querySelector('[data-testid=stMain]').scrollTop"""
        )
        with visitor.page.expect_download():
            visitor.click("[class*='st-key-csv'] button")
        row(
            f"a provider, from Start to the file{', straight' if straight else ''}",
            [f"{visitor.clicks} clicks", f"{len(words)} pages"],
        )
        row("  words", [f"{sum(words.values()):,}", f"+ {sum(around.values()):,} around"])
        row("  the foot of the download's button, of all", [f"{place:,.0f} px", f"{tall:,} px"])


def analyst(browser: Browser, server: Server) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        visitor = Counted(context.new_page(), server.address)
        visitor.open()
        visitor.click("[data-testid=stTopNavLink]:has-text('Obligations')")
        of_service = visitor.page.locator("tbody").filter(has_text=SERVICE).first
        of_service.wait_for()
        read = ANSWER in of_service.inner_text().partition(SERVICE)[2]
        row("an analyst, from Start to the answer", [f"{visitor.clicks} clicks", "read" if read else "NOT READ"])


def main() -> None:
    with served() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        for straight in (False, True):
            provider(browser, server, straight=straight)
        analyst(browser, server)
        browser.close()


if __name__ == "__main__":
    main()
