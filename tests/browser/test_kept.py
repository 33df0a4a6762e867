"""Nothing is lost, in a real browser: a refresh, a restarted or killed server, a closed tab; and nothing is kept that is not to be."""

import json
import os
import re
import signal
from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from browser import PATIENCE, SAMPLES, Visit, Visitor, messenger_at, served
from examples import MESSENGER

pytestmark = pytest.mark.browser


# ------------------------------------------------------------------------------------------ nothing is lost
def test_a_note_that_was_just_typed_is_there_after_next_and_back(visitor: Visitor) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    visitor.field("note.RES-MCM8.a").click()
    visitor.page.keyboard.type("Typed and gone on at once")
    visitor.next("Disrupt and deter CSAM")
    visitor.back("Detect and remove known CSAM")
    assert visitor.field("note.RES-MCM8.a").input_value() == "Typed and gone on at once"
    visitor.field("note.RES-MCM8.b").click()
    visitor.page.keyboard.type("Left by the navigation")
    visitor.top("Sources").click()
    visitor.until_kept(lambda kept: kept["answers"]["RES-MCM8.b"]["note"] == "Left by the navigation")
    assert visitor.kept()["answers"]["RES-MCM8.a"]["note"] == "Typed and gone on at once"


def test_what_is_typed_counts_while_the_field_is_still_being_written_in_and_typing_on_is_not_disturbed(
    visitor: Visitor,
) -> None:
    messenger_at(visitor, "Detect and remove known CSAM")
    field = visitor.field("note.RES-MCM8.a")
    field.click()
    typed = ""
    for part in ("First thought,", " second thought,", "\nand a third", " on a new line"):
        visitor.page.keyboard.type(part)
        typed += part
        visitor.until_kept(
            lambda kept, typed=typed: kept["answers"]["RES-MCM8.a"]["note"] == typed
        )  # and typed on at once
    assert field.input_value() == typed
    assert field.evaluate("each => each === document.activeElement")
    visitor.page.reload()
    visitor.page.wait_for_selector(".mcm-way")
    visitor.see("Detect and remove known CSAM")
    assert visitor.field("note.RES-MCM8.a").input_value() == typed


def test_answers_clicked_faster_than_the_app_can_follow_are_all_there(visitor: Visitor) -> None:
    messenger_at(visitor, "Disrupt and deter CSAM")
    wanted = {"RES-MCM10.a": "not_met", "RES-MCM10.b": "met", "RES-MCM10.c": "not_met", "RES-MCM10.d": "partly"}
    inputs = [visitor.option(f"grade.{id}", grade).locator("input").element_handle() for id, grade in wanted.items()]
    following = visitor.page.locator("[class*='st-key-next-'] button").element_handle()
    visitor.page.evaluate("clicked => clicked.forEach(each => each.click())", [*inputs, following])
    visitor.see("Act on breaches of terms: class 1B material")
    visitor.until_kept(lambda kept: {id: kept["answers"][id]["grade"] for id in wanted} == wanted)
    assert visitor.kept()["answers"]["RES-MCM10.a"]["note"] == "Prompts to report since 2025."
    visitor.back("Disrupt and deter CSAM")
    assert [id for id, grade in wanted.items() if not visitor.is_chosen(f"grade.{id}", grade)] == []


def test_a_refresh_keeps_the_answers_and_the_step(visitor: Visitor) -> None:
    messenger_at(visitor, "Disrupt and deter CSAM")
    visitor.choose("grade.RES-MCM10.a", "met")
    before = visitor.kept()
    visitor.page.reload()
    visitor.see("Disrupt and deter CSAM")
    assert visitor.is_chosen("grade.RES-MCM10.a", "met")
    assert visitor.field("note.RES-MCM10.c").input_value() == "Limits on forwarding."
    assert visitor.kept() == before
    assert visitor.page.title().startswith("Step 5 of 8")


