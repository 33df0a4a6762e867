"""The wizard with the keyboard alone: every control reached in the order of the page, the focus seen wherever it is, errors told where they are."""

from typing import Any

import pytest
from browser import Visitor, messenger_at
from examples import MESSENGER
from tour import PLANNED, RES, START, UNJUSTIFIED, Tourist, press, sees
from tour import State as Place

pytestmark = pytest.mark.browser

FOCUSED = """() => {
    const here = document.activeElement;
    if (!here || here === document.body) return null;
    window.stops ??= [];
    const before = window.stops.at(-1), grid = each => each.closest('[data-testid=stDataFrame]');  // in a grid, Tab goes from cell to cell and then on
    const seen = getComputedStyle(grid(here) ?? [here, here.parentElement, here.closest('label')].filter(each => each).find(each => getComputedStyle(each).outlineStyle === 'solid') ?? here);
    window.stops.push(here);
    return {
        what: `${here.tagName} ${here.dataset.testid ?? ''} ${here.getAttribute('aria-label') ?? here.innerText ?? ''}`.slice(0, 100),
        outline: seen.outlineStyle === 'none' ? 0 : parseFloat(seen.outlineWidth), colour: seen.outlineColor,
        follows: !before || (grid(before) && grid(before) === grid(here)) || Boolean(before.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING),
        again: !grid(here) && window.stops.indexOf(here) < window.stops.length - 1,
    };
}"""
NOT_REACHED = """() => [...document.querySelectorAll('[data-testid=stApp] :is(a[href], button, summary, textarea, select, input:not([type=file]))')]
    .filter(each => each.checkVisibility() && each.tabIndex >= 0 && !each.closest('[data-testid=stDataFrame], [data-testid=stElementToolbar]'))
    .filter(each => !window.stops.some(stop => stop === each || (each.type === 'radio' && stop.type === 'radio' && stop.name === each.name)))
    .map(each => `${each.tagName} ${each.getAttribute('aria-label') ?? each.innerText}`.slice(0, 100))"""
"""Of a radio group one stop is enough: the arrows go through it."""


def ink(visitor: Visitor) -> str:
    """The colour of the text, which the outline of the focus has as well: it stands out wherever the text does."""
    return visitor.page.evaluate("() => getComputedStyle(document.querySelector('[data-testid=stApp]')).color")


def focus(visitor: Visitor) -> dict[str, Any] | None:
    """Where the focus is, whether it is seen, and whether it came on in the order of the page."""
    return visitor.page.evaluate(FOCUSED)


def tab_to(visitor: Visitor, selector: str) -> None:
    """Press Tab until the focus is on an element; it has to come within a page's worth of stops, and to be seen at each."""
    for _ in range(60):
        if visitor.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        visitor.page.keyboard.press("Tab")
        here = focus(visitor)
        assert here is None or here["outline"] >= 2, f"the focus is not seen: {here}"
    raise AssertionError(
        f"Tab does not reach {selector}; the focus is on {visitor.page.evaluate('() => document.activeElement.outerHTML.slice(0, 300)')}"
    )


def choose_by_key(visitor: Visitor, fact: str, value: str, down: int) -> None:
    tab_to(visitor, f"[class*='-fact-{fact}'] input")
    by_arrows(visitor, down)
    visitor.until_kept(lambda kept: kept["profile"].get(fact) == value)
    visitor.see()
    assert visitor.page.evaluate(
        "selector => document.activeElement.matches(selector)", f"[class*='-fact-{fact}'] input"
    ), "the focus stays where it was"


def by_arrows(visitor: Visitor, down: int) -> None:
    visitor.page.keyboard.press("Space")
    for _ in range(down):
        visitor.page.keyboard.press("ArrowDown")


def enter(visitor: Visitor, button: str, title: str) -> None:
    """Go to a button and press Enter: the page that it leads to is at its top, and the focus at its heading."""
    tab_to(visitor, f"[class*='st-key-{button}'] button")
    visitor.page.keyboard.press("Enter")
    visitor.see(title)
    visitor.page.wait_for_function(
        "title => document.activeElement.tagName === 'H1' && document.activeElement.innerText.trim() === title",
        arg=title,
    )
    assert visitor.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") == 0


def download_by_key(visitor: Visitor, key: str) -> str:
    tab_to(visitor, f"[class*='st-key-{key}'] button")
    with visitor.page.expect_download() as coming:
        visitor.page.keyboard.press("Enter")
    return coming.value.suggested_filename


def described(visitor: Visitor, about: str) -> dict[str, str | None]:
    """What is read out with the field about something, beside its name."""
    return (
        visitor.asks(about)
        .locator("[role=radiogroup], textarea, input")
        .first.evaluate(
            """each => ({
            said: (each.getAttribute('aria-describedby') ?? '').split(' ').map(id => document.getElementById(id)?.innerText ?? '').join(' '),
            needed: each.getAttribute('aria-required'), wrong: each.getAttribute('aria-invalid'),
        })"""
        )
    )


