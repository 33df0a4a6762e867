"""Signs of direction and letters from right to left: what somebody typed reorders nothing that stands beside it."""

import html
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import examples
import pytest
from browser import Visit
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from services import NETWORK, as_file
from streamlit.testing.v1 import AppTest
from test_verify import with_cell
from walk import Walk

from questionnaire.page_parts.frame import escaped
from scoring.documents.report import report_html
from scoring.files.messages import isolated
from scoring.portfolio.tables import portfolio_csv
from scoring.record.dossier_document import dossier_document
from scoring.rules.load import load
from scoring.score.assessment_file import from_json
from scoring.score.dossier import dossier
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes

RULES = load()
SAME = settings(derandomize=True, database=None, deadline=None, max_examples=1000)
OPEN_EMBEDDING, OPEN_ISOLATE = "\u202a\u202b\u202d\u202e", "\u2066\u2067\u2068"
SIGNS = OPEN_EMBEDDING + OPEN_ISOLATE + "\u202c\u2069\u200e\u200f\u061c"
NAME = "\u202eemaN\u2069\u2069\u202c"
NOTE = "\u2067etoN\u202d (12)\n\u202eeniL\u2069 \u05d0\u05d1"
REASON = "\u202b\u2069nosaeR\u202e 7"
TYPED = (NAME, NOTE, REASON)
SAVED = json.dumps(
    {
        "format": "mcm-assessment/1",
        "rulebook": RULES.version,
        "service_name": NAME,
        "saved_at": "2026-11-22T10:15:00+00:00",
        "profile": dict(examples.MESSENGER.profile),
        "technologies": {"client_side_hashing": REASON},
        "answers": {"RES-MCM8.a": {"grade": "not_met", "note": NOTE}},
    }
).encode()
HOSTILE = (
    "\u202eright to left",
    "\u202dleft to right",
    "\u2067isolated",
    "\u2069\u2069 closed twice",
    "\u202c\u202c ended twice",
    "\u2067\u202e\u2069 inside",
    "\u202e\u2067\u202c\u2069\u2069",
    "\u05d0\u05d1\u05d2",
    "\u05d0\u05d1\u05d2 12",
    "12 \u05d0",
    "\u0627\u0628 (3)",
    "\u200f(1)",
    "\u061c2",
    "a\u200f!",
    "\u202e" * 130 + "\u2069" * 3,
    "\u2068\u05d0\u2069\u2069\u05d1",
)
TEXTS = st.text(st.sampled_from(SIGNS + "ab \u05d0\u05d1\u06271(\n\r\u2029")) | st.text()


# ----------------------------------------------------------------------------------------------------- the text
@pytest.mark.parametrize("text", ["", "plain", "Zoë, 漢字 🙂 Москва", "two\nlines", "“quoted” – 1 + 2"])
def test_text_from_left_to_right_without_signs_of_direction_stays_as_it_is(text: str) -> None:
    assert isolated(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\u05d0", "\u2068\u05d0\u2069"),
        ("\u202ea", "\u2068\u202ea\u202c\u2069"),
        ("a\u2069b\u202cc", "\u2068abc\u2069"),
        ("\u2067\u202ea\u2069b", "\u2068\u2067\u202ea\u2069b\u2069"),
        ("a\n\u202eb\nc", "a\n\u2068\u202eb\u202c\u2069\nc"),
    ],
)
def test_each_line_is_isolated_what_it_opens_is_closed_and_what_closes_nothing_is_left_out(
    text: str, shown: str
) -> None:
    assert isolated(text) == shown


@pytest.mark.slow
@SAME
@given(TEXTS)
def test_nothing_in_a_line_ends_its_isolation_and_nothing_of_it_stays_open_behind_it(text: str) -> None:
    for line in re.split("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", isolated(text)):
        if not set(line) & set(SIGNS):
            continue
        assert line[0] == "\u2068" and line[-1] == "\u2069"
        waiting: list[str] = []
        for sign in line[1:-1]:
            if sign in OPEN_EMBEDDING + OPEN_ISOLATE:
                waiting.append(sign)
            elif sign == "\u202c":
                assert waiting.pop() in OPEN_EMBEDDING
            elif sign == "\u2069":
                while (
                    waiting.pop() not in OPEN_ISOLATE
                ):  # an empty list fails: the sign would have closed what stands outside
                    pass
        assert waiting == []


@pytest.mark.slow
@SAME
@given(TEXTS)
def test_isolating_leaves_out_no_letter(text: str) -> None:
    assert isolated(text).translate(dict.fromkeys(map(ord, SIGNS))) == text.translate(dict.fromkeys(map(ord, SIGNS)))