def test_a_refresh_keeps_what_is_not_known_yet_and_what_the_scorecard_adopts_and_neither_is_in_the_address_or_the_answers(
    visitor: Visitor,
) -> None:
    messenger_at(visitor, "Disrupt and deter CSAM")
    visitor.choose("grade.RES-MCM10.a", "")
    visitor.page.reload()
    visitor.see("Disrupt and deter CSAM")
    visitor.asks("grade.RES-MCM10.a").locator("label:has(input:checked)", has_text="Not known yet").wait_for()
    visitor.open("scorecard", "Scorecard")
    visitor.unfold("Recommendations adopted: 9 of 9")
    visitor.press("Adopt none")
    visitor.page.get_by_text("Recommendations adopted: 0 of 9").wait_for()
    visitor.page.wait_for_function(
        "() => JSON.parse(sessionStorage.getItem('mcm.beside')).adopted?.length === 0"
    )  # what is to be kept is said with the foot of the page, a moment after the figure
    before = visitor.kept()
    visitor.page.reload()
    visitor.page.get_by_text("Recommendations adopted: 0 of 9").wait_for()
    assert (visitor.kept(), visitor.page.url.partition("?")[1]) == (before, "")


def test_a_restarted_server_keeps_the_answers_and_the_step(visit: Visit) -> None:
    with served() as other:
        visitor = visit(at=other)
        messenger_at(visitor, "Detect and remove known CSAM")
        visitor.choose("grade.RES-MCM8.a", "partly")
        before = visitor.kept()
        visitor.page.evaluate(
            """() => {
                const app = document.querySelector('[data-testid=stApp]');
                new MutationObserver(() => { window.ran ||= app.dataset.testScriptState === 'running'; }).observe(app, {attributes: true});
            }"""
        )
        other.stop()
        visitor.page.wait_for_selector("[data-testid=stApp]:not([data-test-connection-state=CONNECTED])")
        other.start()
        visitor.page.wait_for_function("() => window.ran")  # by itself, before anything is clicked that would be lost
        visitor.page.wait_for_selector(".mcm-way")
        visitor.see("Detect and remove known CSAM")
        assert visitor.is_chosen("grade.RES-MCM8.a", "partly")
        assert visitor.kept() == before
        visitor.choose("grade.RES-MCM8.b", "met")
        assert visitor.kept()["answers"] == {**before["answers"], "RES-MCM8.b": {"grade": "met", "note": ""}}
        visitor.next("Disrupt and deter CSAM")


def test_another_person_sees_nothing_and_another_tab_of_the_same_person_begins_empty(visit: Visit) -> None:
    first = visit()
    messenger_at(first, "Detect and remove known CSAM")
    first.choose("grade.RES-MCM8.a", "partly")
    for other in (visit(), visit(beside=first)):
        other.open("scorecard", "Scorecard")
        assert "There is no scorecard yet" in other.text()
        assert other.kept() is None


def test_answers_that_were_started_again_do_not_come_back_with_a_refresh(visitor: Visitor) -> None:
    visitor.open_sample(MESSENGER.sample)
    visitor.top("Assess").click()
    visitor.see("What would the draft codes ask of your service?")
    visitor.press("Start again with nothing answered")
    visitor.press("Yes, remove them and start again", "Your service")
    visitor.page.reload()
    visitor.see("Your service")
    assert visitor.chosen("fact.category") is None
    assert visitor.kept() is None


@pytest.mark.parametrize("stored", ["{", json.dumps({"format": "mcm-assessment/1", "colour": "red"})])
def test_what_a_tab_keeps_and_cannot_be_read_is_said_and_the_app_goes_on(visitor: Visitor, stored: str) -> None:
    visitor.open("your-service", "Your service")
    visitor.page.evaluate("stored => sessionStorage.setItem('mcm-assessment', stored)", stored)
    visitor.page.reload()
    visitor.page.get_by_text("kept answers that can no longer be read").wait_for()
    visitor.choose("fact.category", "sms")
    assert visitor.kept()["profile"] == {"category": "sms"}


