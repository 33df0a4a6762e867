"""What to do next: which gaps come first, why each is owed, what exists for it, and which answer to give next."""

import shutil
from fractions import Fraction
from pathlib import Path

import examples
import numpy as np
import pytest

from scoring.rules.amend import adopting, resolve
from scoring.rules.load import HERE, RulebookError, load
from scoring.rules.profile import every_profile
from scoring.rules.technologies import existing, said_of
from scoring.score.assessment import Answer, Assessment
from scoring.score.gaps import NextSteps, next_steps
from scoring.score.scorecard import scorecard

RULES = load()
PROFILES = tuple(every_profile(RULES.facts))
REQUIREMENTS = resolve(RULES.drafted, RULES.recommendations).requirements()
TECHNOLOGY = {each.id: each for each in RULES.technologies}

MESSENGER = dict(examples.MESSENGER.profile)
SITE = {**examples.WEBSITE, "livestream": "yes"}
CLOUD_DRIVE = dict(examples.DRIVE.profile)
NETWORK = examples.SOCIAL


def steps(profile: dict[str, str], grades: dict[str, str], note: str = "", amendments=None) -> NextSteps:
    given = {key: value for key, value in profile.items() if key != "technology_report"}
    assessment = Assessment(
        rulebook=RULES.version,
        service_name="Example",
        saved_at="2026-11-22T10:15:00+00:00",
        profile=given,
        answers={key: Answer(grade=grade, note=note) for key, grade in grades.items()},
    )
    return next_steps(RULES, scorecard(RULES, assessment, amendments))


def ids(gaps) -> list[str]:
    return [each.requirement.id for each in gaps]


def graded(grade: str, **others: str) -> dict[str, str]:
    return {
        **{each.id: grade for each in REQUIREMENTS},
        **{key.replace("__", "-").replace("_", "."): value for key, value in others.items()},
    }


# ------------------------------------------------------------------------------------------------ the gaps
def test_what_is_owed_in_any_case_stands_apart_from_what_only_the_recommendations_ask():
    found = steps(MESSENGER, graded("not_met"))

    assert ids(found.in_any_case) == ["RES-MCM10.a", "RES-MCM10.b", "RES-MCM10.c"]
    assert set(ids(found.only_as_amended)) == {"RES-MCM3.a", "RES-MCM8.a", "RES-MCM8.b", "RES-MCM10.d", "RES-MCM11.a"}


def test_more_points_missing_come_first():
    found = steps(MESSENGER, graded("not_met") | {"RES-MCM10.a": "partly", "RES-MCM10.c": "partly"})

    assert [(each.requirement.id, each.points_missing) for each in found.in_any_case] == [
        ("RES-MCM10.b", 2),
        ("RES-MCM10.a", 1),
        ("RES-MCM10.c", 1),
    ]


def test_between_equals_the_material_with_most_points_missing_comes_first_and_then_the_rulebook():
    found = steps(MESSENGER, graded("not_met"))

    assert [each.requirement.id for each in found.only_as_amended] == [
        "RES-MCM8.a",  # four points in all are missing of its material
        "RES-MCM8.b",
        "RES-MCM3.a",
        "RES-MCM10.d",
        "RES-MCM11.a",
    ]


def test_gaps_of_a_measure_that_one_control_closes_are_one_thing_to_do():
    everything = steps(MESSENGER, graded("not_met"))
    some = steps(MESSENGER, graded("met", RES__MCM10_a="partly", RES__MCM10_b="not_met", RES__MCM8_a="not_met"))

    assert [
        (action.rank, action.title, action.points_missing, action.in_any_case) for action in everything.actions
    ] == [
        (1, "Disrupt and deter creating, posting and disseminating CSAM", 6, True),
        (2, "Detect known CSAM", 2, False),
        (3, "Remove known CSAM", 2, False),
        (4, "Act on breaches of the terms of service: class 1A", 2, False),
        (5, "Disrupt and deter sexual exploitation material (CSEM) too", 2, False),
        (6, "Act on breaches of the terms of service: class 1B", 2, False),
    ]
    assert [(action.title, ids(action.gaps)) for action in some.actions] == [
        ("Disrupt and deter posting CSAM; Disrupt and deter creating CSAM", ["RES-MCM10.b", "RES-MCM10.a"]),
        ("Detect known CSAM", ["RES-MCM8.a"]),
    ]