@pytest.mark.browser
def test_a_browser_draws_what_stands_before_it_before_it_and_what_follows_behind_it(chromium: Browser) -> None:
    """Held against each other: as typed, most of these texts pull what is beside them to the other side."""
    page = chromium.new_page()
    kept_apart = "([before, text, after]) => before.right <= text.left + 1 && text.right <= after.left + 1"
    measure = f"() => ({kept_apart})([...document.querySelectorAll('b')].map(part => part.getBoundingClientRect()))"

    def in_order(text: str) -> bool:
        page.set_content(f"<p style='white-space: pre'><b>Service (1) </b><b>{html.escape(text)}</b><b> (2): 3</b></p>")
        return page.evaluate(measure)

    assert [text for text in HOSTILE if not in_order(isolated(text))] == []
    assert sum(not in_order(text) for text in HOSTILE) > len(HOSTILE) / 2
    page.close()


# ------------------------------------------------------------------------------------------------ the documents
def bare(said: str) -> str:
    """What is left of a text without what was typed, where that is isolated."""
    for text in TYPED:
        said = said.replace(isolated(text), "")
    return said


def test_what_was_typed_stands_alone_in_a_block_of_the_report_and_isolated_in_its_title() -> None:
    said = html.unescape(report_html(RULES, from_json(SAVED, RULES)).decode())
    alone = (
        f'<p class="typed name" dir="auto"><strong>{NAME}</strong></p>',
        *(f'<div class="note typed" dir="auto">{text}</div>' for text in (NOTE, REASON)),
    )
    for block in (*alone, f"<title>MCM scorecard: {isolated(NAME)}</title>"):
        assert said.count(block) == 1, block
        said = said.replace(block, "")
    assert not set(said) & set(SIGNS)


def test_what_was_typed_stands_in_paragraphs_of_its_own_in_the_report_of_the_technologies() -> None:
    assessment = from_json(SAVED, RULES)
    found = dossier(RULES, assessment)
    assert found is not None
    document = Document(io.BytesIO(dossier_document(RULES, assessment, found)))
    said = [
        *(each.text for each in document.paragraphs),
        *(cell.text for table in document.tables for row in table.rows for cell in row.cells),
        document.core_properties.title,
    ]
    assert [text for text in said if set(text) & set(SIGNS)] == [NAME, REASON]


def test_files_that_are_read_again_have_what_was_typed_and_nothing_else() -> None:
    data = csv_bytes(scorecard(RULES, from_json(SAVED, RULES))).decode()
    assert NAME in data and NOTE in data and isolated(NAME) not in data
    assert NAME in portfolio_csv(RULES, as_file([NETWORK | {"service": NAME}])).decode()


# ---------------------------------------------------------------------------------------------------- the pages
@dataclass(frozen=True)
class Place:
    """Somewhere that text which somebody typed is shown. shown: what stands there, for each of the texts that do."""

    address: str
    shown: tuple[str, ...]
    then: Callable[[Walk], None] = lambda walk: None


def give(data: bytes, name: str) -> Callable[[Walk], None]:
    def given_(walk: Walk) -> None:
        walk.app.file_uploader[0].set_value((name, data, "text/csv"))
        walk._run()

    return given_


def then(*steps: Callable[[Walk], None]) -> Callable[[Walk], None]:
    def all_(walk: Walk) -> None:
        for step in steps:
            step(walk)

    return all_


def name_service(walk: Walk) -> None:
    walk.app.text_input[0].set_value(NAME)
    walk._run()


