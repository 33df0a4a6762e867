"""The documents that a provider takes away: the report (HTML) and the report of the technologies examined (DOCX)."""

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser

from scoring.documents.report import report_html
from scoring.record.dossier_document import dossier_document
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment
from scoring.score.assessment_file import from_json
from scoring.score.dossier import dossier
from scoring.score.gaps import next_steps
from scoring.score.scorecard import IncompleteProfile, scorecard

SAVED = Path(__file__).parents[1] / "assessments"
NASTY = "<script>alert('x')</script> <img src=x onerror=alert(1)> {{ 7*7 }} =1+1 & \"quoted\" **bold**\nsecond line"


class Page(HTMLParser):
    """The text of an HTML page, and its tags with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.pieces: list[str] = []
        self.feed(re.sub(r'<span style="white-space:nowrap">([\w.-]+)</span>', r"\1", html))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.pieces).split())


def saved(name: str, rules: Rules, **changed: object) -> Assessment:
    return from_json((SAVED / f"{name}.json").read_bytes(), rules).model_copy(update=changed)


def messenger(rules: Rules, **changed: object) -> Assessment:
    return saved("encrypted_messenger", rules, **changed)


CASES = [
    "encrypted_messenger",
    "cloud_drive",
    "large_social_network",
    "small_forum",
    "website_with_live_video",
    "awkward_text",
]


# ---------------------------------------------------------------------------------------------- the report
@pytest.mark.parametrize("name", CASES)
def test_the_report_says_what_the_scorecard_says(name: str, rules: Rules) -> None:
    assessment = saved(name, rules)
    card = scorecard(rules, assessment)
    page = Page(report_html(rules, assessment).decode())
    assert " ".join((card.service or "A service without a name").split()) in page.text
    assert f"Assessed on {card.rows[0].assessed_on} under the rules {rules.version}." in page.text
    for measure in card.measures:
        assert f"{measure.title} ({measure.id})" in page.text
    for row in card.rows:
        assert f"({row.requirement})" in page.text
        assert " ".join(row.note.split()) in page.text
    for gap in (*next_steps(rules, card).in_any_case, *next_steps(rules, card).only_as_amended):
        assert f"{gap.requirement.title}: {gap.points_missing} point" in page.text
        assert " ".join(gap.because.split()) in page.text


@pytest.mark.parametrize("name", CASES)
def test_the_report_needs_no_network_and_no_script(name: str, rules: Rules) -> None:
    page = Page(report_html(rules, saved(name, rules)).decode())
    assert not {"script", "link", "img", "iframe", "object", "embed"} & {tag for tag, _ in page.tags}
    fetched = {
        name: value
        for _, attributes in page.tags
        for name, value in attributes.items()
        if name in ("src", "href", "srcset", "action", "data", "xlink:href")
    }
    assert fetched == {}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert (
        "meta",
        {"http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'"},
    ) in page.tags


def test_what_a_user_typed_is_text_in_the_report(rules: Rules) -> None:
    answers = {**messenger(rules).answers, "RES-MCM8.a": Answer(grade="not_met", note=NASTY)}
    html = report_html(
        rules, messenger(rules, service_name=NASTY, answers=answers, technologies={"client_side_hashing": NASTY})
    ).decode()
    assert "<script" not in html
    assert "<img" not in html
    assert (
        Page(html).text.count(
            "<script>alert('x')</script> <img src=x onerror=alert(1)> {{ 7*7 }} =1+1 & \"quoted\" **bold** second line"
        )
        == 4
    )  # title, name, note, reason


def test_a_bar_of_the_report_is_as_long_as_its_points(rules: Rules) -> None:
    html = report_html(rules, messenger(rules)).decode()
    chart = html[html.index("<h2>Points by measure") : html.index("<h2>What each recommendation brings")]
    widths = [float(width) for width in re.findall(r'style="width: ([\d.]+)%"', chart)]
    # the longest bar has the 8 points of the third measure as amended; the others 2, 4, 6 as drafted, and 2
    assert widths == [100 * points / 8 for points in (2, 4, 6, 8, 2)]


def test_no_id_in_the_report_is_broken_over_two_lines_and_none_in_its_title_has_markup(rules: Rules) -> None:
    head, body = report_html(rules, messenger(rules, service_name="RES-MCM3")).decode().split("<body>")
    ids = re.findall(r"(.{7})(\b[A-Z]{3}-[A-Z]{3}\d*)", re.sub(r'aria-label="[^"]*"', "", body))
    assert len(ids) > 40 and {before for before, _ in ids} == {'nowrap">'[-7:]}
    assert "nowrap" not in head[head.index("<title>") : head.index("</title>")]


def test_the_report_begins_with_a_page_that_stands_alone(rules: Rules) -> None:
    html = report_html(rules, messenger(rules), adopting(rules, ["IJM-RES-1"])).decode()
    said = Page(html[html.index("<main") : html.index("</main>")]).text
    for part in (
        "Encrypted messenger",
        "Service category: Relevant electronic service; ",
        "As drafted: 1 of 4 measures is owed, 3 of 6 points. As amended (1 of 9): 1 of 4 measures is owed, 3 of 8 points.",
        "In any case 1. Disrupt and deter creating, posting and disseminating CSAM: 3 gaps, 3 points missing.",
        "Only as amended 2. ",
        "Neither is the law. This is not legal advice.",
        "As amended (1 of 9): CSEM too (IJM-RES-1).",
    ):
        assert part in said


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_first_page_of_a_printed_report_holds_the_result(chromium: Browser, rules: Rules, paper: str) -> None:
    page = chromium.new_page()
    page.set_content(report_html(rules, messenger(rules)).decode())

    def pages() -> int:
        return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))

    whole = pages()
    page.evaluate("document.querySelector('main').remove()")
    assert pages() == whole - 1
    page.close()


def test_with_nothing_answered_the_report_gives_the_range_and_no_gap(rules: Rules) -> None:
    text = Page(report_html(rules, messenger(rules, answers={})).decode()).text
    assert "0 to 6 of 6" in text
    assert "0 to 16 of 16" in text
    assert text.count("No gap here.") == 2
    assert "Nothing is known to be missing yet: 8 of the requirements are unanswered" in text
    assert "Share of the points missing" not in text


def test_with_nothing_owed_the_report_gives_no_score(rules: Rules) -> None:
    text = Page(report_html(rules, saved("small_forum", rules)).decode()).text
    assert "As drafted: nothing is owed. As amended: nothing is owed." in text
    assert "0 %" not in text
    assert "No recommendation that is adopted changes anything for this service" in text


def test_a_report_waits_for_the_facts(rules: Rules) -> None:
    with pytest.raises(IncompleteProfile, match="'profile.encryption' is missing"):
        report_html(rules, messenger(rules, profile={"category": "res"}))


@pytest.mark.parametrize("name", CASES)
def test_no_document_calls_a_text_the_law_or_a_technology_required(name: str, rules: Rules) -> None:
    text = Page(report_html(rules, saved(name, rules)).decode()).text.lower()
    assert "neither is the law. this is not legal advice." in text
    for never in (
        "we recommend",
        "you must",
        "is required to use",
        "recommended technology",
        "breach of the law",
        "unlawful",
    ):
        assert never not in text


# -------------------------------------------------------------------------------------------- the dossier
def paragraphs(rules: Rules, assessment: Assessment) -> list[str]:
    found = dossier(rules, assessment)
    assert found is not None
    document = Document(io.BytesIO(dossier_document(rules, assessment, found)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [*(each.text for each in document.paragraphs), *cells]


def test_the_dossier_has_the_service_the_claim_what_was_examined_what_was_not_and_the_measures(rules: Rules) -> None:
    said = paragraphs(
        rules,
        messenger(
            rules,
            service_name="Kurier Österreich",
            technologies={"client_side_hashing": "Tried in March 2026.", "photodna": ""},
        ),
    )
    assert "Kurier Österreich" in said
    assert "The provider holds the service not capable of reviewing and assessing material." in said
    assert "End-to-end" in said
    examined, rest = said.index("Technologies examined"), said.index("Technologies not examined")
    assert said[examined + 1 : rest] == [
        "Client-side hashing",
        "Why it does not work for this service",
        "Tried in March 2026.",
        "PhotoDNA",
        "Why it does not work for this service",
        "No reason given yet.",
    ]
    assert "Hashing inside secure enclaves (no maker named): belongs in every report" in said[rest:]
    assert "Client-side hashing" not in said[rest:]
    assert [each for each in said if each.endswith(("(RES-MCM3)", "(RES-MCM11)"))] == [
        "Act on breaches of terms: class 1A material (RES-MCM3)",
        "Act on breaches of terms: class 1B material (RES-MCM11)",
    ]
    assert any("It lacks a reason for “Hashing inside secure enclaves” and “PhotoDNA”" in each for each in said)


def test_the_dossier_holds_every_technology_once_examined_or_not(rules: Rules) -> None:
    everything = {each.id: f"Reason {number}" for number, each in enumerate(rules.technologies)}
    said = paragraphs(rules, messenger(rules, technologies=everything))
    assert [each for each in said if re.fullmatch(r"Reason \d+", each)] == list(everything.values())
    assert "None: every technology that the submission names is listed above." in said
    nothing = paragraphs(rules, messenger(rules, technologies={}))
    assert sum(any(each.startswith(technology.title) for each in nothing) for technology in rules.technologies) == len(
        rules.technologies
    )


def test_what_a_user_typed_is_text_in_the_dossier(rules: Rules) -> None:
    said = paragraphs(rules, messenger(rules, service_name="=1+1 <w:p/>", technologies={"client_side_hashing": NASTY}))
    assert NASTY in said
    assert "=1+1 <w:p/>" in said


def test_a_dossier_of_a_service_whose_facts_are_missing_says_which(rules: Rules) -> None:
    said = paragraphs(rules, messenger(rules, profile={"category": "res", "capable": "no"}))
    assert any(
        each.startswith(
            "Which measures are concerned cannot be said before these facts are given: Risk tier, Encryption"
        )
        for each in said
    )
