"""The Sources page: its facts as data, what is refused, and that everything is on the page."""

from collections.abc import Callable
from pathlib import Path

import pytest
from browser import Visitor
from streamlit.testing.v1 import AppTest

from questionnaire.page_parts.law_status import FILE, Sources, changed_by, load_sources
from scoring.rules.amend import resolve
from scoring.rules.in_words import with_names
from scoring.rules.load import RulebookError
from scoring.rules.model import Rules

RECOMMENDATION = """
[[recommendation]]
id = "IJM-SMS-2"
code = "SMS"
title = "Cover livestreams"
ask = "SMS-MCM10 should reach livestreams."
where = "Sec. 9"

[[recommendation.change]]
kind = "add_requirement"
measure = "SMS-MCM10"
expects = ["SMS-MCM10.a", "SMS-MCM10.b", "SMS-MCM10.c"]
[recommendation.change.requirement]
id = "SMS-MCM10.e"
title = "Reach livestreams"
question = "Does that reach livestreams?"
text = "Disruption and deterrence that reach livestreams."
covers = "CSAM"
basis = "described"
where = "Sec. 9"
"""


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources()


def edited(tmp_path: Path, replace: str, text: str) -> Path:
    """A copy of sources.toml in which `text` stands where `replace` first stood."""
    content = FILE.read_text(encoding="utf-8")
    assert replace in content
    path = tmp_path / FILE.name
    path.write_text(content.replace(replace, text, 1), encoding="utf-8")
    return path


# ------------------------------------------------------------------------------------------------ refusals
@pytest.mark.parametrize(
    ("replace", "text", "message"),
    [
        pytest.param(
            '[[outcome]]\nid = "IJM-SMS-1"',
            '[[outcome]]\nid = "IJM-SMS-1"\ncolour = "red"',
            "sources.toml: IJM-SMS-1: unknown key 'colour'",
            id="an unknown key",
        ),
        pytest.param(
            "reviewed = 2026-11-22",
            'reviewed = 2026-11-22\nauthor = "us"',
            "sources.toml: unknown key 'author'",
            id="an unknown key at the top",
        ),
        pytest.param(
            "reviewed = 2026-11-22",
            'reviewed = "22 November"',
            "sources.toml: 'reviewed' is '22 November': input should be a valid date",
            id="a review date that is no date",
        ),
        pytest.param("reviewed = 2026-11-22", "reviewed = 2026-", "sources.toml: is not TOML: ", id="no TOML"),
        pytest.param(
            'what = "The first risk assessments under the two Standards are due."\nsupport = "reported"',
            'what = "The first risk assessments."',
            "sources.toml: risk_assessments: 'support' is missing",
            id="a fact without support",
        ),
        pytest.param('term = "CSEM"', 'term = " "', "sources.toml: csem: 'term' is empty", id="an empty text"),
        pytest.param(
            'id = "IJM-DIS-5"\noutcome',
            'id = "IJM-DIS-9"\noutcome',
            "sources.toml: IJM-DIS-9: is an outcome of 'IJM-DIS-9', which is no recommendation; there are IJM-SMS-1, ",
            id="an outcome of no recommendation",
        ),
        pytest.param(
            'closes = ["IJM-DIS-5"]',
            'closes = ["IJM-DIS-9"]',
            "sources.toml: hosting: 'closes' names 'IJM-DIS-9', which is no recommendation; there are IJM-SMS-1, ",
            id="a gap that no recommendation closes",
        ),
        pytest.param(
            'near = ["IJM-RES-3"]',
            'near = ["IJM-RES-9"]',
            "sources.toml: tools_considered: 'near' names 'IJM-RES-9', which is no recommendation; there are IJM-SMS-1, ",
            id="something unscored near no recommendation",
        ),
        pytest.param(
            'closes = ["IJM-DIS-5"]',
            "closes = []",
            "sources.toml: hosting: 'closes' has too few entries: 0; at least 1",
            id="a reason that names no recommendation",
        ),
        pytest.param(
            'url = "https://onlinesafety.org.au/archive-codes/"',
            'url = "http://onlinesafety.org.au/archive-codes/"',
            "sources.toml: consultation: 'url': 'http://onlinesafety.org.au/archive-codes/' is not an https link",
            id="a link without https",
        ),
        pytest.param(
            'url = "https://www.esafety.gov.au/report"',
            'url = "https://"',
            "sources.toml: report: 'url': 'https://' is not an https link",
            id="a link to nowhere",
        ),
        pytest.param(
            'support = "usage"',
            'support = "rumour"',
            "sources.toml: known_csam: 'support' is 'rumour'; allowed: regulator, reported, not_established, submission, usage, ours",
            id="an unknown support",
        ),
        pytest.param(
            '[[support]]\nid = "not_established"',
            '[[support]]\nid = "unknown"',
            "sources.toml: support: 'not_established' is missing: it is said of each recommendation without an outcome",
            id="no words for what is not established",
        ),
        pytest.param(
            'id = "IJM-DIS-5"\noutcome',
            'id = "IJM-DIS-4"\noutcome',
            "sources.toml: IJM-DIS-4: there are two entries 'outcome' with this id",
            id="two outcomes of one recommendation",
        ),
        pytest.param(
            'id = "csem"',
            'id = "csam"',
            "sources.toml: csam: there are two entries 'term' with this id",
            id="a term twice",
        ),
        pytest.param(
            "date = 2023-05-31",
            "date = 2022-05-31",
            "sources.toml: refused: is dated 2022-05-31, but comes after 'lodged', which is dated 2023-03-31",
            id="a time line out of order",
        ),
        pytest.param(
            "date = 2025-08-20",
            "date = 2027-08-20",
            "sources.toml: warnings: is dated 2027-08-20, after the review on 2026-11-22",
            id="an event after the review",
        ),
        pytest.param(
            '[event.link]\nurl = "https://onlinesafety.org.au/codes/"\ntext = "The industry associations\' codes"\n',
            "",
            "sources.toml: lodged: 'link' is missing",
            id="an event without a link",
        ),
    ],
)
def test_a_broken_file_is_refused_with_file_id_and_what_is_wrong(tmp_path: Path, replace: str, text: str, message: str):
    with pytest.raises(RulebookError) as refused:
        load_sources(edited(tmp_path, replace, text))

    assert str(refused.value).startswith(message)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    with pytest.raises(RulebookError) as refused:
        load_sources(tmp_path / "sources.toml")

    assert str(refused.value) == "sources.toml: cannot be read: No such file or directory"