@pytest.mark.slow
def test_the_points_of_the_gaps_are_the_shortfall_on_every_profile():
    random = np.random.default_rng(3)
    for profile in PROFILES[::3]:
        grades = {
            each.id: str(
                random.choice(["met", "partly", "not_met", "", *(["not_feasible"] if each.where_feasible else [])])
            )
            for each in REQUIREMENTS
        }
        given = {key: value for key, value in profile.items() if key != "technology_report"}
        assessment = Assessment(
            rulebook=RULES.version,
            service_name="",
            saved_at="2026-11-22T10:15:00+00:00",
            profile=given,
            answers={key: Answer(grade=grade, note="n") for key, grade in grades.items()},
        )
        card = scorecard(RULES, assessment)
        found = next_steps(RULES, card)
        in_any_case, only = (
            sum(each.points_missing for each in gaps) for gaps in (found.in_any_case, found.only_as_amended)
        )
        assert (card.drafted.sums.shortfall, card.amended.sums.shortfall) == (in_any_case, in_any_case + only), profile
        assert len(found.unanswered) == card.amended.sums.unanswered, profile
        assert (card.drafted.gaps, card.amended.gaps) == (
            len(found.in_any_case),
            len(found.in_any_case) + len(found.only_as_amended),
        ), profile
        assert sum(len(action.gaps) for action in found.actions) == card.amended.gaps, profile


def test_a_gap_says_why_it_is_owed_and_what_it_is_worth():
    found = steps(MESSENGER, graded("not_met"))
    gap = found.only_as_amended[0]

    assert gap.because.startswith("Applies: the service is a relevant electronic service;")
    assert "(IJM-RES-2) withdraws the exemptions" in gap.because
    assert (gap.points_missing, gap.measure.title) == (2, "Detect and remove known CSAM")
    assert (gap.requirement.basis, gap.requirement.where) == ("described", "Sec. 2(a)")
    assert found.in_any_case[0].because == "Applies: the service is a relevant electronic service and is in tier 1."


@pytest.mark.parametrize(
    ("grade", "note"), [("met", ""), ("", ""), ("not_feasible", "Nothing to look at"), ("not_feasible", " ")]
)
def test_what_is_met_unanswered_or_justified_is_no_gap(grade, note):
    found = steps(NETWORK, {"SMS-MCM10.c": grade}, note)

    assert found.in_any_case == found.only_as_amended == ()


def test_without_recommendations_there_is_nothing_that_only_they_ask():
    found = steps(MESSENGER, graded("not_met"), amendments=adopting(RULES, ()))

    assert ids(found.in_any_case) == ["RES-MCM10.a", "RES-MCM10.b", "RES-MCM10.c"]
    assert found.only_as_amended == ()


# -------------------------------------------------------------------------------------------- technologies
def named(requirement_id: str, profile: dict[str, str]) -> list[str]:
    return [each.id for each in found_for(requirement_id, profile).named]


def found_for(requirement_id: str, profile: dict[str, str]):
    return existing(next(each for each in REQUIREMENTS if each.id == requirement_id), profile, RULES)


CLOUD_ONLY = {"photodna", "ncmec_hash_sharing", "hash_matching_api"}


@pytest.mark.parametrize(
    ("requirement", "profile", "expected"),
    [
        ("RES-MCM8.a", MESSENGER, ["client_side_hashing", "secure_enclaves", "safer", "cyacomb_safety"]),
        ("DIS-MCM8.a", SITE, ["client_side_hashing", "secure_enclaves", "safer", "cyacomb_safety"]),
        (
            "DIS-MCM8.a",
            CLOUD_DRIVE,
            [
                "client_side_hashing",
                "secure_enclaves",
                "safer",
                "cyacomb_safety",
                "photodna",
                "ncmec_hash_sharing",
                "hash_matching_api",
            ],
        ),
        ("DIS-NEW.a", SITE, ["safetowatch", "safer", "content_safety_api", "live_moderation", "dragonflai"]),
        ("DIS-NEW.a", {**SITE, "livestream": "no"}, ["safetowatch", "safer", "content_safety_api"]),
        ("DIS-NEW.b", SITE, ["safetowatch", "live_moderation", "dragonflai"]),
        ("DIS-NEW.a", {**SITE, "encryption": "end_to_end"}, ["safetowatch", "safer", "live_moderation", "dragonflai"]),
        ("RES-MCM11.a", MESSENGER, []),
        ("RES-MCM10.d", MESSENGER, []),
    ],
)
def test_a_gap_lists_what_the_submission_says_exists_for_its_material(requirement, profile, expected):
    assert named(requirement, profile) == expected


