"""The not-capable dossier: what was examined, what is missing for the exemption, and what approval would change."""

import examples
import pytest

from scoring.rules.amend import adopting
from scoring.rules.load import RulebookError, load
from scoring.rules.model import Rules
from scoring.rules.technologies import said_of
from scoring.score.assessment import Answer, Assessment, all_requirements
from scoring.score.dossier import Dossier, dossier
from scoring.score.scorecard import scorecard, sentence

RULES = load()
MESSENGER = dict(examples.MESSENGER.profile)
ALWAYS = {each.id: "Too many false matches in our trial." for each in RULES.technologies if each.report == "always"}
ANSWERS = {each.id: Answer(grade="not_met") for each in all_requirements(RULES)} | {
    f"RES-MCM10.{letter}": Answer(grade="partly") for letter in "abc"
}


def saved(profile: dict[str, str], technologies: dict[str, str] | None = None) -> Assessment:
    return Assessment(
        rulebook=RULES.version,
        service_name="Example Messenger",
        saved_at="2026-11-22T10:15:00+00:00",
        profile=profile,
        technologies=technologies or {},
        answers=ANSWERS,
    )


def made(technologies: dict[str, str] | None = None, amendments=None, **facts: str) -> Dossier:
    found = dossier(RULES, saved(MESSENGER | facts, technologies), amendments)
    assert found is not None
    return found


def way_out(found: Dossier, measure: str):
    return next(each for each in found.concerned if each.measure.id == measure).amended


# ------------------------------------------------------------------------------------------ who it is for
@pytest.mark.parametrize(
    "profile",
    [
        MESSENGER | {"capable": "yes"},
        examples.WEBSITE,
        MESSENGER | {"category": "sms"},
        {},
    ],
)
def test_a_service_that_makes_no_claim_has_no_dossier(profile):
    assert dossier(RULES, saved(profile, ALWAYS)) is None


def test_the_measures_concerned_are_those_whose_exemption_turns_on_the_claim():
    assert [(each.measure.id, each.exemption.id) for each in made().concerned] == [
        ("RES-MCM3", "not_capable"),
        ("RES-MCM11", "not_capable"),
    ]


# ------------------------------------------------------------------------------------------- the report
def test_every_technology_is_there_examined_or_not():
    found = made({"client_side_hashing": "Too slow.", "safer": " "})

    assert [each.technology.id for each in found.technologies] == [each.id for each in RULES.technologies]
    said = {each.technology.id: (each.listed, each.examined) for each in found.technologies}
    assert [name for name, (listed, _) in said.items() if listed] == ["client_side_hashing", "safer"]
    assert [name for name, (_, examined) in said.items() if examined] == ["client_side_hashing"]
    assert [each.technology.id for each in found.technologies if each.belongs] == list(ALWAYS)
    assert [each.technology.id for each in found.technologies if each.lacks_reason] == ["secure_enclaves", "safer"]


def test_each_technology_carries_what_the_submission_says_of_it():
    said = {each.technology.id: dict(said_of(each.technology)) for each in made().technologies}

    assert said["photodna"]["Material"] == "not stated; listed for cloud storage"
    assert said["client_side_hashing"]["End-to-end encryption"] == "said to fit"


@pytest.mark.parametrize(
    ("technologies", "complete"),
    [
        ({}, False),
        (ALWAYS, True),
        ({**ALWAYS, "safer": ""}, False),
        ({**ALWAYS, "safer": "Not for messages."}, True),
        ({"safer": "Not for messages."}, False),
    ],
)
def test_the_report_is_complete_when_what_belongs_in_it_and_what_is_listed_has_a_reason(technologies, complete):
    found = made(technologies)

    assert found.complete is complete
    facts = saved(MESSENGER, technologies).facts(RULES)
    assert facts["technology_report"] == ("complete" if complete else "incomplete")


def test_an_incomplete_report_says_what_it_lacks():
    assert (
        made({"client_side_hashing": "Too slow."}).sentence
        == "The report is incomplete. It lacks a reason for “Hashing inside secure enclaves”."
    )
    assert (
        made(ALWAYS).sentence
        == "The report is complete: no technology that belongs in it, or is listed in it, lacks a reason."
    )


# ---------------------------------------------------------------------------------------- the exemption
def test_as_drafted_the_claim_alone_is_enough():
    for each in made().concerned:
        assert (each.drafted.holds, each.drafted.needs) == (True, ())
        assert (
            each.drafted.sentence
            == "The exemption holds. Exempt: the service holds itself not capable of reviewing and assessing material."
        )


