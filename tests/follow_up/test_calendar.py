"""The days on which something of the plan is due, as a calendar file that other programs read."""

from datetime import date
from pathlib import Path

from icalendar import Calendar

from scoring.follow_up.calendar_file import calendar
from scoring.follow_up.plan import outlook
from scoring.rules.model import Rules
from scoring.score.assessment import Assessment, Plan
from scoring.score.assessment_file import from_json
from scoring.score.scorecard import scorecard

NOW = "2026-11-27T23:30:00+11:00"
AWKWARD = "Buy, then test; \\ first\nEND:VEVENT\r\nBEGIN:VALARM\u2028END:VEVENT\x85x \u202eאב “é” " + "long " * 40


def made(rules: Rules, now: str = NOW, **plans: Plan) -> bytes:
    saved = Path(__file__).parents[1] / "assessments" / "messenger_with_record.json"
    given = from_json(saved.read_bytes(), rules)
    answers = {name: answer.model_copy(update={"plan": Plan()}) for name, answer in given.answers.items()}
    for letter, plan in plans.items():
        name = f"RES-MCM10.{letter}"
        answers[name] = answers[name].model_copy(update={"plan": plan})
    assessment: Assessment = given.model_copy(update={"answers": answers})
    return calendar(outlook(rules, scorecard(rules, assessment), assessment, date(2026, 11, 27)), assessment, now)


def test_each_day_on_which_something_not_done_is_due_is_an_all_day_event_with_what_and_who(rules: Rules) -> None:
    data = made(
        rules,
        a=Plan(action="Prompts", owner="Safety engineering", due="2027-01-31", grade="met"),
        b=Plan(due="2026-11-01", status="under_way"),
        c=Plan(action="Done", due="2026-12-01", status="done"),
        d=Plan(action="Without a day"),
    )
    first, second = Calendar.from_ical(data).events
    assert b"DTSTART;VALUE=DATE:20270131" in data and data.endswith(b"END:VCALENDAR\r\n")
    assert (str(first["summary"]), first.decoded("dtstart")) == ("Prompts (Safety engineering)", date(2027, 1, 31))
    assert b"DTSTAMP:20261127T123000Z" in data
    assert "Service: Messenger with a record\n" in str(first["description"])
    assert "Answer when it is done: In place" in str(first["description"])
    assert str(second["summary"]) == "Disrupt and deter posting CSAM"


def test_an_event_keeps_its_name_when_its_plan_changes_and_no_two_share_one(rules: Rules) -> None:
    def names(data: bytes) -> list[str]:
        return [str(event["uid"]) for event in Calendar.from_ical(data).events]

    before = made(rules, a=Plan(due="2027-01-31"), b=Plan(due="2027-01-31"))
    after = made(rules, "2027-01-01T00:00:00+00:00", a=Plan(action="Other", due="2027-02-28"), b=Plan(due="2027-01-31"))
    assert names(before) == names(after) and len(set(names(before))) == 2


def test_what_a_user_typed_stays_text_and_begins_no_part_of_its_own(rules: Rules) -> None:
    data = made(rules, a=Plan(action=AWKWARD, owner="O;wner,\\n", due="2027-01-31"))
    [event] = Calendar.from_ical(data).events
    assert event.subcomponents == [] and data.count(b"\r\nEND:VEVENT") == 1
    assert str(event["summary"]) == " ".join(f"{AWKWARD} (O;wner,\\n)".split())
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert (
        data.decode().splitlines() == data.decode().split("\r\n")[:-1]
    )  # as readers take lines apart that know others


def test_an_action_of_blanks_alone_is_none(rules: Rules) -> None:
    [event] = Calendar.from_ical(made(rules, a=Plan(action=" \n ", owner=" ", due="2027-01-31"))).events
    assert str(event["summary"]) == "Disrupt and deter creating CSAM"
