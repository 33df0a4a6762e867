"""Every page in every state in a real browser: what axe finds in the light and in the dark theme, headings, charts, and how it looks on a narrow screen."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import streamlit
from browser import ROOT, STILL, VIEWPORT, Server, Visitor, served
from playwright.sync_api import Browser
from tour import TOUR, State, Tourist

from questionnaire import navigation
from questionnaire.session.steps import VERIFY
from scoring.rules.load import load

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Exempt:
    """An element on which Streamlit itself breaks a rule: what its HTML has in it, why it does no harm, and how to see it.

    alone: what shows it on a page of its own, with nothing of ours; state: where the app has it.
    """

    element: str
    why: str
    alone: str
    state: str


STREAMLITS_OWN = {
    "presentation-role-conflict": Exempt(
        'data-testid="stFileUploaderDropzone"',
        "The uploader's drop zone has a label and a role that hides it. The button in it, which the keyboard uses, has both right.",
        "st.file_uploader('A file')",
        "Returns, with nothing uploaded",
    ),
    "focus-order-semantics": Exempt(
        'data-tag=""',
        "A choice that was made among several can be focused, to be removed with the Delete key, and has no role. It is named, and its Remove button is a button.",
        "st.multiselect('Several', ['One', 'Another'], default=['One'])",
        "Obligations, the map with no service in it",
    ),
}
"""Rule -> the one element on which Streamlit itself breaks it."""
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules that look at colours. All others find the same in both themes, since the document is the same; each state is held against all of them in one.

These two take most of axe's time and say of two texts that look alike the same, so each look is held against them once in each theme, where it is first seen."""
WIDEST = tuple({state.address: state for state in TOUR if not state.folded}.values())
"""One state of each page, with the most in it: how it fits a narrow screen, and with its text spaced out, is looked at in these."""
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"
"""What a reader may ask of any text (WCAG 1.4.12)."""


@dataclass
class Seen:
    """What was found of a page in a state."""

    light: list[str]
    dark: list[str]
    sideways: dict[int, list[str]]
    clipped: list[str]
    headings: list[tuple[int, str]]
    charts: list[dict[str, str | bool]]
    title: str
    lang: str


def look(visitor: Visitor, known: set[str], *, folded: bool = False, narrow: bool = True) -> Seen:
    """Look at the page as it is; known: the looks of text of which the colours have been looked at in both themes;
    narrow: also at how it fits a narrow screen, and with its text spaced out."""
    page = visitor.page
    here = visitor.is_dark()  # as the state before left it: to change the theme twice for each would cost time
    visitor.show_all(folded=folded)
    visitor.see()
    found_here = visitor.violations(without=OF_COLOUR)
    new = [look for look in visitor.looks() if look not in known]
    found_here += visitor.violations(*OF_COLOUR, among=new)
    found = page.evaluate(
        """() => {
            const shown = each => each.checkVisibility({visibilityProperty: true});
            const main = document.querySelector('[data-testid=stMain]');
            const isChart = each => each.dataset.testid === 'stPlotlyChart' || each.matches('[data-testid=stHtml]') && each.querySelector('.mcm-bar, .mcm-total, .mcm-columns') !== null;
            const marks = [...main.querySelectorAll('h1, h2, h3, h4, h5, h6, [data-testid=stPlotlyChart], [data-testid=stHtml], table')];
            const section = chart => { const rest = marks.slice(marks.indexOf(chart) + 1).filter(each => !chart.contains(each)), end = rest.findIndex(each => /^H/.test(each.tagName) || isChart(each)); return end < 0 ? rest : rest.slice(0, end); };
            return {
                headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(shown).map(each => [Number(each.tagName[1]), each.innerText.trim()]),
                charts: marks.filter(isChart).map(each => ({
                    name: each.matches('[data-testid=stHtml]') ? each.innerText : (each.querySelector('[role=img][aria-label]') ?? each).getAttribute('aria-label') ?? '',
                    named: [...each.querySelectorAll('[role=img]')].every(one => one.getAttribute('aria-label')),
                    table: section(each).some(one => one.tagName === 'TABLE'),
                })),
                title: document.title, lang: document.documentElement.lang,
            };
        }"""
    )
    found_there = []
    if new:
        visitor.dark(not here)
        visitor.see()
        there = [look for look in visitor.looks() if look not in known]
        found_there = visitor.violations(*OF_COLOUR, among=there)
        known |= {*new, *there}
    light, dark = (found_there, found_here) if here else (found_here, found_there)
    clipped, sideways = visitor.clipped(SPACED) if narrow else [], {}
    for width, height in ((640, 450), (320, 700)) if narrow else ():
        page.set_viewport_size({"width": width, "height": height})
        visitor.see()
        sideways[width] = visitor.sideways()
        clipped += visitor.clipped(SPACED)
    return Seen(
        light,
        dark,
        {width: each for width, each in sideways.items() if each},
        clipped,
        [(level, said) for level, said in found.pop("headings")],
        **found,
    )