@pytest.mark.parametrize("requirement", [each.id for each in REQUIREMENTS])
@pytest.mark.parametrize("profile", [MESSENGER, SITE, NETWORK])
def test_what_is_listed_for_cloud_storage_alone_is_shown_only_for_end_user_managed_hosting(requirement, profile):
    assert not CLOUD_ONLY & set(named(requirement, profile))
    assert not CLOUD_ONLY & {each.id for each, _ in found_for(requirement, profile).ruled_out}


def test_what_is_listed_for_cloud_storage_alone_is_never_shown_for_live_video():
    assert not CLOUD_ONLY & set(named("DIS-NEW.b", {**CLOUD_DRIVE, "livestream": "yes"}))


def test_a_technology_that_the_service_rules_out_is_kept_with_the_reason_and_whose_reading_that_is():
    encrypted = {each.id: why for each, why in found_for("DIS-NEW.a", {**SITE, "encryption": "end_to_end"}).ruled_out}
    silent = {each.id: why for each, why in found_for("DIS-NEW.b", {**SITE, "livestream": "no"}).ruled_out}

    assert list(encrypted) == ["content_safety_api"]
    assert "the submission does not say that it fits" in encrypted["content_safety_api"]
    assert encrypted["content_safety_api"].endswith("(our reading; Sec. 2(b), note xi)")
    assert (
        silent["live_moderation"]
        == "It works on live video. This service carries no live video. (as the submission reports it; Sec. 2(b), note xii)"
    )


def test_what_the_submission_leaves_unsaid_is_said_to_be_not_stated():
    assert dict(said_of(TECHNOLOGY["photodna"])) == {
        "By": "Microsoft",
        "Material": "not stated; listed for cloud storage",
        "Where it runs": "not stated",
        "End-to-end encryption": "not stated",
        "Place in the submission": "Sec. 3",
    }
    assert dict(said_of(TECHNOLOGY["safer"]))["Material"] == "known CSAM and new CSAM; also listed for cloud storage"
    assert dict(said_of(TECHNOLOGY["cyacomb_safety"]))["End-to-end encryption"] == "said to fit"


def test_the_list_says_what_it_is_and_that_it_prescribes_nothing():
    assert (
        found_for("RES-MCM8.a", MESSENGER).sentence
        == "The submission names these as examples of what exists for known CSAM. No measure prescribes one."
    )


def test_material_without_a_named_technology_is_said_to_have_none():
    assert (
        found_for("RES-MCM11.a", MESSENGER).sentence
        == "The submission names no technology for this material (Class 1B)."
    )
    assert (
        found_for("RES-MCM10.d", MESSENGER).sentence == "The submission names no technology for this material (CSEM)."
    )


def test_when_the_service_rules_everything_out_the_list_says_so():
    rules = RULES.model_copy(
        update={"technologies": tuple(each for each in RULES.technologies if each.only_for and each.materials)}
    )
    requirement = next(each for each in REQUIREMENTS if each.id == "DIS-NEW.b")
    found = existing(requirement, {**SITE, "livestream": "no"}, rules)

    assert (
        found.sentence
        == "The submission names technologies for livestreamed CSAM, but none that this service leaves open."
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'when = { encryption = "end_to_end" }',
            'when = { encrypted = "end_to_end" }',
            "content_safety_api: 'not_for' is a bad condition: there is no fact 'encrypted'",
        ),
        (
            'when = { encryption = "end_to_end" }',
            'when = { encryption = "rot13" }',
            "content_safety_api: 'not_for' is a bad condition: 'encryption' cannot be 'rot13'",
        ),
        (
            'when = { hosting = "end_user_managed" }',
            'when = { hosting = "cloud" }',
            "photodna: 'only_for' is a bad condition: 'hosting' cannot be 'cloud'",
        ),
        (
            'passage_about = ["Known CSAM", "New CSAM"]',
            'passage_about = ["Spam"]',
            "photodna: 'passage_about': no technology is for Spam",
        ),
        ('because = "It works on live video."', 'because = ""', "live_moderation: 'because' is empty"),
        ('because = "It works on live video."\n', "", "live_moderation: 'because' is missing"),
    ],
)
def test_a_technology_with_a_limit_that_means_nothing_is_refused(tmp_path: Path, old, new, said):
    for each in HERE.glob("*.toml"):
        shutil.copy(each, tmp_path)
    file = tmp_path / "technologies.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")

    with pytest.raises(RulebookError) as error:
        load(tmp_path)
    assert str(error.value).startswith(f"technologies.toml: {said}")