# ------------------------------------------------------------------------------------------ from the start to the download
def test_a_whole_case_goes_from_the_start_page_to_the_downloads_with_the_keyboard_alone(visitor: Visitor) -> None:
    visitor.open()
    enter(visitor, "start", "Your service")
    tab_to(visitor, "[class*='-name'] input")
    visitor.page.keyboard.type("Chat")
    down = {
        "category": 1,
        "hosting": 0,
        "tier": 0,
        "encryption": 2,
        "communication": 1,
        "livestream": 0,
        "capable": 1,
        "esafety_approval": 0,
    }
    for fact, value in {**dict.fromkeys(down, ""), **MESSENGER.profile}.items():
        if fact != "esafety_approval":
            choose_by_key(visitor, fact, value, down[fact])
    enter(visitor, "next-", "Not capable?")
    choose_by_key(visitor, "esafety_approval", "not_sought", 0)
    tab_to(visitor, "[class*='-examined-client_side_hashing'] input")
    visitor.page.keyboard.press("Space")
    visitor.asks("reason.client_side_hashing").wait_for()
    tab_to(visitor, "[class*='-reason-client_side_hashing'] textarea")
    visitor.page.keyboard.type("Too slow on old telephones.")
    visitor.until_kept(lambda kept: kept["technologies"] == {"client_side_hashing": "Too slow on old telephones."})
    measures = {
        "Act on breaches of terms: class 1A material": ("RES-MCM3.a",),
        "Detect and remove known CSAM": ("RES-MCM8.a", "RES-MCM8.b"),
        "Disrupt and deter CSAM": ("RES-MCM10.a", "RES-MCM10.b", "RES-MCM10.c", "RES-MCM10.d"),
        "Act on breaches of terms: class 1B material": ("RES-MCM11.a",),
    }
    for title, requirements in measures.items():
        enter(visitor, "next-", title)
        for number, requirement in enumerate(requirements):
            tab_to(visitor, f"[class*='-grade-{requirement.replace('.', '-')}'] input")
            by_arrows(visitor, number % 3)
            visitor.until_kept(
                lambda kept, requirement=requirement, number=number: (
                    kept["answers"].get(requirement, {}).get("grade") == ("met", "partly", "not_met")[number % 3]
                )
            )
            visitor.until_heard()  # what is drawn anew meanwhile would take the next key
        note = f"[class*='-note-{requirements[-1].replace('.', '-')}']"
        tab_to(visitor, f"details:has({note}) > summary")
        visitor.page.keyboard.press("Enter")
        tab_to(visitor, f"{note} textarea")
        visitor.page.keyboard.type("Typed.")
    enter(visitor, "next-", "Check your answers")
    visitor.page.get_by_text("Every question is answered.").wait_for()
    enter(visitor, "next-", "Scorecard")
    visitor.page.get_by_text("as amended, 4 of 4").first.wait_for()
    assert [download_by_key(visitor, key) for key in ("csv", "report")] == ["chat-scorecard.csv", "chat-report.html"]
    tab_to(visitor, "[data-testid='stPopover'] button")  # the next one is that of more files
    visitor.page.keyboard.press("Enter")
    assert download_by_key(visitor, "json") == "chat-assessment.json"
    assert {key: each["note"] for key, each in visitor.kept()["answers"].items() if each["note"]} == {
        each[-1]: "Typed." for each in measures.values()
    }


# ------------------------------------------------------------------------------------------ every stop
PLACES = (
    Place("the start page", "", START, RES, (sees("You have answers here"),)),
    Place("the service", "your-service", "Your service", RES),
    Place("the claim", "not-capable", "Not capable?", RES),
    Place("a measure", "res-mcm10", "Disrupt and deter CSAM", RES),
    Place("the answers", "check", "Check your answers", RES),
    Place("the scorecard", "scorecard", "Scorecard", RES, (sees("More files"),)),
    Place("the plan", "plan", "Plan", PLANNED, (press("Change Act on breaches of the terms of service: class 1A"),)),
    Place(
        "the obligations",
        "obligations?view=map",
        "Who is bound, and who slips through",
        RES,
        (sees("The whole map as a file"),),
    ),
    Place(
        "many services",
        "portfolio",
        "Portfolio: many services at once",
        RES,
        (press("Show the example"), sees("The name of a service, as it stands in the file")),
    ),
)


@pytest.mark.parametrize(
    ("place", "dark"),
    [*((each, False) for each in PLACES), (PLACES[3], True), (PLACES[-1], True)],
    ids=lambda each: each.says if isinstance(each, Place) else "dark" if each else "light",
)
def test_tab_reaches_everything_in_the_order_of_the_page_and_the_focus_is_seen(
    visitor: Visitor, place: Place, dark: bool
) -> None:
    Tourist(visitor).go(place)
    visitor.dark(dark)
    visitor.see()
    visitor.page.locator("[data-testid=stSkipToContent]").focus()
    for keys in ("Tab", "Shift+Tab"):  # back by key, since what a script focuses after a click is not shown as focused
        visitor.page.keyboard.press(keys)
    visitor.page.evaluate("() => { window.stops = []; }")
    found = [focus(visitor)]
    for _ in range(150):
        visitor.page.keyboard.press("Tab")
        here = focus(visitor)
        if here is None or here["again"]:
            break
        found.append(here)
    assert [each for each in found if each["outline"] < 2 or each["colour"] != ink(visitor)] == []
    assert [each["what"] for each in found if not each["follows"]] == []
    assert visitor.page.evaluate(NOT_REACHED) == []
    assert len(found) > 8