def test_what_a_tab_keeps_and_cannot_be_read_is_there_after_every_reload_until_others_are_given_or_all_are_forgotten(
    visitor: Visitor,
) -> None:
    said = visitor.page.get_by_text("kept answers that can no longer be read")

    def begin(category: str) -> None:
        visitor.page.evaluate(
            "stored => { sessionStorage.setItem('mcm-assessment', stored); localStorage.setItem('mcm-keeping-off', 'off'); }",
            "{colour}",
        )
        for _ in range(3):
            visitor.page.reload()
            said.wait_for()
            visitor.see("Your service")
        visitor.choose("fact.category", category)
        visitor.until_kept(lambda kept: kept["profile"] == {"category": category})
        visitor.until_heard()

    visitor.open("your-service", "Your service")
    begin("sms")
    visitor.page.reload()
    visitor.page.get_by_text("Your answers are kept in this tab, until you close it.").wait_for()
    visitor.see("Your service")
    assert not said.count() and visitor.is_chosen("fact.category", "sms")

    visitor.page.evaluate("() => sessionStorage.setItem('mcm-assessment', '{colour}')")
    visitor.page.reload()
    said.wait_for()
    visitor.unfold("Where your answers are kept")
    visitor.press("Forget all answers in this browser", "What would the draft codes ask of your service?")
    assert "{colour}" not in visitor.page.evaluate("() => Object.values(sessionStorage)")


def test_keeping_that_is_turned_off_in_one_tab_leaves_nothing_of_the_others_on_the_device(visit: Visit) -> None:
    first = visit()
    began(first, "One")
    second = visit(beside=first)
    began(second, "Two", "sms")
    turn_keeping(second)
    until_on_device(first, lambda kept: not kept)
    assert first.kept()["service_name"] == "One" and second.kept()["service_name"] == "Two"


# ------------------------------------------------------------------------------------------ a closed tab
def began(visitor: Visitor, name: str, category: str = "res") -> None:
    """A service with a name and a category, kept on the device."""
    visitor.open("your-service", "Your service")
    visitor.field("name").fill(name)
    visitor.choose("fact.category", category)
    visitor.until_kept(lambda kept: kept["service_name"] == name)
    until_on_device(
        visitor,
        lambda kept: any(each["service_name"] == name and each["profile"] == {"category": category} for each in kept),
    )


def on_device(visitor: Visitor) -> list[dict[str, Any]]:
    """The answers that the browser keeps for after a tab is closed."""
    found = visitor.page.evaluate(
        "() => Object.entries(localStorage).filter(([name]) => name.startsWith('mcm-kept.')).map(([, kept]) => kept)"
    )
    return [json.loads(json.loads(each)["assessment"]) for each in found]


def until_on_device(visitor: Visitor, holds: Callable[[list[dict[str, Any]]], bool]) -> None:
    until = monotonic() + PATIENCE / 1000
    while not holds(kept := on_device(visitor)):
        assert monotonic() < until, f"the browser keeps {kept}"
        visitor.page.wait_for_timeout(20)


def anything_of_ours(visitor: Visitor) -> list[str]:
    """What either storage holds that could be an answer."""
    return visitor.page.evaluate(
        "() => [...Object.entries(localStorage), ...Object.entries(sessionStorage)].filter(([name]) => name.startsWith('mcm-') && name !== 'mcm-slot').map(([name]) => name)"
    )


def next_visit(visit: Visit, before: Visitor, address: str = "", title: str | None = None) -> Visitor:
    """The tab is closed, and later another one is opened."""
    again = visit(beside=before)
    before.page.close()
    again.open(address, title)
    return again


def continue_(visitor: Visitor, title: str) -> None:
    button = visitor.page.get_by_role(
        "button", name=re.compile(r"^Continue where you were \(saved \d+ [A-Z][a-z]+, \d\d:\d\d\)$")
    )
    button.wait_for()
    visitor.see()
    button.click()
    visitor.see(title)