# ---------------------------------------------------------------------------------------------- what is there
def test_every_recommendation_has_an_outcome_in_the_order_of_the_rules(sources: Sources, rules: Rules):
    assert [each.id for each in sources.outcome] == [each.id for each in rules.recommendations]
    assert all(sources.support_of(each).label for each in sources.supported())


def test_a_recommendation_without_an_outcome_is_not_established(edited_rulebook: Callable[..., Path]):
    folder = edited_rulebook("amendments.toml", RECOMMENDATION)

    found = {each.id: each for each in load_sources(FILE, folder).outcome}

    assert len(found) == 10
    assert (found["IJM-SMS-2"].outcome, found["IJM-SMS-2"].support) == ("Not established", "not_established")


def test_what_is_loaded_cannot_be_changed(sources: Sources):
    with pytest.raises(Exception, match="frozen"):
        sources.term[0].meaning = "something else"


def test_each_measure_knows_the_recommendations_that_change_it(rules: Rules):
    found = {
        each.id: [by.id for by in changed_by(each, rules)]
        for each in resolve(rules.drafted, rules.recommendations).measures
    }

    assert found == {
        "SMS-MCM10": ["IJM-SMS-1"],
        "RES-MCM3": ["IJM-RES-2", "IJM-RES-3"],
        "RES-MCM8": ["IJM-RES-2"],
        "RES-MCM10": ["IJM-RES-1"],
        "RES-MCM11": ["IJM-RES-3"],
        "DIS-MCM8": ["IJM-DIS-5"],
        "DIS-MCM9": ["IJM-DIS-1", "IJM-DIS-3", "IJM-DIS-4"],
        "DIS-NEW": ["IJM-DIS-2"],
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RES-MCM8 binds all.", "“Detect and remove known CSAM” (RES-MCM8) binds all."),
        ("Look at RES-MCM8.", "Look at “Detect and remove known CSAM” (RES-MCM8)."),
        ("RES-MCM8 and RES-MCM8", "“Detect and remove known CSAM” (RES-MCM8) and RES-MCM8"),
        ("DIS-MCM9.d asks", "“Disrupt and deter CSAM and CSEM” (DIS-MCM9.d) asks"),
        ("“Detect and remove known CSAM” (RES-MCM8) binds", "“Detect and remove known CSAM” (RES-MCM8) binds"),
        ("RES-MCM81 and RES-MCM8-b are nothing", "RES-MCM81 and RES-MCM8-b are nothing"),
        ("No rule at all", "No rule at all"),
    ],
)
def test_a_rule_is_named_before_its_id(text: str, expected: str, rules: Rules):
    assert with_names(text, rules) == expected


