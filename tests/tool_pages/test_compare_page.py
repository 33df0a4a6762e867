"""The page Compare: rounds that are uploaded, the answers that are open here beside them, and what is told of what cannot be compared."""

import csv
import io
import json
from pathlib import Path

import pytest
from walk import Walk

ROOT = Path(__file__).parents[2]
MESSENGER = json.loads((ROOT / "tests" / "assessments" / "encrypted_messenger.json").read_bytes())
CARD = (ROOT / "tests" / "golden" / "encrypted_messenger.csv").read_bytes()


def saved(day: str, grades: dict[str, str], name: str = "Encrypted messenger", **note: str) -> bytes:
    """The messenger's answers of a day, some of them other than in the sample."""
    answers = {
        key: {
            "grade": grades.get(key, answer["grade"]),
            "note": note.get(key.replace("-", "_").replace(".", "_"), answer["note"]),
        }
        for key, answer in MESSENGER["answers"].items()
    }
    return json.dumps(
        {**MESSENGER, "service_name": name, "saved_at": f"{day}T10:00:00+00:00", "answers": answers}
    ).encode()


def compared(walk: Walk, *files: tuple[str, bytes]) -> Walk:
    walk.app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files])
    walk._run()
    return walk


@pytest.fixture
def page() -> Walk:
    return Walk.opened_at("compare")


def test_the_scorecard_leads_to_the_page_and_its_answers_are_the_latest_round() -> None:
    walk = Walk()
    walk.open_sample("Encrypted messenger")
    assert "Compare with an earlier round" in [link.proto.label for link in walk.app.get("page_link")]
    walk.visit("compare")
    assert "One round is here" in walk.text
    better = saved("2026-03-03", {"RES-MCM10.a": "not_met", "RES-MCM8.a": "met"}, name="Sample: encrypted messenger")
    compared(walk, ("march.json", better))
    assert (
        "Since 3 March 2026: as drafted, 1 point gained by changed answers (2 of 6 then, 3 of 6 now); as amended, 1 point lost to changed answers (4 of 16 then, 3 of 16 now)."
        in walk.text
    )
    assert "22 November 2026: your answers here" in walk.text
    rows = {row[0].said: [cell.said for cell in row[3:]] for row in walk.html_table("Changed answers")}
    assert rows == {
        "Detect known CSAM RES-MCM8.a": ["moves nothing", "points: −2 points missing: +2"],
        "Disrupt and deter disseminating CSAM RES-MCM10.c": ["moves nothing", "moves nothing"],
        "Disrupt and deter creating CSAM RES-MCM10.a": [
            "points: +1 points missing: −1",
            "points: +1 points missing: −1",
        ],
    }
    walk.app.checkbox[0].set_value(False)
    walk._run()
    assert "One round is here" in walk.text


def test_two_uploads_of_any_kind_are_compared_and_come_back_as_files(page: Walk) -> None:
    later = saved("2026-12-24", {"RES-MCM10.a": "met"}, RES_MCM10_a="<b>**Since** June</b>\n=1+1")
    compared(page, ("later.json", later), ("card.csv", CARD))
    assert (
        "Since 22 November 2026: as drafted, 1 point gained by changed answers (3 of 6 then, 4 of 6 now)" in page.text
    )
    (row,) = page.html_table("Changed answers")
    assert "<b>**Since** June</b>" in row[2].said and "Prompts to report since 2025" in row[1].said
    rows = list(csv.DictReader(io.StringIO(page.downloaded("compare.csv").decode("utf-8-sig"))))
    assert [(row["what"], row["id"], row["drafted_points"]) for row in rows[:2]] == [
        ("answer", "RES-MCM10.a", "1"),
        ("points", "fact", "0"),
    ]
    assert "Download the comparison (Excel)" in [button.proto.label for button in page.app.get("download_button")]


def test_equal_rounds_say_that_nothing_has_changed(page: Walk) -> None:
    once = saved("2026-03-03", {})
    compared(page, ("a.json", once), ("b.json", once))
    assert "Since 3 March 2026 nothing has changed" in page.text
    assert "a.json and b.json hold the same round." in page.text


def test_what_moves_nothing_is_shown_too_and_a_scorecard_that_does_not_hold_is_told(page: Walk) -> None:
    signed = json.loads(saved("2026-04-03", {})) | {"format": "mcm-assessment/2", "sign_off": {"approved_by": "<b>Board"}}  # fmt: skip
    compared(page, ("march.json", saved("2026-03-03", {})), ("april.json", json.dumps(signed).encode()))
    assert "What has changed beside them: Approved by." in page.text
    assert [[cell.said for cell in row] for row in page.html_table("What else has changed")] == [["Approved by", "–", "<b>Board"]]  # fmt: skip
    compared(page, ("march.json", saved("2026-03-03", {})), ("card.csv", CARD.replace(b",not_met,", b",met,", 1)))
    assert "card.csv does not match the rules" in page.text


def test_three_rounds_show_their_course_and_each_step(page: Walk) -> None:
    days = {"2026-03-03": "not_met", "2026-06-03": "partly", "2026-09-03": "met"}
    compared(page, *((f"{day}.json", saved(day, {"RES-MCM10.a": grade})) for day, grade in days.items()))
    course = page.html_table("The rounds and their results")
    assert [row[1].said for row in course] == ["2 of 6", "3 of 6", "4 of 6"]
    assert "Since 3 June 2026: " in page.text
    page.app.selectbox[0].set_value(0)
    page._run()
    assert "Since 3 March 2026: " in page.text


def test_what_cannot_be_read_is_named_and_stops_no_other(page: Walk) -> None:
    compared(
        page,
        ("one.json", saved("2026-03-03", {})),
        ("bad.csv", b"nonsense"),
        ("two.json", saved("2026-06-03", {})),
    )
    assert page.messages("error") == ["This file was not taken."]
    assert "bad.csv: " in page.text and "nothing has changed" in page.text


def test_another_name_is_told_and_can_be_said_to_be_the_same_service(page: Walk) -> None:
    compared(
        page,
        ("one.json", saved("2026-03-03", {})),
        ("two.json", saved("2026-06-03", {"RES-MCM10.a": "met"}, name="Chat [x](y)")),
    )
    assert (
        "The service is not the same in all: 'Encrypted messenger' in one.json, 'Chat [x](y)' in two.json." in page.text
    )
    page.press("They are the same service")
    assert "Since 3 March 2026: as drafted, 1 point gained" in page.text


def test_two_services_under_two_codes_are_not_compared_until_they_are_said_to_be_one(page: Walk) -> None:
    drive = (ROOT / "tests" / "assessments" / "cloud_drive.json").read_bytes()
    compared(page, ("one.json", saved("2026-03-03", {})), ("drive.json", drive))
    assert "drive.json under the Designated internet services code" in page.text
    assert "Download the comparison (CSV)" not in page.text
    page.press("They are the same service")
    assert page.html_table("Changed facts")[0][0].said.startswith("Service category")
