"""The compliance record (DOCX): what it says, that user text stays text, and that a word processor can tell its parts."""

import io
import re
import zipfile
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import office
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from scoring.record.dossier_document import dossier_document
from scoring.record.record_document import record_document
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment import (
    Answer,
    Assessment,
    Evidence,
    Mark,
    Plan,
    Review,
    SignOff,
    all_requirements,
)
from scoring.score.assessment_file import from_json
from scoring.score.dossier import dossier
from scoring.score.scorecard import scorecard, sentence

SAVED = sorted((Path(__file__).parents[1] / "assessments").glob("*.json"))
TODAY = date(2026, 11, 27)
NASTY = "<w:p/> ]]> &amp; {{ 7*7 }} =1+1 **b**\n- second line\tafter a tab"


@pytest.fixture(scope="module")
def messenger(rules: Rules) -> Assessment:
    return from_json(next(path for path in SAVED if path.stem == "messenger_with_record").read_bytes(), rules)


def opened(data: bytes) -> Document:
    return Document(io.BytesIO(data))


def record(rules: Rules, assessment: Assessment, today: date = TODAY) -> Document:
    return opened(record_document(rules, assessment, today))


def tables(document: Document) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in document.tables]


def said(document: Document) -> list[str]:
    """Every paragraph, in tables too, with the texts of its links."""
    return [Paragraph(node, document).text for node in document.element.body.iter(qn("w:p"))]


def filled(text: str, *places: str) -> dict[str, object]:
    """Everything that a user can type, each time this text."""
    plan = Plan(action=text, owner=text, due="2026-12-31", status="planned", grade="met")
    evidence = tuple(Evidence(what=text, where=where, dated="2026-05-01") for where in places or (text,))
    answer = Answer(grade="partly", note=text, since="2025-03-01", evidence=evidence, plan=plan)
    mark = Mark(mark="revise", comment=text, of=Answer(grade="met", note=text))
    return {
        "provider": text,
        "service_name": text,
        "technologies": {"client_side_hashing": text},
        "answers": {"RES-MCM3.a": answer},
        "sign_off": SignOff(prepared_by=text, approved_by=text),
        "review": Review(reviewer=text, comment=text, marks={"RES-MCM3.a": mark}),
    }


# ------------------------------------------------------------------------------------------------------ what it says
@pytest.mark.parametrize("path", SAVED, ids=lambda path: path.stem)
def test_the_record_says_what_the_scorecard_says_of_every_measure_and_requirement(path: Path, rules: Rules) -> None:
    assessment = from_json(path.read_bytes(), rules)
    card = scorecard(rules, assessment)
    paragraphs = said(record(rules, assessment))
    assert sentence(card) in paragraphs
    for row in card.rows:
        assert f"{rules.titles[row.requirement]} ({row.requirement})" in paragraphs
        assert not row.note.strip() or row.note.replace("\r\n", "\n").split("\n")[0].split("\r")[0] in "".join(
            paragraphs
        )
    for name in ("What this is, and what it is not", "What is open to doubt", "Plan", "How the submission was read"):
        assert name in paragraphs


def test_the_record_has_evidence_plan_doubts_review_and_sign_off(messenger: Assessment, rules: Rules) -> None:
    document = record(rules, messenger)
    paragraphs, rows = said(document), [row for table in tables(document) for row in table]
    assert paragraphs[:3] == ["Compliance record", "Messenger with a record", "Example Pty Ltd"]
    assert ["Trust and safety policy, section 4", "https://example.org/policy", "1 May 2026", "1 May 2027"] in rows
    assert ["Prompts in group chats too", "Safety engineering", "31 January 2027", "Under way", "In place"] in rows
    assert ["31 January 2027", "4 of 6", "5 of 16"] in rows
    assert ["C. Regulator", "25 November 2026"] in rows
    assert ["Approved by", "B. Board", "", "23 November 2026"] in rows
    assert [row[1:] for row in rows if row[0].endswith("(RES-MCM10.c)") and len(row) == 4] == [
        ["To be revised, and changed since", "Which groups?", "Answer: In place → Partly in place\nNote taken away\nAll of them"]
    ]  # fmt: skip
    assert "Review: To be revised, and changed since." in paragraphs
    assert any("was due on" in paragraph for paragraph in paragraphs)
    assert "Report of the technologies examined" in paragraphs


def test_what_is_overdue_turns_on_the_day_that_is_handed_in(messenger: Assessment, rules: Rules) -> None:
    before, after = (said(record(rules, messenger, day)) for day in (date(2026, 11, 1), date(2026, 11, 2)))
    overdue = "Overdue: it was to be done by 1 November 2026."
    assert overdue not in before and overdue in after


