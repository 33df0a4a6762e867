"""Hostile files: whatever is in one, it is refused in words that name what is wrong, or it is read and everything made of it holds."""

import csv
import functools
import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from random import Random
from urllib.parse import parse_qs, urlencode

import naive
import pytest
from hostile import (
    CARDS,
    KEYS,
    SERVICES,
    TEXTS,
    Case,
    as_csv,
    many,
    saved_anyhow,
    spoilt,
    table,
    wrong_in_saved,
    wrong_in_table,
)

from questionnaire.tool_pages import address
from scoring.documents.report import report_html
from scoring.files.header import BLANKS
from scoring.kinds.obligations import obligations
from scoring.portfolio.columns import NOTE, SERVICE, PortfolioError, PortfolioRefused
from scoring.portfolio.one_service import assessment_of
from scoring.portfolio.summary import portfolio
from scoring.portfolio.tables import write_portfolio
from scoring.record.dossier_document import dossier_document
from scoring.record.record_document import record_document
from scoring.rules.load import load
from scoring.score.assessment import Assessment, all_requirements, allowed_grades
from scoring.score.assessment_file import AssessmentError, from_json, to_json
from scoring.score.dossier import dossier
from scoring.score.scorecard import COLUMNS, Scorecard, scorecard
from scoring.score.scorecard_file import ScorecardError, as_compared, csv_bytes, row_cells
from scoring.score.verify import Verification, verify

