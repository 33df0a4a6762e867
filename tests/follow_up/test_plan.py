"""The plan: its order, what is overdue, and the score on the day when it is done."""

from datetime import date
from pathlib import Path

import pytest

from scoring.follow_up.plan import Outlook, Stage, outlook
from scoring.rules.amend import adopting
from scoring.rules.model import Rules
from scoring.score.assessment import Answer, Assessment, Plan
from scoring.score.assessment_file import from_json
from scoring.score.gaps import next_steps
from scoring.score.scorecard import scorecard

SAVED = Path(__file__).parents[1] / "assessments"
TODAY = date(2026, 11, 27)


@pytest.fixture
def messenger(rules: Rules) -> Assessment:
    return from_json((SAVED / "encrypted_messenger.json").read_bytes(), rules)


def planning(now: Assessment, **plans: Plan) -> Assessment:
    """The assessment with plans; RES_MCM10_a stands for the requirement RES-MCM10.a."""
    answers = dict(now.answers)
    for name, plan in plans.items():
        head, _, letter = name.rpartition("_")
        requirement = f"{head.replace('_', '-')}.{letter}"
        answers[requirement] = now.answer(requirement).model_copy(update={"plan": plan})
    return now.model_copy(update={"answers": answers})


def of(rules: Rules, now: Assessment, today: date = TODAY, adopted: list[str] | None = None) -> Outlook:
    card = scorecard(rules, now, None if adopted is None else adopting(rules, adopted))
    return outlook(rules, card, now, today)


def points(stage: Stage) -> tuple[str, str, str]:
    return stage.day, stage.drafted.counted, stage.amended.counted


def said(found: Outlook, requirement: str) -> str:
    return " ".join(next(line for line in found.lines if line.requirement.id == requirement).said)


def test_the_lines_are_the_gaps_in_their_order_with_the_rank_of_their_action(
    rules: Rules, messenger: Assessment
) -> None:
    steps = next_steps(rules, scorecard(rules, messenger))
    assert [(line.rank, line.gap) for line in of(rules, messenger).lines] == [
        (action.rank, gap) for action in steps.actions for gap in action.gaps
    ]


def test_the_course_goes_from_today_over_each_day_on_which_something_is_due(
    rules: Rules, messenger: Assessment
) -> None:
    found = of(
        rules,
        planning(
            messenger,
            RES_MCM10_a=Plan(grade="met", due="2027-01-31"),
            RES_MCM10_b=Plan(grade="met", due="2027-01-31"),
            RES_MCM8_a=Plan(grade="partly", due="2027-03-01"),
            RES_MCM11_a=Plan(grade="met"),
            RES_MCM3_a=Plan(action="Think", due="2027-02-01"),
        ),
    )
    assert [points(stage) for stage in found.course] == [
        ("2026-11-27", "3 of 6", "3 of 16"),
        ("2027-01-31", "5 of 6", "5 of 16"),
        ("2027-03-01", "5 of 6", "6 of 16"),
    ]
    assert points(found.all_done) == ("", "5 of 6", "8 of 16")
    assert found.sentence == (
        "Today: 3 of 6 points as drafted, 3 of 16 points as amended. "
        "When all that is planned is done: 5 of 6 points as drafted, 8 of 16 points as amended. "
        "1 of 5 plans does not say which answer there will be, and changes no score."
    )


def test_the_score_when_all_is_done_is_that_of_the_same_answers_with_the_grades_intended(
    rules: Rules, messenger: Assessment
) -> None:
    now = planning(
        messenger,
        **{
            line.requirement.id.replace("-", "_").replace(".", "_"): Plan(grade="met")
            for line in of(rules, messenger).lines
        },
    )
    then = scorecard(rules, now.model_copy(update={"answers": {name: Answer(grade="met") for name in now.answers}}))
    found = of(rules, now)
    assert (found.all_done.drafted, found.all_done.amended) == (then.drafted.sums, then.amended.sums)
    assert found.all_done.amended.shortfall == 0 and len(found.course) == 1