def test_with_nothing_filled_the_record_has_no_review_and_empty_lines_to_sign(
    messenger: Assessment, rules: Rules
) -> None:
    empty = Assessment(rulebook=rules.version, service_name="", saved_at=messenger.saved_at, profile=messenger.profile)
    document = record(rules, empty)
    paragraphs = said(document)
    assert "A service without a name" in paragraphs and "Review" not in paragraphs and "Evidence" not in paragraphs
    assert "There is nothing to plan: no owed requirement that is answered has points missing." in paragraphs
    assert tables(document)[-1][1:] == [["Prepared by", "", "", ""], ["Approved by", "", "", ""]]


def test_a_name_or_a_comment_of_blanks_alone_is_none(messenger: Assessment, rules: Rules) -> None:
    blank = messenger.model_copy(update={**filled(" "), "profile": messenger.profile})
    paragraphs = said(record(rules, blank))
    assert paragraphs[1] == "A service without a name" and "On the whole" not in paragraphs
    assert not [text for text in paragraphs[:10] if not text.strip()]
    claim = dossier(rules, blank)
    assert claim and said(opened(dossier_document(rules, blank, claim)))[1] == "A service without a name"


def test_the_record_names_the_recommendations_that_are_adopted(messenger: Assessment, rules: Rules) -> None:
    chosen = adopting(rules, ["IJM-RES-2"])
    document = opened(record_document(rules, messenger, TODAY, chosen))
    (adopted,) = (row for row in tables(document)[0] if row[0] == "Recommendations adopted")
    assert adopted[1].endswith("(IJM-RES-2)")
    assert sentence(scorecard(rules, messenger, chosen)) in said(document)


def test_answers_of_another_version_of_the_rules_are_said_to_be_so(messenger: Assessment, rules: Rules) -> None:
    paragraphs = said(record(rules, messenger.model_copy(update={"rulebook": "v1"})))
    assert any(paragraph.startswith("These answers were given under the rules v1;") for paragraph in paragraphs)


# ------------------------------------------------------------------------------------------- what a user typed is text
@pytest.mark.parametrize("text", [NASTY, "Unbroken" * 4000, "\u202eabc\u2066", "\x85\u2028a\x0bb"])
def test_what_a_user_typed_stands_in_the_record_as_text(text: str, messenger: Assessment, rules: Rules) -> None:
    harmless = record(rules, messenger.model_copy(update=filled("word")))
    document = record(rules, messenger.model_copy(update=filled(text)))
    kinds = [{node.tag.rpartition("}")[2] for node in one.element.iter()} for one in (document, harmless)]
    assert kinds[0] - kinds[1] <= {"br", "tab"}
    first = re.split(r"[\n\x85\u2028\x0b]", text)[0].split("\t")[0]
    assert sum(paragraph.startswith(first) for paragraph in said(document)) >= 15


def test_controls_and_half_characters_are_left_out_and_the_document_opens(messenger: Assessment, rules: Rules) -> None:
    texts = filled("a\x00b\x1b\ud800\ufffe\uffffc", "https://example.org/\ud800")
    assert said(record(rules, messenger.model_copy(update=texts)))[1] == "abc"


def test_only_what_is_an_address_becomes_a_link_and_it_is_shown_whole(messenger: Assessment, rules: Rules) -> None:
    address = "https://example.org/" + "a" * 3000
    places = (address, "javascript:alert(1)", "file:///etc/passwd", "policy.pdf")
    document = record(rules, messenger.model_copy(update=filled("word", *places)))
    assert [part.target_ref for part in document.part.rels.values() if part.is_external] == [address]
    assert {*places} <= {*said(document)}


def test_a_text_from_right_to_left_is_a_paragraph_from_right_to_left(messenger: Assessment, rules: Rules) -> None:
    arabic = "«خدمة» الرسائل (2) in English"
    document = record(rules, messenger.model_copy(update=filled(arabic)))
    turned = [
        Paragraph(node, document).text
        for node in document.element.iter(qn("w:p"))
        if node.find(f".//{qn('w:bidi')}") is not None
    ]
    assert set(turned) == {arabic} and len(turned) == said(document).count(arabic)


