"""Check your answers, without a browser: the way to each question and back, and what is still open."""

import pytest
from by_hand import answer_by_hand
from examples import MESSENGER, NETWORK
from walk import Walk


@pytest.mark.slow
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
    assert said == "Every question is answered. The report is not complete."
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


def test_what_is_still_open_is_listed_and_the_first_of_it_is_one_press_away_and_comes_straight_back(walk: Walk) -> None:
    walk.open_sample("Encrypted messenger")
    for requirement in ("RES-MCM10.b", "RES-MCM11.a"):
        walk.visit(requirement.partition(".")[0].lower())
        walk.give(f"grade.{requirement}", "")
    walk.visit("check")
    assert "Disrupt and deter posting CSAM (Disrupt and deter CSAM): unanswered" in walk.text
    walk.press("Answer the first of them")
    assert walk.is_asked("grade.RES-MCM10.b")
    walk.give("grade.RES-MCM10.b", "met")
    walk.next()
    assert walk.title == "Check your answers"
    walk.press("Answer Act on breaches of the terms of service: class 1B")
    walk.give("grade.RES-MCM11.a", "met")
    walk.next()
    assert "Still open" not in walk.text and walk.title == "Check your answers"