def test_after_the_tab_was_closed_a_new_one_offers_to_continue_at_the_step_where_it_was_left_with_every_answer_and_note(
    visit: Visit,
) -> None:
    first = visit()
    messenger_at(first, "Disrupt and deter CSAM")
    first.choose("grade.RES-MCM10.a", "met")
    first.field("note.RES-MCM10.b").fill("Since “2024” – naïve, yes")
    first.until_kept(lambda kept: kept["answers"].get("RES-MCM10.b", {}).get("note") == "Since “2024” – naïve, yes")
    first.page.get_by_text("Your answers are kept in this browser. Last at").wait_for()
    before = first.kept()
    until_on_device(first, lambda kept: kept == [before])
    again = next_visit(visit, first)
    again.page.get_by_text(before["service_name"], exact=True).wait_for()
    continue_(again, "Disrupt and deter CSAM")
    again.page.get_by_text("Your answers are as you left them.").wait_for()
    assert again.field("note.RES-MCM10.b").input_value() == "Since “2024” – naïve, yes"
    assert again.is_chosen("grade.RES-MCM10.a", "met")
    again.choose("grade.RES-MCM10.a", "partly")
    until_on_device(
        again, lambda kept: [each["answers"]["RES-MCM10.a"]["grade"] for each in kept] == ["partly"]
    )  # and it is the same copy
    again.page.reload()
    again.see("Disrupt and deter CSAM")
    assert again.is_chosen("grade.RES-MCM10.a", "partly")


def test_every_page_of_the_wizard_that_has_nothing_to_show_offers_to_continue(visit: Visit) -> None:
    first = visit()
    began(first, "Left behind")
    again = next_visit(visit, first, "scorecard", "Scorecard")
    continue_(again, "Your service")
    assert again.field("name").input_value() == "Left behind"


def test_a_server_that_is_killed_in_mid_assessment_costs_nothing_not_even_what_was_typed_and_clicked_a_moment_before(
    visit: Visit,
) -> None:
    with served() as other:
        visitor = visit(at=other)
        messenger_at(visitor, "Disrupt and deter CSAM")
        visitor.choose("grade.RES-MCM10.a", "met")
        visitor.field("note.RES-MCM10.a").fill("Typed long before")
        visitor.until_kept(lambda kept: kept["answers"]["RES-MCM10.a"]["note"] == "Typed long before")
        visitor.see()
        os.kill(other.process.pid, signal.SIGSTOP)  # from here on nothing reaches it
        visitor.option("grade.RES-MCM10.b", "partly").click()
        visitor.field("note.RES-MCM10.b").fill("Typed a moment before")
        other.process.kill()
        other.process.wait()
        other.start()
        visitor.page.reload()
        visitor.page.wait_for_selector(".mcm-way")
        visitor.see("Disrupt and deter CSAM")
        assert visitor.is_chosen("grade.RES-MCM10.a", "met")
        assert visitor.field("note.RES-MCM10.a").input_value() == "Typed long before"
        assert visitor.is_chosen("grade.RES-MCM10.b", "partly")
        assert visitor.field("note.RES-MCM10.b").input_value() == "Typed a moment before"
        assert visitor.field("note.RES-MCM10.c").input_value() == "Limits on forwarding."


def test_two_tabs_with_two_services_keep_them_apart_and_both_can_be_continued(visit: Visit) -> None:
    first = visit()
    second = visit(beside=first)
    began(first, "First")
    began(second, "Second", "dis")
    for tab, name in ((first, "First"), (second, "Second")):
        tab.page.reload()
        tab.page.get_by_text("Your answers are kept in this browser").wait_for()
        assert tab.field("name").input_value() == name
    again = visit(beside=first)
    again.open()
    again.page.get_by_text("Open in another tab: you continue with a copy.").first.wait_for(state="attached")
    first.page.close()
    again = next_visit(visit, second)
    again.page.get_by_text("Other answers that this browser keeps (1)").wait_for()
    assert again.page.get_by_role("button", name=re.compile("^Continue")).count() == 1  # the other stands folded
    again.page.get_by_text("Other answers that this browser keeps (1)").click()
    again.see()
    again.page.get_by_role("button", name=re.compile(r"^Continue \(")).click()
    again.see("Your service")
    assert again.field("name").input_value() == "First"
    assert sorted(each["service_name"] for each in on_device(again)) == ["First", "Second"]