@pytest.mark.parametrize(
    ("facts", "technologies", "needs"),
    [
        (
            {},
            {},
            {
                "IJM-RES-2": "is not encrypted or is encrypted with keys that the provider holds or has eSafety's approval",
                "IJM-RES-3": "has eSafety's approval and has a complete report of the technologies examined",
            },
        ),
        (
            {"encryption": "none"},
            {},
            {"IJM-RES-3": "has eSafety's approval and has a complete report of the technologies examined"},
        ),
        (
            {"esafety_approval": "pending"},
            ALWAYS,
            {
                "IJM-RES-2": "is not encrypted or is encrypted with keys that the provider holds or has eSafety's approval",
                "IJM-RES-3": "has eSafety's approval",
            },
        ),
        ({"esafety_approval": "granted"}, {}, {"IJM-RES-3": "has a complete report of the technologies examined"}),
        ({"esafety_approval": "granted"}, ALWAYS, {}),
    ],
)
def test_what_is_missing_for_the_exemption_is_what_fails_and_nothing_else(facts, technologies, needs):
    found = way_out(made(technologies, **facts), "RES-MCM3")

    assert {each.by.id: each.needs for each in found.needs} == needs
    assert found.holds is not bool(needs)


def test_a_need_says_whose_proviso_it_is_and_where_it_stands():
    assert way_out(made(), "RES-MCM11").needs[0].sentence == (
        "“Not capable only with eSafety's approval” (IJM-RES-3): it would hold if the service has eSafety's approval "
        "and has a complete report of the technologies examined. [Sec. 2(a)]"
    )


def test_an_exemption_that_does_not_hold_says_for_whom_it_would():
    assert way_out(made(), "RES-MCM11").sentence == (
        "The exemption does not hold: it is now only for a service that has eSafety's approval and has a complete report of the technologies examined – "
        "“Not capable only with eSafety's approval” (IJM-RES-3)."
    )


def test_without_recommendations_the_exemption_holds_in_both_regimes():
    assert [each.amended.holds for each in made(amendments=adopting(RULES, ())).concerned] == [True, True]


def test_with_one_recommendation_only_its_proviso_counts():
    found = made(amendments=adopting(RULES, ["IJM-RES-2"]), esafety_approval="granted")

    assert [each.amended.holds for each in found.concerned] == [True, True]


# ------------------------------------------------------------------------------------------- the effect
def test_approval_alone_changes_nothing_and_with_a_complete_report_it_lets_the_service_out():
    now, approved, complete = made().cases

    assert [(each.card.amended.sums.points, each.card.amended.sums.out_of) for each in (now, approved, complete)] == [
        (3, 16),
        (3, 16),
        (3, 12),
    ]
    assert complete.title == "With approval and a complete report"
    assert sentence(complete.card) == (
        "As drafted: 1 of 4 measures is owed, 3 of 6 points. As amended: 2 of 4 measures are owed, 3 of 12 points."
    )


def test_approval_never_changes_the_drafted_score():
    assert {each.card.drafted.sums for each in made().cases} == {made().cases[0].card.drafted.sums}


def test_as_things_stand_is_the_scorecard_itself():
    assert (
        made(ALWAYS, esafety_approval="refused").cases[0].card.rows
        == scorecard(RULES, saved(MESSENGER | {"esafety_approval": "refused"}, ALWAYS)).rows
    )


def test_while_a_fact_is_missing_nothing_is_said_of_exemption_or_score():
    profile = {key: value for key, value in MESSENGER.items() if key != "esafety_approval"}
    found = dossier(RULES, saved(profile, ALWAYS))

    assert found is not None and found.complete
    assert ([each.id for each in found.missing], found.concerned, found.cases) == (["esafety_approval"], (), ())


# --------------------------------------------------------------------------------------------- the data
def with_approval(value: str | None) -> Rules:
    facts = tuple(each.model_copy(update={"approval": value}) if each.approval else each for each in RULES.facts)
    return RULES.model_copy(update={"facts": facts})


def test_which_value_grants_approval_is_the_rulebooks_to_say():
    found = dossier(with_approval("refused"), saved(MESSENGER))

    assert found is not None
    assert [each.card.facts["esafety_approval"] for each in found.cases] == ["not_sought", "refused", "refused"]


def test_a_rulebook_without_approval_shows_only_how_things_stand():
    found = dossier(with_approval(None), saved(MESSENGER))

    assert found is not None
    assert [each.title for each in found.cases] == ["As things stand"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'approval = "given"',
            "facts.toml: esafety_approval: 'approval' is 'given'; allowed: not_sought, pending, refused, granted",
        ),
        ("approval = 1", "facts.toml: esafety_approval: 'approval' is 1"),
    ],
)
def test_an_approval_that_is_no_value_of_the_fact_is_refused(edited_rulebook, text, said):
    with pytest.raises(RulebookError) as error:
        load(edited_rulebook("facts.toml", text, replace='approval = "granted"'))
    assert str(error.value).startswith(said)


def test_two_facts_that_grant_approval_are_refused(edited_rulebook):
    with pytest.raises(RulebookError) as error:
        load(edited_rulebook("facts.toml", 'title = "Live video"\napproval = "yes"', replace='title = "Live video"'))
    assert str(error.value) == "facts.toml: livestream and esafety_approval: only one fact may have 'approval'"


def test_nothing_that_is_said_calls_the_proposal_law_or_recommends_a_technology():
    found = made()
    said = " ".join(
        [
            found.sentence,
            *(way.sentence for each in found.concerned for way in (each.drafted, each.amended)),
        ]
    ).lower()

    assert not [word for word in ("required", "must", "should", "law ", "recommended technology") if word in said]
