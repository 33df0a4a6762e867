"""The steps of the wizard without a browser: forwards, backwards, what the claim comes to, and what holds Next up."""

import re

import pytest
from by_hand import facts_shown, start
from examples import MESSENGER
from walk import Walk, as_read

from questionnaire.browser import brought
from questionnaire.page_parts.way import SAMPLE


# ------------------------------------------------------------------------------------------ forwards and backwards
def test_forward_through_every_step_back_to_the_start_and_forward_again_loses_nothing() -> None:
    walk = Walk()
    notes = {id: f"Note on {id}" for id in MESSENGER.grades}
    start(walk, MESSENGER.profile)
    walk.give("examined.safer", True)
    walk.give("reason.safer", "Too many false alarms")
    while walk.title != "Scorecard":
        walk.give_all("grade", MESSENGER.grades)
        walk.give_all("note", notes)
        walk.next()
    seen = {}
    while not walk.has_button("Go on with your answers"):
        seen[walk.title] = facts_shown(walk)
        walk.back()
    given = {about: value for page in seen.values() for about, value in page.items()}
    assert {id: given[f"grade.{id}"] for id in MESSENGER.grades} == MESSENGER.grades
    assert {id: given[f"note.{id}"] for id in notes} == notes
    assert {fact: given[f"fact.{fact}"] for fact in MESSENGER.profile} == MESSENGER.profile
    assert (given["examined.safer"], given["reason.safer"]) == (True, "Too many false alarms")
    walk.press("Go on with your answers")
    while walk.title != "Scorecard":
        assert facts_shown(walk) == seen[walk.title], walk.title
        walk.next()


def test_the_steps_stand_beside_the_plan_and_beside_a_measure_that_is_not_asked_once_the_facts_are_known(
    walk: Walk,
) -> None:
    for address in ("plan", "sms-mcm10"):
        walk.visit(address)
        assert not walk.jumps(), address
    walk.visit("")
    walk.open_sample("Small forum")
    for address in ("plan", "sms-mcm10"):
        walk.visit(address)
        assert walk.jumps() == ["your-service", "check", "scorecard"], address
        assert SAMPLE in walk.around


def test_what_adds_a_measure_is_said_once_where_it_stands(walk: Walk) -> None:
    walk.open_sample("Cloud drive")
    walk.visit("dis-new")
    [standing] = (said for said in walk.shown() if said.startswith("`DIS-NEW`\n"))
    assert standing.count("would add this measure") == 1 and standing.endswith("Owed.**")


def test_the_steps_are_numbered_from_the_first_to_the_last_once_the_facts_say_how_many_there_are(walk: Walk) -> None:
    walk.press("Start")
    assert walk.step == (1, None)
    walk.give_all("fact", {**MESSENGER.profile, "capable": "yes"})
    assert walk.step == (1, 7)
    walk.give("fact.capable", "no")
    assert walk.step == (1, None)
    walk.next()
    walk.give("fact.esafety_approval", "not_sought")
    found = [(walk.title, walk.step)]
    while walk.title != "Scorecard":
        walk.next()
        found.append((walk.title, walk.step))
    assert [step for _, step in found] == [(place, 8) for place in range(2, 9)]
    assert [title for title, _ in found] == [
        "Not capable?",
        "Act on breaches of terms: class 1A material",
        "Detect and remove known CSAM",
        "Disrupt and deter CSAM",
        "Act on breaches of terms: class 1B material",
        "Check your answers",
        "Scorecard",
    ]


def test_the_list_of_steps_says_of_each_what_is_done_and_counts_answers_from_the_first_question(walk: Walk) -> None:
    start(walk, {**MESSENGER.profile, "tier": "tier_2"})
    walk.next()
    walk.next()
    walk.give("grade.RES-MCM8.b", "met")
    assert walk.around.splitlines() == [
        "MCM Scorecard",
        "9 of 12 answered",
        "Step 4 of 7: Known CSAM 9 of 12 answered",
        "Your service done",
        "Not capable? incomplete",
        "Class 1A breaches ",
        "Known CSAM 1 of 2",
        "Disrupt and deter not asked with these facts",
        "Class 1B breaches ",
        "Check answers ",
        "Scorecard ",
    ]


def test_before_the_facts_are_known_only_the_steps_up_to_the_first_missing_one_can_be_jumped_to(walk: Walk) -> None:
    walk.press("Start")
    walk.give_all("fact", MESSENGER.profile)
    assert walk.jumps() == ["not-capable"]
    walk.next()
    assert walk.jumps() == ["your-service"]
    walk.give("fact.esafety_approval", "not_sought")
    assert walk.jumps() == ["your-service", *(f"res-mcm{number}" for number in (3, 8, 10, 11)), "check", "scorecard"]


def test_a_sample_is_marked_as_one_on_every_step_until_it_has_another_name(walk: Walk) -> None:
    walk.open_sample("Large social network")
    while walk.title != "Your service":
        assert SAMPLE in walk.around, walk.title
        walk.back()
    walk.give("name", "Our own")
    assert SAMPLE not in walk.around
    walk.to_start()
    assert SAMPLE not in walk.around