CELL = "\u05d0 1"
FILE, SAVED_FILE = "\u05d0\u202e\u05d1.csv", "\u05d0\u202e\u05d1.json"
SHOWN, SAVED_SHOWN = isolated("\u05d0\\u202e\u05d1.csv"), isolated("\u05d0\\u202e\u05d1.json")
PORTFOLIO = as_file(
    [
        NETWORK | {"service": NAME, "SMS-MCM10.c": "not_feasible", "SMS-MCM10.c.note": NOTE},
        NETWORK | {"service": "Other", "SMS-MCM10.a": "met"},
    ]
)
PLAN = {"action": NAME, "owner": REASON, "due": "2026-01-31", "grade": "met"}
PLANNED = json.dumps(
    {
        **json.loads(SAVED),
        "format": "mcm-assessment/2",
        "answers": {"RES-MCM8.a": {"grade": "not_met", "note": "", "plan": PLAN}},
    }
).encode()
REVIEWED = json.dumps(
    {
        **json.loads(PLANNED),
        "review": {
            "reviewer": NAME,
            "comment": NOTE,
            "marks": {"RES-MCM8.a": {"mark": "revise", "comment": REASON, "of": {"grade": "met", "note": NOTE}}},
        },
    }
).encode()
MARKED = (f"Review by {isolated(NAME)}", isolated(NOTE), isolated(REASON))
PLACES = {
    "check, with a review": Place(
        "", MARKED, then(lambda walk: walk.resume(REVIEWED), lambda walk: walk.visit("check"))
    ),
    "returns, one return": Place(
        "returns",
        (*MARKED, f"{isolated(NAME)}, 22"),
        then(give(REVIEWED, FILE), lambda walk: walk.press("Open this return and mark its answers")),
    ),
    "plan": Place(
        "",
        (isolated(NAME), f"{isolated(NAME)}; {isolated(REASON)}; due 31 January 2026; then “In place”"),
        then(lambda walk: walk.resume(PLANNED), lambda walk: walk.visit("plan")),
    ),
    "scorecard": Place("scorecard", (isolated(NAME), f": {isolated(NOTE)}"), Walk.unfold),
    "check": Place("check", (isolated(NAME), f"Note: {isolated(NOTE)}", isolated(REASON))),
    "not capable": Place("not-capable", ()),
    "a measure": Place("res-mcm8", ()),
    "service": Place("your-service", ()),
    "start, a saved file": Place(
        "",
        (f"{SAVED_SHOWN}: an assessment of {isolated(NAME)}, last changed on 22 November 2026.",),
        give(SAVED, SAVED_FILE),
    ),
    "start, a refused file": Place("", (f"{SAVED_SHOWN}: ",), give(b"{}", SAVED_FILE)),
    "portfolio": Place(
        "portfolio", (isolated(NAME), f": {isolated(NOTE)}"), then(give(PORTFOLIO, FILE), name_service, Walk.unfold)
    ),
    "portfolio, bad rows": Place("portfolio", (), give(as_file([NETWORK | {"service": NAME, "tier": NAME}]), FILE)),
    "portfolio, a refused file": Place("portfolio", (f"{SHOWN}: ",), give(b"\xff", FILE)),
    "portfolio, come back to": Place(
        "portfolio",
        (f"Open here: {SHOWN}",),
        then(give(PORTFOLIO, FILE), lambda walk: walk.visit("verify"), lambda walk: walk.visit("portfolio")),
    ),
    "verify, a match": Place(
        "verify", (f"{isolated(NAME)} ({SHOWN})",), give(csv_bytes(scorecard(RULES, from_json(SAVED, RULES))), FILE)
    ),
    "verify, cells that differ": Place(
        "verify", (escaped(f"is {isolated(repr(CELL))}, should be "),), give(with_cell("basis", CELL), FILE)
    ),
    "returns, several": Place(
        "returns",
        (isolated(NAME), f"{SHOWN}: "),
        then(give(SAVED, SAVED_FILE), give(b"x", FILE)),
    ),
    "verify, a refused file": Place("verify", (f"{SHOWN}: ",), give(b"x", FILE)),
}
FIELDS = ("text_input", "text_area", "selectbox", "dataframe")
"""Where text stands by itself and as it was typed: a field, a choice, a cell that is drawn alone."""


@pytest.mark.parametrize("place", PLACES)
def test_what_was_typed_stands_isolated_on_every_page(place: str) -> None:
    walk = Walk()
    walk.resume(SAVED)
    walk.visit(PLACES[place].address)
    PLACES[place].then(walk)
    said = [text for kind, text in walk.visible() if kind not in FIELDS]
    for shown in PLACES[place].shown:
        assert any(shown in text for text in said), (shown, said)
    left = [
        bare(text.replace(SHOWN, "").replace(SAVED_SHOWN, "").replace(escaped(isolated(repr(CELL))), ""))
        for text in said
    ]
    assert [text for text in left if set(text) & set(SIGNS)] == []


def test_the_service_of_kept_answers_stands_isolated_where_they_are_offered() -> None:
    def offer(name: str) -> None:
        from questionnaire.browser.message import Slot
        from questionnaire.page_parts import kept

        kept._offer(
            Slot(slot="a", name=name, saved_at="2026-11-22T10:15:00+00:00", open=True), "Continue", primary=True
        )

    app = AppTest.from_function(offer, args=(NAME,)).run()
    assert [each.value for each in app.text] == [f"{isolated(NAME)}. Open in another tab: you continue with a copy."]


@pytest.mark.browser
def test_a_table_of_names_is_not_written_to_a_file_by_the_browser_alone(visit: Visit) -> None:
    """What Streamlit would write of it guards nothing against formulas."""
    visitor = visit()
    visitor.open("portfolio", "Portfolio: many services at once")
    visitor.press("Show the example")
    visitor.see()
    ranking = visitor.page.get_by_test_id("stDataFrame").first
    ranking.scroll_into_view_if_needed()
    ranking.hover()
    visitor.page.get_by_role("button", name=re.compile("^Search")).first.wait_for()
    assert visitor.page.get_by_role("button", name=re.compile("^Download as CSV")).count() == 0
