"""What only a real browser shows: steps, files, and that nothing leaves."""

import io
from pathlib import Path
from urllib.parse import urlsplit

import pandas
import pytest
from browser import SAMPLES, Server, Visit, Visitor, messenger_at, outside
from examples import MESSENGER

from scoring.score.scorecard import COLUMNS

pytestmark = pytest.mark.browser


# ------------------------------------------------------------------------------------------ steps
def test_a_new_step_begins_at_its_top_with_the_focus_on_its_heading_and_its_name_in_the_title(visitor: Visitor) -> None:
    visitor.open_sample(MESSENGER.sample)
    visitor.back("Check your answers")
    visitor.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    visitor.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 100000)")
    assert visitor.page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTop") > 0
    visitor.next("Scorecard")
    visitor.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    assert visitor.page.evaluate(
        "() => [document.querySelector('[data-testid=stMain]').scrollTop, document.activeElement.innerText.trim()]"
    ) == [0, "Scorecard"]
    assert visitor.page.title() == "Step 8 of 8: Scorecard – MCM Scorecard"
    assert visitor.page.evaluate("() => document.documentElement.lang").startswith("en")
    visitor.back("Check your answers")
    visitor.page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    assert visitor.page.title() == "Step 7 of 8: Check your answers – MCM Scorecard"


def test_the_browsers_back_and_forward_move_between_steps_and_keep_the_answers_and_a_fold_stays_as_it_was_left(
    visitor: Visitor,
) -> None:
    messenger_at(visitor, "Disrupt and deter CSAM")
    opened = visitor.page.locator("details[open]").filter(has_text="Glossary")
    visitor.unfold("Glossary")
    visitor.choose("grade.RES-MCM10.a", "met")
    assert opened.count() == 1
    visitor.next("Act on breaches of terms: class 1B material")
    assert opened.count() == 0, "the fold in the same place of another page is not the one that was opened"
    visitor.page.go_back()
    visitor.see("Disrupt and deter CSAM")
    assert visitor.is_chosen("grade.RES-MCM10.a", "met")
    visitor.page.go_forward()
    visitor.see("Act on breaches of terms: class 1B material")
    assert visitor.page.url.endswith("/res-mcm11")


@pytest.mark.parametrize(
    "address",
    ["your-service?tier=tier_9&answers=%3Cscript%3E&x", "obligations?category=nonsense&amendments=%FF", "no-such-page"],
)
def test_an_address_with_nonsense_in_it_shows_a_page_and_leaves_the_answers_as_they_were(
    visitor: Visitor, address: str
) -> None:
    visitor.open_with((SAMPLES / "large_social_network.json").read_bytes(), "check", "Check your answers")
    before = visitor.kept()
    visitor.page.goto(f"{visitor.address}/{address}")
    visitor.page.locator("h1").wait_for(state="attached")
    visitor.until_kept(lambda kept: kept == before)
    assert "Traceback" not in visitor.page.content()
    visitor.open("check", "Check your answers")
    visitor.page.get_by_text("Everything that is asked is answered.").wait_for()
    assert visitor.kept() == before


def test_what_is_seen_first_of_the_scorecard_is_one_screen_and_on_the_narrowest_two_with_the_table_whole(
    visitor: Visitor,
) -> None:
    visitor.open_sample(MESSENGER.sample)
    assert foot_of_what_is_seen_first(visitor) <= 900
    visitor.page.set_viewport_size({"width": 320, "height": 800})
    visitor.see()
    result = visitor.page.get_by_test_id("stTable").first
    assert "As amended" in result.inner_text()
    assert result.evaluate("each => each.querySelector('table').offsetWidth <= each.clientWidth")
    assert foot_of_what_is_seen_first(visitor) <= 2 * 800


def foot_of_what_is_seen_first(visitor: Visitor) -> float:
    """Where the first part of the scorecard ends, in pixels from the top of the page."""
    visitor.page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    first = visitor.page.locator(".st-key-scorecard-first").bounding_box()
    assert first
    return first["y"] + first["height"]


