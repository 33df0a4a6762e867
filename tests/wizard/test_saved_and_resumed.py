"""Saved, resumed and refused, started again, and two people beside one another, without a browser."""

import json

import pytest
from by_hand import FILES, answers, assert_figures, facts_shown, named, opened
from examples import DRIVE, FORUM, MESSENGER, NETWORK, Example
from walk import ROOT, Walk

from scoring.portfolio.one_service import example_csv
from scoring.rules.load import load
from scoring.score.assessment_file import LARGEST_FILE, from_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes
from scoring.workbooks.portfolio_workbook import services_workbook

RULES = load()
CARD = scorecard(RULES, from_json(FILES["Encrypted messenger"].read_bytes(), RULES))


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
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\xff\xfe", ["is a picture"]),
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


@pytest.mark.parametrize(
    ("name", "data", "what", "page"),
    [
        ("card.csv", csv_bytes(CARD), "a scorecard", "returns"),
        ("card.json", csv_bytes(CARD).decode("utf-8-sig").encode("utf-16"), "a scorecard", "returns"),
        ("services.csv", example_csv(), "a file of services (a portfolio)", "portfolio"),
        ("services.xlsx", services_workbook(RULES, example_csv()), "a file of services (a portfolio)", "portfolio"),
        ("scan.pdf", b"%PDF-1.7", "the file is a PDF file, not a saved assessment", ""),
    ],
)
def test_a_file_for_another_page_is_named_with_a_link_to_the_page_that_takes_it(
    walk: Walk, name: str, data: bytes, what: str, page: str
) -> None:
    links_before = [link.proto.page for link in walk.app.get("page_link")]
    walk.upload(data, name)
    assert "not opened" in walk.messages("error")[0]
    assert any(said.startswith(f"{name}: ") and what in said for said in walk.shown())
    links = [link.proto.page for link in walk.app.get("page_link")]
    assert links.count(page) == links_before.count(page) + bool(page)


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