# --------------------------------------------------------------------------------------------------- the page
def page() -> None:
    from questionnaire.tool_pages import sources

    sources.show()


def shown(app: AppTest) -> str:
    """All text on the page."""
    elements = (*app.title, *app.header, *app.subheader, *app.markdown, *app.info, *app.expander)
    cells = (str(cell) for table in app.table for row in table.value.to_numpy() for cell in row)
    said = "\n".join((*(str(getattr(each, "value", None) or each.label) for each in elements), *cells))
    return said.replace("`", "")  # between these stands an id, which is not broken over two lines


@pytest.fixture(scope="module")
def app() -> AppTest:
    return AppTest.from_function(page, default_timeout=30).run()


def test_the_page_shows_the_review_date_and_every_fact_with_its_support(app: AppTest, sources: Sources):
    text = shown(app).replace("\\$", "$")

    assert not app.exception
    assert "22 November 2026" in text
    assert sources.not_advice in text
    for event in sources.event:
        assert f"**{event.when}.** {event.what} *{sources.support_of(event).label}" in text
    for outcome in sources.outcome:
        label = sources.support_of(outcome).label
        open_ = outcome.support == "not_established"
        said = "" if outcome.outcome == label else f"**{outcome.outcome}.** "
        assert f"{said}{outcome.what} {'' if open_ else f'*{label}'}" in text
    assert text.count("Not established") == 1 and "What became of the other 4 is not established." in text
    for fact in sources.supported():
        assert not fact.link or f"[{fact.link.text}]({fact.link.url})" in text
    for told in (*sources.statement, *sources.reason, *sources.precedent):
        assert told.text in text
    for term in sources.term:
        assert f"**{term.term}:** {term.meaning}" in text
    assert f"({sources.report.url})" in text


def test_the_page_shows_every_recommendation_interpretation_and_technology(app: AppTest, rules: Rules):
    text = shown(app)

    headings = {heading.value: heading.proto.anchor for heading in app.subheader}
    for recommendation in rules.recommendations:
        assert headings[f"{recommendation.title} ({recommendation.id})"] == recommendation.id.lower()
    for each in rules.interpretations:
        assert f"{each.id}. {with_names(each.text, rules)}" in text
    for technology in rules.technologies:
        assert technology.title in text
    assert text.count("not stated") >= 16


def test_the_page_shows_every_rule_of_both_texts_with_its_marks(rules: Rules):
    app = AppTest.from_function(page, default_timeout=30).run()
    text = ""
    for code in rules.codes:
        text += shown(app.radio(key="sources.code").set_value(code.id).run())
        assert not app.exception
    for measure in resolve(rules.drafted, rules.recommendations).measures:
        assert f"{measure.title} ({measure.id})" in text
        for requirement in measure.requirements:
            mark = "**+ New:** " if requirement.added and not measure.added_by else ""
            assert f"- {mark}**{requirement.title}** ({requirement.id}). {requirement.text}" in text
        for exemption in measure.exemptions:
            assert f"**{'− Withdrawn' if exemption.withdrawn_by else '± Narrowed'}:** {exemption.title}" in text
    assert text.count("This measure is not in the draft.") == text.count("**+ New:** the whole measure.") == 1


def test_headings_come_in_order_and_every_link_within_the_page_leads_to_one(app: AppTest):
    headings = {each.value.lower().replace(",", "").replace(" ", "-") for each in (*app.title, *app.header)}
    headings |= {heading.proto.anchor for heading in app.subheader}
    inner = [link.split(")")[0] for each in app.markdown for link in each.value.split("](#")[1:]]

    assert len(app.title) == 1
    assert len(inner) > 2 * len(app.header)
    assert set(inner) <= headings