# ------------------------------------------------------------------------------------------ errors are told where they are
def test_a_question_that_holds_next_up_says_so_itself_until_it_is_answered(visitor: Visitor) -> None:
    visitor.open("your-service", "Your service")
    visitor.choose("fact.category", "sms")
    assert described(visitor, "fact.tier")["wrong"] is None
    assert described(visitor, "fact.tier")["needed"] == "true"
    assert "In doubt, choose tier 1." in described(visitor, "fact.tier")["said"]
    tab_to(visitor, "[class*='st-key-next-'] button")
    visitor.page.keyboard.press("Enter")
    visitor.page.get_by_role("alert").filter(
        has_text="To go on, please answer: Who manages what is stored on it? · Which risk tier is it in?"
    ).wait_for()
    visitor.page.wait_for_function(
        "() => document.activeElement.closest('[role=radiogroup]')?.getAttribute('aria-label') === 'Who manages what is stored on it?'"
    )
    assert focus(visitor)["outline"] >= 2
    for fact in ("hosting", "tier", "encryption", "livestream"):
        assert described(visitor, f"fact.{fact}")["wrong"] == "true"
        assert described(visitor, f"fact.{fact}")["said"].startswith("⚠ Please answer this question.")
    assert described(visitor, "fact.category")["wrong"] is None
    choose_by_key(visitor, "hosting", "provider_managed", 0)
    visitor.page.wait_for_function("() => document.querySelectorAll('[aria-invalid=true]').length === 3")
    assert "Please answer" not in described(visitor, "fact.hosting")["said"]
    visitor.top("Sources").click()
    visitor.see("Sources")
    visitor.page.go_back()
    visitor.see("Your service")
    assert visitor.page.locator("[aria-invalid=true]").count() == 0


def test_a_justification_that_is_missing_is_told_with_its_field(visitor: Visitor) -> None:
    Tourist(visitor).go(
        Place(
            "", "sms-mcm10", "Disrupt and deter CSAM, new CSAM included", UNJUSTIFIED, (sees("counts as unanswered"),)
        )
    )
    assert described(visitor, "note.SMS-MCM10.c") == {
        "said": "Without a written justification this counts as unanswered.",
        "needed": "true",
        "wrong": "true",
    }
    assert described(visitor, "note.SMS-MCM10.a") == {"said": "", "needed": None, "wrong": None}
    visitor.field("note.SMS-MCM10.c").fill("Tested in 2025.")
    visitor.page.wait_for_function("() => !document.querySelector('[aria-invalid=true]')")
    assert described(visitor, "note.SMS-MCM10.c") == {"said": "", "needed": "true", "wrong": None}


def test_what_a_measure_asks_only_with_a_recommendation_is_read_out_with_its_question(visitor: Visitor) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    assert described(visitor, "grade.RES-MCM8.a")["said"].startswith("Only as amended (IJM-RES-2)")


@pytest.mark.parametrize(
    ("address", "title", "said"),
    [
        ("", START, "This file was not opened"),
        ("portfolio", "Portfolio: many services at once", "This file cannot be scored"),
        ("returns", "Returns: what providers sent", "This file cannot be verified"),
    ],
)
def test_a_refused_file_is_told_with_the_button_that_uploads_another(
    visitor: Visitor, address: str, title: str, said: str
) -> None:
    visitor.open(address, title)
    visitor.page.locator("input[type=file]").set_input_files(
        {"name": "foreign.json" if not address else "foreign.csv", "mimeType": "text/plain", "buffer": b"{}"}
    )
    visitor.page.get_by_role("alert").filter(has_text=said).wait_for()
    visitor.page.wait_for_function(
        """said => [...document.querySelectorAll('[data-testid=stFileUploader] button[aria-describedby]')]
            .some(each => each.getAttribute('aria-describedby').split(' ').some(id => document.getElementById(id)?.innerText.includes(said)))""",
        arg=said,
    )


def test_a_name_that_no_service_has_is_told_with_its_field(visitor: Visitor) -> None:
    visitor.open("portfolio", "Portfolio: many services at once")
    visitor.press("Show the example")
    field = visitor.page.get_by_label("The name of a service, as it stands in the file")
    field.fill("whisper")
    visitor.page.wait_for_function("() => document.querySelector('[aria-invalid=true]')")
    assert field.get_attribute("aria-invalid") == "true"
    assert (
        "No scored service in the file has exactly this name."
        in visitor.page.locator(f"#{field.get_attribute('aria-describedby').split(' ')[0]}").inner_text()
    )
