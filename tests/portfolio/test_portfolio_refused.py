"""What is refused of a file of services, and what is forgiven."""

import naive
import pytest
from services import ALL, MESSENGER, NETWORK, NOTE, RULES, as_file, cells, scores

from scoring.files.table_in import Table
from scoring.portfolio.columns import PortfolioError, PortfolioRefused
from scoring.portfolio.one_service import assessment_of
from scoring.portfolio.summary import portfolio
from scoring.portfolio.tables import portfolio_csv, rejected_csv

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
            "this is not a file of services (a portfolio) but a scorecard, which Returns takes; allowed: a row for each service",
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
    made = assessment_of(found, 0, "2026-11-22T10:15:00+00:00")
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


@pytest.mark.slow
def test_a_cell_of_many_megabytes_in_a_bad_row_is_left_out_with_the_reason():
    data = as_file([NETWORK | {"service": "x" * (9 * 1024 * 1024), "tier": "tier_9"}, NETWORK])
    assert len(cells(rejected_csv(RULES, data))) == 2


@pytest.mark.slow
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


@pytest.mark.slow
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