RULES = load()
WHOLE = obligations(RULES)
CASES = {
    "saved, wrong at a place": 4000,
    "saved, spoilt anywhere": 3800,
    "scorecard, wrong at a place": 700,
    "scorecard, spoilt anywhere": 600,
    "services, wrong at a place": 220,
    "services, spoilt anywhere": 220,
    "address": 1500,
}
"""How many different cases each batch has. Each test sees to it that its own have run."""
LONGEST = 1000
"""Characters of a message."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def each(batch: str, make: Callable[[Random], Case], check: Callable[[Case], str]) -> Counter[str]:
    """Hand a batch to a check, and count what became of its cases: "accepted", or the first words of the message, without what it quotes."""
    became: Counter[str] = Counter()
    for case in many(CASES[batch], make):
        try:
            said = check(case)
        except Exception as error:
            raise AssertionError(f"{case.what}: {case.data[:3000]!r}") from error
        became[re.sub(r"\d+|'.*?'|\".*?\"|\(.*?\)", "", said)[:40]] += 1
    assert became.total() == CASES[batch]
    return became


def is_plain(message: str) -> None:
    """A message is one paragraph that can be printed: no line end, control character or override of the direction, and not without end."""
    assert message.strip() and message.isprintable() and len(message) <= LONGEST, message


def test_ten_thousand_cases_are_tried_at_least() -> None:
    assert sum(CASES.values()) >= 10_000


# -------------------------------------------------------------------------------------------- a saved assessment
def read(case: Case) -> Assessment | str:
    """The assessment, or the message with which it is refused."""
    try:
        found = from_json(case.data, RULES)
    except AssessmentError as error:
        is_plain(str(error))
        assert all(name in str(error) for name in case.names), (str(error), case.names)
        return str(error)
    assert not case.refused, "accepted"
    return found


def holds(found: Assessment) -> None:
    """What was read can be saved, and everything made of it is whole."""
    saved = to_json(found, RULES)
    assert from_json(saved, RULES) == found
    assert to_json(from_json(saved, RULES), RULES) == saved
    if not found.missing(RULES):
        card_holds(scorecard(RULES, found), found)


@functools.cache
def verified_again(data: bytes) -> Verification:
    """Many files with a figure changed have the same true scorecard: it is verified once."""
    return verify(RULES, data)


def card_holds(card: Scorecard, found: Assessment | None = None) -> None:
    """The CSV has a row for each requirement, all its columns, no cell that a spreadsheet would run, and is verified."""
    data = csv_bytes(card)
    header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
    assert tuple(header) == COLUMNS and len(rows) == sum(len(measure.requirements) for measure in card.measures)
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert [cell for row in rows for cell in row if cell.startswith(FORMULA)] == []
    again = verified_again(data)
    assert again.matches
    if found is not None:
        assert (again.card.service, {row.requirement: row.note for row in again.card.rows}) == (
            found.service_name,
            {row[4]: found.answer(row[4]).note for row in rows},
        )


def as_read(case: Case) -> str:
    found = read(case)
    if isinstance(found, str):
        return found
    holds(found)
    return "accepted"


def documents(batch: str, make: Callable[[Random], Case], every: int) -> None:
    """The documents of each so many files that are accepted."""
    accepted = [
        found
        for case in many(CASES[batch], make)
        if isinstance(found := read(case), Assessment) and not found.missing(RULES)
    ]
    for found in accepted[::every]:
        report_html(RULES, found)
        record_document(RULES, found, date(2026, 11, 27))
        made = dossier(RULES, found)
        if made is not None:
            dossier_document(RULES, found, made)


@pytest.mark.slow
def test_one_thing_wrong_in_a_saved_assessment_is_named() -> None:
    became = each("saved, wrong at a place", wrong_in_saved, as_read)
    assert became["accepted"] > 300 and len(became) > 20, became


@pytest.mark.slow
def test_a_saved_assessment_spoilt_anywhere_is_refused_in_words_or_holds() -> None:
    became = each("saved, spoilt anywhere", saved_anyhow, as_read)
    assert became["accepted"] > 100 and len(became) > 20, became


@pytest.mark.slow
def test_the_documents_of_a_hostile_assessment_are_made() -> None:
    documents("saved, wrong at a place", wrong_in_saved, 40)


# --------------------------------------------------------------------------------------------------- a scorecard
def of_card(chance: Random) -> Case:
    return wrong_in_table(chance.choice([each for each in CARDS if len(table(each)) > 4]), chance)


def card_anyhow(chance: Random) -> Case:
    return spoilt(CARDS, chance)


def verified(case: Case) -> str:
    """What verify says; a cell that was changed is named, by its row and column, whether the file is refused or differs."""
    try:
        found = verify(RULES, case.data)
    except ScorecardError as error:
        is_plain(str(error))
        if "UTF-8" in str(error):
            return str(error)
        assert all(name in str(error) for name in case.names), (str(error), case.names)
        if case.cell:
            assert f"row {case.cell[0]}, column {case.cell[1]}: " in str(error) and case.as_shown in str(error), (
                str(error),
                case.cell,
            )
        return str(error)
    assert not case.refused and not (case.what.startswith("no column"))
    for sentence in (
        found.sentence,
        found.overview,
        found.computed,
        found.given,
        *(each.told() for each in found.differences),
        *(each.told() for each in found.rewritten),
    ):
        is_plain(sentence)
    if case.cell and case.cell[1] != "note":
        row, column = case.cell
        is_form = as_compared(column, case.text.strip(BLANKS)) == as_compared(
            column, row_cells(found.card.rows[row - 2])[COLUMNS.index(column)]
        )
        assert (
            case.cell in {(each.row, each.column) for each in found.differences}
            or (column == "grade" and not found.matches)
            or is_form
        ), case.cell
    card_holds(found.card)
    return f"accepted, {'matches' if found.matches else 'differs'}"


@pytest.mark.slow
def test_one_thing_wrong_in_a_scorecard_is_named() -> None:
    became = each("scorecard, wrong at a place", of_card, verified)
    assert became["accepted, differs"] > 200 and became["accepted, matches"] > 10 and len(became) > 10, became


@pytest.mark.slow
def test_a_scorecard_spoilt_anywhere_is_refused_in_words_or_what_differs_is_named() -> None:
    became = each("scorecard, spoilt anywhere", card_anyhow, verified)
    assert became["accepted, differs"] > 100 and len(became) > 10, became


# ------------------------------------------------------------------------------------------------- many services
@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What every kind of service owes, worked out once: it does not turn on the file."""
    monkeypatch.setattr("scoring.portfolio.read.obligations", lambda *_: WHOLE)


