"""What has to hold for every service that there can be: all 708 profiles, with every grade drawn at random from a fixed seed.

The rules are held, profile by profile and recommendation by recommendation, against `naive.py`, which says them a second time.
"""

from collections.abc import Iterator
from functools import cache
from itertools import combinations
from random import Random

import naive
import pytest
from test_scenarios import changes

from scoring.rules.amend import adopting, resolve
from scoring.rules.load import load
from scoring.rules.model import Rulebook
from scoring.rules.profile import every_profile
from scoring.score.assessment import Answer, Assessment, all_requirements, allowed_grades
from scoring.score.scorecard import RegimeResult, Scorecard, scorecard
from scoring.score.tally import POINTS, STATUSES, Sums
from scoring.score.verdict import CHANGES, Verdict, measure_change, verdicts

RULES = load()
PROFILES = tuple(every_profile(RULES.facts))
REQUIREMENTS = {each.id: each for each in all_requirements(RULES)}
COMPLETE_REPORT = {each.id: "It does not work here." for each in RULES.technologies if each.report == "always"}


@cache
def under(adopted: tuple[str, ...]) -> Rulebook:
    return resolve(RULES.drafted, [RULES.recommendation(each) for each in adopted])


def regimes(profile: dict[str, str]) -> list[tuple[str, ...]]:
    """Every subset of the recommendations of the service's code."""
    own = [each.id for each in RULES.recommendations if each.code == profile["category"].upper()]
    return [subset for size in range(len(own) + 1) for subset in combinations(own, size)]


def found(profile: dict[str, str], adopted: tuple[str, ...]) -> dict[str, Verdict]:
    return {each.measure.id: each for each in verdicts(under(adopted), profile, RULES)}


def answers_at_random(draw: Random) -> dict[str, Answer]:
    """An answer to every requirement of every code: any allowed grade or none, with a note or without."""
    return {
        each.id: Answer(grade=draw.choice((*allowed_grades(each), "")), note=draw.choice(("", " ", "Because.")))
        for each in REQUIREMENTS.values()
    }


def assessment(profile: dict[str, str], answers: dict[str, Answer]) -> Assessment:
    given = {fact: value for fact, value in profile.items() if fact != "technology_report"}
    examined = COMPLETE_REPORT if profile.get("technology_report") == "complete" else {}
    return Assessment(
        rulebook=RULES.version,
        service_name="A service",
        saved_at="2026-11-22T10:15:00+00:00",
        profile=given,
        technologies=examined,
        answers=answers,
    )


def services() -> Iterator[tuple[dict[str, str], dict[str, Answer]]]:
    """Every profile, each with answers of its own."""
    draw = Random(20230323)
    for profile in PROFILES:
        yield profile, answers_at_random(draw)


@pytest.fixture(scope="module")
def cards() -> list[Scorecard]:
    """The scorecard of every profile under all recommendations, with answers at random."""
    return [scorecard(RULES, assessment(*service)) for service in services()]


# ------------------------------------------------------------------------- the rules, said a second time
@pytest.mark.slow
def test_for_every_profile_and_every_subset_of_its_recommendations_the_rulebook_is_followed() -> None:
    checked = 0
    for profile in PROFILES:
        row = {fact.id: profile.get(fact.id, "") for fact in RULES.facts}
        for adopted in regimes(profile):
            seen, drafted = found(profile, adopted), found(profile, ())
            assert list(seen) == naive.measures(row, adopted)
            for measure, verdict in seen.items():
                case = (profile, adopted, measure)
                assert verdict.standing == naive.standing(measure, row, adopted)[0], case
                assert list(verdict.owed) == naive.owed(measure, row, adopted), case
                assert measure_change(drafted.get(measure), verdict) == naive.change(measure, row, adopted), case
                checked += 1
    assert checked == 36 * 2 * 1 + 648 * 8 * 4 + 24 * (32 * 2 + 16)


def test_for_every_profile_the_points_are_what_the_rulebook_says(cards: list[Scorecard]) -> None:
    everything = tuple(each.id for each in RULES.recommendations)
    for card, (profile, answers) in zip(cards, services(), strict=True):
        row = {fact.id: profile.get(fact.id, "") for fact in RULES.facts}
        row |= {key: each.grade for key, each in answers.items()} | {
            f"{key}.note": each.note for key, each in answers.items()
        }
        for result, adopted in ((card.drafted, ()), (card.amended, everything)):
            for line in result.lines:
                figures = (line.status, line.sums.points, line.sums.out_of, line.sums.unanswered)
                assert figures == naive.measure_result(line.measure.id, row, adopted), (profile, line.measure.id)


# -------------------------------------------------------------------------------------------- recommendations
def test_a_recommendation_never_removes_an_obligation() -> None:
    for profile in PROFILES:
        owed = {
            adopted: {each for verdict in found(profile, adopted).values() for each in verdict.owed}
            for adopted in regimes(profile)
        }
        for adopted in owed:
            for left_out in adopted:
                without = tuple(each for each in adopted if each != left_out)
                assert owed[without] <= owed[adopted], (profile, adopted, left_out)


