"""Many services at once: each cell of both outputs against the naive rules; the outputs; the input."""

from itertools import chain, combinations, product

import naive
import pytest
from services import ALL, COLUMNS, MESSENGER, NETWORK, NOTE, RULES, as_file, scores

from scoring.portfolio.columns import PortfolioRefused
from scoring.portfolio.tables import portfolio_csv


def expect_scores(rows, data, adopted):
    assert scores(data, adopted) == [line for row in rows for line in naive.service_lines(row, adopted)]
    assert scores(data, adopted, by_measure=True) == [
        line for row in rows for line in naive.measure_lines(row, adopted)
    ]


# ------------------------------------------------------------------------------------- against the naive rules
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


@pytest.mark.slow
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
