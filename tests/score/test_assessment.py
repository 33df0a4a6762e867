"""The saved assessment: it comes back as it was, and a file that is not wholly right is refused whole, in words."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from schema import LOOSER, fits

from scoring.rules.load import load
from scoring.rules.model import Rules
from scoring.rules.profile import every_profile
from scoring.score.assessment import Answer, Assessment, all_requirements, allowed_grades, version_notice
from scoring.score.assessment_file import FORMAT, LARGEST_FILE, AssessmentError, from_json, to_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes
from scoring.score.tally import GRADES

HERE = Path(__file__).parents[1]
FILES = sorted((HERE / "assessments").glob("*.json"))
MESSENGER: dict[str, Any] = json.loads((HERE / "assessments" / "encrypted_messenger.json").read_text(encoding="utf-8"))
REQUIREMENTS = "SMS-MCM10.a, SMS-MCM10.b, SMS-MCM10.c, SMS-MCM10.d, "
FACTS = "category, tier, encryption, communication, hosting, livestream, capable, esafety_approval"
DEEP = "[" * 100_000 + "]" * 100_000


def edited(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The messenger's file in the present format, with a change made to what it holds."""
    content = json.loads(json.dumps(MESSENGER)) | {"format": FORMAT}
    change(content)
    return json.dumps(content).encode()


def with_value(where: str, value: object) -> bytes:
    """The messenger's file with another value at a place, such as profile/tier."""

    def change(content: dict[str, Any]) -> None:
        *way, last = where.split("/")
        for step in way:
            content = content.setdefault(step, {})
        content[last] = value

    return edited(change)


def refusal(data: bytes, rules: Rules) -> str:
    """What is said of a file that is refused; the published schema refuses it too, unless for a reason that it cannot say."""
    with pytest.raises(AssessmentError) as refused:
        from_json(data, rules)
    said = str(refused.value)
    assert LOOSER.search(said) or fits(data) is not True
    return said


# ------------------------------------------------------------------------------------------- there and back
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_loading_then_saving_gives_the_same_content(path: Path, rules: Rules) -> None:
    data = path.read_bytes()
    assert json.loads(to_json(from_json(data, rules), rules)) == json.loads(data) | {"format": FORMAT}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_saving_then_loading_gives_the_same_assessment(path: Path, rules: Rules) -> None:
    assessment = from_json(path.read_bytes(), rules)
    saved = to_json(assessment, rules)
    assert from_json(saved, rules) == assessment
    assert to_json(from_json(saved, rules), rules) == saved


@pytest.mark.slow
def test_every_profile_comes_back_and_so_does_an_answer_to_every_requirement(rules: Rules) -> None:
    answers = {
        each.id: Answer(grade=allowed_grades(each)[-1], note=f"Zu {each.id}: “é”\n\t🙂")
        for each in all_requirements(rules)
    }
    for profile in every_profile(rules.facts):
        given = {fact: value for fact, value in profile.items() if fact != "technology_report"}
        assessment = Assessment(
            rulebook=rules.version,
            service_name="Größe",
            saved_at="2026-11-22T10:15:00+00:00",
            profile=given,
            technologies={each.id: "" for each in rules.technologies},
            answers=answers,
        )
        assert from_json(to_json(assessment, rules), rules) == assessment


@pytest.mark.parametrize(
    ("where", "value", "allowed"),
    [
        ("provider", "Example Pty Ltd", "format, rulebook, service_name, saved_at, profile, technologies, answers"),
        ("review", {}, "format, rulebook, service_name, saved_at, profile, technologies, answers"),
        ("answers/RES-MCM8.a/since", "2025-03-01", "grade, note"),
    ],
)
def test_the_former_format_knows_nothing_of_what_the_present_one_brought(
    where: str, value: object, allowed: str, rules: Rules
) -> None:
    content = json.loads(with_value(where, value)) | {"format": "mcm-assessment/1"}
    assert refusal(json.dumps(content).encode(), rules).endswith(f"allowed: {allowed}")