# ------------------------------------------------------------------------------------------------ what it is made of
@pytest.mark.parametrize("name", ["record", "dossier"])
def test_a_word_processor_and_a_screen_reader_can_tell_the_parts(
    name: str, messenger: Assessment, rules: Rules
) -> None:
    claim = dossier(rules, messenger)
    assert claim
    data = dossier_document(rules, messenger, claim) if name == "dossier" else record_document(rules, messenger, TODAY)
    document = opened(data)
    levels = [
        int(heading.style.name[-1]) for heading in document.paragraphs if heading.style.name.startswith("Heading")
    ]
    assert levels[0] == 1 and all(after - before <= 1 for before, after in pairwise(levels))
    for table in document.tables:
        first, *others = (row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows)
        assert first and not any(others)
        assert all(cell.text for cell in table.rows[0].cells)
    assert {language.get(qn("w:val")) for language in document.styles.element.iter(qn("w:lang"))} == {"en-AU"}
    assert document.core_properties.language == "en-AU"
    assert document.core_properties.title == document.paragraphs[0].text
    assert f"{document.core_properties.created:%Y-%m-%d %H:%M}" == "2026-11-22 10:15"
    assert all(picture.get("descr") for picture in document.element.iter(qn("wp:docPr")))
    assert (name == "record") == ("points missing" in "".join(p.get("descr") for p in document.element.iter(qn("wp:docPr"))))  # fmt: skip
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21, 29.7)
    fields = [field.get(qn("w:instr")) for field in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_same_answers_give_the_same_bytes_on_the_same_day(messenger: Assessment, rules: Rules) -> None:
    data = record_document(rules, messenger, TODAY)
    assert data == record_document(rules, messenger, TODAY)
    assert {part.date_time[0] for part in zipfile.ZipFile(io.BytesIO(data)).infolist()} == {1980}


def test_a_bar_is_as_long_as_its_points(messenger: Assessment, rules: Rules) -> None:
    pictures = list(record(rules, messenger).inline_shapes)
    drafted, amended = (shape.width for shape in pictures[:2])
    card = scorecard(rules, messenger)
    assert drafted / amended == pytest.approx(card.drafted.sums.out_of / card.amended.sums.out_of, abs=0.01)


def test_every_requirement_of_every_code_can_have_a_mark(messenger: Assessment, rules: Rules) -> None:
    marks = {requirement.id: Mark(mark="accepted") for requirement in all_requirements(rules)}
    rows = tables(record(rules, messenger.model_copy(update={"review": Review(marks=marks)})))
    assert sum(row[1].startswith("Accepted") for table in rows for row in table) == len(marks)


def test_only_a_row_that_is_sure_to_fit_on_a_page_is_kept_whole(messenger: Assessment, rules: Rules) -> None:
    """LibreOffice leaves out lines of a row that is taller than a page and may not be split."""
    for text, kept_whole in (("word", True), ("x" * 301, False), ("word\n" * 12, False)):
        document = record(rules, messenger.model_copy(update=filled(text)))
        rows = [row for table in document.tables for row in table.rows if any(text in cell.text for cell in row.cells)]
        assert rows and {bool(row._tr.xpath("w:trPr/w:cantSplit")) for row in rows} == {kept_whole}


@pytest.mark.parametrize("saved_at", ["0001-01-01T00:00:00+14:00", "0999-12-31T00:00:00+00:00"])
def test_a_moment_long_ago_leaves_properties_that_a_word_processor_can_read(
    saved_at: str, messenger: Assessment, rules: Rules
) -> None:
    properties = record(rules, messenger.model_copy(update={"saved_at": saved_at})).core_properties
    assert properties.created == properties.modified == datetime(1980, 1, 1, tzinfo=UTC)


@pytest.mark.slow
def test_libreoffice_opens_the_documents_and_has_every_text_of_them(
    messenger: Assessment, rules: Rules, tmp_path: Path
) -> None:
    texts = {"nothing": {"answers": {}}, "markup": filled(NASTY), "right-to-left": filled("«خدمة» (2) in English")}
    claim = dossier(rules, messenger)
    assert claim
    made = {name: record_document(rules, messenger.model_copy(update=update), TODAY) for name, update in texts.items()}
    made["dossier"] = dossier_document(rules, messenger, claim)
    files = [tmp_path / f"{name}.docx" for name in made]
    for file, data in zip(files, made.values(), strict=True):
        file.write_bytes(data)
    office.save_as("txt:Text (encoded):UTF8", files, "en-AU", tmp_path)
    for file, data in zip(files, made.values(), strict=True):
        shown = " ".join((tmp_path / "out" / f"{file.stem}.txt").read_text(encoding="utf-8-sig").split())
        assert [text for text in said(opened(data)) if " ".join(text.split()) not in shown] == []