def test_a_tab_that_was_duplicated_goes_on_with_a_copy_of_its_own(visit: Visit) -> None:
    first = visit()
    began(first, "Original")
    stored = first.page.evaluate("() => ({...sessionStorage})")
    second = visit(beside=first)
    second.page.goto(f"{second.address}/_stcore/health")
    second.page.evaluate(
        "stored => Object.entries(stored).forEach(([name, kept]) => sessionStorage.setItem(name, kept))", stored
    )
    second.open("your-service", "Your service")
    second.until_kept(lambda kept: kept["service_name"] == "Original")
    second.choose("fact.category", "sms")
    until_on_device(second, lambda kept: sorted(each["profile"]["category"] for each in kept) == ["res", "sms"])
    assert first.kept()["profile"] == {"category": "res"}


def test_turned_off_nothing_outlives_the_tab_and_turned_on_again_it_does(visit: Visit) -> None:
    first = visit()
    began(first, "Confidential")
    turn_keeping(first)
    first.page.get_by_text("Your answers are kept in this tab, until you close it.").wait_for()
    assert on_device(first) == []
    first.choose("fact.category", "dis")
    assert on_device(first) == []
    first.page.reload()
    first.page.get_by_text("Your answers are kept in this tab, until you close it.").wait_for()
    assert first.field("name").input_value() == "Confidential"
    again = next_visit(visit, first)
    assert again.button("Start").is_visible()
    assert again.page.get_by_role("button", name=re.compile("^Continue")).count() == 0
    again.press("Start", "Your service")
    again.choose("fact.category", "res")
    again.page.get_by_text("Your answers are kept in this tab, until you close it.").wait_for()
    turn_keeping(again)
    until_on_device(again, lambda kept: [each["profile"] for each in kept] == [{"category": "res"}])


def turn_keeping(visitor: Visitor) -> None:
    visitor.unfold("Where your answers are kept")
    visitor.page.get_by_text("Keep my answers in this browser after I close the tab").click()


def test_one_press_forgets_the_answers_of_every_tab_open_or_closed(visit: Visit) -> None:
    closed = visit()
    began(closed, "Closed")
    first = visit(beside=closed)
    closed.page.close()
    began(first, "Open here")
    other = visit(beside=first)
    began(other, "Open there")
    first.unfold("Where your answers are kept")
    first.press("Forget all answers in this browser", "What would the draft codes ask of your service?")
    first.page.get_by_text("Forgotten. This browser keeps no answers any more").wait_for()
    other.page.get_by_text("The answers were forgotten in another tab").wait_for()
    other.see("Your service")
    assert other.field("name").input_value() == ""
    assert [anything_of_ours(each) for each in (first, other)] == [[], []]
    other.choose("fact.category", "sms")
    until_on_device(
        other, lambda kept: [each["profile"] for each in kept] == [{"category": "sms"}]
    )  # a new beginning is kept again
    first.page.reload()
    first.see("What would the draft codes ask of your service?")
    assert first.button("Start").is_visible() or first.button("Start a new assessment").is_visible()


def plant(visitor: Visitor, kept: str) -> None:
    """Something that a browser keeps from an earlier time."""
    visitor.page.goto(f"{visitor.address}/_stcore/health")
    visitor.page.evaluate("kept => localStorage.setItem('mcm-kept.earlier', kept)", kept)