def test_what_is_empty_of_evidence_plan_and_marks_is_not_written(rules: Rules) -> None:
    def emptied(content: dict[str, Any]) -> None:
        content.update(provider="", sign_off={"prepared_by": ""}, review={"marks": {}})
        content["answers"]["RES-MCM8.a"].update(since="", evidence=[{}, {"what": ""}], plan={"action": "", "due": ""})

    saved = json.loads(to_json(from_json(edited(emptied), rules), rules))
    assert saved == MESSENGER | {"format": FORMAT}


def test_nothing_but_profile_technologies_grades_and_notes_changes_a_score(rules: Rules) -> None:
    with_record = from_json((HERE / "assessments" / "messenger_with_record.json").read_bytes(), rules)
    without = from_json(json.dumps(MESSENGER).encode(), rules)
    named_alike = with_record.model_copy(update={"service_name": without.service_name})
    assert csv_bytes(scorecard(rules, named_alike)) == csv_bytes(scorecard(rules, without))


def test_what_is_no_longer_asked_is_kept_in_the_file(rules: Rules) -> None:
    data = with_value("profile/category", "sms")
    kept = json.loads(to_json(from_json(data, rules), rules))
    assert kept["profile"]["capable"] == "no"
    assert kept["answers"] == MESSENGER["answers"]


def test_the_file_is_utf_8_that_a_person_can_read_with_keys_in_the_rulebooks_order(rules: Rules) -> None:
    def turned_round(content: dict[str, Any]) -> None:
        content["service_name"] = "Größe"
        for key in ("profile", "answers"):
            content[key] = dict(reversed(content[key].items()))

    saved = to_json(from_json(edited(turned_round), rules), rules).decode()
    assert '"service_name": "Größe"' in saved
    assert saved.endswith("}\n") and "\r" not in saved
    content = json.loads(saved)
    assert list(content) == ["format", "rulebook", "service_name", "saved_at", "profile", "technologies", "answers"]
    assert list(content["profile"]) == list(MESSENGER["profile"])
    assert list(content["answers"]) == list(MESSENGER["answers"])


def test_a_byte_order_mark_at_the_front_is_accepted(rules: Rules) -> None:
    assert from_json(b"\xef\xbb\xbf" + with_value("service_name", "Größe"), rules).service_name == "Größe"


def test_a_half_finished_assessment_loads(rules: Rules) -> None:
    def begun(content: dict[str, Any]) -> None:
        content.update(service_name="", profile={}, answers={"RES-MCM8.a": {}})
        del content["technologies"]

    assessment = from_json(edited(begun), rules)
    assert (assessment.profile, assessment.technologies, assessment.answer("RES-MCM8.a")) == ({}, {}, Answer())
    assert [fact.id for fact in assessment.missing(rules)] == ["category", "encryption", "hosting", "livestream"]


def test_the_largest_file_is_still_read(rules: Rules) -> None:
    data = json.dumps(MESSENGER).encode()
    assert from_json(data + b" " * (LARGEST_FILE - len(data)), rules).service_name == "Encrypted messenger"