def test_what_the_submission_asks_beside_its_recommendations_is_told_with_its_place_and_why_it_is_not_scored(
    app: AppTest, sources: Sources, rules: Rules
):
    text = shown(app)

    assert {"tools_considered", "signals", "reporting"} <= {unscored.id for unscored in sources.unscored}
    for unscored in sources.unscored:
        asks, why = with_names(unscored.asks, rules), with_names(unscored.unscored, rules)
        assert (
            f"**{unscored.title}.** {asks} *({unscored.where} of the submission)* **Why it is not scored:** {why}"
            in text
        )
        assert all(f"](#{near.lower()})" in text for near in unscored.near)


def test_the_glossary_has_a_line_for_every_word_of_a_verdict(app: AppTest, sources: Sources):
    words = "As drafted, As amended, Service, Kind of service, Measure, Requirement, Recommendation, Owed, Exempt, Not covered, Met, Partly met, Not met, Unanswered, Gap, Points missing"

    for word in words.split(", "):
        assert shown(app).count(f"- **{word}:** ") == 1
        assert [term.support for term in sources.term if term.term == word] == ["ours"]


@pytest.mark.parametrize(("asked", "led"), [("IJM-DIS-4", True), ("IJM-DIS-9", False), ("<b>", False)])
def test_an_address_leads_once_to_the_recommendation_that_it_names(asked: str, led: bool, rules: Rules):
    def leading() -> None:
        import streamlit as st

        from questionnaire.session import state
        from questionnaire.tool_pages import sources

        sources.show()
        st.text(state.target()[0])

    app = AppTest.from_function(leading, default_timeout=30)
    app.query_params["recommendation"] = asked
    app.run()

    assert not app.exception
    assert app.text[-1].value == (f"{rules.recommendation(asked).title} ({asked})" if led else "")
    assert "recommendation" not in app.query_params


IS_SEEN = """place => {
    const found = document.getElementById(place), {top, bottom} = found.getBoundingClientRect();
    return found.checkVisibility() && !found.closest('[inert]') && top > 0 && bottom < innerHeight;
}"""


def is_seen(visitor: Visitor, place: str) -> None:
    visitor.page.wait_for_function(IS_SEEN, arg=place)


@pytest.mark.browser
def test_a_link_to_a_place_on_the_page_opens_the_fold_that_holds_it(visitor: Visitor):
    visitor.open("sources?recommendation=IJM-RES-3", "Sources")
    is_seen(visitor, "ijm-res-3")
    visitor.open("sources#ijm-dis-2", "Sources")
    is_seen(visitor, "ijm-dis-2")


@pytest.mark.browser
def test_of_two_links_the_one_that_was_pressed_last_leads(visitor: Visitor):
    """On a slow device the first is still on its way when the second is pressed, and would lead away from it again."""
    visitor.open("sources", "Sources")
    visitor.page.evaluate(
        """() => {
            const own = window.setTimeout;
            window.looks = 0;
            window.setTimeout = (look, time) => own(() => { look(); window.looks += time === 30; }, time === 30 ? 1500 : time);
            window.as_ever = () => { window.setTimeout = own; };
        }"""
    )
    visitor.page.get_by_role("link", name="Why two codes were refused").click()
    second = visitor.page.locator("a[href='#ijm-dis-5']:visible")
    second.wait_for()
    visitor.page.evaluate("() => window.as_ever()")
    second.click()
    is_seen(visitor, "ijm-dis-5")
    visitor.page.wait_for_function("() => window.looks > 0")
    visitor.page.wait_for_timeout(300)
    assert visitor.page.evaluate(IS_SEEN, "ijm-dis-5")


def test_a_broken_file_is_said_on_the_page(monkeypatch: pytest.MonkeyPatch):
    def broken() -> Sources:
        raise RulebookError("sources.toml", "csam", "'term' is empty")

    monkeypatch.setattr("questionnaire.tool_pages.sources.load_sources", broken)

    app = AppTest.from_function(page, default_timeout=30).run()

    assert not app.exception
    assert [each.value for each in app.text] == ["sources.toml: csam: 'term' is empty"]
