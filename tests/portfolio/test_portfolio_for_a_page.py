"""What a page shows of a file of services: its figures, its ranking, its errors put together, and one service of it."""

import io
import subprocess
import sys
from pathlib import Path

import naive
import pytest
from services import ALL, COLUMNS, MESSENGER, NETWORK, NOTE, RULES, as_file, scores

from scoring.files.table_in import Table
from scoring.portfolio.one_service import assessment_of, example_csv, template_csv
from scoring.portfolio.problems import grouped, missing_columns
from scoring.portfolio.summary import Counts, portfolio
from scoring.portfolio.tables import file_name, write_portfolio
from scoring.rules.amend import adopting
from scoring.score.scorecard import scorecard
from scoring.score.verdict import measure_change

ROOT = Path(__file__).parents[2]


def told_of(found):
    """The columns that the file lacks, and the other errors put together, as the page shows them."""
    reading = found.reading
    missing = missing_columns(RULES, reading.columns, reading.by_column)
    return missing, grouped(RULES, (problem for problem in reading.problems if problem.column not in missing))


def test_a_file_is_called_by_the_recommendations_that_make_the_amended_text():
    some = adopting(RULES, ["IJM-RES-2", "IJM-DIS-5"])
    assert file_name(RULES, some, "by-service") == "portfolio-by-service-IJM-RES-2-IJM-DIS-5.csv"
    assert [file_name(RULES, each, "by-measure") for each in (adopting(RULES, ()), RULES.regimes)] == [
        "portfolio-by-measure-none.csv",
        "portfolio-by-measure-all.csv",
    ]


def test_the_example_has_twelve_services_of_all_codes_and_the_template_its_columns():
    found = portfolio(RULES, example_csv())
    assert (len(found), found.reading.problem_count) == (12, 0) and {*found.services["code"]} == {"SMS", "RES", "DIS"}
    assert any(not found.name(place).isascii() for place in range(12)) and found.sides["amended"]["unanswered"].any()
    header = template_csv(RULES).decode("utf-8-sig").strip().split(",")
    assert header == [*COLUMNS[:13], NOTE, *COLUMNS[13:]] and header == example_csv().decode("utf-8-sig").splitlines()[
        0
    ].split(",")


