"""Walks through the wizard without a browser: forwards, backwards, with changed minds, saved, resumed and refused."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from examples import DRIVE, EXAMPLES, FORUM, MESSENGER, NETWORK, NOT_OWED, Example
from naive import FACTS, MEASURES, REQUIREMENTS
from walk import ROOT, Walk

from questionnaire import navigation
from questionnaire.session.state import OURS
from questionnaire.shown.way import SAMPLE
from questionnaire.wizard.widgets import LONGEST_NAME, LONGEST_TEXT
from scoring.files.guard import unguarded
from scoring.rules.amend import resolve
from scoring.rules.load import RulebookError
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, all_requirements
from scoring.score.assessment_file import LARGEST_FILE, to_json
from scoring.score.scorecard import COLUMNS

SAMPLES = ROOT / "questionnaire" / "session" / "samples"
FILES = {each.sample: SAMPLES / f"{each.sample.lower().replace(' ', '_')}.json" for each in EXAMPLES}
ADDRESSES = (
    "your-service",
    "not-capable",
    *(measure.lower() for measures in MEASURES.values() for measure in measures),
    "check",
    "scorecard",
    "plan",
    "sources",
)
named = pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.sample)


@pytest.fixture
def walk() -> Walk:
    return Walk()


def opened(example: Example) -> Walk:
    walk = Walk()
    walk.open_sample(example.sample)
    return walk


def start(walk: Walk, profile: Mapping[str, str]) -> None:
    """From the start page through the facts, up to the first page after them."""
    walk.press("Start")
    walk.give_all("fact", profile)
    walk.next()
    if walk.title == "Not capable?":
        walk.give_all("fact", profile)


def answer_by_hand(walk: Walk, example: Example, notes: Mapping[str, str] | None = None) -> None:
    """Everything about an example's service, typed in from an empty start, up to Check your answers."""
    start(walk, example.profile)
    while walk.title != "Check your answers":
        walk.give_all("grade", example.grades)
        walk.give_all("note", example.notes if notes is None else notes)
        walk.next()


def still_open(walk: Walk) -> list[str]:
    """The requirements and facts that Check your answers lists as open."""
    return [
        line
        for line in walk.text.splitlines()
        if line.startswith("- ") and re.search(r": (counts as )?unanswered|: a fact that the scorecard needs", line)
    ]


def rows(walk: Walk) -> list[dict[str, str]]:
    """The downloaded scorecard."""
    return list(csv.DictReader(io.StringIO(walk.downloaded("csv").decode("utf-8-sig"))))


def assert_figures(walk: Walk, example: Example) -> None:
    """The scorecard on the page, and the one that is downloaded, have the figures of the rulebook."""
    assert walk.title == "Scorecard"
    if example.points == ("Nothing is owed", "Nothing is owed"):
        assert "nothing to do, and so there is no score" in walk.text
    else:
        shown = walk.summary()
        assert shown["Measures owed"] == example.measures_applying
        assert shown["Points"] == example.points
        assert shown["Points known to be missing"] == example.shortfall
        assert shown["Requirements unanswered"] == ("0", "0")
    assert_measures(walk, example)


def assert_measures(walk: Walk, example: Example) -> None:
    for measure in example.statuses:
        of_measure = [row for row in rows(walk) if row["measure"] == measure]
        assert {(row["drafted_status"], row["amended_status"]) for row in of_measure} == {example.statuses[measure]}, (
            measure
        )
        assert tuple(points(of_measure, regime) for regime in ("drafted", "amended")) == example.sums[measure], measure


def points(of_measure: list[dict[str, str]], regime: str) -> str:
    owed = [row for row in of_measure if row[f"{regime}_owed"] == "yes"]
    return (
        f"{sum(int(row[f'{regime}_points']) for row in owed)} of {sum(int(row[f'{regime}_out_of']) for row in owed)}"
        if owed
        else NOT_OWED
    )


def answers(walk: Walk) -> dict:
    """What is saved, without the moment of the last change. The scorecard's page gives it out."""
    content = json.loads(walk.downloaded("json"))
    del content["saved_at"]
    return content


# ------------------------------------------------------------------------------------------ the worked examples
@named
def test_a_sample_service_opens_with_the_figures_of_the_rulebook(walk: Walk, example: Example) -> None:
    walk.open_sample(example.sample)
    assert_figures(walk, example)


@named
def test_the_csv_of_a_sample_is_byte_for_byte_what_the_command_line_makes_of_its_saved_answers(
    walk: Walk, example: Example, tmp_path: Path
) -> None:
    walk.open_sample(example.sample)
    saved = walk.downloaded("json")
    assert saved == FILES[example.sample].read_bytes()
    path = tmp_path / "saved.json"
    path.write_bytes(saved)
    made = subprocess.run(
        [sys.executable, "-m", "scoring", "score", str(path)], cwd=ROOT, capture_output=True, check=True
    ).stdout
    assert walk.downloaded("csv") == made
    assert made.startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\n")


@named
def test_a_worked_example_entered_by_hand_from_an_empty_start_has_the_figures_of_the_rulebook(
    walk: Walk, example: Example
) -> None:
    answer_by_hand(walk, example)
    assert still_open(walk) == []
    walk.next()
    assert_figures(walk, example)
    assert answers(walk)["profile"] == example.profile
    assert {id: each["grade"] for id, each in answers(walk)["answers"].items()} == example.grades