@pytest.mark.slow
def test_the_order_of_recommendations_never_matters_to_a_scorecard() -> None:
    draw = Random(20230323)
    for profile, answers in draw.sample(list(services()), 60):
        chosen = draw.sample([recommendation.id for recommendation in RULES.recommendations], draw.randint(2, 9))
        shuffled = draw.sample(chosen, len(chosen))
        assert scorecard(RULES, assessment(profile, answers), adopting(RULES, chosen)) == scorecard(
            RULES, assessment(profile, answers), adopting(RULES, shuffled)
        )


def test_a_withdrawn_exemption_lets_nobody_out() -> None:
    for profile in PROFILES:
        for adopted in regimes(profile):
            for verdict in found(profile, adopted).values():
                assert not any(each.withdrawn_by for each in verdict.exempted_by()), (profile, adopted)


def test_a_recommendation_of_another_code_changes_nothing(cards: list[Scorecard]) -> None:
    draw = Random(20230323)
    for place, (profile, answers) in draw.sample(list(enumerate(services())), 60):
        own = adopting(RULES, [each.id for each in RULES.recommendations if each.code == profile["category"].upper()])
        card = scorecard(RULES, assessment(profile, answers), own)
        assert [line.sums for line in card.amended.lines] == [line.sums for line in cards[place].amended.lines]
        assert changes(card) == changes(cards[place])


# -------------------------------------------------------------------------------------------------- the sums
def sums(result: RegimeResult) -> tuple[int, int, int, int, int]:
    each = result.sums
    return each.points, each.out_of, each.unanswered, each.shortfall, each.highest


def test_rows_add_up_to_measures_and_measures_to_the_regime(cards: list[Scorecard]) -> None:
    for card in cards:
        for regime, result in (("drafted", card.drafted), ("amended", card.amended)):
            for line in result.lines:
                rows = [row for row in card.rows if row.measure == line.measure.id]
                assert sum(getattr(row, f"{regime}_points") or 0 for row in rows) == line.sums.points
                assert sum(getattr(row, f"{regime}_out_of") or 0 for row in rows) == line.sums.out_of
                assert {getattr(row, f"{regime}_status") for row in rows} == {line.status}
            parts = [
                (each.sums.points, each.sums.out_of, each.sums.unanswered, each.sums.shortfall, each.sums.highest)
                for each in result.lines
            ]
            assert sums(result) == tuple(map(sum, zip(*parts, strict=True)))


def test_shortfall_and_range_are_what_their_definitions_say(cards: list[Scorecard]) -> None:
    for card in cards:
        for each in (
            card.drafted.sums,
            card.amended.sums,
            *(line.sums for result in (card.drafted, card.amended) for line in result.lines),
        ):
            assert each.shortfall == each.out_of - each.points - 2 * each.unanswered >= 0
            assert 0 <= each.points <= each.highest == each.points + 2 * each.unanswered <= each.out_of
            assert (each.percentages is None) == (each.out_of == 0)
            if each.percentages:
                low, high = each.percentages
                assert 0 <= low <= high <= 100
                assert (low == 100) == (each.points == each.out_of)
                assert (high == 100) == (each.highest == each.out_of)
                assert each.unanswered or low == high


def test_a_requirement_that_is_not_owed_has_neither_points_nor_points_to_be_had(cards: list[Scorecard]) -> None:
    for card in cards:
        for row in card.rows:
            for owed, points, out_of in (
                (row.drafted_owed, row.drafted_points, row.drafted_out_of),
                (row.amended_owed, row.amended_points, row.amended_out_of),
            ):
                assert (points is None) == (out_of is None) == (not owed)
                assert out_of in ((0, 2) if owed else (None,))


def test_every_status_is_what_its_definition_says(cards: list[Scorecard]) -> None:
    for card in cards:
        for regime, result in (("drafted", card.drafted), ("amended", card.amended)):
            for line in result.lines:
                owed = [row for row in card.rows if row.measure == line.measure.id and getattr(row, f"{regime}_owed")]
                graded = [
                    row for row in owed if row.grade in POINTS or (row.grade == "not_feasible" and row.note.strip())
                ]
                if not owed:
                    assert line.status in ("not_applicable", "exempt")
                elif not graded:
                    assert line.status == "unanswered"
                elif len(graded) < len(owed):
                    assert line.status == "incomplete"
                else:
                    points = sum(POINTS.get(row.grade, 0) for row in graded)
                    full = sum(2 for row in graded if row.grade in POINTS)
                    assert line.status == ("met" if points == full else "not_met" if points == 0 else "partly_met")
            assert result.measures_applying == sum(
                line.status not in ("not_applicable", "exempt") for line in result.lines
            )
            assert result.measures_met == sum(line.status == "met" for line in result.lines)


def test_every_status_and_every_change_comes_about(cards: list[Scorecard]) -> None:
    rows = [row for card in cards for row in card.rows]
    assert {row.drafted_status for row in rows} == {row.amended_status for row in rows} == set(STATUSES)
    assert (
        {row.change for row in rows} == {change for card in cards for change in changes(card).values()} == set(CHANGES)
    )


