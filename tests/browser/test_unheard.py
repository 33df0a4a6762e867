"""What is changed while the server is silent: no time takes it away, and the buttons that change all answers do so at once."""

import json
import os
import re
import signal
from datetime import datetime

import pytest
from browser import Server, Visit, Visitor
from unheard import ANSWERS, BEFORE, WAYS, OfAMeasure, OfTheService, die, kept_within_a_tenth_of_a_second, stop

pytestmark = pytest.mark.browser


def test_what_is_typed_while_the_server_is_silent_does_not_leave_with_time(visit: Visit, fated: Server) -> None:
    tab = OfAMeasure(visit(at=fated), "res-mcm10", "Disrupt and deter CSAM")
    tab.open(BEFORE)
    visitor, field = tab.visitor, tab.visitor.field("note.RES-MCM10.a")
    field.fill("")
    stop(fated)
    visitor.page.keyboard.type("Begun", delay=20)
    visitor.page.wait_for_timeout(700)  # it is sent
    visitor.page.keyboard.type(", gone on", delay=20)
    os.kill(fated.process.pid, signal.SIGCONT)  # and answered, with the beginning alone
    visitor.page.wait_for_function(
        "() => JSON.parse(window.__mcm.data.assessment).answers['RES-MCM10.a'].note.startsWith('Begun')"
    )
    stop(fated)
    visitor.page.keyboard.type(", and on", delay=20)
    visitor.page.wait_for_timeout(7000)
    die(fated)
    fated.start()
    visitor.page.reload()
    visitor.page.wait_for_selector(".mcm-way")
    visitor.see(tab.title)
    assert field.input_value() == "Begun, gone on, and on"


@pytest.mark.parametrize("way", ["keyboard"])
def test_answers_that_are_removed_to_start_again_are_gone_at_once_whatever_the_server_does(
    way: str, visit: Visit, fated: Server
) -> None:
    visitor = visit(at=fated, touch=True)
    OfAMeasure(visitor, "res-mcm10", "Disrupt and deter CSAM").open(BEFORE)
    visitor.top("Assess").click()
    visitor.press("Start again with nothing answered")
    visitor.button("Yes, remove them and start again").wait_for()
    visitor.see()
    stop(fated)
    WAYS[way](visitor, visitor.button("Yes, remove them and start again"))
    assert kept_anywhere(visitor) == []
    die(fated)
    fated.start()
    visitor.page.reload()
    visitor.see("What would the draft codes ask of your service?")
    visitor.button("Start").wait_for()


@pytest.mark.parametrize("way", ["mouse"])
def test_forget_is_done_at_once_in_every_tab_whatever_the_server_does(way: str, visit: Visit, fated: Server) -> None:
    visitor = visit(at=fated, touch=True)
    tab = OfAMeasure(visitor, "res-mcm10", "Disrupt and deter CSAM")
    tab.open(BEFORE)
    other = OfTheService(visit(at=fated, beside=visitor), "your-service", "Your service")
    other.open(BEFORE)
    visitor.unfold("Where your answers are kept")
    visitor.see(tab.title)
    stop(fated)
    WAYS[way](visitor, visitor.button("Forget all answers in this browser"))
    assert kept_anywhere(visitor) == []
    other.visitor.page.wait_for_function("() => sessionStorage.getItem('mcm-assessment') === null")  # it hears of it
    assert kept_anywhere(other.visitor) == []
    die(fated)
    fated.start()
    other.visitor.see("Your service")
    other.visitor.choose("fact.category", "sms")  # a new beginning, in the tab that only heard of it, is kept again
    assert kept_within_a_tenth_of_a_second(other.visitor)["profile"] == {"category": "sms"}
    die(fated)
    fated.start()  # once more, and the other tab, which is not loaded anew, goes on with it
    other.visitor.page.wait_for_function(
        "session => window.__mcm.data.session !== session",
        arg=other.visitor.page.evaluate("() => window.__mcm.data.session"),
    )
    other.visitor.see("Your service")
    other.visitor.page.wait_for_function("() => window.__mcm.data.changes > 0")
    assert other.visitor.is_chosen("fact.category", "sms")
    assert other.visitor.kept()["profile"] == {"category": "sms"}
    visitor.page.reload()
    visitor.see()
    assert visitor.page.evaluate("() => sessionStorage.getItem('mcm-assessment')") is None
    other.visitor.page.reload()
    other.visitor.see()
    other.visitor.until_kept(lambda kept: kept["profile"] == {"category": "sms"})


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_that_nothing_is_to_outlive_the_tab_is_done_at_once_whatever_the_server_does(
    way: str, visit: Visit, fated: Server
) -> None:
    visitor = visit(at=fated, touch=True)
    OfAMeasure(visitor, "res-mcm10", "Disrupt and deter CSAM").open(BEFORE)
    visitor.unfold("Where your answers are kept")
    visitor.see("Disrupt and deter CSAM")
    box = visitor.asks("keeping").locator("label", has=visitor.page.locator("input"))
    stop(fated)
    assert any(name.startswith("mcm-kept.") for name in kept_anywhere(visitor))
    WAYS[way](visitor, box)
    assert not any(name.startswith("mcm-kept.") for name in kept_anywhere(visitor))
    assert kept_within_a_tenth_of_a_second(visitor)["service_name"] == BEFORE["service_name"]