def test_the_result_is_a_sentence_first() -> None:
    shown = " ".join(opened(MESSENGER).shown())
    assert "As drafted, 1 of 4 measures is owed; as amended, 4 of 4." in shown
    assert "%" not in shown


def test_where_nothing_is_owed_there_is_no_score_of_0_and_none_of_100() -> None:
    walk = opened(FORUM)
    assert "Nothing is owed, as drafted or as amended." in walk.text
    assert not re.search(r"\d ?%", walk.text) and not walk.app.get("expander")[1:]
    assert walk.downloaded("csv")
    drive = opened(DRIVE)
    drive.unfold()
    assert (
        "As drafted: Nothing is owed, so there is no score." in drive.text
        and "As amended: 10 of 16 points (63 %)." in drive.text
    )


def test_not_feasible_without_a_justification_counts_as_unanswered_and_the_page_says_so(walk: Walk) -> None:
    answer_by_hand(walk, NETWORK, notes={"SMS-MCM10.c": "   "})
    assert "counts as unanswered until it has a written justification" in walk.text
    walk.next()
    assert walk.summary()["Points"] == ("4 to 6 of 6", "4 to 6 of 8")
    assert walk.summary()["Requirements unanswered"] == ("1", "1")
    assert {row["drafted_status"] for row in rows(walk)} == {"incomplete"}


def test_not_feasible_asks_for_its_justification_where_it_is_chosen_and_is_offered_nowhere_else(walk: Walk) -> None:
    start(walk, NETWORK.profile)
    assert [each for each in walk.asked("grade") if "Not feasible or appropriate" in walk.choices(f"grade.{each}")] == [
        "SMS-MCM10.c"
    ]
    walk.give("grade.SMS-MCM10.c", "not_feasible")
    assert "written justification" in " ".join(walk.messages("warning"))
    walk.give("note.SMS-MCM10.c", "Tested.")
    assert walk.messages("warning") == []


def test_an_assessment_without_any_grade_is_a_range_and_everything_is_listed_as_open(walk: Walk) -> None:
    start(walk, MESSENGER.profile)
    walk.go_to("Check your answers")
    assert len(still_open(walk)) == len(MESSENGER.grades)
    walk.next()
    assert walk.summary()["Points"] == ("0 to 6 of 6", "0 to 16 of 16")
    assert "As amended: 0 to 16 of 16 points (0 to 100 %)." in walk.text
    assert {row["amended_status"] for row in rows(walk)} == {"unanswered"}


# ------------------------------------------------------------------------------------------ forwards and backwards
def facts_shown(walk: Walk) -> dict[str, object]:
    return {
        f"{kind}.{each}": walk.value(f"{kind}.{each}")
        for kind in ("fact", "grade", "note", "examined", "reason")
        for each in walk.asked(kind)
    }


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
        *["Step 4 of 7: Detect and remove known CSAM 9 of 12 answered"] * 2,
        "Your service done",
        "Not capable? report incomplete",
        "Act on breaches of terms: class 1A material ",
        "Detect and remove known CSAM 1 of 2",
        "Disrupt and deter CSAM not asked with these facts",
        "Act on breaches of terms: class 1B material ",
        "Check your answers ",
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


# ------------------------------------------------------------------------------------------ a changed mind
def test_another_category_keeps_the_answers_does_not_score_them_and_brings_them_back(walk: Walk) -> None:
    answer_by_hand(walk, MESSENGER)
    walk.press("Change Service category")
    walk.give_all("fact", {"category": "dis"})
    walk.next()
    assert walk.title == "Check your answers"
    walk.next()
    assert walk.summary()["Points"] == ("0 to 10 of 10", "0 to 20 of 20")
    assert {row["code"] for row in rows(walk)} == {"DIS"}
    assert {row["grade"] for row in rows(walk)} == {""}
    kept = answers(walk)
    assert kept["profile"] == {**MESSENGER.profile, "category": "dis"}
    assert {id: each["grade"] for id, each in kept["answers"].items()} == MESSENGER.grades
    walk.back()
    walk.press("Change Service category")
    assert not walk.is_asked("fact.capable")
    walk.give("fact.category", "res")
    assert {fact: walk.value(f"fact.{fact}") for fact in walk.asked("fact")} == {
        fact: value for fact, value in MESSENGER.profile.items() if fact != "esafety_approval"
    }
    walk.next()
    walk.next()
    assert_figures(walk, MESSENGER)


def test_capable_no_then_yes_then_no_keeps_the_approval_and_the_technologies_and_does_not_score_them_meanwhile(
    walk: Walk,
) -> None:
    profile = {**MESSENGER.profile, "encryption": "provider_keys", "esafety_approval": "granted"}
    start(walk, profile)
    for technology in ("client_side_hashing", "secure_enclaves"):
        walk.give(f"examined.{technology}", True)
        walk.give(f"reason.{technology}", "It does not run on our devices.")
    assert any("complete" in each and "incomplete" not in each for each in walk.messages("success"))
    walk.go_to("Scorecard")
    exempt = {"RES-MCM3": ("exempt", "exempt"), "RES-MCM11": ("exempt", "exempt")}
    assert statuses(walk).items() >= exempt.items()

    walk.back()
    walk.press("Change Capable of reviewing and assessing material")
    walk.give("fact.capable", "yes")
    assert walk.step == (1, 7)
    walk.next()
    assert not any("Technologies examined" in each for each in walk.shown())
    walk.next()
    assert statuses(walk)["RES-MCM3"] == statuses(walk)["RES-MCM11"] == ("unanswered", "unanswered")
    assert "esafety_approval" not in rows(walk)[0]["profile"]
    assert answers(walk)["profile"]["esafety_approval"] == "granted"

    walk.back()
    walk.press("Change Capable of reviewing and assessing material")
    walk.give("fact.capable", "no")
    walk.next()
    walk.next()
    assert statuses(walk).items() >= exempt.items()
    walk.back()
    walk.press("Change Technologies examined")
    assert walk.value("fact.esafety_approval") == "granted"
    assert walk.value("reason.secure_enclaves") == "It does not run on our devices."