def with_notes() -> bytes:
    """The example, with notes that have to be quoted."""
    header, *rows = table(SERVICES)
    place = next(place for place, name in enumerate(header) if name.endswith(NOTE))
    return as_csv(
        [header, *([*row[:place], f'"Note", {number}\nof many', *row[place + 1 :]] for number, row in enumerate(rows))]
    )


GOODS = (SERVICES, with_notes())


def of_services(chance: Random) -> Case:
    return wrong_in_table(chance.choice(GOODS), chance)


def services_anyhow(chance: Random) -> Case:
    return spoilt(GOODS, chance)


def scored(case: Case) -> str:
    """What comes of a file with bad rows refused, with bad rows left out, and on the page: the same, and nothing is lost between them."""
    refused: PortfolioError | None = None
    out, rest, rejects = io.BytesIO(), io.BytesIO(), io.BytesIO()
    try:
        write_portfolio(RULES, case.data, out)
    except PortfolioError as error:
        refused = error
        is_plain(str(error) if not isinstance(error, PortfolioRefused) else error.problems[0].in_words())
    try:
        reading = write_portfolio(RULES, case.data, rest, rejects=rejects)
    except PortfolioError as error:
        assert str(error) == str(refused) and not isinstance(refused, PortfolioRefused)
        assert case.cell is None or f"row {case.cell[0]} of a spreadsheet" in str(error)
        names = (
            ()
            if "UTF-8" in str(error)
            else ("header: unknown columns: ",)
            if case.what.startswith("header")
            else case.names
        )
        assert all(name in str(error) for name in names), (str(error), names)
        return str(error)
    assert isinstance(refused, PortfolioRefused) == bool(reading.problem_count) and (
        refused is None or refused.count == reading.problem_count
    )
    lines = list(csv.reader(io.StringIO(rest.getvalue().decode("utf-8-sig"), newline=""), strict=True))[1:]
    assert (
        len(lines) == 2 * reading.scored
        and [line[0] for line in lines if len(line) != 11 or line[0].startswith(FORMULA)] == []
    )
    left_out = list(csv.reader(io.StringIO(rejects.getvalue().decode("utf-8-sig"), newline=""), strict=True))[1:]
    assert len(left_out) == reading.rejected and (out.getvalue() == rest.getvalue() if refused is None else True)
    for problem in reading.problems:
        is_plain(problem.in_words())
    if case.cell:
        as_the_contract_says(case, [(each.row, each.column) for each in reading.problems])
        shown = repr(naive.unguarded(case.text.strip(BLANKS)).strip())[1:-1][:15] or "empty"
        assert all(shown in each.in_words() for each in reading.problems if each.column == case.cell[1]), shown
    said = " ".join(each.in_words() for each in reading.problems)
    surplus = [row[len(columns) :] for columns, *rows in [table(case.data)] for row in rows]
    if case.refused and (any("".join(cells).strip() for cells in surplus) or not case.what.startswith("ragged")):
        assert all(name in said for name in case.names) and said  # a row that ends early has empty cells from there
    found = portfolio(RULES, case.data)
    assert (len(found), found.reading.problem_count) == (reading.scored, reading.problem_count)
    for place in range(len(found) // 2, len(found), 12):
        card_holds(scorecard(RULES, assessment_of(found, place, "2026-11-22T10:15:00+00:00")))
    return f"accepted, {'some are bad' if reading.rejected else 'all are good'}"


def as_the_contract_says(case: Case, problems: list[tuple[int, str]]) -> None:
    """One cell was changed: only its row can be bad, and whether it is can be told for a grade and a name from the cell alone."""
    assert case.cell
    (number, column), row = case.cell, case.cell[0] - 1
    assert {each for each, _ in problems} <= {row}
    text = naive.unguarded(
        next(each for each in table(case.data)[number - 1 : number])[table(case.data)[0].index(column)]
        .strip(BLANKS)
        .strip()
    )
    requirement = next((each for each in all_requirements(RULES) if each.id == column), None)
    if requirement is not None:
        assert problems == (
            [] if text.strip(BLANKS).strip().lower() in ("", *allowed_grades(requirement)) else [(row, column)]
        ), (
            text,
            problems,
        )
    elif column == SERVICE or column.endswith(NOTE):
        good = not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]", text.strip(BLANKS)) and (
            text.strip(BLANKS) or column != SERVICE
        )
        assert problems == ([] if good else [(row, column)]), (text, problems)
    else:
        assert not problems or column in ("category", *(each for _, each in problems)), problems


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_one_thing_wrong_in_a_file_of_services_is_named() -> None:
    became = each("services, wrong at a place", of_services, scored)
    assert became["accepted, some are bad"] > 70 and became["accepted, all are good"] > 30, became


