"""The tables of the page of obligations, and the one page to print: what they say, and that nothing in them is markup."""

import re
from datetime import date

import numpy as np
import pytest
from html_tables import html_tables
from playwright.sync_api import Browser

from scoring.documents import colours, words
from scoring.documents.html_table import Cell, Table, html, rows
from scoring.documents.obligations_tables import Beside, matrix, obligations_page
from scoring.kinds.map import CELLS, code_maps
from scoring.kinds.obligations import obligations
from scoring.kinds.slips import ways
from scoring.rules.amend import adopting
from scoring.rules.load import load
from scoring.rules.model import Rules

OUTCOMES = {
    known.id: "Adopted for the most part, going by the title and one use (official)" for known in load().recommendations
}
"""The longest that may be said of one, of each."""


def page(rules: Rules, adopted: list[str] | None = None, beside: Beside | None = None) -> str:
    compared = obligations(rules, None if adopted is None else adopting(rules, adopted))
    return obligations_page(rules, compared, ways(rules), OUTCOMES, beside or Beside(), date(2026, 11, 27)).decode()


def test_what_stands_in_a_table_is_text_and_never_markup() -> None:
    nasty = "<b onclick=x>&'\""
    made = html(
        Table(
            nasty,
            (nasty,) * 2,
            rows(
                [
                    (
                        Cell(nasty, small=nasty),
                        Cell(nasty, lines=(nasty,), why=(nasty,), changed=nasty, link=(nasty, nasty)),
                    )
                ]
            ),
        )
    )
    assert "<b" not in made and made.count("&lt;b") >= 8
    ((_, cell),) = html_tables(made)[nasty][1:]
    assert (cell.why, cell.links, nasty in cell.said) == ([nasty], [nasty], True)


def test_each_cell_has_a_sign_and_a_word_and_what_is_owed_a_colour_of_its_own() -> None:
    assert {words.CELL[cell][0] for cell in CELLS} == set("–○▲●")
    assert len(set(colours.CELL.values())) == 2
    for cell in CELLS:
        made = html(Table("x", ("A", "B"), rows([(Cell("a"), Cell(sign=cell))])))
        assert words.CELL[cell] in made and (colours.CELL.get(cell, "no colour") in made) == (cell in colours.CELL)


@pytest.mark.parametrize("adopted", [None, [], ["IJM-RES-3"]], ids=str)
def test_the_matrix_has_each_group_once_with_what_the_map_says_of_it(adopted: list[str] | None, rules: Rules) -> None:
    compared = obligations(rules, None if adopted is None else adopting(rules, adopted))
    for of_code in code_maps(compared):
        (_, *lines), = html_tables(html(matrix(rules, of_code, compared.regimes, Beside(), compared.grid))).values()  # fmt: skip
        said = {tuple(sign for cell in line[1:] for sign in cell.signs): line[0].said for line in lines}
        assert len(said) == len(lines)
        for row in of_code.rows:
            assert row.in_words(rules) in said[tuple(words.CELL[cell] for cell in row.cells)]
        kinds = [int(match) for line in said.values() for match in re.findall(r"(\d+) kinds?$", line)]
        assert sum(kinds) == sum(row.group.profiles for row in of_code.rows)
        assert all(len(cell.why) == 4 for line in lines for cell in line[1:])