# ------------------------------------------------------------------------------------------ files
def test_the_downloaded_csv_opens_in_pandas_and_the_downloaded_json_resumes_for_somebody_else(
    visit: Visit, tmp_path: Path
) -> None:
    first, second = visit(), visit()
    name = "Zoës Überdienst – “naïve”"
    messenger_at(first, "Your service")
    first.field("name").fill(name)
    first.next("Not capable?")
    first.open("scorecard", "Scorecard")
    first.page.get_by_text(name).first.wait_for()
    table = pandas.read_csv(io.BytesIO(first.download("Download the scorecard (CSV)")))
    assert tuple(table.columns) == COLUMNS
    assert set(table["service"]) == {name}
    assert table["amended_points"].sum() == 3
    assert table["amended_out_of"].sum() == 16
    saved = first.download("Save your answers (JSON)")

    path = tmp_path / "saved.json"
    path.write_bytes(saved)
    second.open()
    second.page.locator("input[type=file]").set_input_files(path)
    second.press("Open this file", "Scorecard")
    assert "As drafted, 1 of 4 measures is owed; as amended, 4 of 4." in second.text()
    assert second.download("Save your answers (JSON)") == saved


def test_a_file_that_is_too_large_or_foreign_gets_a_message_and_the_answers_stay(
    visitor: Visitor, tmp_path: Path
) -> None:
    visitor.open_with((SAMPLES / "large_social_network.json").read_bytes(), "check", "Check your answers")
    before = visitor.kept()
    visitor.top("Assess").click()
    visitor.see("What would the draft codes ask of your service?")
    for name, content, message in (
        ("larger.json", b" " * (20 * 1024 * 1024 + 1), "20.0MB or smaller"),
        ("large.json", b" " * (1024 * 1024 + 1), "over 1 MiB"),
        ("foreign.json", b'{"a": 1}', "'format' is missing"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        visitor.see()  # the uploader may be drawn anew until then
        visitor.page.locator("input[type=file]").set_input_files(path)
        visitor.page.get_by_text(message).first.wait_for()
        assert visitor.button("Open this file").count() == 0
        assert visitor.kept() == before


def test_what_was_typed_is_never_run_and_never_becomes_markup(visitor: Visitor) -> None:
    markup = "<img src=x onerror=\"document.title='run'\"> **bold** [link](https://example.org) :red[red]"
    messenger_at(visitor, "Your service")
    visitor.field("name").fill(markup)
    visitor.next("Not capable?")
    visitor.open("res-mcm8", "Detect and remove known CSAM")
    visitor.field("note.RES-MCM8.a").fill(markup)
    visitor.next("Disrupt and deter CSAM")
    for address, title in (("check", "Check your answers"), ("scorecard", "Scorecard")):
        visitor.open(address, title)
        if title == "Scorecard":
            visitor.page.locator("summary", has_text="Every requirement, and why").click()
        visitor.page.get_by_text(markup).nth(1).wait_for(state="attached")  # the name, and the note
        assert visitor.page.locator("img[src=x], a[href='https://example.org']").count() == 0
        assert title in visitor.page.title()


# ------------------------------------------------------------------------------------------ nothing leaves
def test_a_whole_walk_asks_nobody_but_the_app_itself(visit: Visit, server: Server, requests: list[str]) -> None:
    visitor = visit()
    visitor.open_sample(MESSENGER.sample)
    visitor.download("Download the scorecard (CSV)")
    visitor.press("Back", "Check your answers")
    visitor.top("Sources").click()
    visitor.see("Sources")
    visitor.page.reload()
    visitor.see("Sources")
    assert len(requests) > 50
    assert any(each.startswith("ws://") for each in requests)
    assert outside(requests, {urlsplit(server.address).netloc}) == []
    assert outside([*requests, "https://example.org/count"], {urlsplit(server.address).netloc}) == [
        "https://example.org/count"
    ]


def test_a_regulator_sees_on_the_first_screen_what_there_is_for_them(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.open()
    for page in ("Obligations: who", "Portfolio: many", "Returns: verify"):
        link = visitor.page.get_by_role("link", name=page).bounding_box()
        assert link and link["y"] + link["height"] < 900, page