@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_file_of_services_spoilt_anywhere_is_refused_in_words_or_its_good_rows_are_scored() -> None:
    became = each("services, spoilt anywhere", services_anyhow, scored)
    assert became["accepted, some are bad"] > 40 and len(became) > 8, became


# ---------------------------------------------------------------------------------------------------- an address
def of_address(chance: Random) -> Case:
    """An address: words that it knows and words that it does not, with values of every kind, some of them there twice."""
    words = [*(fact.id for fact in RULES.facts), "adopted", "view", "only", "embed", *KEYS]
    known = [value for fact in RULES.facts for value in fact.value_ids()] + [
        f"{fact.id}:{value}" for fact in RULES.facts for value in fact.value_ids()
    ]
    values = [*known, *TEXTS, "all", "none", "map", "one", *(each.id for each in RULES.recommendations)]
    said = [(fact.id, chance.choice(fact.value_ids())) for fact in RULES.facts if chance.random() < 0.4] + [
        ("only", ",".join(chance.choices(known[-20:], k=3)))
    ]
    short = [value for value in values if len(value) < 50]  # characters; hundreds of long ones would take all the time
    if chance.random() < 0.8:
        for _ in range(chance.choice((1, 2, 3, 5, 40))):
            several = chance.choice((1, 1, 1, 2, 3, 200))
            said.append((chance.choice(words), ",".join(chance.choices(short if several > 3 else values, k=several))))
    return Case(urlencode(said, errors="surrogatepass").encode(), f"{len(said)} words")


def read_address(case: Case) -> str:
    """What is taken over is something that the rules know; what is not is said, as text and in few words."""
    said = parse_qs(case.data.decode(), keep_blank_values=True)
    found = address.understood(RULES, said)
    assert {fact: value in RULES.fact(fact).value_ids() for fact, value in found.chosen.items()} == {
        fact.id: True for fact in RULES.facts
    }
    assert set(found.adopted) <= {each.id for each in RULES.recommendations} and found.view in (
        address.ONE,
        address.MAP,
    )
    assert len(set(found.only)) == len(found.only) and all(
        value in RULES.fact(fact).value_ids() for fact, value in (each.split(":") for each in found.only)
    )
    assert len(found.notices) <= 11
    for notice in found.notices:
        is_plain(notice)
        assert re.fullmatch(r"[^`]*(`[^`]+`[^`]*)?", notice), (
            notice
        )  # what the address says is code, and nothing else is
    ignored = [key for key in said if key not in (*found.chosen, "adopted", "view", "only")]
    assert not ignored or found.notices
    return "accepted" if not found.notices else "with notices"


@pytest.mark.slow
def test_whatever_an_address_says_only_what_the_rules_know_is_taken_over() -> None:
    became = each("address", of_address, read_address)
    assert became["accepted"] > 150 and became["with notices"] > 300, became
