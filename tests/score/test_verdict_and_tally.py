"""The engine: verdicts with their reasons, changes, and the one tally."""

import json
import subprocess
import sys
from pathlib import Path

import examples
import numpy as np
import pytest

from scoring.rules.amend import adopting, resolve
from scoring.rules.model import Measure, Requirement, Rules
from scoring.score.because import measure_because, requirement_because
from scoring.score.tally import (
    GRADES,
    NOT_FEASIBLE_CODE,
    STATUSES,
    UNANSWERED_CODE,
    grade_code,
    mask,
    percent,
    status_codes,
    tally,
)
from scoring.score.verdict import Verdict, measure_change, requirement_change, verdict, verdicts

MESSENGER = {**examples.MESSENGER.profile, "technology_report": "incomplete"}
DRIVE = dict(examples.DRIVE.profile)
WEBSITE = examples.WEBSITE
SOCIAL = examples.SOCIAL

BY_2, BY_3 = (
    "“Bind encrypted and closed communication services” (IJM-RES-2)",
    "“Not capable only with eSafety's approval” (IJM-RES-3)",
)
NARROWED = (
    "the exemption “Not capable of reviewing and assessing material”, which no longer covers this service, since it"
)
NO_REPORT = "has no complete report of the technologies examined"
WITHDRAWN_FROM_9 = "“Bind end-user-managed hosting to ongoing investment” (IJM-DIS-4) withdraws the exemption “End-user-managed hosting service”"


def find(rules: Rules, profile: dict[str, str], measure_id: str, adopted: str) -> Verdict | None:
    """The verdict on a measure with the recommendations adopted (their ids, 'all' or ''); None where the rulebook lacks it."""
    regimes = rules.regimes if adopted == "all" else adopting(rules, adopted.split())
    return next(
        (each for each in verdicts(regimes.amended, profile, rules) if each.measure.id == measure_id),
        None,
    )


def amended_measure(rules: Rules, measure_id: str) -> Measure:
    found = resolve(rules.drafted, rules.recommendations).measure(measure_id)
    assert found is not None
    return found


def amended_requirement(rules: Rules, requirement_id: str) -> Requirement:
    return next(
        each for each in resolve(rules.drafted, rules.recommendations).requirements() if each.id == requirement_id
    )