def kept_anywhere(visitor: Visitor) -> list[str]:
    """The names of what is kept of answers, when 100 ms have passed in the page."""
    return visitor.page.evaluate(
        """() => new Promise(done => setTimeout(() => done([...Object.keys(sessionStorage), ...Object.keys(localStorage)]
            .filter(name => name === 'mcm-assessment' || name.startsWith('mcm-kept.'))), 100))"""
    )


@pytest.mark.parametrize("way", ["touch"])
def test_that_the_answers_were_checked_against_new_rules_is_kept_at_once(way: str, visit: Visit, fated: Server) -> None:
    visitor = visit(at=fated, touch=True)
    visitor.page.goto(f"{visitor.address}/_stcore/health")
    visitor.page.evaluate(
        "stored => sessionStorage.setItem('mcm-assessment', stored)",
        json.dumps({**ANSWERS, "rulebook": "v1.0-2022-09/ijm-0"}),
    )
    visitor.open("scorecard", "Scorecard")
    button = visitor.button("I have checked the answers against these rules")
    button.wait_for()
    visitor.see("Scorecard")
    stop(fated)
    WAYS[way](visitor, button)
    assert kept_within_a_tenth_of_a_second(visitor)["rulebook"] == ANSWERS["rulebook"]


def test_what_was_forgotten_does_not_come_back_with_a_tab_that_was_not_there_to_hear_of_it(visit: Visit) -> None:
    first = visit()
    away = OfTheService(visit(beside=first), "your-service", "Your service")
    away.open(BEFORE)
    away.visitor.page.goto(f"{away.visitor.address}/_stcore/health")
    tab = OfAMeasure(first, "res-mcm10", "Disrupt and deter CSAM")
    tab.open(BEFORE)
    first.unfold("Where your answers are kept")
    first.press("Forget all answers in this browser", "What would the draft codes ask of your service?")
    away.visitor.page.go_back()
    away.visitor.see("Your service")
    assert kept_anywhere(away.visitor) == []
    assert away.visitor.chosen("fact.category") is None
    away.visitor.choose("fact.category", "sms")  # and what is begun then is kept
    away.visitor.page.reload()
    away.visitor.page.get_by_text("Your answers are kept in this browser").wait_for()
    assert away.visitor.is_chosen("fact.category", "sms")


def test_more_than_a_field_takes_stays_in_the_field_and_is_kept_as_far_as_it_takes(visit: Visit) -> None:
    visitor = visit()
    OfAMeasure(visitor, "res-mcm10", "Disrupt and deter CSAM").open(BEFORE)
    field = visitor.field("note.RES-MCM10.b")
    field.click()
    visitor.page.keyboard.insert_text("Short")
    visitor.until_kept(lambda kept: kept["answers"]["RES-MCM10.b"]["note"] == "Short")
    visitor.page.keyboard.insert_text(
        "\u000b" + "\U0001f600" * 5000
    )  # a soft line break, and characters of two halves each
    typed = "Short\n" + "\U0001f600" * 5000
    assert kept_within_a_tenth_of_a_second(visitor)["answers"]["RES-MCM10.b"]["note"] == typed[:5000]
    visitor.page.get_by_text("6 characters too many").wait_for()
    visitor.until_heard()
    assert field.input_value() == typed
    visitor.next("Act on breaches of terms: class 1B material")
    visitor.back("Disrupt and deter CSAM")
    assert visitor.field("note.RES-MCM10.b").input_value() == typed
    assert visitor.kept()["answers"]["RES-MCM10.b"]["note"] == typed[:5000]


def test_not_known_yet_counts_though_it_comes_right_after_a_choice(visit: Visit, fated: Server) -> None:
    visitor = visit(at=fated)
    OfAMeasure(visitor, "res-mcm10", "Disrupt and deter CSAM").open(BEFORE)
    stop(fated)
    options = [visitor.option("grade.RES-MCM10.c", grade).locator("input").element_handle() for grade in ("met", "")]
    visitor.page.evaluate("pressed => pressed.forEach(option => option.click())", options)
    assert kept_within_a_tenth_of_a_second(visitor)["answers"]["RES-MCM10.c"]["grade"] == ""


def test_an_edit_of_a_sample_that_the_server_has_not_heard_is_kept_on_the_device(visit: Visit, fated: Server) -> None:
    visitor = visit(at=fated)
    visitor.open_sample("Encrypted messenger")
    visitor.jump("res-mcm10", "Disrupt and deter CSAM")
    assert not [name for name in kept_anywhere(visitor) if name.startswith("mcm-kept.")]
    stop(fated)
    before = visitor.kept()["saved_at"]
    visitor.option("grade.RES-MCM10.a", "met").click()
    assert [name for name in kept_anywhere(visitor) if name.startswith("mcm-kept.")]
    assert datetime.fromisoformat(visitor.kept()["saved_at"]) > datetime.fromisoformat(
        before
    )  # the day that the scorecard will bear
    again = visit(at=fated, beside=visitor)
    visitor.page.close()
    die(fated)
    fated.start()
    again.open()
    again.page.get_by_role("button", name=re.compile("^Continue where you were")).click()
    again.see("Disrupt and deter CSAM")
    assert again.is_chosen("grade.RES-MCM10.a", "met")
