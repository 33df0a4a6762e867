"""Headings of a user's own: which column each most likely is, and outputs that are those of the right headings."""

import pytest
from services import as_file

from scoring.portfolio.columns import PortfolioError
from scoring.portfolio.headings import LEFT_OUT, column_names, headings
from scoring.portfolio.one_service import assessment_of, example_csv
from scoring.portfolio.summary import portfolio
from scoring.portfolio.tables import portfolio_csv, rejected_csv
from scoring.rules.load import load
from scoring.workbooks.portfolio_workbook import portfolio_as_workbook

RULES = load()
OWN = """Name;Kind of service;Risk;Encrypted?;Open or closed;Who hosts;Live streaming;Able to review;Contact;RES MCM8 a;Detect hashes
Alpha;res;Tier 1;End-to-end;open;provider_managed;Yes;Yes;Jo, Smith;met;
Beta;sms;Tier 2;None;;provider_managed;No;;Ann;;met
"""
RIGHT = """service,category,tier,encryption,communication,hosting,livestream,capable,RES-MCM8.a
Alpha,res,tier_1,end_to_end,open,provider_managed,yes,yes,met
Beta,sms,tier_2,none,,provider_managed,no,,
"""


def likely(data):
    return {heading.written: heading.column for heading in headings(RULES, data)}


def test_the_likely_column_is_told_by_id_title_similarity_and_what_the_cells_hold() -> None:
    assert likely(OWN.encode()) == {
        "Name": "service",
        "Kind of service": "category",
        "Risk": "tier",
        "Encrypted?": "encryption",
        "Open or closed": "communication",
        "Who hosts": "hosting",
        "Live streaming": "livestream",
        "Able to review": "capable",
        "Contact": LEFT_OUT,
        "RES MCM8 a": "RES-MCM8.a",
        "Detect hashes": LEFT_OUT,  # two codes have a measure that asks for it
    }


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Risk", "tier"),
        ("Encrypted?", "encryption"),
        ("Is it encrypted?", "encryption"),
        ("Closed?", "communication"),
        ("Communication", "communication"),
        ("Name of service", "service"),
        ("Approved?", "esafety_approval"),
        ("Capable?", "capable"),
        ("Community", LEFT_OUT),
        ("Kind", LEFT_OUT),
    ],
)
def test_one_word_of_a_title_or_of_its_stem_tells_the_column_whatever_the_cells_hold(heading: str, column: str) -> None:
    assert likely(f"{heading};Contact;Remark\nso;a;b\nso;a;b\n".encode())[heading] == column


@pytest.mark.parametrize(
    "heading",
    ["Not capable?", "Non-capable", "Incapable", "Not encrypted", "Unencrypted", "No live video", "Without encryption"],
)
@pytest.mark.parametrize("cells", [("Yes", "No"), ("Granted", "Refused"), ("so", "thus")])
def test_a_heading_is_never_set_to_a_column_that_means_the_opposite(heading: str, cells: tuple[str, str]) -> None:
    data = f"{heading};Contact;Remark\n{cells[0]};a;b\n{cells[1]};a;b\n".encode()
    by_cells = {"esafety_approval"} if cells[0] == "Granted" else set()
    assert likely(data)[heading] in {LEFT_OUT, *by_cells}  # what its cells are values of is no opposite of it


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_separates_the_cells_is_told_without_a_known_name(separator: str) -> None:
    data = f"Produkt{separator}Anbieter{separator}Ort\nA{separator}B, or C{separator}D\n".encode()
    assert [heading.written for heading in headings(RULES, data)] == ["Produkt", "Anbieter", "Ort"]


@pytest.mark.parametrize(
    "data",
    [
        example_csv(),
        as_file([]),
        b"",
        b"%PDF-1.7",
        b"Services 2026,,\nservice,tier,category\nA,tier_1,sms\n",
        b"{}",
        b"nonsense",
        b"a letter\nof two lines",
        b"App,Kind\n",
        ",".join(f"H{n}" for n in range(101)).encode(),
    ],
)
def test_there_is_nothing_to_match_where_columns_are_named_well_or_there_is_no_table(data: bytes) -> None:
    assert headings(RULES, data) == ()


def test_headings_that_name_one_column_twice_can_be_matched_and_a_known_one_to_another() -> None:
    data = b"App,Tier,Risk tier,service,category\nA,high,tier_1,sms,x\n"
    assert {heading.written for heading in headings(RULES, data) if heading.known} == {
        "Tier",
        "Risk tier",
        "service",
        "category",
    }
    matched = {"App": "service", "Tier": LEFT_OUT, "Risk tier": "tier", "service": "category", "category": LEFT_OUT}
    assert portfolio(RULES, data, matched=matched).reading.columns == ("service", "tier", "category")


def test_two_headings_for_one_column_and_none_for_the_names_are_refused() -> None:
    for matched, said in (
        ({"App": "service", "B": "service"}, "repeated columns: 'service'"),
        ({"App": "tier", "B": LEFT_OUT}, "'service' is missing"),
    ):
        with pytest.raises(PortfolioError, match=said):
            portfolio(RULES, b"App,B\nx,y\n", matched=matched)


def test_every_output_is_that_of_the_right_headings() -> None:
    own, right, matched = OWN.encode(), RIGHT.encode(), likely(OWN.encode())
    for by_measure in (False, True):
        assert portfolio_csv(RULES, own, by_measure=by_measure, matched=matched) == portfolio_csv(
            RULES, right, by_measure=by_measure
        )
    book = portfolio_as_workbook(RULES, own, RULES.regimes, matched=matched)[1]
    assert book.scored == 2 and book.columns == tuple(RIGHT.partition("\n")[0].split(","))
    services = portfolio(RULES, own, matched=matched)
    moment = "2026-11-26T10:00:00+00:00"
    assert assessment_of(services, 0, moment) == assessment_of(portfolio(RULES, right), 0, moment)
    header, row = rejected_csv(RULES, OWN.replace("Tier 1", "First").encode(), matched).decode().splitlines()
    assert header == "\ufeff" + RIGHT.partition("\n")[0] + ",reason" and row.startswith("Alpha,res,First,End-to-end,")


def test_every_column_has_a_name_of_its_own_to_choose_and_leaving_out_is_one() -> None:
    names = column_names(RULES)
    assert (
        len(set(names.values())) == len(names)
        and names[LEFT_OUT] == "Leave out"
        and names["service"] == "Name of the service"
    )