# ------------------------------------------------------------------------------------------- not a file of ours
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b" " * (LARGEST_FILE + 1), "the file is over 1 MiB; a saved assessment has at most 1,048,576 bytes"),
        ('{"format": "Größe"}'.encode("latin-1"), "the file is not UTF-8 text: byte 15 cannot be read"),
        (b'{"format": "mcm-assessment/1"', "the file is not JSON: Expecting ',' delimiter: line 1 column 30 (char 29)"),
        (b"{} {}", "the file is not JSON: Extra data: line 1 column 4 (char 3)"),
        (DEEP.encode(), "the file is nested too deep; a saved assessment has objects at most six deep"),
        (
            ('{"a":' * 100_000 + "1" + "}" * 100_000).encode(),
            "the file is nested too deep; a saved assessment has objects at most six deep",
        ),
        (
            b"PK\x03\x04,",
            "the file is a workbook, a document or another zip, not a saved assessment: the start page, or the command read, takes a filled questionnaire",
        ),
        (b"[]", "the file holds a list; a saved assessment is a JSON object with the key 'format'"),
        (b'"text"', "the file holds text; a saved assessment is a JSON object with the key 'format'"),
        (b"1.5", "the file holds a number; a saved assessment is a JSON object with the key 'format'"),
        (b"null", "the file holds nothing; a saved assessment is a JSON object with the key 'format'"),
        (b"true", "the file holds true or false; a saved assessment is a JSON object with the key 'format'"),
        (b"NaN", "the file is not JSON: NaN is not a JSON value"),
        (b'{"format": -Infinity}', "the file is not JSON: -Infinity is not a JSON value"),
        (
            b"{}",
            "'format' is missing; allowed: 'mcm-assessment/2' or 'mcm-assessment/1'. This file is not an assessment that this program saved",
        ),
        (
            b'{"format": "mcm-assessment/3"}',
            "'format' is 'mcm-assessment/3'; allowed: 'mcm-assessment/2' or 'mcm-assessment/1'. This file is not an assessment that this program saved",
        ),
        (
            b'{"format": ["mcm-assessment/1"]}',
            "'format' is [\"mcm-assessment/1\"]; allowed: 'mcm-assessment/2' or 'mcm-assessment/1'. This file is not an assessment that this program saved",
        ),
        (
            b'{"format": "mcm-assessment/1", "format": "mcm-assessment/1"}',
            "the key 'format' is there twice; each key is allowed once",
        ),
        (
            b'{"profile": {"tier": "tier_1", "tier": "tier_2"}}',
            "the key 'tier' is there twice; each key is allowed once",
        ),
        (
            b'{"answers": {"RES-MCM8.a": {"grade": "met", "grade": "partly"}}}',
            "the key 'grade' is there twice; each key is allowed once",
        ),
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else "",
)
def test_a_file_that_is_not_a_saved_assessment_is_refused_in_words(data: bytes, says: str, rules: Rules) -> None:
    assert refusal(data, rules) == says


@pytest.mark.parametrize(
    "where", ["format", "profile", "profile/tier", "technologies/safer", "answers/RES-MCM8.a/grade", "stray"]
)
def test_no_depth_of_nesting_anywhere_gets_past_the_refusal(where: str, rules: Rules) -> None:
    shell = with_value(where, "@@").decode()
    for depth in (1, 50, 500, *range(940, 1010, 3), 5_000, 100_000):
        refusal(shell.replace('"@@"', "[" * depth + "]" * depth).encode(), rules)


