"""What a user typed is text on every page and in every file, whatever is in it and however long it is."""

import csv
import io
import json

import pytest
from by_hand import answer_by_hand, answers, opened, start
from examples import MESSENGER, NETWORK
from walk import Walk

from questionnaire.session.answers import LONGEST_NAME, LONGEST_TEXT
from questionnaire.session.state import OURS
from scoring.files.guard import unguarded
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, all_requirements
from scoring.score.assessment_file import LARGEST_FILE, to_json

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


@pytest.mark.slow
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
