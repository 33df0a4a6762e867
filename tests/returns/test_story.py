"""A whole story in a browser: a provider sends, a regulator marks and replies, the provider mends, and the second round shows it all."""

import io
import json
import re
from datetime import date

import pytest
from browser import SAMPLES, Visit, Visitor
from docx import Document
from playwright.sync_api import expect

from scoring.follow_up.review import OPEN, REVISED, SAME, STANDING
from scoring.record.record_document import record_document
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json

pytestmark = pytest.mark.browser
SENT = json.dumps(
    {**json.loads((SAMPLES / "encrypted_messenger.json").read_bytes()), "service_name": "Northern messenger"}
).encode()
RETURNS, START = "Returns: what providers sent", "What would the draft codes ask of your service?"


def bring(visitor: Visitor, data: bytes, name: str) -> None:
    """Give a file to the page's uploader."""
    visitor.page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "application/json", "buffer": data}
    )


def look(visitor: Visitor, data: bytes) -> None:
    """Bring a return, and open it by itself."""
    bring(visitor, data, "northern.json")
    visitor.press("Open this return and mark its answers")
    expect(visitor.page.get_by_role("heading", name="One return", exact=True)).to_be_focused()


def mark(visitor: Visitor, requirement: str, label: str) -> None:
    visitor.asks(requirement).locator("label").filter(has_text=re.compile(f"^{label}$")).click()
    visitor.see()


def test_a_regulator_marks_the_provider_mends_and_the_second_round_shows_what_is_open_changed_and_accepted(
    visit: Visit, rules: Rules
) -> None:
    provider, regulator = visit(), visit()
    provider.open_with(SENT, "check", "Check your answers")

    regulator.open("returns", RETURNS)
    look(regulator, SENT)
    mark(regulator, "RES-MCM10.a", "To be revised")
    regulator.page.get_by_label("Comment: Disrupt and deter creating CSAM").fill("Which groups?")
    mark(regulator, "RES-MCM8.a", "To be revised")
    mark(regulator, "RES-MCM10.b", "Accepted")
    regulator.page.get_by_label("Your name, for the reply").fill("E. Reviewer")
    regulator.page.get_by_text("The reply says: 1 accepted, 2 to be revised.").wait_for()
    regulator.page.wait_for_function("() => (sessionStorage.getItem('mcm.reviews') ?? '').includes('E. Reviewer')")
    regulator.page.reload()  # which costs the file, and no mark
    regulator.see(RETURNS)
    look(regulator, SENT)
    regulator.page.get_by_text("The reply says: 1 accepted, 2 to be revised.").wait_for()
    expect(regulator.page.get_by_label("Comment: Disrupt and deter creating CSAM")).to_have_value("Which groups?")
    reply = regulator.download("Download the reply (JSON)")
    assert regulator.kept() is None  # no answers of the regulator's own

    provider.jump("", START)
    bring(provider, reply, "reply.json")
    provider.press("Open this file", "Check your answers")
    provider.page.get_by_text("3 requirements are marked: 2 to be revised, and not changed since; 1 accepted, and the same.").wait_for()  # fmt: skip
    provider.jump("res-mcm10", "Disrupt and deter CSAM")
    provider.page.get_by_text("Which groups?").wait_for()
    provider.choose("grade.RES-MCM10.a", "met")
    provider.page.get_by_text("≠ To be revised, and changed since (Answer: Partly in place → In place)").wait_for()
    second = json.dumps(provider.kept()).encode()  # as the scorecard page saves it

    regulator.open("returns", RETURNS)
    look(regulator, second)
    counts = "3 requirements are marked: 1 to be revised, and not changed since; 1 to be revised, and changed since; 1 accepted, and the same."
    regulator.page.get_by_text(counts).wait_for()

    regulator.jump("", START)
    regulator.unfold("Where your answers are kept")
    regulator.press("Forget all answers in this browser")  # and the marks with them
    regulator.page.wait_for_function("() => sessionStorage.getItem('mcm.reviews') === null")

    record = Document(io.BytesIO(record_document(rules, from_json(second, rules), date(2026, 11, 27))))
    said = "\n".join(
        [paragraph.text for paragraph in record.paragraphs]
        + [cell.text for table in record.tables for row in table.rows for cell in row.cells]
    )
    for part in ("E. Reviewer", "Which groups?", STANDING[OPEN], STANDING[REVISED], STANDING[SAME]):
        assert part in said
