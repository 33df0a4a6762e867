"""Changed minds, without a browser: what is no longer asked is not scored, and comes back with its answers."""

from by_hand import answer_by_hand, answers, assert_figures, rows, start, still_open
from examples import MESSENGER, NETWORK
from walk import Walk


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