@pytest.fixture(scope="module")
def tourist(chromium: Browser, server: Server) -> Iterator[Tourist]:
    context = chromium.new_context(viewport=VIEWPORT, reduced_motion="reduce")
    context.add_init_script(STILL)
    yield Tourist(Visitor(context.new_page(), server.address))
    context.close()


@pytest.fixture(scope="module", params=TOUR, ids=lambda state: state.says)
def state(request: pytest.FixtureRequest) -> State:
    return request.param


@pytest.fixture(scope="module")
def known() -> set[str]:
    """The looks of text of which the colours have been looked at in both themes."""
    return set()


@pytest.fixture(scope="module")
def seen(tourist: Tourist, state: State, known: set[str]) -> Seen:
    """The page in this state, looked at once for all that is asked of it."""
    tourist.go(state)
    return look(tourist.visitor, known, folded=state.folded, narrow=state in WIDEST)


def not_streamlits_own(violations: list[str]) -> list[str]:
    return [
        each
        for each in violations
        if (exempt := STREAMLITS_OWN.get(each.partition(":")[0])) is None or exempt.element not in each
    ]


# ------------------------------------------------------------------------------------------ every page in every state
def test_axe_finds_nothing_wrong_in_the_light_theme(seen: Seen) -> None:
    assert not_streamlits_own(seen.light) == []


def test_axe_finds_nothing_wrong_in_the_dark_theme(seen: Seen) -> None:
    assert not_streamlits_own(seen.dark) == []


def test_nothing_scrolls_sideways_at_200_and_at_400_per_cent(seen: Seen) -> None:
    assert seen.sideways == {}


def test_text_that_is_spaced_out_is_not_cut_off(seen: Seen) -> None:
    assert seen.clipped == []


def test_a_page_has_one_heading_of_the_first_level_and_skips_none(seen: Seen, state: State) -> None:
    levels = [level for level, _ in seen.headings]
    assert [said for level, said in seen.headings if level == 1] == [state.title]
    assert [here for before, here in zip([0, *levels], levels, strict=False) if here > before + 1] == [], seen.headings
    assert all(said for _, said in seen.headings)


def test_the_browsers_title_says_where_one_is_and_the_language_is_said(seen: Seen, state: State) -> None:
    assert re.fullmatch(rf"(Step \d+( of \d+)?: )?{re.escape(state.title)} – MCM Scorecard", seen.title)
    assert seen.lang == "en-AU"


def test_every_chart_has_a_text_and_a_table_beneath(seen: Seen) -> None:
    assert [each for each in seen.charts if len(str(each["name"])) < 40 or not each["named"] or not each["table"]] == []


# ------------------------------------------------------------------------------------------ what shows that something is a field
FIELDS = (
    "stTextInput",
    "stTextArea",
    "stRadio",
    "stCheckbox",
    "stSelectbox",
    "stMultiSelect",
    "stFileUploader",
    "stButton",
    "stDownloadButton",
    "stExpander",
)
WITH_FIELDS = (
    "Your service, a social media service",
    "SMS-MCM10, answered",
    "Start, with answers",
    "Obligations, the map with no service in it",
    "Obligations, one kind of service",
    "Scorecard, where nothing is owed",
)
EDGES = """kinds => kinds.flatMap(kind => [...document.querySelectorAll(`[data-testid=${kind}]`)].flatMap(field => [...field.querySelectorAll('*')]
    .filter(each => each.checkVisibility() && ['Top', 'Right', 'Bottom', 'Left'].every(side => parseFloat(getComputedStyle(each)[`border${side}Width`]) > 0))
    .map(each => {
        let ground = each.parentElement;
        while (!/^rgb\\(/.test(getComputedStyle(ground).backgroundColor)) ground = ground.parentElement;
        return [kind, getComputedStyle(each).borderTopColor, getComputedStyle(ground).backgroundColor];
    })))"""