# ------------------------------------------------------------------------------------------ what is open
def test_while_anything_is_unanswered_the_range_and_the_next_answer_are_said():
    found = steps(
        MESSENGER,
        {
            "RES-MCM10.a": "partly",
            "RES-MCM10.c": "partly",
            "RES-MCM8.b": "not_met",
            "RES-MCM10.d": "not_met",
            "RES-MCM11.a": "not_met",
        },
    )

    assert found.sentence == (
        "3 owed requirements are unanswered, so the result is still a range: 2 to 4 of 6 points as drafted and 2 to 8 of 16 points as amended. "
        "Start with “Disrupt and deter posting CSAM” (RES-MCM10.b): no other answer narrows it more. "
        "It settles 2 of the 2 points that are open as drafted and 2 of the 6 points that are open as amended."
    )
    assert found.narrows_most is not None
    assert (found.narrows_most.drafted_narrows, found.narrows_most.amended_narrows) == (Fraction(2, 6), Fraction(2, 16))


def test_a_question_of_both_regimes_comes_before_one_of_the_amended_regime_alone():
    found = steps(MESSENGER, {"RES-MCM10.a": "met", "RES-MCM10.b": "met"})

    assert [each.requirement.id for each in found.unanswered][:2] == ["RES-MCM3.a", "RES-MCM8.a"]
    assert found.narrows_most is not None and found.narrows_most.requirement.id == "RES-MCM10.c"


def test_equal_questions_are_taken_in_the_order_of_the_rulebook():
    found = steps(MESSENGER, graded("met", RES__MCM8_a="", RES__MCM8_b=""))

    assert found.narrows_most is not None and found.narrows_most.requirement.id == "RES-MCM8.a"
    assert "as drafted" not in found.sentence  # nothing is open there


def test_an_answer_that_may_take_points_out_narrows_by_no_more_than_is_sure():
    found = {each.requirement.id: each for each in steps(NETWORK, {}).unanswered}

    assert found["SMS-MCM10.a"].drafted_narrows == Fraction(2, 6)
    assert found["SMS-MCM10.c"].drafted_narrows == 0  # "not feasible" would leave 4 of 4 points open


def test_an_unjustified_not_feasible_is_still_to_be_answered():
    found = steps(NETWORK, graded("met") | {"SMS-MCM10.c": "not_feasible"}, note="  ")

    assert [each.requirement.id for each in found.unanswered] == ["SMS-MCM10.c"]


def test_once_everything_is_answered_there_is_no_question():
    found = steps(MESSENGER, graded("partly"))

    assert (found.unanswered, found.narrows_most) == ((), None)
    assert found.sentence == "Every owed requirement is answered: the score is settled."


def test_where_no_obligations_apply_there_is_nothing_to_do():
    found = steps({**NETWORK, "tier": "tier_3"}, {})

    assert found == NextSteps((), (), (), None, "Nothing is owed, so there is nothing to answer.")


def test_nothing_that_is_said_recommends_a_technology_or_takes_the_proposal_for_law():
    for profile in (MESSENGER, SITE, CLOUD_DRIVE, NETWORK):
        found = steps(profile, graded("not_met"))
        for gap in (*found.in_any_case, *found.only_as_amended):
            existing = gap.technologies
            said = " ".join([existing.sentence, *(why for _, why in existing.ruled_out)]).lower()
            assert not [word for word in ("recommended", "required", "must", "should", "the law") if word in said], said