def test_going_on_with_answers_leads_to_the_step_that_was_shown_last(walk: Walk) -> None:
    walk.open_sample("Encrypted messenger")
    walk.back()
    walk.back()
    for address in ("sources", ""):
        walk.visit(address)
    walk.press("Go on with your answers")
    assert walk.title == "Act on breaches of terms: class 1B material"


def test_whoever_was_at_the_plan_goes_on_there(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    walk.open_sample("Encrypted messenger")
    for address in ("plan", ""):
        walk.visit(address)
    walk.press("Go on with your answers")
    assert walk.title == "Plan"
    left = iter(["plan"])
    monkeypatch.setattr(brought, "arrived", lambda: next(left, None))
    walk.visit("")
    assert walk.title == "Plan"
    assert walk.messages("success") == ["Your answers are as you left them."]


def test_a_measure_names_as_ending_its_exemption_only_the_recommendation_that_ends_it(walk: Walk) -> None:
    walk.open_sample("Cloud drive")
    walk.visit("dis-mcm9")
    [said] = [said for said in walk.shown() if "would end the exemption" in said]
    assert re.findall(r"IJM-DIS-\d", said) == ["IJM-DIS-4"]
    assert "Only as amended: “Cover CSEM as well as CSAM” (IJM-DIS-1)" in walk.text.replace("*", "").replace("`", "")


def test_nothing_is_answered_beforehand(walk: Walk) -> None:
    walk.press("Start")
    assert set(facts_shown(walk).values()) == {None}
    walk.give_all("fact", MESSENGER.profile)
    walk.next()
    assert {value for about, value in facts_shown(walk).items() if about.startswith("fact.")} == {None}
    assert {value for about, value in facts_shown(walk).items() if about.startswith("examined.")} == {False}
    walk.give("fact.esafety_approval", "pending")
    while walk.title != "Check your answers":
        walk.next()
        assert set(facts_shown(walk).values()) <= {None, ""}, walk.title


# ------------------------------------------------------------------------------------------ what the claim comes to
def test_the_page_on_the_claim_says_live_whether_the_exemption_holds_and_what_is_missing(walk: Walk) -> None:
    start(walk, MESSENGER.profile)
    assert walk.title == "Not capable?"

    def holds() -> list[bool]:
        return [
            cell == "✓ Holds" for row in as_read(walk.app.table[0].value).itertuples(index=False) for cell in row[1:]
        ]

    assert holds() == [True, False, True, False]
    walk.give("fact.esafety_approval", "granted")
    assert holds() == [True, False, True, False]
    assert "Client-side hashing" in " ".join(walk.messages("warning"))
    for technology in ("client_side_hashing", "secure_enclaves"):
        walk.give(f"examined.{technology}", True)
        assert holds() == [True, False, True, False]
        walk.give(f"reason.{technology}", "Not to be had.")
    assert holds() == [True, True, True, True]
    walk.give("examined.safer", True)
    assert holds() == [True, False, True, False]
    assert "Safer" in " ".join(walk.messages("warning"))


# ------------------------------------------------------------------------------------------ what holds Next up
def test_next_is_held_up_by_a_missing_fact_with_a_message_that_names_the_questions(walk: Walk) -> None:
    walk.press("Start")
    walk.give_all("fact", {"category": "dis", "hosting": "provider_managed"})
    walk.next()
    assert walk.title == "Your service"
    said = " ".join(walk.messages("error"))
    assert [
        each in said
        for each in ("Which risk tier is it in?", "How is content encrypted?", "Can people send live video?")
    ] == [True] * 3
    assert "What kind of service is it?" not in said
    walk.give_all("fact", {"tier": "tier_1", "encryption": "none"})
    assert walk.messages("error") == ["To go on, please answer: Can people send live video?"]
    walk.next()
    assert "Which risk tier" not in " ".join(walk.messages("error"))
    walk.give("fact.livestream", "no")
    walk.next()
    assert walk.title == "Detect and remove known CSAM"


def test_next_is_held_up_by_the_approval_that_decides_the_claim(walk: Walk) -> None:
    walk.press("Start")
    walk.give_all("fact", {**MESSENGER.profile})
    walk.next()
    walk.next()
    assert walk.title == "Not capable?"
    assert "Has eSafety approved the claim?" in " ".join(walk.messages("error"))
    walk.give("fact.esafety_approval", "refused")
    walk.next()
    assert walk.title == "Act on breaches of terms: class 1A material"


def test_next_is_never_held_up_by_an_unanswered_requirement(walk: Walk) -> None:
    start(walk, {**MESSENGER.profile})
    for _ in range(5):
        walk.next()
        assert walk.messages("error") == []
    assert walk.title == "Check your answers"
    walk.next()
    assert walk.title == "Scorecard"


# ------------------------------------------------------------------------------------------ what a rerun costs
def test_a_page_of_four_requirements_draws_few_pieces_since_each_costs_every_rerun(walk: Walk) -> None:
    walk.open_sample("Encrypted messenger")
    walk.visit("res-mcm10")
    assert len(walk.asked("grade")) == 4
    drawn = len([*walk.app._tree])
    assert drawn <= 60, f"{drawn} blocks and elements: each takes the server some 0.2 ms of every answer"