def test_other_hosting_takes_the_tier_and_measures_away_and_brings_them_back_with_their_answers(walk: Walk) -> None:
    profile = {
        "category": "dis",
        "tier": "tier_2",
        "encryption": "none",
        "hosting": "end_user_managed",
        "livestream": "no",
    }
    start(walk, profile)
    assert walk.title == "Detect and remove known CSAM"
    walk.give("grade.DIS-MCM8.a", "partly")
    walk.back()
    assert not walk.is_asked("fact.tier")
    walk.give("fact.hosting", "provider_managed")
    assert walk.value("fact.tier") is None
    walk.give("fact.tier", "tier_2")
    walk.next()
    assert walk.title == "Disrupt and deter first-generation CSAM"
    walk.back()
    walk.give("fact.tier", "tier_1")
    walk.next()
    assert walk.title == "Detect and remove known CSAM"
    assert walk.value("grade.DIS-MCM8.a") == "partly"
    walk.back()
    walk.give("fact.hosting", "end_user_managed")
    assert not walk.is_asked("fact.tier")
    walk.give("fact.hosting", "provider_managed")
    assert walk.value("fact.tier") == "tier_1"


def statuses(walk: Walk) -> dict[str, tuple[str, str]]:
    return {row["measure"]: (row["drafted_status"], row["amended_status"]) for row in rows(walk)}


def test_live_video_asks_its_requirement_and_takes_it_away_again(walk: Walk) -> None:
    start(
        walk,
        {"category": "dis", "hosting": "provider_managed", "tier": "tier_3", "encryption": "none", "livestream": "yes"},
    )
    assert walk.asked("grade") == ["DIS-NEW.a", "DIS-NEW.b"]
    walk.give("grade.DIS-NEW.b", "met")
    walk.back()
    walk.give("fact.livestream", "no")
    walk.next()
    assert walk.asked("grade") == ["DIS-NEW.a"]
    walk.go_to("Scorecard")
    assert walk.summary()["Points"] == ("Nothing is owed", "0 to 2 of 2")
    assert answers(walk)["answers"]["DIS-NEW.b"]["grade"] == "met"


def test_not_known_yet_is_an_answer_that_stays_unanswered_and_its_note_stays(walk: Walk) -> None:
    start(walk, NETWORK.profile)
    assert {walk.value(f"grade.{id}") for id in walk.asked("grade")} == {None}
    walk.give("grade.SMS-MCM10.b", "")
    walk.give("grade.SMS-MCM10.a", "met")
    walk.give("note.SMS-MCM10.a", "A programme")
    walk.give("grade.SMS-MCM10.a", "")
    walk.next()
    assert len(still_open(walk)) == 4
    walk.back()
    assert [walk.value(f"grade.{id}") for id in walk.asked("grade")] == ["", "", None, None]
    assert walk.value("note.SMS-MCM10.a") == "A programme"
    walk.go_to("Scorecard")
    assert answers(walk)["answers"] == {"SMS-MCM10.a": {"grade": "", "note": "A programme"}}
    walk.visit("sms-mcm10")
    walk.give("grade.SMS-MCM10.a", "partly")
    walk.go_to("Scorecard")
    assert answers(walk)["answers"] == {"SMS-MCM10.a": {"grade": "partly", "note": "A programme"}}


def test_a_technology_that_is_no_longer_examined_leaves_the_report_and_its_reason_comes_back_with_it(
    walk: Walk,
) -> None:
    start(walk, MESSENGER.profile)
    walk.give("examined.photodna", True)
    walk.give("reason.photodna", "No images")
    walk.give("examined.photodna", False)
    assert not walk.is_asked("reason.photodna")
    walk.give("examined.photodna", True)
    assert walk.value("reason.photodna") == "No images"


# ------------------------------------------------------------------------------------------ what the claim comes to
def test_the_page_on_the_claim_says_live_whether_the_exemption_holds_and_what_is_missing(walk: Walk) -> None:
    start(walk, MESSENGER.profile)
    assert walk.title == "Not capable?"

    def holds() -> list[bool]:
        return [cell == "✓ Holds" for row in walk.app.table[0].value.itertuples(index=False) for cell in row[1:]]

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