# ------------------------------------------------------------------------------------------------- verdicts
@pytest.mark.parametrize(
    ("measure_id", "profile", "adopted", "because"),
    [
        ("SMS-MCM10", SOCIAL, "", "Applies: the service is a social media service and is in tier 1."),
        (
            "SMS-MCM10",
            {**SOCIAL, "tier": "tier_3"},
            "all",
            "Does not apply: it binds a service that is a social media service and is in tier 1; this service is a social media service and is in tier 3.",
        ),
        (
            "RES-MCM3",
            MESSENGER,
            "",
            "Exempt: the service holds itself not capable of reviewing and assessing material.",
        ),
        (
            "RES-MCM3",
            {**MESSENGER, "capable": "yes"},
            "",
            "Applies: the service is a relevant electronic service, and no exemption holds.",
        ),
        (
            "RES-MCM3",
            MESSENGER,
            "IJM-RES-2",
            f"Applies: the service is a relevant electronic service; {BY_2} narrows {NARROWED} is end-to-end encrypted and has not sought eSafety's approval.",
        ),
        (
            "RES-MCM3",
            MESSENGER,
            "IJM-RES-3",
            f"Applies: the service is a relevant electronic service; {BY_3} narrows {NARROWED} has not sought eSafety's approval and {NO_REPORT}.",
        ),
        (
            "RES-MCM3",
            MESSENGER,
            "all",
            f"Applies: the service is a relevant electronic service; {BY_2} and {BY_3} narrow {NARROWED} is end-to-end encrypted, has not sought eSafety's approval and {NO_REPORT}.",
        ),
        (
            "RES-MCM3",
            {**MESSENGER, "esafety_approval": "granted"},
            "all",
            f"Applies: the service is a relevant electronic service; {BY_3} narrows {NARROWED} {NO_REPORT}.",
        ),
        (
            "RES-MCM3",
            {**MESSENGER, "esafety_approval": "granted", "technology_report": "complete"},
            "all",
            "Exempt: the service holds itself not capable of reviewing and assessing material, has eSafety's approval and has a complete report of the technologies examined.",
        ),
        (
            "RES-MCM8",
            MESSENGER,
            "",
            "Exempt: the service is end-to-end encrypted and is a closed communication service.",
        ),
        ("RES-MCM8", {**MESSENGER, "encryption": "none"}, "", "Exempt: the service is a closed communication service."),
        (
            "RES-MCM8",
            MESSENGER,
            "all",
            "Applies: the service is a relevant electronic service; “Bind encrypted and closed communication services” (IJM-RES-2) withdraws the exemptions "
            "“End-to-end encrypted service” and “Closed communication service”.",
        ),
        (
            "RES-MCM8",
            {**MESSENGER, "communication": "open"},
            "all",
            "Applies: the service is a relevant electronic service; “Bind encrypted and closed communication services” (IJM-RES-2) withdraws the exemption "
            "“End-to-end encrypted service”.",
        ),
        (
            "DIS-MCM8",
            {**WEBSITE, "tier": "tier_2"},
            "",
            "Does not apply: it binds a service that is a designated internet service and either is in tier 1 or is end-user-managed hosting; this service is a "
            "designated internet service, is in tier 2 and is not end-user-managed hosting.",
        ),
        ("DIS-MCM9", DRIVE, "", "Exempt: the service is end-user-managed hosting."),
        (
            "DIS-MCM9",
            DRIVE,
            "all",
            f"Applies: the service is a designated internet service and is end-user-managed hosting; {WITHDRAWN_FROM_9}.",
        ),
        ("DIS-NEW", DRIVE, "all", "Applies: the service is a designated internet service."),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_every_verdict_says_why_in_one_sentence(
    rules: Rules, measure_id: str, profile: dict[str, str], adopted: str, because: str
) -> None:
    found = find(rules, profile, measure_id, adopted)
    assert found is not None
    assert measure_because(found, rules) == because


@pytest.mark.parametrize(
    ("requirement_id", "profile", "adopted", "because"),
    [
        (
            "DIS-NEW.a",
            DRIVE,
            "",
            "Not in the text as drafted: “Disrupt and deter first-generation CSAM on every designated internet service” (IJM-DIS-2) would add this measure.",
        ),
        (
            "SMS-MCM10.d",
            SOCIAL,
            "",
            "Not in the text as drafted: “Cover CSEM as well as CSAM” (IJM-SMS-1) would add this requirement.",
        ),
        (
            "SMS-MCM10.d",
            SOCIAL,
            "all",
            "Applies: the service is a social media service and is in tier 1; “Cover CSEM as well as CSAM” (IJM-SMS-1) adds this requirement.",
        ),
        ("SMS-MCM10.a", SOCIAL, "all", "Applies: the service is a social media service and is in tier 1."),
        ("DIS-MCM9.d", DRIVE, "", "Exempt: the service is end-user-managed hosting."),
        (
            "DIS-MCM9.e",
            DRIVE,
            "all",
            f"Applies: the service is a designated internet service and is end-user-managed hosting; {WITHDRAWN_FROM_9}; “Invest in detecting first-generation CSAM” "
            "(IJM-DIS-3) and “Bind end-user-managed hosting to ongoing investment” (IJM-DIS-4) add this requirement.",
        ),
        (
            "DIS-MCM9.e",
            WEBSITE,
            "all",
            "Applies: the service is a designated internet service and is in tier 1, and no exemption holds; “Invest in detecting first-generation CSAM” "
            "(IJM-DIS-3) adds this requirement.",
        ),
        (
            "DIS-MCM9.e",
            WEBSITE,
            "IJM-DIS-4",
            "Not owed: it is asked only of a service that is end-user-managed hosting; this service is not end-user-managed hosting.",
        ),
        (
            "DIS-MCM9.f",
            WEBSITE,
            "all",
            "Not owed: it is asked only of a service that carries live video; this service carries no live video.",
        ),
        (
            "DIS-NEW.b",
            DRIVE,
            "all",
            "Not owed: it is asked only of a service that carries live video; this service carries no live video.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_every_requirement_says_why_it_is_owed_or_not(
    rules: Rules, requirement_id: str, profile: dict[str, str], adopted: str, because: str
) -> None:
    requirement = amended_requirement(rules, requirement_id)
    measure = amended_measure(rules, requirement_id.rpartition(".")[0])
    found = find(rules, profile, measure.id, adopted)
    assert requirement_because(requirement, found, rules) == because


def test_an_exemption_verdict_keeps_each_proviso_with_whether_it_held(rules: Rules) -> None:
    found = find(rules, {**MESSENGER, "esafety_approval": "granted"}, "RES-MCM3", "all")
    assert found is not None
    (only,) = found.exemptions
    assert only.condition_holds and not only.holds
    assert [(proviso.by, held) for proviso, held in only.provisos] == [("IJM-RES-2", True), ("IJM-RES-3", False)]
    assert found.exempted_by() == ()


def test_a_service_whose_category_is_not_known_has_no_verdicts(rules: Rules) -> None:
    assert verdicts(rules.drafted, {"tier": "tier_1"}, rules) == ()


def test_a_verdict_does_not_change_with_the_profile_that_it_was_made_from(rules: Rules) -> None:
    profile = dict(SOCIAL)
    found = verdict(amended_measure(rules, "SMS-MCM10"), profile)
    profile["tier"] = "tier_3"
    assert measure_because(found, rules) == "Applies: the service is a social media service and is in tier 1."


# -------------------------------------------------------------------------------------------------- change
@pytest.mark.parametrize(
    ("measure_id", "profile", "adopted", "change"),
    [
        ("DIS-NEW", DRIVE, "IJM-DIS-2", "measure_added"),
        ("RES-MCM8", MESSENGER, "IJM-RES-2", "exemption_withdrawn"),
        ("RES-MCM3", MESSENGER, "IJM-RES-2", "exemption_narrowed"),
        ("RES-MCM11", MESSENGER, "IJM-RES-2", "unchanged"),
        ("RES-MCM11", MESSENGER, "IJM-RES-3", "exemption_narrowed"),
        ("RES-MCM10", MESSENGER, "IJM-RES-1", "requirement_added"),
        ("RES-MCM10", {**MESSENGER, "tier": "tier_2"}, "IJM-RES-1", "unchanged"),
        ("DIS-MCM9", DRIVE, "IJM-DIS-1", "unchanged"),
        ("DIS-MCM9", DRIVE, "IJM-DIS-1 IJM-DIS-4", "exemption_withdrawn"),
        ("DIS-MCM9", WEBSITE, "IJM-DIS-4", "unchanged"),
        ("DIS-MCM9", WEBSITE, "IJM-DIS-3", "requirement_added"),
        ("DIS-MCM8", WEBSITE, "all", "unchanged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_measure_changes_for_the_first_reason_that_fits(
    rules: Rules, measure_id: str, profile: dict[str, str], adopted: str, change: str
) -> None:
    assert measure_change(find(rules, profile, measure_id, ""), find(rules, profile, measure_id, adopted)) == change


@pytest.mark.parametrize(
    ("requirement_id", "profile", "change"),
    [
        ("DIS-NEW.a", DRIVE, "measure_added"),
        ("DIS-NEW.b", DRIVE, "unchanged"),
        ("DIS-MCM9.a", DRIVE, "exemption_withdrawn"),
        ("DIS-MCM9.e", DRIVE, "requirement_added"),
        ("DIS-MCM9.f", DRIVE, "unchanged"),
        ("RES-MCM3.a", MESSENGER, "exemption_narrowed"),
        ("RES-MCM8.b", MESSENGER, "exemption_withdrawn"),
        ("RES-MCM10.a", MESSENGER, "unchanged"),
        ("RES-MCM10.d", MESSENGER, "requirement_added"),
        ("RES-MCM10.d", {**MESSENGER, "tier": "tier_2"}, "unchanged"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_requirement_changes_for_what_added_it_or_else_for_its_measures_reason(
    rules: Rules, requirement_id: str, profile: dict[str, str], change: str
) -> None:
    measure_id = requirement_id.rpartition(".")[0]
    requirement = amended_requirement(rules, requirement_id)
    assert (
        requirement_change(requirement, find(rules, profile, measure_id, ""), find(rules, profile, measure_id, "all"))
        == change
    )


# --------------------------------------------------------------------------------------------------- tally
@pytest.mark.parametrize(
    ("grade", "note", "code"),
    [
        ("met", "", 2),
        ("partly", "", 1),
        ("not_met", "", 0),
        ("met", "A note changes nothing", 2),
        ("", "", UNANSWERED_CODE),
        ("", "A note is no grade", UNANSWERED_CODE),
        ("not_feasible", "The tools cannot read the format", NOT_FEASIBLE_CODE),
        ("not_feasible", "", UNANSWERED_CODE),
        ("not_feasible", " \t\n", UNANSWERED_CODE),
    ],
)
def test_a_grade_is_worth_its_points_and_not_feasible_needs_a_reason(grade: str, note: str, code: int) -> None:
    assert grade_code(grade, note) == code


def test_the_grades_are_the_four_of_the_rulebook() -> None:
    assert GRADES == ("met", "partly", "not_met", "not_feasible")


def test_the_tally_adds_up_what_is_owed_and_nothing_else() -> None:
    #                  met partly not met  unanswered       not feasible       met, not owed
    grades = np.array([[2], [1], [0], [UNANSWERED_CODE], [NOT_FEASIBLE_CODE], [2]], dtype=np.int8)
    owed = np.array([[True], [True], [True], [True], [True], [False]])
    sums = tally(owed, grades)
    assert (sums.points, sums.out_of, sums.unanswered, sums.answered) == (3, 8, 1, 4)
    assert sums.shortfall == 8 - 3 - 2 * 1
    assert sums.highest == 3 + 2 * 1


def test_many_services_are_one_sum_and_a_regime_is_a_column_like_any_other() -> None:
    grades = np.array([[2, 1, UNANSWERED_CODE], [0, NOT_FEASIBLE_CODE, 2]], dtype=np.int8)
    owed = np.array([[True, True, True], [True, True, False]])
    sums = tally(owed, grades)
    assert sums.points.tolist() == [2, 1, 0]
    assert sums.out_of.tolist() == [4, 2, 2]
    assert sums.unanswered.tolist() == [0, 0, 1]
    one_service = tally(owed, grades[:, :1])
    assert one_service.points.tolist() == [2, 2, 2]
    assert one_service.out_of.tolist() == [4, 4, 2]


def test_points_do_not_overflow_however_many_are_added() -> None:
    grades = np.full((1000, 1), 2, dtype=np.int8)
    assert tally(np.ones((1000, 1), dtype=bool), grades).points.tolist() == [2000]


@pytest.mark.parametrize(
    ("standing", "grades", "status"),
    [
        (0, [2, 2], "not_applicable"),
        (1, [2, 2], "exempt"),
        (2, [-1, -1], "unanswered"),
        (2, [-1, 2], "incomplete"),
        (2, [-1, 0], "incomplete"),
        (2, [-1, -2], "incomplete"),
        (2, [2, 2], "met"),
        (2, [2, -2], "met"),
        (2, [0, 0], "not_met"),
        (2, [0, -2], "not_met"),
        (2, [2, 0], "partly_met"),
        (2, [1, 0], "partly_met"),
        (2, [1, -2], "partly_met"),
        (2, [1, 1], "partly_met"),
    ],
)
def test_the_status_of_a_measure_follows_from_its_standing_and_its_grades(
    standing: int, grades: list[int], status: str
) -> None:
    column = np.array([[each] for each in grades], dtype=np.int8)
    sums = tally(np.full(column.shape, standing == 2), column)
    assert STATUSES[int(status_codes(np.array([standing]), sums)[0])] == status


@pytest.mark.parametrize(
    ("points", "out_of", "shown"),
    [
        (0, 16, 0),
        (16, 16, 100),
        (3, 16, 19),
        (10, 16, 63),
        (1, 16, 6),
        (2, 16, 13),
        (6, 16, 38),
        (14, 16, 88),
        (15, 16, 94),
        (1, 3, 33),
        (2, 3, 67),
        (249, 250, 99),
        (999, 1000, 99),
        (1, 1000, 0),
        (1, 200, 1),
    ],
)
def test_a_percentage_rounds_a_half_up_and_is_100_only_when_every_point_is_there(
    points: int, out_of: int, shown: int
) -> None:
    assert percent(points, out_of) == shown


def test_the_mask_has_a_column_for_each_requirement(rules: Rules) -> None:
    found = verdicts(rules.drafted, WEBSITE, rules)
    assert mask(found, ["DIS-MCM8.a", "SMS-MCM10.a", "DIS-MCM9.c", "DIS-MCM9.d"]).tolist() == [True, False, True, False]


# -------------------------------------------------------------------------------------------- adopting
def test_recommendations_are_found_by_id_in_the_order_of_the_rules_each_once(rules: Rules) -> None:
    assert [each.id for each in adopting(rules, ["IJM-DIS-5", "IJM-RES-1", "IJM-DIS-5"]).adopted] == [
        "IJM-RES-1",
        "IJM-DIS-5",
    ]
    assert adopting(rules, []).adopted == ()


@pytest.mark.parametrize("unknown", ["IJM-RES-9", "ijm-res-1", "", "all"])
def test_a_recommendation_that_there_is_not_is_named(rules: Rules, unknown: str) -> None:
    with pytest.raises(KeyError) as refused:
        adopting(rules, ["IJM-RES-1", unknown])
    assert refused.value.args == (unknown,)


# ------------------------------------------------------------------------------------------------------ pure
@pytest.mark.slow
def test_the_same_service_gets_the_same_words_in_every_process() -> None:
    program = (
        "import json, sys; from scoring.rules.load import load; from scoring.rules.amend import resolve; from scoring.score.because import measure_because; from scoring.score.verdict import verdicts\n"
        "rules = load(); book = resolve(rules.drafted, rules.recommendations)\n"
        f"print(json.dumps([measure_because(each, rules) for each in verdicts(book, {MESSENGER!r}, rules)]))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1
    assert len(json.loads(said.pop())) == 4