def test_what_is_owed_in_both_regimes_or_in_neither_is_unchanged_and_only_that(cards: list[Scorecard]) -> None:
    for card in cards:
        for row in card.rows:
            assert (row.change == "unchanged") == (row.drafted_owed == row.amended_owed)


def test_every_verdict_gives_a_reason_in_one_sentence(cards: list[Scorecard]) -> None:
    for row in (row for card in cards for row in card.rows):
        for owed, because in ((row.drafted_owed, row.drafted_because), (row.amended_owed, row.amended_because)):
            assert (
                because.endswith(".")
                and "\n" not in because
                and "  " not in because
                and " ." not in because
                and " ;" not in because
            )
            assert because.startswith("Applies: ") == owed, because


# ------------------------------------------------------------------------------------------------- the answers
def better(answer: Answer) -> list[str]:
    order = ["not_met", "partly", "met"]
    return order[order.index(answer.grade) + 1 :] if answer.grade in order else []


def totals(card: Scorecard) -> list[Sums]:
    return [card.drafted.sums, card.amended.sums]


@pytest.mark.slow
def test_a_better_grade_never_lowers_a_score() -> None:
    draw = Random(20230323)
    raised = 0
    for profile, answers in draw.sample(list(services()), 150):
        before = scorecard(RULES, assessment(profile, answers))
        for key in draw.sample([row.requirement for row in before.rows], k=min(3, len(before.rows))):
            for grade in better(answers[key]):
                after = scorecard(
                    RULES, assessment(profile, answers | {key: Answer(grade=grade, note=answers[key].note)})
                )
                for old, new in zip(totals(before), totals(after), strict=True):
                    assert new.out_of == old.out_of
                    assert new.points >= old.points and new.highest >= old.highest and new.shortfall <= old.shortfall
                    raised += new.points > old.points
    assert raised > 100


@pytest.mark.slow
def test_answering_narrows_the_range_and_never_leaves_it() -> None:
    draw = Random(20230323)
    narrowed = 0
    for profile, answers in draw.sample(list(services()), 150):
        before = scorecard(RULES, assessment(profile, answers))
        for key in [row.requirement for row in before.rows if not answers[row.requirement].grade][:2]:
            for grade in POINTS:
                after = scorecard(RULES, assessment(profile, answers | {key: Answer(grade=grade)}))
                for old, new in zip(totals(before), totals(after), strict=True):
                    assert new.out_of == old.out_of
                    assert old.points <= new.points and new.highest <= old.highest
                    narrowed += new.unanswered < old.unanswered
    assert narrowed > 100


@pytest.mark.slow
def test_what_is_unanswered_counts_neither_as_met_nor_as_not_met() -> None:
    for profile in PROFILES:
        for each in totals(scorecard(RULES, assessment(profile, {}))):
            assert (each.points, each.shortfall, each.highest) == (0, 0, each.out_of)
            assert each.out_of == 2 * each.unanswered


def test_what_is_justified_as_not_feasible_leaves_both_sides() -> None:
    caveat = next(each.id for each in REQUIREMENTS.values() if each.where_feasible)
    for profile, answers in services():
        if profile["category"] != "sms" or profile["tier"] != "tier_1":
            continue
        met, without, unjustified = (
            scorecard(RULES, assessment(profile, answers | {caveat: each}))
            for each in (
                Answer(grade="met"),
                Answer(grade="not_feasible", note="Because."),
                Answer(grade="not_feasible", note=" "),
            )
        )
        blank = scorecard(RULES, assessment(profile, answers | {caveat: Answer()}))
        for old, new in zip(totals(met), totals(without), strict=True):
            assert (new.points, new.out_of, new.unanswered) == (old.points - 2, old.out_of - 2, old.unanswered)
        assert totals(unjustified) == totals(blank)


@pytest.mark.slow
def test_facts_and_answers_that_are_not_asked_for_have_no_say() -> None:
    draw = Random(20230323)
    for profile, answers in draw.sample(list(services()), 150):
        plain = assessment(profile, answers)
        card = scorecard(RULES, plain)
        noise = {
            fact.id: draw.choice(fact.value_ids())
            for fact in RULES.facts
            if fact.id not in profile and not fact.derived_from_technologies
        }
        elsewhere = {
            key: each
            for key, each in answers_at_random(draw).items()
            if key not in {row.requirement for row in card.rows}
        }
        noisy = plain.model_copy(update={"profile": plain.profile | noise, "answers": answers | elsewhere})
        assert scorecard(RULES, noisy) == card
        if "technology_report" not in profile:
            assert scorecard(RULES, noisy.model_copy(update={"technologies": COMPLETE_REPORT})) == card


def test_a_scorecard_has_a_row_for_each_requirement_in_either_rulebook_and_no_other(cards: list[Scorecard]) -> None:
    amended = resolve(RULES.drafted, RULES.recommendations)
    for card in cards:
        assert [row.requirement for row in card.rows] == [
            each.id for measure in amended.of_code(card.code.id) for each in measure.requirements
        ]