# ------------------------------------------------------------------------------------------ check your answers
def test_every_change_link_leads_to_its_question_and_comes_straight_back(walk: Walk) -> None:
    walk.open_sample("Encrypted messenger")
    walk.back()
    links = [each for each in walk.buttons() if each.startswith("Change ") and not each.startswith("Change the ")]
    assert len(links) == len(set(links)) == 1 + len(MESSENGER.profile) + 1 + len(MESSENGER.grades)
    for place, link in enumerate(links):
        walk.press(link)
        about = link.removeprefix("Change ")
        assert walk.title != "Check your answers", link
        assert walk.has_button("Back to your answers"), link
        assert (about in PROMPTS and walk.is_asked(PROMPTS[about])) or about in walk.text, link
        if place % 2:  # Back comes straight back too
            walk.back()
        else:
            walk.next()
        assert walk.title == "Check your answers", link


PROMPTS = {
    "Name": "name",
    "Service category": "fact.category",
    "Hosting": "fact.hosting",
    "Risk tier": "fact.tier",
    "Encryption": "fact.encryption",
    "Communication": "fact.communication",
    "Live video": "fact.livestream",
    "Capable of reviewing and assessing material": "fact.capable",
    "eSafety's approval": "fact.esafety_approval",
    "Technologies examined": "examined.safer",
}


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("Short.", "Short."),
        ("One\nTwo\nThree", "One\nTwo\nThree"),
        ("One\nTwo\nThree\nFour", "One\nTwo\nThree …"),
        ("n" * 5000, "n" * 240 + " …"),
    ],
)
def test_check_shows_three_lines_of_a_note(walk: Walk, note: str, shown: str) -> None:
    answer_by_hand(walk, NETWORK)
    walk.visit("sms-mcm10")
    walk.give("note.SMS-MCM10.a", note)
    walk.visit("check")
    assert f"Note: {shown}" in [element.value for element in walk.app.text]


def test_check_says_in_one_sentence_that_all_is_answered_and_the_report_incomplete(walk: Walk) -> None:
    walk.open_sample(MESSENGER.sample)
    walk.visit("check")
    [said] = walk.messages("warning")
    assert said == "Every question is answered. The report of the technologies is not complete."
    assert not walk.messages("success")


def test_a_changed_answer_stands_on_check_your_answers_and_a_new_question_that_it_raises_is_listed_as_open(
    walk: Walk,
) -> None:
    answer_by_hand(walk, NETWORK)
    assert "Everything that is asked is answered." in walk.messages("success")
    walk.press("Change Service category")
    walk.give("fact.category", "res")
    assert walk.has_button("Back to your answers")
    walk.next()
    assert walk.title == "Your service", "two questions more are asked, and the branching needs them"
    walk.back()
    assert walk.title == "Check your answers"
    assert "Communication: a fact that the scorecard needs" in walk.text
    walk.next()
    assert walk.title == "Check your answers"
    assert "communication" in " ".join(walk.messages("error"))
    walk.press("Change Communication")
    walk.give_all("fact", {"communication": "open", "capable": "yes"})
    walk.next()
    assert "Relevant electronic service" in walk.text
    walk.next()
    assert walk.title == "Scorecard"


def test_a_change_link_that_was_left_by_another_way_does_not_hold_the_user_later(walk: Walk) -> None:
    answer_by_hand(walk, NETWORK)
    walk.press("Change Risk tier")
    walk.visit("check")
    assert walk.has_button("See the scorecard")
    walk.press("Change Risk tier")
    walk.visit("")
    walk.press("Go on with your answers")
    walk.next()
    assert walk.title == "Disrupt and deter CSAM, new CSAM included"


# ------------------------------------------------------------------------------------------ save and resume
@named
def test_saved_answers_opened_in_another_session_are_the_same_answers_and_the_same_result(example: Example) -> None:
    first, second = opened(example), Walk()
    first.back()
    first.press("Change Name")
    first.give("name", "Zoë’s Überdienst – “Ünï”")
    first.next()
    first.next()
    saved = first.downloaded("json")
    second.resume(saved)
    assert_figures(second, example)
    assert second.downloaded("json") == saved
    assert second.downloaded("csv") == first.downloaded("csv")
    assert any(said.startswith("Zoë’s Überdienst – “Ünï”, ") for said in second.shown())


def test_a_file_saved_half_way_resumes_where_a_fact_is_missing(walk: Walk) -> None:
    content = json.loads(FILES["Encrypted messenger"].read_bytes())
    del content["profile"]["tier"]
    walk.resume(json.dumps(content).encode())
    assert walk.title == "Your service"
    assert walk.value("fact.tier") is None
    assert walk.value("fact.communication") == "closed"
    walk.give("fact.tier", "tier_1")
    walk.go_to("Scorecard")
    assert_figures(walk, MESSENGER)


def test_a_saved_file_replaces_the_answers_only_when_it_is_opened_and_says_so_first() -> None:
    walk = opened(NETWORK)
    walk.to_start()
    walk.upload(FILES["Cloud drive"].read_bytes())
    assert "Sample: cloud drive" in walk.text
    assert "replaces the answers" in " ".join(walk.messages("warning"))
    walk.press("Go on with your answers")
    assert walk.value("fact.category") == "sms"
    walk.back()
    walk.resume(FILES["Cloud drive"].read_bytes())
    assert_figures(walk, DRIVE)