@pytest.mark.parametrize(
    ("plan", "overdue", "counted"),
    [
        (Plan(due="2026-11-26", status="planned", grade="met"), True, []),
        (Plan(due="2026-11-26", grade="met"), True, []),
        (Plan(due="2026-11-26", status="done", grade="met"), False, []),
        (Plan(due="2026-11-27", status="planned", grade="met"), False, ["4 of 6"]),
        (Plan(due="", status="planned", grade="met"), False, []),
    ],
)
def test_overdue_is_what_was_due_before_today_and_is_not_done(
    plan: Plan, overdue: bool, counted: list[str], rules: Rules, messenger: Assessment
) -> None:
    found = of(rules, planning(messenger, RES_MCM10_a=plan))
    assert bool(found.overdue) is overdue and bool(found.overdue_sentence) is overdue
    assert [stage.drafted.counted for stage in found.course] == ["3 of 6", *counted]
    assert found.all_done.drafted.counted == "4 of 6"


def test_what_is_overdue_leads_with_the_longest_and_counts_from_the_next_day_on_which_something_is_due(
    rules: Rules, messenger: Assessment
) -> None:
    found = of(
        rules,
        planning(
            messenger,
            RES_MCM10_a=Plan(grade="met", due="2026-11-20"),
            RES_MCM8_a=Plan(grade="met", due="2026-10-01"),
            RES_MCM10_b=Plan(grade="met", due="2027-01-31"),
        ),
    )
    assert [line.requirement.id for line in found.overdue] == ["RES-MCM8.a", "RES-MCM10.a"]
    assert found.overdue_sentence == "2 plans are overdue, the first since 1 October 2026."
    assert [points(stage)[1] for stage in found.course] == ["3 of 6", "5 of 6"]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (Plan(), ""),
        (Plan(grade="met", due="2027-01-31"), ""),
        (Plan(action="Think", due="2027-01-31"), "It changes no score: it does not say which answer there will be."),
        (Plan(grade="met"), "It has no day, so it counts only when all is done."),
        (Plan(grade="partly", due="2027-01-31"), "It brings no points: the answer is “Partly in place” already."),
        (Plan(grade="met", due="2026-11-01"), "Overdue: it was to be done by 1 November 2026."),
        (
            Plan(grade="met", due="2026-11-01", status="done"),
            "The plan is done, but the answer is still “Partly in place”, and that counts today: change the answer.",
        ),
    ],
)
def test_each_plan_says_why_it_changes_nothing_yet(plan: Plan, words: str, rules: Rules, messenger: Assessment) -> None:
    assert said(of(rules, planning(messenger, RES_MCM10_a=plan)), "RES-MCM10.a") == words


def test_a_plan_for_what_is_unanswered_is_counted_and_one_for_what_is_met_or_not_owed_is_not(rules: Rules) -> None:
    network = from_json((SAVED / "large_social_network.json").read_bytes(), rules)
    answers = {name: answer for name, answer in network.answers.items() if name != "SMS-MCM10.b"}
    found = of(
        rules,
        planning(
            network.model_copy(update={"answers": answers}),
            SMS_MCM10_a=Plan(grade="partly", due="2026-01-01"),
            SMS_MCM10_b=Plan(grade="met", due="2026-12-31"),
            SMS_MCM10_c=Plan(grade="met", due="2026-01-01"),
            RES_MCM8_a=Plan(grade="met", due="2026-01-01"),
        ),
    )
    assert [(line.requirement.id, line.rank) for line in found.lines if line.planned] == [("SMS-MCM10.b", 0)]
    assert [points(stage) for stage in (*found.course, found.all_done)] == [
        ("2026-11-27", "2 to 4 of 4", "2 to 4 of 6"),
        ("2026-12-31", "4 of 4", "4 of 6"),
        ("", "4 of 4", "4 of 6"),
    ]
    assert not found.overdue


def test_the_recommendations_that_are_adopted_are_those_of_the_scorecard(rules: Rules, messenger: Assessment) -> None:
    found = of(rules, planning(messenger, RES_MCM8_a=Plan(grade="met", due="2027-01-31")), adopted=[])
    assert [points(stage)[1:] for stage in (found.today, found.all_done)] == [("3 of 6", "3 of 6")] * 2
    assert not found.planned and "nothing is owed" not in found.sentence
