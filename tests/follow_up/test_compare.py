"""What moved between two rounds is divided exactly over facts, answers and rules, whatever the order; and rounds of two services are told apart."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from random import Random

import pytest

from scoring.files.workbook_in import open_workbook
from scoring.follow_up.compare import ANSWER, CAUSES, FACT, RULE, RULEBOOK, CompareError, Step, compare
from scoring.follow_up.comparison_file import comparison_csv
from scoring.follow_up.rounds import ASSESSMENT, SCORECARD, Round, round_of
from scoring.follow_up.shares import Moved, together
from scoring.rules.load import load
from scoring.rules.model import Rules
from scoring.rules.profile import every_profile, live
from scoring.score.assessment import Answer, Evidence, Plan, SignOff, allowed_grades
from scoring.score.assessment_file import from_json
from scoring.score.scorecard import score
from scoring.score.tally import POINTS
from scoring.score.verdict import verdicts
from scoring.workbooks.comparison_workbook import comparison_workbook

HERE = Path(__file__).parents[1]
GOLDEN = Path(__file__).with_name("comparison.csv")
NEXT = "v2.1/ijm-1"
NOTHING = together(())


@pytest.fixture
def next_rules(edited_rulebook: Callable[..., Path]) -> Rules:
    """Another version of the rules: two measures bind more services, one fewer, and a requirement is owed by some only."""
    edited_rulebook("code.toml", 'version = "v2.1"', replace='version = "v2.0-2023-03"')
    edited_rulebook(
        "code.toml", 'scope = { category = "sms" }', replace='scope = { category = "sms", tier = "tier_1" }'
    )
    edited_rulebook(
        "code.toml",
        'scope = { category = "res", tier = ["tier_1", "tier_2"], livestream = "yes" }',
        replace='scope = { category = "res", tier = "tier_1" }',
    )
    return load(
        edited_rulebook(
            "amendments.toml",
            'when = { tier = ["tier_1", "tier_2"] }',
            replace='when = { livestream = "yes" }',
            after='id = "DIS-MCM9.f"',
        )
    )


def a_round(rules: Rules, day: str, facts: Mapping[str, str], answers: Mapping[str, Answer], **also: str) -> Round:
    given = {"name": day, "kind": ASSESSMENT, "provider": "", "service": "A", "saved_at": "", "rulebook": rules.version}
    return Round(**{**given, **also}, assessed_on=day, facts=facts, answers=answers)


def messenger(rules: Rules, name: str = "encrypted_messenger") -> Round:
    return round_of(from_json((HERE / "assessments" / f"{name}.json").read_bytes(), rules), rules, f"{name}.json")


def random_answers(rules: Rules, facts: Mapping[str, str], random: Random) -> dict[str, Answer]:
    code = rules.code_of(facts)
    assert code is not None
    return {
        requirement.id: Answer(grade=random.choice(["", *allowed_grades(requirement)]), note=random.choice(["", "Why"]))
        for measure in rules.regimes.amended.of_code(code.id)
        for requirement in measure.requirements
    }


def one_step(rounds: Sequence[Round], rules: Rules, **also: Mapping[str, Rules]) -> Step:
    (step,) = compare(rounds, rules, **also).steps
    return step


def cards_moved(step: Step) -> dict[str, Moved]:
    """What moved as the two scorecards have it."""
    ends = {name: (getattr(step.before, name).sums, getattr(step.after, name).sums) for name in ("drafted", "amended")}
    return {
        name: Moved(Fraction(now.points - then.points), Fraction(now.shortfall - then.shortfall))
        for name, (then, now) in ends.items()
    }


def sums_moved(step: Step) -> dict[str, Moved]:
    """What moved, added up here without the tally: requirement by requirement of what is owed before and after."""
    sums = []
    for side in step.sides:
        facts = live(side.rules.facts, side.facts)
        for number, text in enumerate((side.regimes.drafted, side.regimes.amended)):
            owed = [
                side.answers.get(key, Answer()) for verdict in verdicts(text, facts, side.rules) for key in verdict.owed
            ]
            points = [POINTS[answer.grade] for answer in owed if answer.grade in POINTS]
            sums.append((("drafted", "amended")[number], sum(points), 2 * len(points) - sum(points)))
    before, after = sums[:2], sums[2:]
    return {
        name: Moved(Fraction(now - then), Fraction(lacks - lacked))
        for (name, then, lacked), (_, now, lacks) in zip(before, after, strict=True)
    }


# ---------------------------------------------------------------------------------------------------- exact, and free of order
@pytest.mark.slow
def test_the_rows_and_the_causes_add_up_to_the_movement_of_2000_random_pairs_whichever_comes_first(
    rules: Rules, next_rules: Rules
) -> None:
    random, versions = Random(20230323), {NEXT: next_rules}
    profiles = list(every_profile(rules.facts))
    by_category = {one: [facts for facts in profiles if facts["category"] == one] for one in ("sms", "res", "dis")}
    moved_by = dict.fromkeys(CAUSES, 0)
    for number in range(2000):
        alike = by_category[random.choice(["sms", "res", "dis"])]
        facts, *near = random.choices(alike, k=12)
        others = [other for other in near if len(other.items() - facts.items()) <= 2]
        pair = [
            a_round(version, day, profile, random_answers(rules, profile, random))
            for day, version, profile in (
                ("2026-03-03", rules, facts),
                ("2026-09-03", random.choice([rules, next_rules]), (others or [facts])[0]),
            )
        ]
        step = one_step(pair, rules, versions=versions)
        assert step.moved() == sums_moved(step), pair
        if number % 20 == 0:
            assert cards_moved(step) == step.moved()
        for cause in CAUSES:
            moved_by[cause] += step.moved(cause) != NOTHING
        if number % 20 == 0:
            back = one_step([replace(pair[0], assessed_on="2026-12-01"), pair[1]], rules, versions=versions)
            assert {(change.what, change.id): change.moved for change in back.changes} == {
                (change.what, change.id): {
                    name: Moved(-one.points, -one.shortfall) for name, one in change.moved.items()
                }
                for change in step.changes
            }
    assert min(moved_by.values()) > 200, moved_by


def test_a_share_is_the_mean_over_every_order_of_the_causes_and_of_the_changes_within_each(
    rules: Rules, next_rules: Rules
) -> None:
    random = Random(5)
    profiles = [profile for profile in every_profile(rules.facts) if profile["category"] == "dis" and "tier" in profile]
    for _ in range(6):
        one, other = random.sample(profiles, 2)
        answers = random_answers(rules, one, random)
        changed = dict.fromkeys(random.sample(sorted(answers), 3), Answer(grade="partly"))
        pair = [
            a_round(rules, "2026-01-01", one, answers),
            a_round(next_rules, "2026-02-01", other, {**answers, **changed}),
        ]
        step = one_step(pair, rules, versions={NEXT: next_rules})

        def scored(done: set[tuple[str, str]], pair: Sequence[Round] = pair) -> tuple[int, ...]:
            earlier, later = pair
            version = next_rules if (RULE, "") in done else rules
            facts = {key: (later if (FACT, key) in done else earlier).facts[key] for key in earlier.facts}
            given = {key: (later if (ANSWER, key) in done else earlier).answers[key] for key in earlier.answers}
            card = score(version, live(version.facts, facts), given, service="", assessed_on="2026-01-01")
            return (
                card.drafted.sums.points,
                card.drafted.sums.shortfall,
                card.amended.sums.points,
                card.amended.sums.shortfall,
            )

        players = {
            cause: [(cause, change.id) for change in step.changes if change.what == cause] for cause in (FACT, ANSWER)
        }
        players[RULE] = [(RULE, "")]  # all rules together: no mix of two versions can be loaded
        shares = {player: [Fraction(0)] * 4 for listed in players.values() for player in listed}
        orders = [
            [*a, *b, *c] for x, y, z in permutations(players.values()) for a in permutations(x) for b in permutations(y) for c in permutations(z)
        ]  # fmt: skip
        known = {frozenset(order[:end]): () for order in orders for end in range(len(order) + 1)}
        sums = {done: scored(set(done)) for done in known}
        for order in orders:
            for place, player in enumerate(order):
                before, after = sums[frozenset(order[:place])], sums[frozenset(order[: place + 1])]
                for number in range(4):
                    shares[player][number] += Fraction(after[number] - before[number], len(orders))
        for what, key in shares:
            moved = (
                step.moved(RULE)
                if what == RULE
                else next(change.moved for change in step.changes if (change.what, change.id) == (what, key))
            )
            assert [
                number for name in ("drafted", "amended") for number in (moved[name].points, moved[name].shortfall)
            ] == shares[what, key]  # fmt: skip


def test_a_mix_of_facts_that_asks_what_neither_round_was_asked_counts_as_halfway(
    edited_rulebook: Callable[..., Path],
) -> None:
    asked = '[[fact]]\nid = "night"\ntitle = "At night"\nasked_when = { tier = "tier_1", livestream = "yes" }\nvalues = [{ id = "yes", short = "night", label = "Yes", phrase = "is open at night" }, { id = "no", short = "day", label = "No", phrase = "is closed at night" }]\n'
    wider = load(edited_rulebook("facts.toml", asked))
    common = {"category": "sms", "encryption": "none", "hosting": "provider_managed"}
    met = {f"SMS-MCM10.{letter}": Answer(grade="met") for letter in "abcd"}
    pair = [
        a_round(wider, "2026-01-01", {**common, "tier": "tier_1", "livestream": "no"}, met),
        a_round(wider, "2026-02-01", {**common, "tier": "tier_2", "livestream": "yes"}, met),
    ]
    step = one_step(pair, wider)
    assert step.moved() == sums_moved(step)
    assert {change.id: change.moved["drafted"].points for change in step.changes} == {
        "tier": Fraction(-9, 2),
        "livestream": Fraction(-3, 2),
    }


def test_equal_rounds_give_no_movement_and_say_so(rules: Rules) -> None:
    once = messenger(rules)
    again = replace(once, name="again.json")
    comparison = compare([once, again], rules)
    assert comparison.steps[0].changes == () and comparison.steps[0].moved() == NOTHING
    assert comparison.steps[0].sentence == (
        "Since 22 November 2026 nothing has changed: facts, answers and rules are the same, and no points moved."
    )
    assert comparison.notices == ("encrypted_messenger.json and again.json hold the same round.",)


# ------------------------------------------------------------------------------------------------------------ what is told
def two_rounds(rules: Rules) -> list[Round]:
    """A messenger in March and in September: it gave up end-to-end encryption, two answers are better, and one has evidence and a plan."""
    first = replace(messenger(rules), assessed_on="2026-03-03", saved_at="", name="march.json")
    answers = {
        **first.answers,
        "RES-MCM8.a": Answer(grade="met"),
        "RES-MCM10.a": Answer(
            grade="met",
            note="=1+1 is text",
            since="2026-05-01",
            evidence=(Evidence(what="Policy", where="policy.pdf", dated="2026-05-01"),),
            plan=Plan(action="Audit", owner="Board", due="2027-01-31", status="planned"),
        ),
    }
    facts = {**first.facts, "encryption": "provider_keys", "communication": "open"}
    return [first, replace(first, name="september.json", assessed_on="2026-09-03", facts=facts, answers=answers)]


def test_a_comparison_begins_with_its_sentence(rules: Rules) -> None:
    assert one_step(two_rounds(rules), rules).sentence == (
        "Since 3 March 2026: as drafted, 1 point gained by changed facts, 2 gained by changed answers (3 of 6 then, 6 of 10 now); "
        "as amended, 3 points gained by changed answers (3 of 16 then, 6 of 16 now). "
        "Points missing: 3 then and 4 now as drafted, 13 then and 10 now as amended."
    )


def test_where_no_points_move_and_an_answer_came_it_says_why_the_range_is_another_one(rules: Rules) -> None:
    later = replace(messenger(rules), name="later.json")
    answers = {**later.answers, "RES-MCM10.a": Answer()}
    earlier = replace(later, name="earlier.json", assessed_on="2026-03-03", saved_at="", answers=answers)
    not_met = {**answers, "RES-MCM10.a": Answer(grade="not_met")}
    said = one_step([earlier, replace(later, answers=not_met)], rules).sentence
    assert "as drafted, no points gained or lost, and less is unanswered (" in said


def test_the_comparison_as_a_file_has_a_row_for_each_difference_and_then_the_totals(rules: Rules) -> None:
    found = comparison_csv(compare(two_rounds(rules), rules))
    assert found == GOLDEN.read_bytes(), f"to accept the change: write what comparison_csv gives to {GOLDEN}"
    rows = list(csv.DictReader(io.StringIO(found.decode("utf-8-sig"))))
    assert found.startswith(b"\xef\xbb\xbf") and b"\r" not in found
    for name in ("drafted_points", "amended_points"):
        moved = sum(Fraction(row[name]) for row in rows if row["what"] in CAUSES)
        assert moved == Fraction(next(row[name] for row in rows if (row["what"], row["id"]) == ("points", "all")))


def test_what_moved_in_thirds_is_written_so_that_the_rows_add_up(rules: Rules) -> None:
    random = Random(3)
    profiles = list(every_profile(rules.facts))
    for _ in range(20):
        facts = random.choice(profiles)
        other = random.choice([other for other in profiles if other["category"] == facts["category"]])
        pair = [a_round(rules, day, profile, random_answers(rules, profile, random)) for day, profile in (("2026-01-01", facts), ("2026-02-01", other))]  # fmt: skip
        rows = list(csv.DictReader(io.StringIO(comparison_csv(compare(pair, rules)).decode("utf-8-sig"))))
        for name in ("drafted_points", "amended_points"):
            cells = [Fraction(row[name]) for row in rows if row["what"] in CAUSES]
            totals = [Fraction(row[name]) for row in rows if row["what"] == "points"]
            assert sum(cells) == totals[-1] == sum(totals[:-1])


def test_with_three_rounds_each_step_is_told_apart_in_the_file_and_in_the_workbook(rules: Rules) -> None:
    first, second = two_rounds(rules)
    third = replace(second, name="december.json", assessed_on="2026-12-01", facts=first.facts)
    comparison = compare([third, first, second], rules)
    assert [one.name for one in comparison.rounds] == ["march.json", "september.json", "december.json"]
    rows = list(csv.DictReader(io.StringIO(comparison_csv(comparison).decode("utf-8-sig"))))
    assert [(row["step"], row["id"]) for row in rows if row["what"] == "fact"] == [
        ("1", "encryption"),
        ("1", "communication"),
        ("2", "encryption"),
        ("2", "communication"),
    ]
    book = open_workbook(comparison_workbook(rules, comparison))
    assert book.sheets == ("About", "Totals", "Changes")
    totals = [row[:3] for row in book.rows("Totals")]
    assert totals[1:7] == [
        ["3 March 2026 to 3 September 2026", what, points]
        for what, points in [
            ("3 March 2026: march.json", "3"),
            ("Changed facts", "1"),
            ("Changed answers", "2"),
            ("Changed rules", "0"),
            ("Together", "3"),
            ("3 September 2026: september.json", "6"),
        ]
    ]
    assert ["3 March 2026 to 3 September 2026", "Fact", "Encryption", "encryption", "End-to-end"] in [
        row[:5] for row in book.rows("Changes")
    ]


def test_reasons_of_the_report_and_the_sign_off_are_compared_and_move_nothing(rules: Rules) -> None:
    first, _ = two_rounds(rules)
    one, other = rules.technologies[:2]
    first = replace(first, technologies={one.id: "Too slow"}, sign_off=SignOff(prepared_by="=A"))
    later = replace(first, assessed_on="2026-04-03", name="april.json", technologies={one.id: "Too slow\nstill", other.id: ""}, sign_off=SignOff(prepared_by="=A", approved_on="2026-04-02"))  # fmt: skip
    comparison = compare([first, later], rules)
    (step,) = comparison.steps
    assert step.changes == () and step.sentence == (
        f"Since 3 March 2026 facts, answers and rules are the same, and no points moved. What has changed beside them: Report: {one.title}; Report: {other.title}; Approved on."
    )
    assert [(one.before, one.now) for one in step.beside] == [("Too slow", "Too slow\nstill"), ("", "No reason yet"), ("", "2 April 2026")]  # fmt: skip
    written = [*open_workbook(comparison_workbook(rules, comparison)).rows("Changes")]
    assert [row[0] for row in written[1:]] == ["Beside the answers"] * 3
    assert one_step([first, replace(later, kind=SCORECARD)], rules).beside == ()


def test_a_text_that_no_cell_of_a_workbook_can_hold_is_cut_there_and_whole_in_the_csv(rules: Rules) -> None:
    first, second = two_rounds(rules)
    long = {**second.answers, "RES-MCM10.b": Answer(grade="met", note="𝕏" * 40_000)}
    comparison = compare([first, replace(second, answers=long)], rules)
    cells = next(
        row for row in open_workbook(comparison_workbook(rules, comparison)).rows("Changes") if "RES-MCM10.b" in row
    )
    assert cells[4].endswith("… (cut here; the CSV has all of it)")
    assert ("𝕏" * 40_000).encode() in comparison_csv(comparison)


def test_beside_a_scorecard_only_grades_and_notes_are_compared(rules: Rules) -> None:
    first, second = two_rounds(rules)
    second = replace(second, kind=SCORECARD, adopted=())
    comparison = compare([first, second], rules)
    (change,) = (change for change in comparison.steps[0].changes if change.id == "RES-MCM10.a")
    assert change.later == Answer(grade="met", note="=1+1 is text")
    assert comparison.notices[0].startswith("september.json is a scorecard with other recommendations adopted (none)")


def test_with_some_recommendations_adopted_both_rounds_are_scored_with_those(rules: Rules) -> None:
    step = compare(two_rounds(rules), rules, []).steps[0]
    assert step.moved()["amended"] == step.moved()["drafted"]
    assert step.after.names["amended"] == "As amended (0 of 9)"


# ---------------------------------------------------------------------------------------------------------------- other rules
def test_a_rule_that_changed_stands_beside_what_it_was_and_moves_its_own_points(
    rules: Rules, next_rules: Rules
) -> None:
    facts = {
        "category": "sms",
        "tier": "tier_2",
        "encryption": "none",
        "hosting": "provider_managed",
        "livestream": "no",
    }
    answers = {"SMS-MCM10.a": Answer(grade="met"), "SMS-MCM10.b": Answer(grade="not_met")}
    pair = [
        a_round(version, day, facts, answers) for version, day in ((rules, "2026-01-01"), (next_rules, "2026-02-01"))
    ]
    version, change = one_step(pair, next_rules, versions={rules.version: rules}).changes
    assert (version.id, version.title, version.earlier, version.later) == (RULEBOOK, "Version of the rules", rules.version, NEXT)  # fmt: skip
    assert (change.what, change.id, change.moved["drafted"]) == (RULE, "SMS-MCM10", Moved(Fraction(2), Fraction(2)))
    assert isinstance(change.earlier, str) and change.earlier.startswith(
        "For a service that is a social media service and is in tier 1."
    )
    assert isinstance(change.later, str) and change.later.startswith("For a service that is a social media service.")


def test_a_round_under_rules_that_are_not_at_hand_is_scored_under_the_present_ones_and_said_to_be(
    rules: Rules, next_rules: Rules
) -> None:
    first, second = two_rounds(rules)
    comparison = compare([replace(first, rulebook="v1"), second], rules)
    assert comparison.notices == (
        f"march.json was given under the rules v1, which this program does not carry: it and what it is compared with are scored under {rules.version}.",
    )
    assert comparison.steps[0].moved() == one_step([first, second], rules).moved()
    assert comparison.steps[0].moved(RULE) == NOTHING
    said = next(row for row in csv.DictReader(io.StringIO(comparison_csv(comparison).decode("utf-8-sig"))) if row["what"] == "rule")  # fmt: skip
    assert said["title"] == f"Version of the rules: both rounds are scored under {rules.version}"
    assert (said["earlier"], said["later"], said["drafted_points"], said["amended_points"]) == ("v1", rules.version, "0", "0")  # fmt: skip
    alike = replace(first, name="april.json", assessed_on="2026-04-03")
    assert "rules are the same" not in one_step([replace(first, rulebook="v1"), alike], rules).sentence


# ------------------------------------------------------------------------------------------------------------------ told apart
def test_two_services_and_two_parts_of_one_are_told_apart_before_anything_is_compared(rules: Rules) -> None:
    first, second = two_rounds(rules)
    with pytest.raises(
        CompareError, match=r"march.json under the Relevant .* and cloud_drive.json under the Designated"
    ) as refused:
        compare([first, messenger(rules, "cloud_drive")], rules)
    assert refused.value.may_be_one
    for renamed in (replace(second, service="Rooms"), replace(second, service="")):
        with pytest.raises(
            CompareError, match="the service is not the same in all: 'Encrypted messenger' in march.json"
        ) as refused:
            compare([first, renamed], rules)
        assert refused.value.may_be_one
        assert compare([first, renamed], rules, same_service=True).steps[0].changes
    assert compare([first, replace(second, service=" encrypted  MESSENGER")], rules).steps[0].changes
    with pytest.raises(
        CompareError, match="the provider is not the same in all: 'One' in march.json, 'Two' in september.json"
    ):
        compare([replace(first, provider="One"), replace(second, provider="Two")], rules)
    assert compare([first, replace(second, provider="Two")], rules).steps[0].changes


def test_a_service_that_came_under_another_code_is_compared_where_it_is_said_to_be_one(rules: Rules) -> None:
    drive = replace(messenger(rules, "cloud_drive"), name="drive.json", assessed_on="2026-12-01", saved_at="")
    (step,) = compare([two_rounds(rules)[0], drive], rules, same_service=True).steps
    assert step.moved() == sums_moved(step) == cards_moved(step)
    assert (step.changes[0].id, step.changes[0].earlier, step.changes[0].later) == ("category", "res", "dis")
    assert {change.id[:3] for change in step.changes if change.what == ANSWER} == {"RES", "DIS"}


def test_one_round_alone_and_one_with_facts_missing_are_refused_by_name(rules: Rules) -> None:
    first, second = two_rounds(rules)
    with pytest.raises(CompareError, match="one round alone"):
        compare([first], rules)
    with pytest.raises(CompareError, match="september.json: facts are missing that decide what is owed: tier"):
        compare([first, replace(second, missing=("tier",))], rules)


def test_rounds_are_in_the_order_of_the_days_that_are_shown_and_within_a_day_of_their_moments(rules: Rules) -> None:
    first, _ = two_rounds(rules)
    moments = ["2026-03-03T20:00:00+00:00", "2026-03-04T00:30:00+11:00", "2026-03-03T23:00:00+11:00"]
    rounds = [replace(first, name=str(place), assessed_on=moment[:10], saved_at=moment) for place, moment in enumerate(moments)]  # fmt: skip
    assert [one.name for one in compare(rounds, rules).rounds] == ["2", "0", "1"]


def test_a_date_that_a_spreadsheet_rewrote_leaves_the_rounds_in_the_order_in_which_they_were_given(
    rules: Rules,
) -> None:
    first, second = two_rounds(rules)
    comparison = compare([replace(second, assessed_on="03/09/2026"), first], rules)
    assert [one.name for one in comparison.rounds] == ["september.json", "march.json"]
    assert comparison.notices[0].startswith("A spreadsheet rewrote a date (03/09/2026, 2026-03-03)")