def test_a_file_from_another_version_of_the_rules_opens_with_a_notice(walk: Walk) -> None:
    content = json.loads(FILES["Encrypted messenger"].read_bytes())
    content["rulebook"] = "v1.0-2022-09/ijm-0"
    walk.resume(json.dumps(content).encode())
    notice = " ".join(walk.messages("warning"))
    assert_figures(walk, MESSENGER)
    assert [each in walk.text for each in ("v1.0-2022-09/ijm-0", "v2.0-2023-03/ijm-1", "Check the answers")] == [
        True
    ] * 3, notice


def test_the_notice_of_another_version_stays_until_the_user_has_checked_the_answers(walk: Walk) -> None:
    content = json.loads((ROOT / "questionnaire" / "session" / "samples" / "cloud_drive.json").read_bytes())
    content["rulebook"] = "v1.0-2022-09/ijm-0"
    walk.resume(json.dumps(content).encode())
    walk.visit("dis-mcm8")
    walk.give("note.DIS-MCM8.b", "Changed under the present rules.")
    walk.visit("scorecard")
    assert any("v1.0-2022-09/ijm-0" in said for said in walk.messages("warning"))
    assert json.loads(walk.downloaded("json"))["rulebook"] == "v1.0-2022-09/ijm-0"
    walk.press("I have checked the answers against these rules")
    assert not walk.messages("warning")
    assert json.loads(walk.downloaded("json"))["rulebook"] == "v2.0-2023-03/ijm-1"


def sample_with(**edits: object) -> bytes:
    """A sample's file with some of its values replaced; a dotted name goes into the file, None takes the key away."""
    content = json.loads(FILES["Large social network"].read_bytes())
    for name, value in edits.items():
        *way, last = name.split("__")
        part = content
        for step in way:
            part = part[step.replace("_DOT_", ".")]
        if value is None:
            del part[last]
        else:
            part[last] = value
    return json.dumps(content, ensure_ascii=False).encode()


GRADE = {"grade": "met", "note": ""}
REFUSALS = {
    "an empty file": (b"", ["is empty"]),
    "not JSON": (b"{", ["not JSON"]),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", ["not UTF-8"]),
    "UTF-16": ('{"format": "é"}'.encode("utf-16"), ["is UTF-16 text"]),
    "a spreadsheet": (b"service,code\nA,SMS\n", ["a table (CSV)"]),
    "a list": (b"[]", ["a list", "'format'"]),
    "a number": (b"7", ["a number"]),
    "another program's file": (b'{"version": 3}', ["'format' is missing", "mcm-assessment/1"]),
    "another format": (sample_with(format="mcm-assessment/3"), ["'format' is 'mcm-assessment/3'", "mcm-assessment/2"]),
    "over 1 MiB": (sample_with(service_name="x" * LARGEST_FILE), ["over 1 MiB"]),
    "over 1 MiB of blanks": (FILES["Small forum"].read_bytes() + b" " * LARGEST_FILE, ["over 1 MiB"]),
    "nested too deep": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, ["nested too deep"]),
    "an unknown key": (sample_with(colour="red"), ["colour", "'red'", "allowed", "service_name"]),
    "an unknown key in an answer": (
        sample_with(**{"answers__SMS-MCM10_DOT_a__colour": "red"}),
        ["SMS-MCM10.a", "colour", "'red'", "grade, note"],
    ),
    "an unknown fact": (sample_with(profile__size="big"), ["profile", "'size'", "category, tier"]),
    "a fact that is derived": (
        sample_with(profile__technology_report="complete"),
        ["profile", "technology_report", "allowed"],
    ),
    "an unknown value": (sample_with(profile__tier="tier_4"), ["profile.tier", "'tier_4'", "tier_1, tier_2, tier_3"]),
    "a value in other case": (sample_with(profile__tier="Tier_1"), ["profile.tier", "'Tier_1'", "tier_1"]),
    "an unknown technology": (
        sample_with(technologies__magic="No"),
        ["technologies", "'magic'", "client_side_hashing"],
    ),
    "an unknown requirement": (
        sample_with(**{"answers__SMS-MCM99.a": GRADE}),
        ["answers", "SMS-MCM99.a", "SMS-MCM10.a"],
    ),
    "an unknown grade": (
        sample_with(**{"answers__SMS-MCM10_DOT_a__grade": "good"}),
        ["answers.SMS-MCM10.a.grade", "'good'", "met, partly, not_met"],
    ),
    "not feasible without the caveat": (
        sample_with(**{"answers__SMS-MCM10_DOT_a__grade": "not_feasible"}),
        ["answers.SMS-MCM10.a.grade", "not_feasible", "where feasible"],
    ),
    "a missing key": (sample_with(profile=None), ["'profile' is missing"]),
    "no moment": (sample_with(saved_at=None), ["'saved_at' is missing"]),
    "a moment without its offset": (
        sample_with(saved_at="2026-01-01T00:00:00"),
        ["saved_at", "2026-01-01T00:00:00", "offset"],
    ),
    "a version that is none": (
        sample_with(rulebook="**v9** [here](https://example.org)"),
        ["'rulebook' is '**v9**", "a version of the rules, such as v2.0-2023-03/ijm-1"],
    ),
    "no version": (sample_with(rulebook=" "), ["'rulebook' is empty"]),
    "a number for a name": (sample_with(service_name=7), ["service_name", "7", "text"]),
    "a list for the profile": (sample_with(profile=[]), ["profile", "a list", "an object"]),
    "true for a fact": (sample_with(profile__livestream=True), ["profile.livestream", "true", "text"]),
    "a number for a note": (
        sample_with(**{"answers__SMS-MCM10_DOT_a__note": 1.5}),
        ["answers.SMS-MCM10.a.note", "1.5", "text"],
    ),
    "text for an answer": (sample_with(**{"answers__SMS-MCM10_DOT_a": "met"}), ["'met'", "an object"]),
    "a key twice": (b'{"format": "mcm-assessment/1", "format": "mcm-assessment/1"}', ["'format'", "twice"]),
    "NaN": (b'{"format": NaN}', ["NaN"]),
    "a control character": (sample_with(service_name="a\x00b"), ["service_name", "U+0000"]),
    "half a character": (
        FILES["Small forum"].read_bytes().replace(b"Sample: small", b"\\ud800"),
        ["service_name", "U+D800"],
    ),
}