# -------------------------------------------------------------------------------------- a wrong key, value or type
@pytest.mark.parametrize(
    ("where", "value", "says"),
    [
        # unknown keys
        (
            "colour",
            "red",
            "'colour': unknown key 'colour' (its value is 'red'); allowed: format, rulebook, provider, service_name, saved_at, profile, technologies, answers, sign_off, review",
        ),
        ("profile/colour", "red", f"'profile': unknown key 'colour'; allowed: {FACTS}"),
        ("profile/technology_report", "complete", f"'profile': unknown key 'technology_report'; allowed: {FACTS}"),
        (
            "technologies/crystal_ball",
            "Seen",
            "'technologies': unknown key 'crystal_ball'; allowed: client_side_hashing, secure_enclaves, safetowatch, safer, "
            "content_safety_api, live_moderation, dragonflai, cyacomb_safety, photodna, ncmec_hash_sharing, hash_matching_api",
        ),
        (
            "answers/RES-MCM8.a/colour",
            "red",
            "'answers.RES-MCM8.a.colour': unknown key 'colour' (its value is 'red'); allowed: grade, note, since, evidence, plan",
        ),
        # unknown values
        ("profile/tier", "tier_9", "'profile.tier': unknown value 'tier_9'; allowed: tier_1, tier_2, tier_3"),
        ("profile/tier", "", "'profile.tier': unknown value ''; allowed: tier_1, tier_2, tier_3"),
        ("profile/livestream", "Yes", "'profile.livestream': unknown value 'Yes'; allowed: yes, no"),
        (
            "answers/RES-MCM8.a/grade",
            "good",
            "'answers.RES-MCM8.a.grade' is 'good'; allowed: met, partly, not_met, or empty",
        ),
        (
            "answers/RES-MCM8.a/grade",
            "Met",
            "'answers.RES-MCM8.a.grade' is 'Met'; allowed: met, partly, not_met, or empty",
        ),
        (
            "answers/SMS-MCM10.c/grade",
            "good",
            "'answers.SMS-MCM10.c.grade' is 'good'; allowed: met, partly, not_met, not_feasible, or empty",
        ),
        (
            "answers/RES-MCM8.a",
            {"grade": "not_feasible", "note": "Because."},
            "'answers.RES-MCM8.a.grade' is 'not_feasible'; allowed: met, partly, not_met, or empty ('not_feasible' only where the text says 'where feasible and appropriate')",
        ),
        ("rulebook", " ", "'rulebook' is empty; allowed: the version of the rules that the answers were given under"),
        (
            "rulebook",
            "<b>v1</b>",
            "'rulebook' is '<b>v1</b>'; allowed: a version of the rules, such as v2.0-2023-03/ijm-1",
        ),
        (
            "format",
            "mcm-scorecard/1",
            "'format' is 'mcm-scorecard/1'; allowed: 'mcm-assessment/2' or 'mcm-assessment/1'. This file is not an assessment that this program saved",
        ),
        # wrong types
        ("rulebook", 1, "'rulebook' is a number (1); allowed: text"),
        ("service_name", None, "'service_name' is nothing (null); allowed: text"),
        ("service_name", ["A"], "'service_name' is a list ([\"A\"]); allowed: text"),
        ("saved_at", 20261122, "'saved_at' is a number (20261122); allowed: text"),
        ("profile", [], "'profile' is a list ([]); allowed: an object"),
        ("profile", "res", "'profile' is text ('res'); allowed: an object"),
        ("profile/tier", 1, "'profile.tier' is a number (1); allowed: text"),
        ("profile/livestream", True, "'profile.livestream' is true or false (true); allowed: text"),
        ("profile/tier", None, "'profile.tier' is nothing (null); allowed: text"),
        ("technologies", None, "'technologies' is nothing (null); allowed: an object"),
        ("technologies", ["safer"], "'technologies' is a list ([\"safer\"]); allowed: an object"),
        (
            "technologies/safer",
            {"reason": "No"},
            '\'technologies.safer\' is an object ({"reason": "No"}); allowed: text',
        ),
        ("answers", [], "'answers' is a list ([]); allowed: an object"),
        ("answers/RES-MCM8.a", "met", "'answers.RES-MCM8.a' is text ('met'); allowed: an object"),
        ("answers/RES-MCM8.a", None, "'answers.RES-MCM8.a' is nothing (null); allowed: an object"),
        ("answers/RES-MCM8.a/grade", 2, "'answers.RES-MCM8.a.grade' is a number (2); allowed: text"),
        ("answers/RES-MCM8.a/grade", None, "'answers.RES-MCM8.a.grade' is nothing (null); allowed: text"),
        ("answers/RES-MCM8.a/note", 1.5, "'answers.RES-MCM8.a.note' is a number (1.5); allowed: text"),
        # what version 2 brought
        ("provider", 7, "'provider' is a number (7); allowed: text"),
        (
            "answers/RES-MCM8.a/since",
            "2025-02-30",
            "'answers.RES-MCM8.a.since' is '2025-02-30'; allowed: a date as YYYY-MM-DD, such as 2026-05-01, or empty",
        ),
        (
            "answers/RES-MCM8.a/since",
            "20250201",
            "'answers.RES-MCM8.a.since' is '20250201'; allowed: a date as YYYY-MM-DD, such as 2026-05-01, or empty",
        ),
        (
            "answers/RES-MCM8.a/evidence",
            "policy.pdf",
            "'answers.RES-MCM8.a.evidence' is text ('policy.pdf'); allowed: a list",
        ),
        (
            "answers/RES-MCM8.a/evidence",
            ["policy.pdf"],
            "'answers.RES-MCM8.a.evidence.0' is text ('policy.pdf'); allowed: an object",
        ),
        (
            "answers/RES-MCM8.a/evidence",
            [{"what": "A policy"}, {"what": "Another", "file": "policy.pdf"}],
            "'answers.RES-MCM8.a.evidence.1.file': unknown key 'file' (its value is 'policy.pdf'); allowed: what, where, dated, good_until",
        ),
        (
            "answers/RES-MCM8.a/evidence",
            [{"good_until": "May 2027"}],
            "'answers.RES-MCM8.a.evidence.0.good_until' is 'May 2027'; allowed: a date as YYYY-MM-DD, such as 2026-05-01, or empty",
        ),
        (
            "answers/RES-MCM8.a/evidence",
            [{"where": "a\x00b"}],
            "'answers.RES-MCM8.a.evidence.0.where' holds the character U+0000, which is not text; allowed: letters, signs, tabs and line ends",
        ),
        (
            "answers/RES-MCM8.a/plan",
            {"status": "late"},
            "'answers.RES-MCM8.a.plan.status': unknown value 'late'; allowed: planned, under_way, done",
        ),
        (
            "answers/RES-MCM8.a/plan",
            {"grade": "not_feasible"},
            "'answers.RES-MCM8.a.plan.grade' is 'not_feasible'; allowed: met, partly, not_met, or empty ('not_feasible' only where the text says 'where feasible and appropriate')",
        ),
        (
            "answers/RES-MCM8.a/plan",
            {"who": "Me"},
            "'answers.RES-MCM8.a.plan.who': unknown key 'who' (its value is 'Me'); allowed: action, owner, due, status, grade",
        ),
        (
            "sign_off/approved_on",
            "23 November",
            "'sign_off.approved_on' is '23 November'; allowed: a date as YYYY-MM-DD, such as 2026-05-01, or empty",
        ),
        (
            "review/marks",
            {"RES-MCM8.z": {"mark": "revise"}},
            f"'review.marks': unknown key 'RES-MCM8.z'; allowed: {', '.join(each.id for each in all_requirements(load()))}",
        ),
        (
            "review/marks",
            {"RES-MCM8.a": {"comment": "Why?"}},
            "'review.marks.RES-MCM8.a.mark' is missing; allowed: accepted, revise",
        ),
        (
            "review/marks",
            {"RES-MCM8.a": {"mark": "rejected"}},
            "'review.marks.RES-MCM8.a.mark': unknown value 'rejected'; allowed: accepted, revise",
        ),
        (
            "review/marks",
            {"RES-MCM8.a": {"mark": "revise", "of": {"grade": "good"}}},
            "'review.marks.RES-MCM8.a.of.grade' is 'good'; allowed: met, partly, not_met, or empty",
        ),
        # text that is no text
        (
            "service_name",
            "a\x00b",
            "'service_name' holds the character U+0000, which is not text; allowed: letters, signs, tabs and line ends",
        ),
        (
            "service_name",
            "\x1b[31m",
            "'service_name' holds the character U+001B, which is not text; allowed: letters, signs, tabs and line ends",
        ),
        (
            "rulebook",
            "v\x07",
            "'rulebook' holds the character U+0007, which is not text; allowed: letters, signs, tabs and line ends",
        ),
        (
            "technologies/safer",
            "no\x7f",
            "'technologies.safer' holds the character U+007F, which is not text; allowed: letters, signs, tabs and line ends",
        ),
        (
            "answers/RES-MCM8.a/note",
            "half a \ud83d face",
            "'answers.RES-MCM8.a.note' holds the character U+D83D, which is not text; allowed: letters, signs, tabs and line ends",
        ),
        (
            "answers/RES-MCM8.a/note",
            "\uffff",
            "'answers.RES-MCM8.a.note' holds the character U+FFFF, which is not text; allowed: letters, signs, tabs and line ends",
        ),
        (
            "profile/tier",
            "tier_\ud800",
            "'profile.tier': unknown value 'tier_\\ud800'; allowed: tier_1, tier_2, tier_3",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and re.fullmatch(r"[\w/.-]+", value) else "",
)
def test_a_wrong_key_value_or_type_is_refused_with_what_is_allowed(
    where: str, value: object, says: str, rules: Rules
) -> None:
    assert refusal(with_value(where, value), rules) == says


def test_an_answer_to_a_requirement_that_there_is_not_is_refused_with_all_that_there_are(rules: Rules) -> None:
    said = refusal(with_value("answers/RES-MCM7.a", {"grade": "met", "note": ""}), rules)
    assert said.startswith(f"'answers': unknown key 'RES-MCM7.a'; allowed: {REQUIREMENTS}")
    assert all(each.id in said for each in all_requirements(rules))


@pytest.mark.parametrize("key", ["rulebook", "service_name", "saved_at", "profile"])
def test_a_key_that_is_missing_is_named(key: str, rules: Rules) -> None:
    allowed = "an object" if key == "profile" else "text"
    assert refusal(edited(lambda content: content.pop(key)), rules) == f"'{key}' is missing; allowed: {allowed}"


@pytest.mark.parametrize(
    "moment",
    [
        "",
        "yesterday",
        "2026-11-22",
        "2026-11-22T10:15:00",
        "2026-13-01T10:15:00+00:00",
        "22/11/2026 10:15",
        "2026-11-22T10:15:00+99:00",
        "2026-11-22\ud80010:15:00+00:00",
        "2026-11-22\u202e10:15:00+00:00",
    ],
)
def test_a_time_without_its_offset_or_that_is_no_time_is_refused(moment: str, rules: Rules) -> None:
    assert refusal(with_value("saved_at", moment), rules) == (
        f"'saved_at' is {moment!r}; allowed: a date and time with its offset, such as 2026-11-22T10:15:00+00:00"
    )


@pytest.mark.parametrize(
    "moment", ["2026-11-22T10:15:00Z", "2026-11-22T10:15:00.123456+11:00", "2026-11-22 10:15+00:00"]
)
def test_a_time_with_its_offset_is_accepted_however_it_is_written(moment: str, rules: Rules) -> None:
    assessment = from_json(with_value("saved_at", moment), rules)
    assert (assessment.saved_at, assessment.assessed_on) == (moment, "2026-11-22")


def test_a_long_value_is_cut_short_in_the_message(rules: Rules) -> None:
    said = refusal(with_value("answers/RES-MCM8.a/grade", "x" * 10_000), rules)
    assert said == f"'answers.RES-MCM8.a.grade' is '{'x' * 76}...; allowed: met, partly, not_met, or empty"


def test_a_long_key_is_cut_short_in_the_message_too(rules: Rules) -> None:
    assert len(refusal(with_value(f"profile/{'x' * 10_000}", 1), rules)) < 200
    assert len(refusal(with_value("x" * 10_000, 1), rules)) < 400


def test_a_number_of_many_digits_is_named_by_its_length(rules: Rules) -> None:
    said = refusal(with_value("profile/tier", "@@").replace(b'"@@"', b"-" + b"9" * 5000), rules)
    assert (
        said
        == f"the file holds a number of 5,001 digits, '-{'9' * 75}...; a saved assessment holds text, and no numbers"
    )


def test_a_key_that_is_no_text_is_named(rules: Rules) -> None:
    assert (
        refusal(with_value("profile/ti\ud800er", "x"), rules)
        == "the key 'ti\\ud800er' holds the character U+D800, which is not text; allowed: letters, signs, tabs and line ends"
    )


@pytest.mark.parametrize("number", ["1e999", "9" * 5000], ids=["too large to hold", "five thousand digits"])
def test_a_number_beyond_all_bounds_is_refused_and_not_a_crash(number: str, rules: Rules) -> None:
    refusal(with_value("profile/tier", "@@").replace(b'"@@"', number.encode()), rules)


@pytest.mark.parametrize("grade", ["", *GRADES])
def test_every_grade_is_accepted_where_the_text_has_the_caveat(grade: str, rules: Rules) -> None:
    assert (
        from_json(with_value("answers/SMS-MCM10.c", {"grade": grade, "note": ""}), rules).answer("SMS-MCM10.c").grade
        == grade
    )


def test_tabs_and_line_ends_of_every_kind_are_text(rules: Rules) -> None:
    note = "a\tb\nc\rd\r\ne\u2028f"
    assert from_json(with_value("answers/RES-MCM8.a/note", note), rules).answer("RES-MCM8.a").note == note


# ------------------------------------------------------------------------------------------- another version
def test_a_file_of_this_version_needs_no_notice(rules: Rules) -> None:
    assert version_notice(from_json(json.dumps(MESSENGER).encode(), rules), rules) == ""


def test_a_file_of_an_unknown_version_loads_with_a_notice_that_says_so(rules: Rules) -> None:
    assessment = from_json(with_value("rulebook", "v1.9/ijm-0"), rules)
    assert assessment.answer("RES-MCM10.a").grade == "partly"
    assert version_notice(assessment, rules) == (
        "These answers were given under the rules v1.9/ijm-0; they are scored under v2.0-2023-03/ijm-1. "
        "This program has no record of what changed between the two. Check the answers before you rely on the result."
    )


def test_a_file_of_an_earlier_version_loads_with_a_notice_of_what_changed_since(
    edited_rulebook: Callable[..., Path],
) -> None:
    edited_rulebook("amendments.toml", 'version = "ijm-3"', replace='version = "ijm-1"')
    newer = load(
        edited_rulebook(
            "code.toml",
            """
[[history]]
version = "v2.0-2023-03/ijm-2"
what = "One requirement reworded."

[[history]]
version = "v2.0-2023-03/ijm-3"
what = "One exemption narrowed."
""",
        )
    )
    assert version_notice(from_json(json.dumps(MESSENGER).encode(), newer), newer) == (
        "These answers were given under the rules v2.0-2023-03/ijm-1; they are scored under v2.0-2023-03/ijm-3. What changed since: "
        "v2.0-2023-03/ijm-2: One requirement reworded. v2.0-2023-03/ijm-3: One exemption narrowed. Check the answers before you rely on the result."
    )


def test_saving_keeps_the_version_that_the_answers_were_given_under(rules: Rules) -> None:
    old = from_json(with_value("rulebook", "v1.9/ijm-0"), rules)
    assert json.loads(to_json(old, rules))["rulebook"] == "v1.9/ijm-0"


# ------------------------------------------------------------------------------------------- what it gives
def test_the_profile_that_is_scored_has_the_derived_fact_and_nothing_that_is_not_asked(rules: Rules) -> None:
    assessment = from_json(json.dumps(MESSENGER).encode(), rules)
    assert assessment.facts(rules) == {**MESSENGER["profile"], "technology_report": "incomplete"}
    examined = assessment.model_copy(update={"technologies": {"client_side_hashing": "No.", "secure_enclaves": "No."}})
    assert examined.facts(rules)["technology_report"] == "complete"
    social = assessment.model_copy(update={"profile": {**MESSENGER["profile"], "category": "sms"}})
    assert social.facts(rules) == {
        "category": "sms",
        "tier": "tier_1",
        "encryption": "end_to_end",
        "hosting": "provider_managed",
        "livestream": "yes",
    }


def test_an_assessment_cannot_be_changed_only_replaced(rules: Rules) -> None:
    assessment = from_json(json.dumps(MESSENGER).encode(), rules)
    with pytest.raises(ValidationError, match="frozen"):
        assessment.service_name = "Another"  # type: ignore[misc]


def test_not_feasible_is_offered_only_where_the_text_has_the_caveat(rules: Rules) -> None:
    assert [each.id for each in all_requirements(rules) if "not_feasible" in allowed_grades(each)] == ["SMS-MCM10.c"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "the file is empty; a saved assessment is a JSON object with the key 'format'"),
        (b"\xef\xbb\xbf \r\n", "the file is empty"),
        ('{"format": "mcm-assessment/1"}'.encode("utf-16"), "the file is UTF-16 text; a saved assessment is UTF-8"),
        (b"\xef\xbb\xbfservice,code,measure\nA,SMS,x\n", "the file is a table (CSV), not a saved assessment"),
        (b"service;code;measure\r\nA;SMS;x\r\n", "the file is a table (CSV), not a saved assessment"),
    ],
    ids=["empty", "blank", "UTF-16", "a scorecard that is called .json", "with semicolons"],
)
def test_a_file_that_is_plainly_something_else_is_named_as_that(rules: Rules, data: bytes, says: str) -> None:
    with pytest.raises(AssessmentError) as refused:
        from_json(data, rules)
    assert str(refused.value).startswith(says)