@pytest.mark.parametrize(
    ("kept", "wrong"),
    [
        ("{", "The file is not JSON"),
        (
            json.dumps({"step": "check", "assessment": json.dumps({"format": "mcm-assessment/1", "colour": "red"})}),
            "'rulebook' is missing",
        ),
        (json.dumps({"step": 7, "assessment": "[" * 5000}), "The file is"),
    ],
)
def test_a_kept_copy_that_is_broken_is_refused_with_what_is_wrong_and_stays_as_it_was_until_it_is_removed(
    visitor: Visitor, kept: str, wrong: str
) -> None:
    plant(visitor, kept)
    visitor.open()
    visitor.press("Continue where you were")
    visitor.page.get_by_text("This browser kept answers that can no longer be read.").wait_for()
    visitor.see()
    assert wrong in visitor.text()
    saved = visitor.download("Save them as they are").decode()
    assert saved in (kept, json.loads(kept)["assessment"] if len(kept) > 1 else kept)
    assert visitor.page.evaluate("() => localStorage.getItem('mcm-kept.earlier')") == kept
    visitor.press("Remove them from this browser")
    visitor.page.wait_for_function("() => localStorage.getItem('mcm-kept.earlier') === null")
    visitor.button("Start").wait_for()
    visitor.page.get_by_text("can no longer be read").wait_for(state="hidden")


def test_a_kept_copy_from_another_version_of_the_rules_is_continued_with_a_notice(visitor: Visitor) -> None:
    content = {**json.loads((SAMPLES / "encrypted_messenger.json").read_bytes()), "rulebook": "v1.0-2022-09/ijm-0"}
    plant(visitor, json.dumps({"step": "check", "assessment": json.dumps(content)}))
    visitor.open()
    continue_(visitor, "Check your answers")
    assert "These answers were given under the rules v1.0-2022-09/ijm-0" in visitor.text()


def test_a_kept_copy_in_the_former_format_moves_over_without_loss_and_takes_evidence_and_a_day(
    visitor: Visitor,
) -> None:
    content = {
        **json.loads((SAMPLES / "encrypted_messenger.json").read_bytes()),
        "format": "mcm-assessment/1",
        "service_name": "Kept before",
    }
    plant(visitor, json.dumps({"step": "res-mcm8", "assessment": json.dumps(content)}))
    visitor.open()
    continue_(visitor, "Detect and remove known CSAM")
    visitor.until_kept(lambda kept: kept == {**content, "format": "mcm-assessment/2"})
    visitor.asks("show_how.RES-MCM8.a").locator("summary").click()
    visitor.see()
    what = visitor.page.locator("[class*='-evidence-'][class*='-what'] input")
    what.click()
    visitor.page.keyboard.type("Policy")
    visitor.field("answers.RES-MCM8.a.plan.due").click()
    visitor.page.keyboard.type("2027-0")  # and no more: no date
    visitor.page.get_by_text("'2027-0' is no date").wait_for()
    visitor.page.get_by_text("Under way", exact=True).click()
    visitor.until_heard()
    on_record = {"evidence": [{"what": "Policy"}], "plan": {"status": "under_way"}}
    assert visitor.kept()["answers"]["RES-MCM8.a"] == {"grade": "not_met", "note": "", **on_record}
    visitor.page.reload()
    visitor.see("Detect and remove known CSAM")
    visitor.page.wait_for_selector(".mcm-way")
    visitor.asks("show_how.RES-MCM8.a").locator("summary").click()
    visitor.see()
    assert (what.input_value(), visitor.field("answers.RES-MCM8.a.plan.due").input_value()) == ("Policy", "")
    assert visitor.kept()["answers"]["RES-MCM8.a"] == {"grade": "not_met", "note": "", **on_record}


def test_a_browser_that_keeps_nothing_is_told_so_and_how_to_save(visitor: Visitor) -> None:
    visitor.page.add_init_script(
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    )
    visitor.open("your-service", "Your service")
    visitor.option("fact.category", "sms").click()
    visitor.page.get_by_text(
        "This browser does not let your answers be kept. Save them as a file before you leave"
    ).wait_for()