def test_a_page_gets_the_figures_of_the_output(every_profile_graded):
    rows, data = every_profile_graded
    seen = []
    found = portfolio(RULES, io.BytesIO(data), progress=lambda done, total: seen.append((done, total)))
    lines = [line for row in rows for line in naive.service_lines(row, ALL)]
    for regime, totals in found.sides.items():
        mine = [line for line in lines if line[2] == regime]
        for column, name in enumerate(
            ("measures_applying", "measures_met", "points", "out_of", "unanswered", "shortfall"), start=3
        ):
            assert totals[name].tolist() == [int(line[column]) for line in mine]
        assert totals["possible_shortfall"].tolist() == [int(line[6]) - int(line[5]) for line in mine]
        statuses = [{line[2 if regime == "drafted" else 6] for line in naive.measure_lines(row, ALL)} for row in rows]
        silent = [
            line[3] != "0" and each <= {"unanswered", "exempt", "not_applicable"}
            for line, each in zip(mine, statuses, strict=True)
        ]
        assert totals["silent"].tolist() == silent and any(silent)
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
    for (measure, regime), counted in found.measures.iterrows():
        mine = [line[2 if regime == "drafted" else 6] for line in by_measure if line[1] == measure]
        assert [counted[status] for status in statuses] == [mine.count(status) for status in statuses]
        assert counted["bound"] == sum(status not in ("exempt", "not_applicable") for status in mine)
    assert seen[-1] == (len(data), len(data))
    assert found.find(rows[17]["service"]) == 17 and found.find("nobody") is None


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
        return [(rank, found.name(place)) for place, rank in ranking.ranks.items()]

    known, possible = found.ranking(), found.ranking("amended", "possible_shortfall")
    assert told(known) == [(1, "First"), (1, "Also first"), (3, "Third"), (4, "Best")]
    assert [found.name(place) for place in known.unknown] == ["Silent"] and [
        found.name(place) for place in known.owing_nothing
    ] == ["Owes nothing"]
    assert told(possible) == [(1, "Silent"), (2, "Third"), (3, "Best"), (4, "First"), (4, "Also first")]
    assert not len(possible.unknown) and [found.name(place) for place in possible.owing_nothing] == ["Owes nothing"]
    assert found.sides["amended"]["possible_shortfall"].tolist() == [0, 16, 13, 14, 13, 15]


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
    assert found.sides["drafted"]["silent"].tolist() == [False, True] and found.sides["drafted"]["open"].tolist() == [
        True,
        True,
    ]


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
    missing, groups = told_of(found)
    assert missing == {
        "encryption": "The column `encryption` (Encryption) is missing: 32 rows need it. Allowed in it: none (None), "
        "provider_keys (In transit or at rest; the provider holds the keys), end_to_end (End-to-end)."
    }
    assert [(each.column, each.value, each.count, each.places) for each in groups] == [
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
    _, groups = told_of(portfolio(RULES, as_file(rows) + b"long" + b"," * 40 + b"row\n"))
    assert [(each.column, each.value, each.count, each.places) for each in groups] == [
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
    found = portfolio(RULES, as_file(rows, [each for each in COLUMNS if each != "tier"]))
    missing, groups = told_of(found)
    assert [*missing] == ["tier"] and "9 rows need it" in missing["tier"]
    assert (groups, len(found.reading.problems)) == ([], 3)


def test_bad_rows_are_left_out_and_listed_for_a_page():
    found = portfolio(RULES, as_file([NETWORK, NETWORK, MESSENGER | {"tier": ""}, MESSENGER | {"service": "Good"}]))
    assert [found.name(place) for place in range(len(found))] == ["Square", "Good"] and found.services[
        "row"
    ].tolist() == [1, 4]
    assert [(each.row, each.column) for each in found.reading.problems] == [(2, "service"), (3, "tier")] and (
        found.reading.problem_count,
        found.reading.rejected,
    ) == (2, 2)


def test_a_service_has_the_same_figures_in_the_portfolio_and_on_its_scorecard(monkeypatch):
    monkeypatch.setattr(Table.pieces, "__defaults__", (5,))
    data = example_csv()
    found = portfolio(RULES, data)
    lines, measures = scores(data), scores(data, by_measure=True)
    for place in range(len(found)):
        card = scorecard(RULES, assessment_of(found, place, "2026-11-22T10:15:00+00:00"))
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
            expected.append([before.measure.id, *each, measure_change(before.verdict, after.verdict)])
        assert mine == expected


@pytest.mark.slow
def test_one_service_is_found_again_in_a_file_with_blank_lines_and_quoted_line_ends(monkeypatch):
    monkeypatch.setattr(Table.pieces, "__defaults__", (7,))
    rows = [
        NETWORK | {"service": f"{number}\nof, many", naive.CAVEAT: "not_feasible", NOTE: f'"{number}"\n'}
        for number in range(40)
    ]
    data = as_file(rows).replace(b"10\nof", b"10\n\nof")
    found = portfolio(RULES, data)
    assert [
        assessment_of(found, place, "2026-11-22T10:15:00+00:00").answer(naive.CAVEAT).note for place in range(40)
    ] == [f'"{number}"' for number in range(40)]


def test_writing_needs_pandas_and_nothing_of_the_pages():
    code = "import sys; from scoring.__main__ import main; main(['portfolio', 'scoring/portfolio/example_services.csv']); print([each for each in ('streamlit', 'plotly') if each in sys.modules], file=sys.stderr)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stderr == "[]\n"
    assert write_portfolio.__module__ == "scoring.portfolio.tables"