def test_the_page_says_who_is_let_out_what_ends_it_and_what_it_is_not(rules: Rules) -> None:
    said = page(rules)
    slips, effects = html_tables(said).values()
    assert [row[0].said for row in slips[1:]] == [
        "Relevant electronic · tier 2 or tier 3 · end-to-end encrypted · open · not capable 64 kinds",
        "Relevant electronic · tier 2 or tier 3 · closed · not capable 192 kinds",
        "Designated internet · tier 2 or tier 3 · provider-managed 12 kinds",
        "Designated internet · end-user-managed 6 kinds",
        "Social media · tier 2 or tier 3 24 kinds",
    ]
    assert slips[-1][2].said == "None of the recommendations"
    assert [row[0].said.rpartition("(")[2].rstrip(")") for row in effects[1:]] == list(OUTCOMES)
    assert all(row[-1].said.startswith("Adopted for the most part") for row in effects[1:])
    for sentence in (
        "not legal advice",
        "Neither is the law",
        "not a service",
        "all of its 9 recommendations are adopted",
        "27 November 2026.",
        "In short: as drafted, no measure binds 298 of the 708 kinds of service that there are; as amended, 24. "
        "Still bound by none: Social media · tier 2 or tier 3.",
    ):
        assert sentence in " ".join(said.split())
    assert "<script" not in said and "http" not in said.replace("http-equiv", "")
    assert said.index("In short: ") < said.index("<table"), "the page begins with what it comes to"


def test_the_page_says_which_recommendations_are_adopted(rules: Rules) -> None:
    said = page(rules, ["IJM-RES-3"])
    slips = next(iter(html_tables(said).values()))
    assert "1 of its 9 recommendations are adopted: IJM-RES-3." in " ".join(said.split())
    assert slips[0][-1].said == "As amended (1 of 9)"
    assert [row[-1].said for row in slips[1:]] == ["56 of 64 kinds", "168 of 192 kinds"] + ["✗ Bound by no measure"] * 3


def test_services_of_a_file_are_counted_beside_the_kinds(rules: Rules) -> None:
    grid = obligations(rules).grid
    cloud = next(
        place
        for place, profile in enumerate(grid.profiles)
        if profile["hosting"] == "end_user_managed" and profile["category"] == "dis"
    )
    said = page(rules, beside=Beside(np.array([cloud, cloud, 0])))
    assert "Of your 3 services under Portfolio a measure binds 1 as drafted; as amended, 3." in said
    slips = next(iter(html_tables(said).values()))
    assert [row[0].said.partition("; ")[2] for row in slips[1:]] == [
        f"of your 3 services: {count}" for count in (0, 0, 0, 2, 0)
    ]


@pytest.mark.browser
def test_the_page_prints_on_one_sheet_with_the_services_of_a_file_too(chromium: Browser, rules: Rules) -> None:
    window = chromium.new_page()
    window.set_content(page(rules, beside=Beside(np.arange(0, 708, 25))))
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", window.pdf(format=paper, print_background=True))) == 1
    window.close()


@pytest.mark.browser
def test_reasons_that_are_opened_beside_each_other_do_not_make_a_map_wider_than_its_place(
    chromium: Browser, rules: Rules
) -> None:
    compared = obligations(rules)
    tab = chromium.new_page(viewport={"width": 1064, "height": 900})  # pixels: what a fold leaves of a page of 1280
    for of_code in code_maps(compared, np.ones(len(compared.grid), dtype=bool)):
        tab.set_content(html(matrix(rules, of_code, compared.regimes, Beside(), compared.grid)))
        tab.add_style_tag(content="html { font-size: 18px; } body { margin: 0; }")
        tab.evaluate("() => document.querySelectorAll('details').forEach(fold => fold.open = true)")
        assert tab.evaluate("() => document.documentElement.scrollWidth") == 1064, of_code.code
    tab.close()


@pytest.mark.browser
def test_in_a_table_that_scrolls_the_first_column_stays_in_view(chromium: Browser) -> None:
    headings = ("Service", *(f"Requirement {number}" for number in range(20)))
    cells = [(Cell(f"Service {row}"), *(Cell(sign="met") for _ in headings[1:])) for row in range(3)]
    tab = chromium.new_page(viewport={"width": 700, "height": 400})
    tab.set_content(html(Table("x", headings, rows(cells), wide=True)))
    place = tab.locator(".mcm-wide")
    assert place.evaluate("place => (place.scrollLeft = 500, place.scrollLeft)") == 500
    for first in (tab.get_by_text("Service", exact=True), tab.get_by_text("Service 2")):
        assert first.bounding_box()["x"] == place.bounding_box()["x"]  # type: ignore[index]
    tab.close()