@pytest.fixture(scope="module")
def at_the_uploader() -> Walk:
    """A session with a sample's answers, on the start page."""
    walk = opened(MESSENGER)
    walk.to_start()
    return walk


@pytest.mark.parametrize("what", REFUSALS)
def test_a_file_that_cannot_be_right_is_refused_whole_with_the_key_the_value_and_what_is_allowed(
    at_the_uploader: Walk, what: str
) -> None:
    content, says = REFUSALS[what]
    walk = at_the_uploader
    walk.upload(content, name="mine.json")
    [error] = walk.messages("error")
    assert "not opened" in error
    assert "our answers are as they were" in error
    said = next(each for each in walk.shown() if each.startswith("mine.json: "))
    assert [each for each in says if each not in said] == [], said
    assert len(said) < 1000
    assert not walk.has_button("Open this file")
    walk.press("Go on with your answers")
    assert walk.value("name") == "Sample: encrypted messenger"
    walk.to_start()


def test_after_refusals_the_answers_are_as_they_were(at_the_uploader: Walk) -> None:
    walk = at_the_uploader
    for content, _ in list(REFUSALS.values())[::9]:
        walk.upload(content)
        assert walk.messages("error")
    walk.press("Go on with your answers")
    walk.go_to("Scorecard")
    assert walk.downloaded("json") == FILES["Encrypted messenger"].read_bytes()
    walk.to_start()


def test_a_saved_file_of_exactly_1_mib_and_one_with_a_byte_order_mark_are_opened(walk: Walk) -> None:
    content = FILES["Large social network"].read_bytes()
    walk.resume(content + b" " * (LARGEST_FILE - len(content)))
    assert_figures(walk, NETWORK)
    walk.to_start()
    walk.resume(b"\xef\xbb\xbf" + FILES["Cloud drive"].read_bytes())
    assert_figures(walk, DRIVE)


# ------------------------------------------------------------------------------------------ starting again; other people
def test_starting_again_asks_first_and_then_nothing_is_left() -> None:
    walk = opened(MESSENGER)
    walk.to_start()
    walk.press("Start again with nothing answered")
    assert "Save them on the scorecard page first" in " ".join(walk.messages("warning"))
    walk.press("No, keep them")
    assert not walk.has_button("Yes, remove them and start again")
    walk.press("Go on with your answers")
    assert walk.value("name") == "Sample: encrypted messenger"
    walk.back()
    walk.press("Start again with nothing answered")
    walk.press("Yes, remove them and start again")
    assert walk.title == "Your service"
    assert walk.value("name") == ""
    assert set(facts_shown(walk).values()) == {None}
    walk.give_all("fact", MESSENGER.profile)
    walk.next()
    walk.give("fact.esafety_approval", "pending")
    walk.go_to("Scorecard")
    assert answers(walk)["answers"] == {}


def test_a_sample_asks_before_it_takes_the_place_of_answers_and_not_where_there_is_nothing_to_lose(walk: Walk) -> None:
    walk.open_sample("Small forum")
    walk.to_start()
    walk.open_sample("Cloud drive")
    assert walk.title == "Scorecard"
    walk.back()
    walk.press("Change Name")
    walk.give("name", "Ours")
    walk.next()
    walk.to_start()
    walk.open_sample("Small forum")
    assert "removes your answers" in " ".join(walk.messages("warning"))
    walk.press("No, keep my answers")
    assert walk.messages("warning") == []
    walk.press("Go on with your answers")
    assert walk.value("name") == "Ours"
    walk.back()
    walk.open_sample("Small forum")
    walk.press("Yes, open the sample")
    assert_figures(walk, FORUM)


def test_two_people_do_not_see_each_others_answers() -> None:
    first, second = Walk(), Walk()
    first.press("Start")
    second.press("Start")
    first.give("name", "Ours")
    first.give_all("fact", MESSENGER.profile)
    assert second.value("name") == ""
    second.give("fact.category", "sms")
    assert second.asked("fact") == ["category", "hosting", "tier", "encryption", "livestream"]
    assert {second.value(f"fact.{fact}") for fact in ("hosting", "tier", "encryption", "livestream")} == {None}
    second.give("name", "Theirs")
    first.next()
    first.back()
    assert first.value("name") == "Ours"
    assert first.value("fact.category") == "res"
    third = Walk()
    assert third.has_button("Start")