def test_a_sample_that_nobody_changed_is_not_kept_after_the_tab_is_closed(visitor: Visitor) -> None:
    visitor.open_sample(MESSENGER.sample)
    visitor.page.get_by_text("Your answers are kept in this tab, until you close it.").wait_for()
    assert on_device(visitor) == []
    visitor.page.reload()
    visitor.page.get_by_text("Your answers are kept in this tab, until you close it.").wait_for()
    assert "as amended, 4 of 4" in visitor.text()
    visitor.press("Back", "Check your answers")
    visitor.back("Act on breaches of terms: class 1B material")
    visitor.choose("grade.RES-MCM11.a", "met")
    until_on_device(visitor, lambda kept: len(kept) == 1)


def test_whatever_a_browser_says_that_it_keeps_the_page_goes_on(visitor: Visitor) -> None:
    began(visitor, "Mine")
    for number, said in enumerate(
        (
            "7",
            "null",
            "'text'",
            "[]",
            "{slots: 1}",
            "{at: 'x', slots: [{slot: 1}]}",
            "{at: 'x', own: {}}",
            "{at: 'x', fetched: {slot: '', step: '', assessment: '{'}}",
        )
    ):
        visitor.page.evaluate(f"() => window.__mcm.set('found', {said})")
        visitor.choose("fact.category", ("sms", "dis")[number % 2])
        visitor.see("Your service")
        assert visitor.field("name").input_value() == "Mine", said
        assert visitor.page.get_by_role("alert").count() == 0, said


def test_a_name_that_is_cut_in_the_middle_of_a_sign_hides_no_kept_answers(visitor: Visitor) -> None:
    name = "n" * 199 + "\N{GRINNING FACE}" * 3
    content = json.loads((SAMPLES / "encrypted_messenger.json").read_bytes())
    plant(
        visitor,
        json.dumps(
            {
                "step": "check",
                "assessment": json.dumps({**content, "service_name": name, "saved_at": "2026-11-01T10:00:00+00:00"}),
            }
        ),
    )
    visitor.page.evaluate(
        'content => { localStorage.setItem(\'mcm-kept.other\', content); localStorage.setItem(\'mcm-kept.half\', \'{"step": "\\ud83d", "assessment": "\\ud83d{"}\'); }',
        json.dumps({"step": "check", "assessment": json.dumps({**content, "service_name": "Another"})}),
    )
    visitor.open()
    visitor.page.get_by_text("n" * 199 + "\N{GRINNING FACE}", exact=True).or_(
        visitor.page.get_by_text("Another", exact=True)
    ).first.wait_for()
    visitor.page.get_by_text("Other answers that this browser keeps (2)").click()
    visitor.see()
    text = visitor.text()
    assert "n" * 199 + "\N{GRINNING FACE}" in text
    assert "Another" in text
    assert "Something went wrong" not in text
    visitor.page.get_by_role("button", name=re.compile("^Continue")).last.click()  # the one that says nothing of itself
    visitor.page.get_by_text("This browser kept answers that can no longer be read.").wait_for()
    visitor.see()
    assert visitor.download("Save them as they are").decode() == "\\ud83d{"  # half a sign, as JSON writes it
    visitor.press("Remove them from this browser")
    visitor.page.wait_for_function("() => localStorage.getItem('mcm-kept.half') === null")
    assert len(on_device(visitor)) == 2


@pytest.mark.parametrize("zone", ["America", "..", "Z" * 5000, "Europe/Berlin\0", "Nowhere/Atall"])
def test_a_forged_time_zone_fails_no_page_and_loses_no_answer(visitor: Visitor, zone: str) -> None:
    visitor.page.add_init_script(
        f"const asked = Intl.DateTimeFormat.prototype.resolvedOptions; Intl.DateTimeFormat.prototype.resolvedOptions = function () {{ return {{ ...asked.call(this), timeZone: {json.dumps(zone)} }}; }};"
    )
    began(visitor, "Anywhere")
    visitor.see("Your service")
    assert "Something went wrong" not in visitor.text()
