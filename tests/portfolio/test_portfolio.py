"""Many services at once: each cell of both outputs against the naive rules; what is refused; the same figures as a scorecard."""

import csv
import io
import random
import subprocess
import sys
from itertools import chain, combinations, product
from pathlib import Path

import naive
import pytest
from services import COLUMNS, MESSENGER, NETWORK, NOTE, REQUIREMENTS, as_file

from scoring.__main__ import main
from scoring.files.table_in import Table
from scoring.portfolio.columns import PortfolioError
from scoring.portfolio.one_service import assessment_of, example_csv, template_csv
from scoring.portfolio.problems import grouped
from scoring.portfolio.summary import Counts, portfolio
from scoring.portfolio.tables import (
    PortfolioRefused,
    file_name,
    portfolio_csv,
    rejected_csv,
    write_portfolio,
)
from scoring.rules.amend import adopting
from scoring.rules.load import load
from scoring.score.scorecard import scorecard

RULES = load()
ROOT = Path(__file__).parents[2]
ALL = naive.RECOMMENDATIONS


def cells(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def scores(data, adopted=ALL, by_measure=False, **more):
    return cells(portfolio_csv(RULES, data, adopting(RULES, adopted), by_measure, **more))[1:]


@pytest.fixture
def run(capfd):
    """Run the command in this process: its exit code, and what it says on standard output and on standard error."""

    def run(*arguments):
        code = main(["portfolio", *map(str, arguments)])
        return (code, *capfd.readouterr())

    return run


def told_of(found):
    return grouped(RULES, found.columns, found.problems, found.problem_columns)


def expect_scores(rows, data, adopted):
    assert scores(data, adopted) == [line for row in rows for line in naive.service_lines(row, adopted)]
    assert scores(data, adopted, by_measure=True) == [
        line for row in rows for line in naive.measure_lines(row, adopted)
    ]


# ------------------------------------------------------------------------------------- against the naive rules
def graded(profile, name, choice, nonsense):
    """A row: facts that are not asked hold nonsense, every requirement of every code is graded as `choice` says."""
    row = {
        "service": name,
        **{fact: value or nonsense for fact, value in profile.items()},
        NOTE: choice(("", " ", "because")),
    }
    for requirement in REQUIREMENTS:
        row[requirement] = choice(
            (*naive.GRADES, "not_feasible", "not_feasible") if requirement == naive.CAVEAT else naive.GRADES
        )
    return row


@pytest.fixture(scope="module")
def every_profile_graded():
    chance = random.Random(20230323)
    rows = []
    for number, profile in enumerate(naive.profiles()):
        rows += [
            graded(profile, f"Service {number}-{copy}", chance.choice, ("nonsense", "tier_1")[copy])
            for copy in range(2)
        ]
        rows += [
            graded(
                profile,
                f"Service {number} all {grade or 'blank'}",
                lambda given, grade=grade: grade if grade in given else given[-1],
                "",
            )
            for grade in ("met", "", "not_feasible")
        ]
    return rows, as_file(rows)


def subsets_of(code):
    own = [each for each in ALL if each.split("-")[1] == code]
    return list(chain.from_iterable(combinations(own, size) for size in range(len(own) + 1)))


@pytest.mark.slow
@pytest.mark.parametrize("turn", range(8))
def test_each_cell_is_right_for_every_profile_under_every_subset_of_each_codes_recommendations(
    every_profile_graded, turn
):
    """32 runs hold every subset of every code; what a code owes turns only on its own (test_obligations holds all 512)."""
    rows, data = every_profile_graded
    for dis in range(turn, 32, 8):
        adopted = (*subsets_of("SMS")[dis // 8 % 2], *subsets_of("RES")[turn], *subsets_of("DIS")[dis])
        expect_scores(rows, data, tuple(each for each in ALL if each in adopted))


def test_each_cell_is_right_for_every_combination_of_grades_of_a_measure():
    facts = dict.fromkeys(naive.FACTS, "")
    rows = []
    kinds = {
        "SMS-MCM10": facts | NETWORK,
        "RES-MCM10": facts | MESSENGER,
        "RES-MCM8": facts | MESSENGER,
        "DIS-MCM8": facts
        | {"category": "dis", "encryption": "none", "hosting": "end_user_managed", "livestream": "yes"},
        "DIS-MCM9": facts
        | {
            "category": "dis",
            "tier": "tier_1",
            "encryption": "none",
            "hosting": "provider_managed",
            "livestream": "yes",
        },
        "DIS-NEW": facts
        | {
            "category": "dis",
            "tier": "tier_3",
            "encryption": "none",
            "hosting": "provider_managed",
            "livestream": "yes",
        },
    }
    for measure, profile in kinds.items():
        options = [
            (*naive.GRADES, "not_feasible", "not_feasible*") if each == naive.CAVEAT else naive.GRADES
            for each in naive.REQUIREMENTS[measure]
        ]
        for number, grades in enumerate(product(*options)):
            given = dict(zip(naive.REQUIREMENTS[measure], (each.rstrip("*") for each in grades), strict=True))
            rows.append(
                {
                    **profile,
                    **given,
                    "service": f"{measure} {number}",
                    NOTE: "because" if "not_feasible*" in grades else "",
                }
            )
    assert len(rows) > 4000
    expect_scores(rows, as_file(rows), ALL)


# -------------------------------------------------------------------------------------------------- the outputs
def test_the_columns_and_the_bytes_are_those_of_the_contract():
    data = as_file([MESSENGER | {f"RES-MCM10.{letter}": "partly" for letter in "abc"}])
    assert portfolio_csv(RULES, data) == (
        b"\xef\xbb\xbfservice,code,regime,measures_applying,measures_met,points,out_of,unanswered,shortfall,score_low,score_high\n"
        b"Whisper,RES,drafted,1,0,3,6,0,3,0.5000,0.5000\n"
        b"Whisper,RES,amended,4,0,3,16,5,3,0.1875,0.8125\n"
    )
    assert portfolio_csv(RULES, data, by_measure=True).decode("utf-8-sig").splitlines()[:3] == [
        "service,measure,drafted_status,drafted_points,drafted_out_of,drafted_unanswered,amended_status,amended_points,amended_out_of,amended_unanswered,change",
        "Whisper,RES-MCM3,exempt,0,0,0,unanswered,0,2,1,exemption_narrowed",
        "Whisper,RES-MCM8,exempt,0,0,0,unanswered,0,4,2,exemption_withdrawn",
    ]


def test_a_score_is_empty_where_nothing_is_owed():
    assert scores(as_file([NETWORK | {"tier": "tier_3"}])) == [
        ["Square", "SMS", regime, "0", "0", "0", "0", "0", "0", "", ""] for regime in ("drafted", "amended")
    ]


def test_a_service_that_would_begin_a_formula_is_guarded_and_one_with_commas_or_line_ends_is_quoted():
    names = ["=1+1", "+a", "-b", "@c", "'=d", "'quoted'", 'a "b", c', "two\nlines", "a\rb", '=x,"y"', "é", "plain"]
    found = scores(as_file([NETWORK | {"service": name} for name in names], end="\r\n"))
    assert [line[0] for line in found[::2]] == [
        "'=1+1",
        "'+a",
        "'-b",
        "'@c",
        "'=d",
        "'quoted'",
        'a "b", c',
        "two\nlines",
        "a\rb",
        '\'=x,"y"',
        "é",
        "plain",
    ]


@pytest.mark.parametrize("name", ["NA", "None", "null", "nan", "1.0", "0001", "TRUE", "2023-03-23", "x" * 5000])
def test_a_service_keeps_its_name_whatever_it_looks_like(name):
    assert [line[0] for line in scores(as_file([NETWORK | {"service": name}]))] == [name, name]


# ---------------------------------------------------------------------------------------------------- the input
def test_columns_come_in_any_order_with_or_without_bom_and_values_are_trimmed():
    rows = [MESSENGER | {"RES-MCM10.a": "met"}, NETWORK | {"SMS-MCM10.a": "partly"}]
    expected = scores(as_file(rows))
    turned = list(reversed([*COLUMNS, NOTE]))
    padded = [{key: f"\t {value} \u00a0" for key, value in row.items()} for row in rows]
    for data in (
        as_file(rows, turned, bom=True),
        as_file(rows, end="\r\n"),
        as_file(rows, end="\r"),
        as_file(padded),
        as_file(rows)[:-1],
        as_file(rows).replace(b"service", b'" service "'),
    ):
        assert scores(data) == expected


@pytest.mark.slow
def test_what_is_scored_does_not_depend_on_where_the_pieces_of_the_file_are_cut(monkeypatch, every_profile_graded):
    rows, _ = every_profile_graded
    rows = [
        row | {"service": f'{row["service"]}, "{number}"\n', NOTE: 'one\ntwo, "three"'}
        for number, row in enumerate(rows[::29])
    ]
    data = as_file(rows)
    expected = scores(data)
    for size in (50, 1000, 4096):
        monkeypatch.setattr("scoring.files.table_in.BLOCK", size)
        assert scores(data) == expected


def test_a_requirement_column_that_is_missing_is_all_unanswered():
    data = as_file([NETWORK], ["service", *naive.FACTS])
    assert scores(data) == naive.service_lines(NETWORK, ALL)


def test_a_fact_column_may_be_missing_where_no_row_is_asked_it():
    columns = [
        each for each in COLUMNS if each not in ("communication", "capable", "esafety_approval", "technology_report")
    ]
    assert scores(as_file([NETWORK], columns)) == naive.service_lines(NETWORK, ALL)


def test_blank_lines_are_passed_over_and_counted():
    data = as_file([NETWORK, MESSENGER, NETWORK | {"service": "Third", "tier": "tier_9"}])
    first, *rest = data.split(b"\n")
    with pytest.raises(PortfolioRefused, match=r"row 6 \(row 7 of a spreadsheet\): 'tier' is 'tier_9'"):
        portfolio_csv(RULES, b"\n".join([first, b"", rest[0], b"", rest[1], b"", rest[2], b""]))
    good = as_file([NETWORK, MESSENGER])
    assert scores(good.replace(b"\n", b"\n\n")) == scores(good)


def test_a_justification_has_to_be_more_than_blanks():
    rows = [
        NETWORK | {"service": str(number), naive.CAVEAT: "not_feasible", NOTE: note}
        for number, note in enumerate(["", " ", "\u00a0", "x"])
    ]
    assert [line[7] for line in scores(as_file(rows))[::2]] == ["3", "3", "3", "2"]
    assert [
        line[7]
        for line in scores(
            as_file([{key: value for key, value in row.items() if key != NOTE} for row in rows], COLUMNS)
        )[::2]
    ] == ["3"] * 4


# ------------------------------------------------------------------------------------------------ what is refused
WRONG = {
    "an unknown value": (MESSENGER | {"tier": "tier_4"}, "'tier' is 'tier_4'; allowed: tier_1, tier_2, tier_3"),
    "a fact that is asked and missing": (MESSENGER | {"capable": " "}, "'capable' is empty; allowed: yes, no"),
    "a fact that only an amendment turns on": (
        MESSENGER | {"technology_report": ""},
        "'technology_report' is empty; allowed: complete, incomplete",
    ),
    "an unknown category": (MESSENGER | {"category": "xyz"}, "'category' is 'xyz'; allowed: sms, res, dis"),
    "an unknown grade": (
        MESSENGER | {"RES-MCM8.a": "yes"},
        "'RES-MCM8.a' is 'yes'; allowed: met, partly, not_met, or empty",
    ),
    "an unknown grade of another code": (
        MESSENGER | {"DIS-MCM8.a": "2"},
        "'DIS-MCM8.a' is '2'; allowed: met, partly, not_met, or empty",
    ),
    "not feasible where the text has no caveat": (
        MESSENGER | {"RES-MCM8.a": "not_feasible"},
        "'RES-MCM8.a' is 'not_feasible'; allowed: met, partly, not_met, or empty",
    ),
    "an unknown grade where it may be not feasible": (
        NETWORK | {naive.CAVEAT: "MET!"},
        f"'{naive.CAVEAT}' is 'MET!'; allowed: met, partly, not_met, not_feasible, or empty",
    ),
    "no name": (NETWORK | {"service": "  "}, "'service' is empty; allowed: a name that no other row has"),
    "a control character in a name": (
        NETWORK | {"service": "a\x00b"},
        r"'service' is 'a\x00b'; allowed: letters, signs, tabs and line ends",
    ),
    "a control character in a note": (NETWORK | {NOTE: "a\x1bb"}, f"'{NOTE}' is 'a\\x1bb'"),
    "no character in a name": (
        NETWORK | {"service": "a\ufffe"},
        r"'service' is 'a\ufffe'; allowed: letters, signs, tabs and line ends",
    ),
    "a NUL in a grade": (NETWORK | {naive.CAVEAT: "met\x00"}, f"'{naive.CAVEAT}' is 'met\\x00'"),
    "a very long value": (NETWORK | {"tier": "x" * 200_000}, "(200,000 characters); allowed: tier_1"),
    "a name that is there already": (
        MESSENGER | {"service": " First "},
        "'service' is 'First'; allowed: each name once; row 1 has this one already",
    ),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("adopted", [ALL, ()], ids=["all", "none"])
def test_a_bad_cell_is_refused_with_its_row_column_value_and_what_is_allowed(case, adopted):
    row, said = WRONG[case]
    data = as_file([NETWORK | {"service": "First"}, row, NETWORK | {"service": "Last"}])
    with pytest.raises(PortfolioRefused) as refused:
        scores(data, adopted)
    (problem,) = refused.value.problems
    assert problem.in_words().startswith("row 2 (row 3 of a spreadsheet): ") and said in problem.in_words()
    assert [line[0] for line in scores(data, adopted, bad_rows_left_out=True)] == ["First"] * 2 + ["Last"] * 2


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n", "is empty"),
        (as_file([]), "has no services"),
        (as_file([]) + b"\n\n", "has no services"),
        (
            as_file([], ["service", "colour"]),
            "header: unknown columns: column 2 is 'colour'; allowed: service, category",
        ),
        (as_file([], ["service", "tier", "RES-MCM8.z"]), "column 3 is 'RES-MCM8.z'"),
        (
            b"service,tier,,\nx,tier_1,,y\n",
            "row 1 (row 2 of a spreadsheet): column 4 has no name and is 'y'; allowed: a name for each column that holds something",
        ),
        (b"service,tier, tier\n", "header: repeated columns: 'tier'; allowed: each column once"),
        (b"Services,tier\n", "column 1 is 'Services'"),
        (b"service;colour\nx;red\n", "header: unknown columns: column 2 is 'colour'"),
        (
            b"service,measure,drafted_because\n",
            "this is not a file of services (a portfolio) but a scorecard, which Verify takes; allowed: a row for each service",
        ),
        (b"service,code,regime,measures_applying\n", "but the scores of one; allowed: a row for each service"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "is of an old kind (.xls)"),
        (b"%PDF-1.7\n%\xe2", "this is a PDF file, not a CSV"),
        (b"tier\n", "header: the column 'service' is missing"),
        (b"service,tier\nCaf\xe9,tier_1\n", "row 1 (row 2 of a spreadsheet): is not UTF-8 text (byte 0xe9)"),
        (b"service,tier\nx,tier_1\nCaf\xe9\n", "row 2 (row 3 of a spreadsheet): is not UTF-8 text"),
        (b"serv\xe9ce,tier\n", "is not UTF-8 text"),
        ("service,tier\n".encode("utf-16-le"), "looks like UTF-16 without its mark"),
        (
            b'service,tier\nx,tier_1\n"y,tier_1\nz,tier_1\n',
            "row 2 (row 3 of a spreadsheet): a quotation mark that is never closed",
        ),
        (
            b'service,tier\nx,tier_1\n"y"z,tier_1\nq "z",tier_1\n',
            "row 2 (row 3 of a spreadsheet): a quotation mark in the middle of a cell",
        ),
        (b'"service"x,tier\n', "header: is not CSV"),
        (
            b'service,tier\nx",tier_1\n"y,tier_1\n',
            "row 2 (row 3 of a spreadsheet): a quotation mark that is never closed",
        ),
        (b"service,tier\nx,tier_1\ry,tier_1\nCaf\xe9,tier_1\n", "row 3 (row 4 of a spreadsheet): is not UTF-8 text"),
        (
            ("service," + ",".join(f"\U000e0041{number:080}" for number in range(99)) + "\n").encode(),
            " more); allowed: service",
        ),
    ],
)
def test_a_file_that_cannot_be_read_at_all_is_refused_even_when_bad_rows_are_left_out(data, said):
    for left_out in (False, True):
        with pytest.raises(PortfolioError) as refused:
            portfolio_csv(RULES, data, bad_rows_left_out=left_out)
        assert said in str(refused.value)


def test_a_row_that_ends_early_is_empty_from_there_and_one_with_too_many_cells_is_refused():
    data = b"service,category,tier,encryption,hosting,livestream,SMS-MCM10.a\nA,sms,tier_1,none,provider_managed,no\nB,sms\nC,sms,tier_1,none,provider_managed,no,,no\nD,sms,tier_1,none,provider_managed,no\n"
    with pytest.raises(PortfolioRefused) as refused:
        portfolio_csv(RULES, data)
    assert [each.in_words() for each in refused.value.problems] == [
        "row 2 (row 3 of a spreadsheet): 'tier' is empty; allowed: tier_1, tier_2, tier_3",
        "row 2 (row 3 of a spreadsheet): 'encryption' is empty; allowed: none, provider_keys, end_to_end",
        "row 2 (row 3 of a spreadsheet): 'hosting' is empty; allowed: provider_managed, end_user_managed",
        "row 2 (row 3 of a spreadsheet): 'livestream' is empty; allowed: yes, no",
        "row 3 (row 4 of a spreadsheet): 8 cells; allowed: 7, one for each column of the header",
    ]
    assert [line[0] for line in scores(data, bad_rows_left_out=True)[::2]] == ["A", "D"]
    rejects = cells(rejected_csv(RULES, data))
    assert rejects[0] == ["service", "category", "tier", "encryption", "hosting", "livestream", "SMS-MCM10.a", "reason"]
    assert rejects[1][:7] == ["B", "sms", "", "", "", "", ""] and "'tier' is empty" in rejects[1][7]
    assert (
        rejects[2][:7] == ["C", "sms", "tier_1", "none", "provider_managed", "no", ""]
        and "8 cells" in rejects[2][7]
        and rejects[2][8:] == ["no"]
    )


def test_rows_of_empty_cells_are_passed_over_and_counted():
    data = as_file([NETWORK]) + b"," * 32 + b"\n" + as_file([MESSENGER | {"tier": ""}]).partition(b"\n")[2]
    with pytest.raises(PortfolioRefused, match=r"^1 error; row 3 .*'tier' is empty"):
        portfolio_csv(RULES, data)


def test_a_service_without_a_name_is_refused_whatever_else_it_has():
    with pytest.raises(PortfolioRefused, match="row 2 .*'service' is empty"):
        portfolio_csv(RULES, as_file([NETWORK, NETWORK | {"service": ""}]))


def test_columns_and_values_may_be_called_as_the_product_shows_them():
    labels = {"category": "Social  media service", "tier": "TIER 1", "encryption": "None", "livestream": "No"}
    titles = {fact.id: fact.title for fact in RULES.facts} | {"service": "Service", "SMS-MCM10.a": "sms-mcm10.A"}
    row = NETWORK | labels | {"hosting": "Managed by the provider", "SMS-MCM10.a": "partly IN place", NOTE: "x"}
    named = {titles.get(column, column): value for column, value in row.items()}
    expected = NETWORK | {"SMS-MCM10.a": "partly", NOTE: "x"}
    assert scores(as_file([named], list(named))) == naive.service_lines(expected, ALL)
    found = portfolio(RULES, as_file([named], list(named)))
    made = assessment_of(RULES, as_file([named], list(named)), found, 0, "2026-11-22T10:15:00+00:00")
    assert made.profile["tier"] == "tier_1" and made.answer("SMS-MCM10.a").grade == "partly"


def test_rejected_rows_are_read_again_as_they_are_once_they_are_mended():
    data = as_file([NETWORK | {"tier": "tier_9"}, MESSENGER])
    mended = rejected_csv(RULES, data).replace(b",tier_9,", b",tier_1,")
    assert b",reason\n" in mended and scores(mended) == naive.service_lines(NETWORK, ALL)


def test_a_name_is_the_same_however_its_accents_are_written():
    twice = as_file([NETWORK | {"service": "Caf\u00e9"}, NETWORK | {"service": "Cafe\u0301"}])
    with pytest.raises(PortfolioRefused, match="row 2 .*row 1 has this one already"):
        portfolio_csv(RULES, twice)
    assert portfolio(RULES, twice).find("Cafe\u0301") == 0


def test_all_that_is_wrong_with_a_row_is_found_at_once_and_what_a_value_would_ask_for_is_said():
    row = {"service": "A", "category": "x", "tier": "y", "communication": "z", "capable": "no", "RES-MCM8.a": "w"}
    with pytest.raises(PortfolioRefused) as refused:
        portfolio_csv(RULES, as_file([row, {"service": "B", "category": "res", "tier": "tier_1"}]))
    assert [(each.row, each.column, each.allowed) for each in refused.value.problems] == [
        (1, "category", "sms, res, dis (res asks for esafety_approval, technology_report too)"),
        (1, "tier", "tier_1, tier_2, tier_3"),
        (1, "encryption", "none, provider_keys, end_to_end"),
        (1, "communication", "open, closed"),
        (1, "hosting", "provider_managed, end_user_managed"),
        (1, "livestream", "yes, no"),
        (1, "RES-MCM8.a", "met, partly, not_met, or empty"),
        (2, "encryption", "none, provider_keys, end_to_end"),
        (2, "communication", "open, closed"),
        (2, "hosting", "provider_managed, end_user_managed"),
        (2, "livestream", "yes, no"),
        (2, "capable", "yes, no (no asks for esafety_approval, technology_report too)"),
    ]


def test_a_long_list_of_unknown_columns_is_cut_short():
    with pytest.raises(PortfolioError) as refused:
        portfolio_csv(RULES, ",".join(["\u202e" * 80] * 1000).encode() + b"\n")
    assert (
        "column 1 is '" in str(refused.value)
        and " more); allowed: " in str(refused.value)
        and len(str(refused.value)) < 1000
    )


def test_a_cell_of_many_megabytes_in_a_bad_row_is_left_out_with_the_reason():
    data = as_file([NETWORK | {"service": "x" * (9 * 1024 * 1024), "tier": "tier_9"}, NETWORK])
    assert len(cells(rejected_csv(RULES, data))) == 2


def test_what_is_scored_does_not_depend_on_how_many_rows_are_worked_on_at_a_time(monkeypatch):
    rows = [
        NETWORK | {"service": name, "tier": tier}
        for name, tier in (
            ("A", "tier_1"),
            ('"B"\nC', "tier_2"),
            ("D", "x"),
            ("A", "tier_1"),
            ("E\n\n\n\nF", ""),
            ("G", "tier_1"),
        )
    ]
    data = as_file(rows).replace(b"\nG", b"\n\n\nG")
    expected = scores(data, bad_rows_left_out=True), rejected_csv(RULES, data)
    for most in (1, 2, 3, 5):
        monkeypatch.setattr(Table.pieces, "__defaults__", (most,))
        assert (scores(data, bad_rows_left_out=True), rejected_csv(RULES, data)) == expected


def test_a_row_longer_than_can_be_held_is_refused(monkeypatch):
    monkeypatch.setattr("scoring.files.text_in.LONGEST_ROW", 10_000)
    monkeypatch.setattr("scoring.files.table_in.BLOCK", 1000)
    data = as_file([NETWORK, NETWORK | {"service": "x" * 50_000}])
    with pytest.raises(PortfolioError, match=r"row 2 .*longer than 10,000 bytes"):
        portfolio_csv(RULES, data)


def test_all_errors_of_a_file_are_there_in_the_order_of_its_rows_and_columns():
    data = as_file(
        [MESSENGER | {"tier": "x", "RES-MCM3.a": "y", "hosting": "z"}, NETWORK, NETWORK | {"livestream": ""}]
    )
    with pytest.raises(PortfolioRefused) as refused:
        portfolio_csv(RULES, data)
    assert [(each.row, each.column, each.value) for each in refused.value.problems] == [
        (1, "tier", "x"),
        (1, "hosting", "z"),
        (1, "RES-MCM3.a", "y"),
        (3, "service", "Square"),
        (3, "livestream", ""),
    ]
    (first, second) = cells(rejected_csv(RULES, data))[1:]
    assert first[:11] == [
        *[*MESSENGER.values()][:2],
        "x",
        *[*MESSENGER.values()][3:5],
        "z",
        *[*MESSENGER.values()][6:],
        "",
    ]
    assert (
        first[-1].count(" | ") == 2
        and "'RES-MCM3.a' is 'y'" in first[-1]
        and "row 3 (row 4 of a spreadsheet)" in second[-1]
    )


def test_names_are_compared_whole_however_far_apart_the_rows_are(monkeypatch):
    monkeypatch.setattr(Table.pieces, "__defaults__", (9,))
    rows = [NETWORK | {"service": f"Service {number:03d} {'x' * (number % 40)}"} for number in range(200)]
    assert len(scores(as_file(rows))) == 400
    rows[150]["service"] = rows[3]["service"]
    rows[190]["service"] = rows[3]["service"]
    with pytest.raises(PortfolioRefused) as refused:
        portfolio_csv(RULES, as_file(rows))
    assert [(each.row, each.allowed) for each in refused.value.problems] == [
        (row, "each name once; row 4 has this one already") for row in (151, 191)
    ]
    assert len(scores(as_file(rows), bad_rows_left_out=True)) == 2 * 198


# --------------------------------------------------------------------------------------------- the command line
@pytest.fixture(scope="module")
def one_bad_cell(tmp_path_factory):
    """100,000 services, with one bad cell in row 77,777."""
    path = tmp_path_factory.mktemp("large") / "services.csv"
    chance = random.Random(4)
    profiles = naive.profiles()
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in range(1, 100_001):
            facts = [*profiles[row % 708].values()]
            if row == 77_777:
                facts[2] = "rot13"
            writer.writerow([f"Service {row}", *facts, *chance.choices(naive.GRADES, k=len(REQUIREMENTS))])
    return path


@pytest.mark.slow
def test_one_bad_cell_in_100_000_rows_is_named_and_nothing_is_written(one_bad_cell, tmp_path, run):
    out = tmp_path / "scores.csv"
    out.write_text("what was there before")
    code, said, error = run(one_bad_cell, "--out", out)
    assert (code, said, out.read_text(), list(tmp_path.iterdir())) == (2, "", "what was there before", [out])
    assert error == (
        f"error: {one_bad_cell}: 1 error, and nothing is written:\n"
        f"  {one_bad_cell}: row 77777 (row 77778 of a spreadsheet): 'encryption' is 'rot13'; allowed: none, provider_keys, end_to_end\n"
    )
    assert run(one_bad_cell)[:2] == (2, "")


@pytest.mark.slow
def test_with_keep_going_the_rest_is_scored_and_the_bad_row_is_in_the_rejects(one_bad_cell, tmp_path, run):
    out = tmp_path / "scores.csv"
    code, said, error = run(one_bad_cell, "--out", out, "--keep-going")
    assert (code, said) == (1, "") and "1 of 100,000 rows are bad" in error
    lines = out.read_text().splitlines()
    assert len(lines) == 1 + 2 * 99_999 and not any(line.startswith("Service 77777,") for line in lines)
    with one_bad_cell.open(encoding="utf-8") as file:
        given = list(csv.reader(file))
    header, bad = cells((tmp_path / "scores.csv.rejected.csv").read_bytes())
    assert header == [*given[0], "reason"] and bad[:-1] == given[77_777]
    assert (
        bad[-1]
        == "row 77777 (row 77778 of a spreadsheet): 'encryption' is 'rot13'; allowed: none, provider_keys, end_to_end"
    )
    sample = random.Random(1).sample([row for row in range(1, 100_001) if row != 77_777], 300)
    rows = {row: dict(zip(given[0], given[row], strict=True)) for row in sample}
    for row, given_row in rows.items():
        at = 1 + 2 * (row - 1 - (row > 77_777))
        assert [line.split(",") for line in lines[at : at + 2]] == naive.service_lines(given_row, ALL)


def test_the_first_20_errors_are_printed_with_the_count(tmp_path, run):
    path = tmp_path / "services.csv"
    path.write_bytes(as_file([NETWORK | {"service": str(number), "tier": "x"} for number in range(30)]))
    code, said, error = run(path)
    assert (code, said, error.count("'tier' is 'x'")) == (2, "", 20)
    assert error.startswith(f"error: {path}: 30 errors, and nothing is written; the first 20:\n")


def test_keep_going_without_bad_rows_leaves_no_rejects_behind(tmp_path, run):
    path, out = tmp_path / "services.csv", tmp_path / "scores.csv"
    path.write_bytes(as_file([NETWORK]))
    assert run(path, "--out", out, "--keep-going", "--by", "measure") == (0, "", "")
    assert sorted(tmp_path.iterdir()) == [out, path]
    assert cells(out.read_bytes())[1:] == naive.measure_lines(NETWORK, ALL)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("services.csv", "--keep-going"), "--keep-going needs --out FILE"),
        (("services.csv", "--out", "services.csv"), "would write over services.csv"),
        (("nowhere.csv",), "nowhere.csv: cannot be read: No such file"),
        ((".",), "cannot be read: it is not a file"),
        (("services.csv", "--out", "no/such/folder.csv"), "cannot be written"),
        (("services.csv", "--amendments", "IJM-XXX-1"), "there is no recommendation 'IJM-XXX-1'"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(tmp_path, monkeypatch, run, arguments, said):
    (tmp_path / "services.csv").write_bytes(as_file([NETWORK]))
    monkeypatch.chdir(tmp_path)
    code, out, error = run(*arguments)
    assert (code, out) == (2, "") and said in error and "Traceback" not in error
    assert [each.name for each in tmp_path.iterdir()] == ["services.csv"]


def test_the_command_gives_the_bytes_that_a_page_gives(tmp_path):
    path = tmp_path / "services.csv"
    path.write_bytes(example_csv())
    for by, more in ((False, ()), (True, ("--by", "measure"))):
        found = subprocess.run(
            [sys.executable, "-m", "scoring", "portfolio", path, *more, "--amendments", "IJM-RES-2,IJM-DIS-2"],
            capture_output=True,
            check=True,
            cwd=ROOT,
        )
        assert found.stdout == portfolio_csv(RULES, path, adopting(RULES, ["IJM-RES-2", "IJM-DIS-2"]), by)


# --------------------------------------------------------------------------------------------------- for a page
def test_a_file_is_called_by_the_recommendations_that_make_the_amended_text():
    some = adopting(RULES, ["IJM-RES-2", "IJM-DIS-5"])
    assert file_name(RULES, some) == "portfolio-by-service-IJM-RES-2-IJM-DIS-5.csv"
    assert [file_name(RULES, each, by_measure=True) for each in (adopting(RULES, ()), RULES.regimes)] == [
        "portfolio-by-measure-none.csv",
        "portfolio-by-measure-all.csv",
    ]


def test_the_example_has_twelve_services_of_all_codes_and_the_template_its_columns():
    found = portfolio(RULES, example_csv())
    assert (len(found), found.problem_count) == (12, 0) and set(found.code.tolist()) == {0, 1, 2}
    assert any(not found.name(place).isascii() for place in range(12)) and found.amended.unanswered.any()
    header = template_csv(RULES).decode("utf-8-sig").strip().split(",")
    assert header == [*COLUMNS[:13], NOTE, *COLUMNS[13:]] and header == example_csv().decode("utf-8-sig").splitlines()[
        0
    ].split(",")


def test_a_page_gets_the_figures_of_the_output(every_profile_graded):
    rows, data = every_profile_graded
    seen = []
    found = portfolio(RULES, io.BytesIO(data), progress=lambda done, total: seen.append((done, total)))
    lines = [line for row in rows for line in naive.service_lines(row, ALL)]
    for regime, totals in (("drafted", found.drafted), ("amended", found.amended)):
        mine = [line for line in lines if line[2] == regime]
        for column, name in enumerate(
            ("measures_applying", "measures_met", "points", "out_of", "unanswered", "shortfall"), start=3
        ):
            assert getattr(totals, name).tolist() == [int(line[column]) for line in mine]
        assert [f"{share:.4f}" if share == share else "" for share in totals.score_low.tolist()] == [
            line[9] for line in mine
        ]
        assert [f"{share:.4f}" if share == share else "" for share in totals.score_high.tolist()] == [
            line[10] for line in mine
        ]
        assert totals.possible_shortfall.tolist() == [int(line[6]) - int(line[5]) for line in mine]
        statuses = [{line[2 if regime == "drafted" else 6] for line in naive.measure_lines(row, ALL)} for row in rows]
        silent = [
            line[3] != "0" and each <= {"unanswered", "exempt", "not_applicable"}
            for line, each in zip(mine, statuses, strict=True)
        ]
        assert totals.silent.tolist() == silent and any(silent)
        short = [int(line[8]) for line, nothing in zip(mine, silent, strict=True) if line[3] != "0" and not nothing]
        partly = [
            int(line[8])
            for line, nothing in zip(mine, silent, strict=True)
            if line[3] != "0" and not nothing and line[7] != "0"
        ]
        spread = found.distribution(regime)
        assert spread.silent == sum(silent)
        assert spread.points.tolist() == [short.count(points) for points in range(max(short) + 1)]
        assert spread.open.tolist() == [partly.count(points) for points in range(max(short) + 1)]
        for code in (None, "SMS", "RES", "DIS"):
            here = [(line, nothing) for line, nothing in zip(mine, silent, strict=True) if code in (None, line[1])]
            assert found.counts(regime, code) == Counts(
                len(here),
                sum(line[3] != "0" for line, _ in here),
                sum(line[3] != "0" and line[3] == line[4] for line, _ in here),
                sum(line[3] != "0" and line[7] != "0" for line, _ in here),
                sum(nothing for _, nothing in here),
            )
    assert [found.name(place) for place in range(len(found))] == [row["service"] for row in rows]
    by_measure = [line for row in rows for line in naive.measure_lines(row, ALL)]
    statuses = ("not_applicable", "exempt", "unanswered", "incomplete", "met", "not_met", "partly_met")
    for each in found.measures:
        mine = [line for line in by_measure if line[1] == each.measure]
        assert each.drafted == tuple(sum(line[2] == status for line in mine) for status in statuses)
        assert each.amended == tuple(sum(line[6] == status for line in mine) for status in statuses)
        assert (each.bound("drafted"), each.bound("amended")) == tuple(
            sum(line[place] not in ("exempt", "not_applicable") for line in mine) for place in (2, 6)
        )
        assert (each.meeting("drafted"), each.meeting("amended")) == tuple(
            sum(line[place] == "met" for line in mine) for place in (2, 6)
        )
    assert seen[-1] == (len(data), len(data))
    assert found.find(rows[17]["service"]) == 17 and found.find("nobody") is None
    with pytest.raises(ValueError, match="read-only"):
        found.rows[0] = 0


def test_the_ranking_has_ties_on_one_rank_and_those_apart_that_owe_nothing_or_have_said_nothing():
    graded = {f"RES-MCM10.{letter}": "partly" for letter in "abc"}
    found = portfolio(
        RULES,
        as_file(
            [
                NETWORK | {"service": "Owes nothing", "tier": "tier_3"},
                MESSENGER | {"service": "Silent"},
                MESSENGER | graded | {"service": "First"},
                MESSENGER | {"service": "Best", "RES-MCM10.a": "met"},
                MESSENGER | graded | {"service": "Also first"},
                MESSENGER | {"service": "Third", "RES-MCM10.a": "partly"},
            ]
        ),
    )

    def told(ranking):
        return [(int(rank), found.name(place)) for rank, place in zip(ranking.ranks, ranking.places, strict=True)]

    known, possible = found.ranking(), found.ranking("amended", "possible_shortfall")
    assert told(known) == [(1, "First"), (1, "Also first"), (3, "Third"), (4, "Best")]
    assert [found.name(place) for place in known.unknown] == ["Silent"] and [
        found.name(place) for place in known.owing_nothing
    ] == ["Owes nothing"]
    assert told(possible) == [(1, "Silent"), (2, "Third"), (3, "Best"), (4, "First"), (4, "Also first")]
    assert not len(possible.unknown) and [found.name(place) for place in possible.owing_nothing] == ["Owes nothing"]
    assert found.amended.possible_shortfall.tolist() == [0, 16, 13, 14, 13, 15]


def test_a_service_whose_only_answer_is_a_justified_not_feasible_has_said_something():
    found = portfolio(
        RULES,
        as_file(
            [
                NETWORK | {naive.CAVEAT: "not_feasible", NOTE: "because"},
                NETWORK | {"service": "Silent", naive.CAVEAT: "not_feasible"},
            ]
        ),
    )
    assert found.drafted.silent.tolist() == [False, True] and found.drafted.open.tolist() == [True, True]


def test_names_are_suggested_without_regard_to_case():
    found = portfolio(
        RULES,
        as_file(
            [NETWORK | {"service": name} for name in ("Café Galah", "CAFÉ GALAH", "Galah (old)", "a.b", "axb", "x" * 9)]
        ),
    )
    assert found.like(" café galah ") == ("Café Galah", "CAFÉ GALAH")
    assert found.like("gaLAH") == ("Café Galah", "CAFÉ GALAH", "Galah (old)")
    assert found.like("A.B") == ("a.b",) and found.like("(") == ("Galah (old)",)
    assert found.like("nobody") == () and found.like("  ") == ()


def test_equal_errors_are_put_together_and_a_missing_column_is_said_once():
    columns = [each for each in COLUMNS if each != "encryption"]
    rows = [NETWORK | {"service": f"S{number}"} for number in range(30)] + [
        MESSENGER | {"tier": "four"},
        NETWORK | {"service": "", "tier": "x" * 100},
    ]
    found = portfolio(
        RULES, as_file([{key: value for key, value in row.items() if key in columns} for row in rows], columns)
    )
    told = told_of(found)
    assert [(each.column, each.rows) for each in told.missing] == [("encryption", 32)]
    assert (
        told.missing[0].sentence
        == "The column `encryption` is missing: 32 rows need it. Allowed in it: none, provider_keys, end_to_end."
    )
    assert [(each.column, each.value, each.count, each.places) for each in told.groups] == [
        ("tier", "'four'", 1, "31 (32)"),
        ("service", "empty", 1, "32 (33)"),
        ("tier", f"'{'x' * 57}'... (100 characters)", 1, "32 (33)"),
    ]


def test_equal_errors_name_the_first_few_of_their_rows_those_with_the_most_first():
    rows = [
        NETWORK
        | {
            "service": f"S{number}",
            "tier": "four" if number % 2 else "tier_1",
            "livestream": "" if number == 4 else "no",
        }
        for number in range(20)
    ]
    told = told_of(portfolio(RULES, as_file(rows) + b"long" + b"," * 40 + b"row\n"))
    assert [(each.column, each.value, each.count, each.places) for each in told.groups] == [
        ("tier", "'four'", 10, "2 (3), 4 (5), 6 (7), 8 (9), 10 (11) …"),
        ("livestream", "empty", 1, "5 (6)"),
        ("the whole row", "41 cells", 1, "21 (22)"),
    ]


def test_a_missing_column_is_counted_in_full_however_many_errors_are_kept(monkeypatch):
    monkeypatch.setattr("scoring.portfolio.read.MOST_PROBLEMS", 3)
    rows = [
        {key: value for key, value in NETWORK.items() if key != "tier"} | {"service": str(number)}
        for number in range(9)
    ]
    told = told_of(portfolio(RULES, as_file(rows, [each for each in COLUMNS if each != "tier"])))
    assert ([each.rows for each in told.missing], told.groups, told.kept) == ([9], (), 3)


def test_bad_rows_are_left_out_and_listed_for_a_page():
    found = portfolio(RULES, as_file([NETWORK, NETWORK, MESSENGER | {"tier": ""}, MESSENGER | {"service": "Good"}]))
    assert [found.name(place) for place in range(len(found))] == ["Square", "Good"] and found.rows.tolist() == [1, 4]
    assert [(each.row, each.column) for each in found.problems] == [(2, "service"), (3, "tier")] and (
        found.problem_count,
        found.rejected,
    ) == (2, 2)


def test_a_service_has_the_same_figures_in_the_portfolio_and_on_its_scorecard(monkeypatch):
    monkeypatch.setattr(Table.pieces, "__defaults__", (5,))
    data = example_csv()
    found = portfolio(RULES, data)
    lines, measures = scores(data), scores(data, by_measure=True)
    for place in range(len(found)):
        card = scorecard(RULES, assessment_of(RULES, data, found, place, "2026-11-22T10:15:00+00:00"))
        name = found.name(place)
        assert card.service == name
        for regime, result in (("drafted", card.drafted), ("amended", card.amended)):
            (line,) = [line for line in lines if line[0] == name and line[2] == regime]
            sums = result.sums
            figures = (
                result.measures_applying,
                result.measures_met,
                sums.points,
                sums.out_of,
                sums.unanswered,
                sums.shortfall,
            )
            assert line[1] == card.code.id and line[3:9] == [str(each) for each in figures]
        mine = [line[1:] for line in measures if line[0] == name]
        expected = []
        for before, after in zip(card.drafted.lines, card.amended.lines, strict=True):
            each = [
                str(value)
                for line in (before, after)
                for value in (line.status, line.sums.points, line.sums.out_of, line.sums.unanswered)
            ]
            expected.append([before.measure.id, *each, card.changes[before.measure.id]])
        assert mine == expected


def test_one_service_is_found_again_in_a_file_with_blank_lines_and_quoted_line_ends(monkeypatch):
    monkeypatch.setattr(Table.pieces, "__defaults__", (7,))
    rows = [
        NETWORK | {"service": f"{number}\nof, many", naive.CAVEAT: "not_feasible", NOTE: f'"{number}"\n'}
        for number in range(40)
    ]
    data = as_file(rows).replace(b"10\nof", b"10\n\nof")
    found = portfolio(RULES, data)
    assert [
        assessment_of(RULES, data, found, place, "2026-11-22T10:15:00+00:00").answer(naive.CAVEAT).note
        for place in range(40)
    ] == [f'"{number}"' for number in range(40)]


def test_writing_needs_pandas_and_nothing_of_the_pages():
    code = "import sys; from scoring.__main__ import main; main(['portfolio', 'scoring/portfolio/example_services.csv']); print([each for each in ('streamlit', 'plotly') if each in sys.modules], file=sys.stderr)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stderr == "[]\n"
    assert write_portfolio.__module__ == "scoring.portfolio.tables"