def contrast(one: str, other: str) -> float:
    """How far two opaque colours stand apart, as WCAG reckons it: from 1 to 21."""

    def light(colour: str) -> float:
        parts = [int(each) / 255 for each in re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour).groups()]
        red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((light(one), light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_edge_of_every_field_and_button_stands_out_from_its_ground_in_both_themes(tourist: Tourist) -> None:
    found: set[tuple[str, str, str]] = set()
    for state in (each for each in TOUR if each.says in WITH_FIELDS):
        tourist.go(state)
        for dark in (False, True):
            tourist.visitor.dark(dark)
            tourist.visitor.see()
            found |= {tuple(each) for each in tourist.visitor.page.evaluate(EDGES, list(FIELDS))}
    assert {kind for kind, _, _ in found} == set(FIELDS)
    assert len({ground for _, _, ground in found}) > 1
    assert {each: contrast(*each[1:]) for each in found if contrast(*each[1:]) < 3} == {}


def test_a_grid_follows_the_theme_where_no_motion_is_wanted(tourist: Tourist) -> None:
    tourist.go(next(state for state in TOUR if state.says == "Portfolio, the example"))
    tourist.visitor.page.set_viewport_size({"width": 1280, "height": 900})
    for dark in (False, True):
        tourist.visitor.dark(dark)
        tourist.visitor.page.wait_for_function(
            """dark => {
                const grid = document.querySelector('[data-testid=stDataFrame] canvas');
                grid.scrollIntoView();
                const [red] = grid.getContext('2d').getImageData(grid.width - 10, grid.height / 2, 1, 1).data;
                return dark ? red < 60 : red > 240;
            }""",
            arg=dark,
        )


def test_the_reckoning_of_contrast_is_right() -> None:
    assert round(contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)"), 1) == 21
    assert round(contrast("rgb(118, 118, 118)", "rgb(255, 255, 255)"), 2) == 4.54
    assert contrast("rgb(200, 200, 200)", "rgb(255, 255, 255)") < 3


def test_what_is_chosen_is_seen_where_the_systems_colours_take_the_place_of_ours(
    chromium: Browser, server: Server
) -> None:
    context = chromium.new_context(
        viewport={"width": 1280, "height": 1600}, forced_colors="active", reduced_motion="reduce"
    )
    visitor = Visitor(context.new_page(), server.address)
    visitor.open("obligations?adopted=IJM-RES-2", "Who is bound, and who slips through")
    for kind, circle in (("stRadioOption", "> div > div"), ("stCheckbox", "label > span + div")):
        boxes = visitor.page.get_by_test_id(kind)
        chosen, other = (
            boxes.filter(**{name: visitor.page.locator("input:checked")}).first.locator(circle).first
            for name in ("has", "has_not")
        )
        chosen.wait_for()
        assert len({each.evaluate("each => getComputedStyle(each).backgroundColor") for each in (chosen, other)}) == 2
    context.close()


# ------------------------------------------------------------------------------------------ where something is broken
@pytest.mark.parametrize(
    ("file", "sound", "broken", "title", "said"),
    [
        (
            "questionnaire/tool_pages/sources.py",
            "    for title, (folded, section) in _SECTIONS.items():\n",
            "    for title, (folded, section) in _SECTIONS.items():\n        raise ValueError\n",
            "Sources",
            "Something went wrong here",
        ),
        (
            "scoring/rules/code.toml",
            '[[code]]\nid = "SMS"',
            '[[code]]\nid = ""',
            "The rules cannot be used",
            "code.toml",
        ),
    ],
    ids=["a page that fails", "rules that cannot be used"],
)
def test_what_is_shown_where_something_is_broken_is_accessible(
    chromium: Browser, tmp_path: Path, file: str, sound: str, broken: str, title: str, said: str
) -> None:
    for part in ("questionnaire", "scoring", ".streamlit"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "app.py", tmp_path)
    text = (tmp_path / file).read_text(encoding="utf-8")
    assert sound in text
    (tmp_path / file).write_text(text.replace(sound, broken, 1), encoding="utf-8")
    with served(folder=tmp_path) as other:
        context = chromium.new_context(viewport=VIEWPORT)
        context.add_init_script(STILL)
        visitor = Visitor(context.new_page(), other.address)
        visitor.open("sources", title)
        visitor.page.get_by_text(said).first.wait_for()
        found = look(visitor, set())
        context.close()
    assert (found.light, found.dark, found.sideways, found.clipped) == ([], [], {}, [])
    assert [said for level, said in found.headings if level == 1] == [title]
    assert found.title == f"{title} – MCM Scorecard"


# ------------------------------------------------------------------------------------------ the tour itself
def test_every_page_and_every_step_is_in_the_tour(monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []

    class Collected(Exception):
        pass

    def navigation_of(*args: object, **also: object) -> None:
        raise Collected

    monkeypatch.setattr(streamlit, "Page", lambda show, *, url_path, **also: pages.append(url_path))
    monkeypatch.setattr(streamlit, "navigation", navigation_of)
    with pytest.raises(Collected):
        navigation.run()
    assert len(pages) == len(set(pages)) > len(load().drafted.measures)
    leads_elsewhere = {VERIFY}
    assert {each.address.partition("?")[0] for each in TOUR} - {"no-such-page"} == set(pages) - leads_elsewhere
    assert len({each.says for each in TOUR}) == len(TOUR)


# ------------------------------------------------------------------------------------------ what Streamlit itself does
@pytest.mark.parametrize("rule", STREAMLITS_OWN)
def test_an_exception_is_broken_by_streamlit_on_a_page_with_nothing_of_ours(
    rule: str, chromium: Browser, tmp_path: Path
) -> None:
    (tmp_path / "app.py").write_text(
        f"import streamlit as st\nst.title('A page')\n{STREAMLITS_OWN[rule].alone}\n", encoding="utf-8"
    )
    with served("--server.address", "localhost", folder=tmp_path) as bare:
        page = chromium.new_page()
        visitor = Visitor(page, bare.address)
        page.goto(bare.address)
        page.get_by_role("heading", name="A page").wait_for()
        page.locator("[data-testid=stMain] button").first.wait_for()
        found = visitor.violations(rule)
        page.close()
    assert [each for each in found if STREAMLITS_OWN[rule].element in each]


@pytest.mark.parametrize("rule", STREAMLITS_OWN)
def test_an_exception_is_still_needed(rule: str, visitor: Visitor) -> None:
    Tourist(visitor).go(next(each for each in TOUR if each.says == STREAMLITS_OWN[rule].state))
    assert [each for each in visitor.violations(rule) if STREAMLITS_OWN[rule].element in each]


# ------------------------------------------------------------------------------------------ the checks themselves
def test_the_checks_find_what_is_planted_at_the_foot_of_a_page(visitor: Visitor) -> None:
    visitor.open("check", "Check your answers")
    assert (visitor.violations(), visitor.sideways(), visitor.clipped(SPACED)) == ([], [], [])
    known = visitor.looks()
    visitor.page.evaluate(
        """() => {
            const planted = document.createElement('div');
            planted.style.marginTop = '2000px';
            planted.innerHTML = '<p style="color: #999">pale</p><img src="data:,"><div style="width: 2000px">wide</div>'
                + '<p><button style="width: 8px; height: 8px; padding: 0">a</button><button style="width: 8px; height: 8px; padding: 0">b</button></p>'
                + '<button aria-label="Something else altogether">Press this one</button>'
                + '<div style="width: 80px; overflow: hidden; white-space: nowrap">cut off on its way</div>';
            document.querySelector('[data-testid=stMainBlockContainer]').append(planted);
            document.querySelector('h1').outerHTML = '<p>no heading</p>';
            document.querySelector('[data-testid=stMain]').outerHTML = document.querySelector('[data-testid=stMain]').outerHTML.replace('<section', '<div').replace('<main', '<div');
        }"""
    )
    visitor.page.set_viewport_size({"width": 1280, "height": 4000})
    assert {"color-contrast", "image-alt", "page-has-heading-one", "target-size", "label-content-name-mismatch"} <= {
        each.partition(":")[0] for each in visitor.violations()
    }
    new = [look for look in visitor.looks() if look not in known]
    assert any(">pale<" in violation for violation in visitor.violations(*OF_COLOUR, among=new))
    assert "the page scrolls sideways" in visitor.sideways()
    assert any("cut off on its way" in each for each in visitor.clipped(SPACED))