# ------------------------------------------------------------------------------------------ what a user typed is text
MARKUP = [
    "<script>alert(1)</script><b>bold</b>",
    "**bold** _slanted_ [link](https://example.org) `code`",
    "# Heading",
    ":red[red] :material/home: $x^2$ :smile:",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1+1",
    "\t=1+1",
    'a,b\n"c"; d\r\ne',
    "| a | b |",
]


def test_notes_reasons_names_and_versions_with_markup_are_shown_as_text_and_never_as_markup(walk: Walk) -> None:
    typed = "".join(each for each in MARKUP if "\n" not in each and "\t" not in each)
    start(walk, {**MESSENGER.profile})
    walk.give("examined.safer", True)
    walk.give("reason.safer", typed)
    while walk.title != "Check your answers":
        for each in walk.asked("note"):
            walk.give(f"note.{each}", typed)
        walk.next()
    walk.press("Change Name")
    walk.give("name", typed)
    walk.next()
    pages = [walk.visible()]
    walk.next()
    walk.unfold()
    pages.append(walk.visible())
    other = json.loads(walk.downloaded("json"))
    other["rulebook"] = "v1.0/ijm-0"
    walk.to_start()
    pages.append(walk.visible())
    walk.upload(json.dumps(other).encode(), name=f"{typed.replace('/', '')}.json")
    pages.append(walk.visible())
    walk.press("Open this file")
    pages.append(walk.visible())
    assert sum(said.count(typed) for page in pages for kind, said in page if kind in TEXT) > 10
    for kind, said in [each for page in pages for each in page]:
        if kind not in TEXT:
            assert [
                each
                for each in ("<script>", "**bold**", "[link](", ":red[", ":material/home:", "$x^2$", "`code`")
                if each in said
            ] == [], kind


TEXT = ("text", "text_area", "text_input", "file_uploader")
"""What shows the characters that it is given, and makes nothing of them."""


@pytest.mark.parametrize("note", MARKUP)
def test_a_note_comes_back_from_the_csv_and_from_the_saved_file_as_it_was_typed(walk: Walk, note: str) -> None:
    answer_by_hand(walk, NETWORK)
    walk.back()
    walk.give("note.SMS-MCM10.a", note)
    walk.go_to("Scorecard")
    row = next(
        each
        for each in csv.DictReader(io.StringIO(walk.downloaded("csv").decode("utf-8-sig"), newline=""))
        if each["requirement"] == "SMS-MCM10.a"
    )
    assert unguarded(row["note"]) == note
    assert not row["note"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert answers(walk)["answers"]["SMS-MCM10.a"]["note"] == note


FIELDS = {"name": 200, "reason.safer": 5000, "note.RES-MCM8.a": 5000}
"""Every kind of field that is typed into, and how many characters of it are saved."""


def at_the_field(about: str) -> Walk:
    walk = opened(MESSENGER)
    walk.visit({"name": "your-service", "reason": "not-capable", "note": "res-mcm8"}[about.partition(".")[0]])
    if about == "reason.safer":
        walk.give("examined.safer", True)
    return walk


def saved_of(walk: Walk, about: str) -> str:
    content = state_of(walk)
    kind, _, what = about.partition(".")
    return {
        "name": content.service_name,
        "reason": content.technologies.get(what, ""),
        "note": content.answer(what).note,
    }[kind]


def state_of(walk: Walk) -> Assessment:
    return walk.app.session_state[OURS]["assessment"]


@pytest.mark.parametrize("about", FIELDS)
def test_what_is_too_long_for_a_field_stays_in_it_and_is_said_until_it_is_shortened(about: str) -> None:
    walk, longest = at_the_field(about), FIELDS[about]
    whole = "a" * longest + "bcd"
    walk.give(about, whole)
    assert any(said.startswith("3 characters too many") for said in walk.messages("warning"))
    assert (walk.value(about), saved_of(walk, about)) == (whole, whole[:longest])
    address = walk.title
    walk.visit("sources")
    walk.visit({"Your service": "your-service", "Not capable?": "not-capable"}.get(address, "res-mcm8"))
    assert walk.value(about) == whole
    walk.give(about, whole[3:])
    assert "too many" not in walk.text
    assert walk.value(about) == saved_of(walk, about) == whole[3:]


@pytest.mark.parametrize("about", FIELDS)
def test_a_soft_line_break_is_shown_as_one_and_what_is_no_text_is_said_to_be_taken_out(about: str) -> None:
    walk = at_the_field(about)
    between = " " if about == "name" else "\n"
    walk.give(about, "one\x0btwo\u2028three")
    assert walk.value(about) == saved_of(walk, about) == f"one{between}two{between}three"
    assert "Taken out" not in walk.text
    walk.give(about, "one\x00\x1b")
    assert "Taken out: 2 control characters" in walk.text
    assert walk.value(about) == saved_of(walk, about) == "one"
    walk.give(about, "two")
    assert "Taken out" not in walk.text


def test_with_every_field_full_a_saved_file_is_under_its_limit(rules: Rules) -> None:
    text = "\U0001f600" * LONGEST_TEXT
    full = Assessment(
        rulebook=rules.version,
        service_name="\U0001f600" * LONGEST_NAME,
        saved_at="2026-11-22T10:15:00+00:00",
        profile={fact.id: fact.values[0].id for fact in rules.facts if not fact.derived_from_technologies},
        technologies={technology.id: text for technology in rules.technologies},
        answers={asked.id: Answer(grade="not_met", note=text) for asked in all_requirements(rules)},
    )
    assert len(to_json(full, rules)) < LARGEST_FILE


# ------------------------------------------------------------------------------------------ every page
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_opened_by_itself_has_a_title_and_says_what_to_do_next(address: str) -> None:
    walk = Walk.opened_at(address)
    assert len(walk.shown()) > 2
    if address == "sources":
        return
    if walk.messages("info"):
        walk.press("Go to your service")
        assert walk.title == "Your service"
    else:
        assert address in ("your-service", "check")
        assert walk.has_button("Next") or walk.has_button("See the scorecard")
    assert walk.is_asked("fact.category") or address == "check"


def test_check_your_answers_before_anything_is_answered_lists_the_facts_and_leads_to_them() -> None:
    walk = Walk.opened_at("check")
    assert "Service category: a fact that the scorecard needs" in walk.text
    walk.next()
    assert "service category" in " ".join(walk.messages("error"))
    walk.press("Change Service category")
    assert walk.title == "Your service"


def test_a_page_of_a_measure_that_asks_nothing_of_the_service_says_why() -> None:
    walk = opened(FORUM)
    walk.visit("sms-mcm10")
    assert "asks nothing of your service" in " ".join(walk.messages("info"))
    assert "tier 1" in " ".join(walk.messages("info"))
    walk.visit("dis-new")
    assert "another kind of service" in " ".join(walk.messages("info"))
    walk.visit("not-capable")
    assert "Yours does not say so" in " ".join(walk.messages("info"))


def every_page() -> Iterator[tuple[str, Walk]]:
    """Every page as a first-time provider comes upon it: opened by itself, and on the way of each example."""
    yield "start", Walk()
    for address in ADDRESSES:
        yield f"{address}, opened by itself", Walk.opened_at(address)
    for example in EXAMPLES:
        walk = Walk()
        walk.press("Start")
        walk.give_all("fact", example.profile)
        yield f"{example.sample}: {walk.title}", walk
        while walk.title != "Scorecard":
            walk.next()
            walk.give_all("fact", example.profile)
            walk.give_all("grade", example.grades)
            yield f"{example.sample}: {walk.title}", walk
        walk.to_start()
        yield f"{example.sample}: start again", walk


def titles_of_ids(rules: Rules) -> dict[str, str]:
    measures = resolve(rules.drafted, rules.recommendations).measures
    return {
        **{each.id: each.title for each in measures},
        **{each.id: each.title for each in all_requirements(rules)},
        **{each.id: each.title for each in rules.recommendations},
    }


@pytest.mark.slow
def test_no_page_is_blank_shows_an_id_before_its_name_or_a_percentage_before_its_count(rules: Rules) -> None:
    titles = titles_of_ids(rules)
    short = {
        recommendation.id: recommendation.short for recommendation in rules.recommendations if recommendation.short
    }
    plain = {
        *FACTS,
        *(value for values in FACTS.values() for value in values if "_" in value),
        *(each.id for each in rules.technologies if "_" in each.id),
    }
    plain |= {
        "not_met",
        "not_feasible",
        "not_applicable",
        "partly_met",
        "exemption_withdrawn",
        "exemption_narrowed",
        "requirement_added",
        "measure_added",
    }
    plain = {each for each in plain if "_" in each}
    seen = set()
    faults = []
    for page, walk in every_page():
        seen.add(walk.title)
        said = re.sub(r"\(https?://\S+\)", "", walk.text)
        assert len(said) > len(walk.title) + 40, page
        for id, title in titles.items():
            first = re.search(rf"(?<![\w.-]){re.escape(id)}(?![\w-]|\.\w)", said)
            name = min((place for name in (title, short.get(id, title)) if (place := said.find(name)) >= 0), default=-1)
            if first and not 0 <= name < first.start():
                faults.append(
                    f"{page}: {id} stands before “{title}”: ...{said[max(0, first.start() - 60) : first.end() + 30]!r}"
                )
        faults += [
            f"{page}: the bare id {each!r}" for each in sorted(plain) if re.search(rf"(?<![\w-]){each}(?![\w-])", said)
        ]
        percentage, count = re.search(r"\d ?%", said), re.search(r"\d+ of \d+", said.partition(walk.title)[2])
        if percentage and not (count and count.start() < percentage.start()):
            faults.append(f"{page}: a percentage before any count")
    assert not faults, "\n".join(faults)
    assert {
        "Scorecard",
        "Sources",
        "Check your answers",
        "Not capable?",
        "Disrupt and deter first-generation CSAM",
    } <= seen
    assert sorted(titles) == sorted(
        [
            *MEASURES["sms"],
            *MEASURES["res"],
            *MEASURES["dis"],
            *(each for some in REQUIREMENTS.values() for each in some),
            *(each.id for each in rules.recommendations),
        ]
    )


@pytest.mark.parametrize("broken", ["state.rules", "load_questionnaire"])
def test_rules_or_questions_that_cannot_be_used_stop_the_app_with_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    def refuse() -> None:
        raise RulebookError("code.toml", "RES-MCM8", "'basis' is 'guessed'")

    monkeypatch.setattr(navigation.state if "." in broken else navigation, broken.rpartition(".")[2], refuse)
    walk = Walk()
    assert walk.title == "The rules cannot be used"
    assert "code.toml: RES-MCM8: 'basis' is 'guessed'" in walk.text
