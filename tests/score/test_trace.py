"""The verdict trace: what a person reads who asks why a measure applies, lets the service out or does not apply."""

import json
from pathlib import Path

import examples
import pytest

from scoring.__main__ import main
from scoring.documents.plain_text import trace_text
from scoring.rules.amend import adopting, resolve
from scoring.rules.in_words import facts_in_words
from scoring.rules.load import load
from scoring.rules.profile import every_profile
from scoring.score.because import measure_because
from scoring.score.trace import MeasureTrace, trace
from scoring.score.verdict import STANDINGS_IN_WORDS, verdicts

RULES = load()
MESSENGER = {**examples.MESSENGER.profile, "technology_report": "incomplete"}
CLOUD_DRIVE = dict(examples.DRIVE.profile)
SMALL_FORUM = {**examples.SOCIAL, "tier": "tier_3"}


def of(measure: str, facts: dict[str, str], amendments=None) -> MeasureTrace:
    return next(each for each in trace(RULES, facts, amendments) if each.measure.id == measure)


def flat(text: str) -> str:
    return " ".join(text.split())


def text(facts: dict[str, str], measure: str = "", amendments=None) -> str:
    traces = tuple(each for each in trace(RULES, facts, amendments) if measure in ("", each.measure.id))
    return flat(trace_text(RULES, "Example", facts, traces))


# ----------------------------------------------------------------------------------------------- as data
@pytest.mark.slow
def test_the_trace_agrees_with_the_verdicts_on_every_profile():
    amended = resolve(RULES.drafted, RULES.recommendations)
    for profile in every_profile(RULES.facts):
        before = {each.measure.id: each for each in verdicts(RULES.drafted, profile, RULES)}
        after = {each.measure.id: each for each in verdicts(amended, profile, RULES)}
        traces = trace(RULES, profile)
        assert [each.measure.id for each in traces] == list(after)
        for each in traces:
            for regime, found in ((each.drafted, before.get(each.measure.id)), (each.amended, after[each.measure.id])):
                if found is None:
                    assert regime.scope is None and regime.standing == "not_applicable"
                    continue
                assert (regime.standing, regime.because) == (found.standing, measure_because(found, RULES))
                assert tuple(one.requirement.id for one in regime.requirements if one.owed) == found.owed
                assert any(one.lets_out for one in regime.exemptions) == bool(found.exempted_by())


@pytest.mark.slow
def test_the_parts_of_a_trace_lead_to_its_verdict():
    for profile in every_profile(RULES.facts):
        for each in trace(RULES, profile):
            for regime in each.regimes:
                if regime.scope is None:
                    continue
                out = any(
                    one.condition.held and not one.withdrawn_by and all(p.condition.held for p in one.provisos)
                    for one in regime.exemptions
                )
                expected = "not_applicable" if not regime.scope.held else "exempt" if out else "applies"
                assert expected == regime.standing, (profile, each.measure.id)


def test_a_narrowed_exemption_names_each_proviso_and_whether_it_held():
    facts = MESSENGER | {"encryption": "provider_keys"}
    exemption = of("RES-MCM3", facts).amended.exemptions[0]

    assert [(each.by.id, each.condition.held) for each in exemption.provisos] == [
        ("IJM-RES-2", True),
        ("IJM-RES-3", False),
    ]
    assert exemption.verdict == "It does not hold: the service meets its condition, but not every proviso."


def test_a_withdrawn_exemption_names_who_withdraws_it():
    exemption = of("DIS-MCM8", CLOUD_DRIVE).amended.exemptions[0]

    assert [each.id for each in exemption.withdrawn_by] == ["IJM-DIS-5"]
    assert (
        exemption.verdict
        == "Withdrawn by “Bind end-user-managed hosting to detection and removal” (IJM-DIS-5): it lets no service out."
    )
    assert of("DIS-MCM8", CLOUD_DRIVE).drafted.exemptions[0].verdict == "It holds: it lets the service out."


def test_a_requirement_that_two_recommendations_add_names_both():
    requirement = next(
        each for each in of("DIS-MCM9", CLOUD_DRIVE).amended.requirements if each.requirement.id == "DIS-MCM9.e"
    )

    assert [each.id for each in requirement.added_by] == ["IJM-DIS-3", "IJM-DIS-4"]
    assert (requirement.owed, requirement.requirement.where) == (True, "Sec. 2(b); Sec. 3")


def test_a_requirement_that_is_not_owed_says_what_it_turns_on():
    requirement = next(
        each for each in of("DIS-NEW", CLOUD_DRIVE).amended.requirements if each.requirement.id == "DIS-NEW.b"
    )

    assert not requirement.owed
    assert (
        requirement.because
        == "Not owed: it is asked only of a service that carries live video; this service carries no live video."
    )


def test_the_recommendations_not_adopted_leave_no_trace():
    adopted = adopting(RULES, ["IJM-RES-3"])
    found = of("RES-MCM3", MESSENGER, adopted)

    assert [each.by.id for each in found.amended.exemptions[0].provisos] == ["IJM-RES-3"]
    assert [each.id for each, _ in found.changed_by] == ["IJM-RES-3"]
    assert "IJM-RES-2" not in " ".join(words for _, all_ in found.changed_by for words in all_)
    assert "DIS-NEW" not in [each.measure.id for each in trace(RULES, CLOUD_DRIVE, adopting(RULES, ()))]


@pytest.mark.parametrize(
    ("measure", "facts", "interpretations"),
    [
        ("RES-MCM3", MESSENGER, ["1", "2", "7"]),
        ("RES-MCM8", MESSENGER, ["3", "4"]),
        ("RES-MCM10", MESSENGER, ["8"]),
        ("RES-MCM11", MESSENGER, ["1", "7"]),
        ("DIS-MCM8", CLOUD_DRIVE, ["5", "6"]),
        ("DIS-MCM9", CLOUD_DRIVE, ["5", "6", "8"]),
        ("DIS-NEW", CLOUD_DRIVE, ["6"]),
        ("SMS-MCM10", SMALL_FORUM, ["8"]),
    ],
)
def test_each_measure_lists_the_interpretations_that_concern_it(measure, facts, interpretations):
    assert [each.id for each in of(measure, facts).interpretations] == interpretations


def test_the_facts_given_are_said_in_the_words_of_the_questions():
    assert facts_in_words(RULES, CLOUD_DRIVE) == (
        ("Service category", "Designated internet service"),
        ("Encryption", "In transit or at rest; the provider holds the keys"),
        ("Hosting", "Managed by end-users (cloud storage and sharing)"),
        ("Live video", "No"),
    )


def test_facts_that_name_no_code_are_refused():
    with pytest.raises(ValueError, match="which code"):
        trace(RULES, {})


# ----------------------------------------------------------------------------------------------- as text
@pytest.mark.parametrize(
    "said",
    [
        "Encryption: End-to-end",
        "So it comes under the Relevant electronic services code (RES).",
        "ACT ON BREACHES OF TERMS: CLASS 1A MATERIAL (RES-MCM3)",
        "As drafted: exempt.",
        "Scope: it binds a service that is a relevant electronic service. This service is a relevant electronic service. The service is in scope.",
        "It holds: it lets the service out. [described; Sec. 2, 2(a)]",
        "Verdict. Exempt: the service holds itself not capable of reviewing and assessing material.",
        "As amended: owed.",
        "Only if the service also has eSafety's approval and has a complete report of the technologies examined – “Not capable only with eSafety's approval” (IJM-RES-3). "
        "This service has not sought eSafety's approval and has no complete report of the technologies examined. This does not hold. [described; Sec. 2(a)]",
        "Requirement “Act on breaches of the terms of service: class 1A” (RES-MCM3.a): owed. [described; Sec. 2(a)]",
        "Between the two: The exemption that let the service out holds no longer, since a proviso is not met.",
        "What the recommendations change in it: - “Bind encrypted and closed communication services” (IJM-RES-2): Narrows the exemption",
        "(interpretation 2)",
    ],
)
def test_the_text_of_a_narrowed_exemption_says(said):
    assert said in text(MESSENGER, "RES-MCM3")


@pytest.mark.parametrize(
    "said",
    [
        "As drafted: not covered. Scope: it binds a service that is a social media service and is in tier 1. "
        "This service is a social media service and is in tier 3. The service is not in scope. Exemptions: none.",
        "Requirement “Invest in detecting, disrupting and deterring CSAM” (SMS-MCM10.a): not owed. [described; Strengths]",
        "Verdict. Does not apply: it binds a service that is a social media service and is in tier 1; this service is a social media service and is in tier 3.",
        "Between the two: Nothing changes for this service.",
    ],
)
def test_the_text_of_a_measure_that_does_not_apply_says(said):
    assert said in text(SMALL_FORUM)


def test_the_text_of_a_measure_that_the_draft_does_not_have_says_who_would_add_it():
    said = text(CLOUD_DRIVE, "DIS-NEW")

    assert (
        "As drafted: not covered. Not in the text as drafted: “Disrupt and deter first-generation CSAM on every designated internet service” (IJM-DIS-2) "
        "would add this measure. As amended: owed."
    ) in said
    assert "Between the two: The recommendations add the measure." in said


def test_the_text_of_a_requirement_with_a_condition_says_who_owes_it():
    said = text(CLOUD_DRIVE, "DIS-MCM9")

    assert (
        "Owed under “Invest in detecting first-generation CSAM” (IJM-DIS-3): every service in scope; "
        "“Bind end-user-managed hosting to ongoing investment” (IJM-DIS-4): a service that is end-user-managed hosting."
    ) in said
    assert (
        "not owed. Added by “Invest in detecting first-generation CSAM” (IJM-DIS-3). Not owed: it is asked only of a service that carries live video;"
        in said
    )


@pytest.mark.parametrize("facts", list(every_profile(RULES.facts))[::17], ids=lambda facts: "-".join(facts.values()))
def test_the_text_ends_each_regime_with_the_verdict_and_never_speaks_in_ids_of_facts(facts):
    said = text(facts)
    traces = trace(RULES, facts)

    assert "Neither is the law, and this is not legal advice." in said
    for each in traces:
        for regime in each.regimes:
            assert f"{regime.name}: {STANDINGS_IN_WORDS[regime.standing]}." in said
            assert flat(regime.because) in said
    for word in (
        "tier_1",
        "end_to_end",
        "provider_keys",
        "end_user_managed",
        "not_sought",
        "not_applicable",
        "esafety_approval",
    ):
        assert word not in said


def test_a_name_that_a_user_typed_cannot_break_the_text_into_other_lines():
    said = trace_text(RULES, "A\n\nVERDICT\x0b faked", CLOUD_DRIVE, trace(RULES, CLOUD_DRIVE))

    assert said.startswith("Why each measure applies, or does not: A VERDICT faked\n")


def test_no_line_is_wider_than_a_screen():
    assert (
        max(
            len(line)
            for facts in (MESSENGER, CLOUD_DRIVE, SMALL_FORUM)
            for line in trace_text(RULES, "Example", facts, trace(RULES, facts)).splitlines()
        )
        <= 100
    )


# ------------------------------------------------------------------------------------------ command line
@pytest.fixture
def messenger(tmp_path: Path) -> Path:
    path = tmp_path / "messenger.json"
    profile = {key: value for key, value in MESSENGER.items() if key != "technology_report"}
    path.write_text(
        json.dumps(
            {
                "format": "mcm-assessment/1",
                "rulebook": RULES.version,
                "service_name": "Example Messenger",
                "saved_at": "2026-11-22T10:15:00+00:00",
                "profile": profile,
                "technologies": {},
                "answers": {},
            }
        ),
        encoding="utf-8",
    )
    return path


def test_explain_prints_every_measure_of_the_services_code(messenger, capsys):
    assert main(["explain", str(messenger)]) == 0

    said = capsys.readouterr().out
    assert said == trace_text(RULES, "Example Messenger", MESSENGER, trace(RULES, MESSENGER))
    assert [each for each in ("RES-MCM3", "RES-MCM8", "RES-MCM10", "RES-MCM11") if f"({each})\n" not in said] == []


def test_explain_prints_one_measure_when_asked(messenger, capsys):
    assert main(["explain", str(messenger), "RES-MCM8"]) == 0

    said = capsys.readouterr().out
    assert "DETECT AND REMOVE KNOWN CSAM (RES-MCM8)" in said
    assert "DISRUPT AND DETER CSAM (RES-MCM10)" not in said


@pytest.mark.parametrize("measure", ["RES-MCM9", "DIS-MCM8", "res-mcm8", ""])
def test_explain_refuses_an_unknown_measure_and_names_those_of_the_services_code(messenger, capsys, measure):
    assert main(["explain", str(messenger), measure]) == 2

    out = capsys.readouterr()
    assert out.out == ""
    assert (
        out.err
        == f"error: {messenger}: there is no measure {measure!r} for this service; allowed: RES-MCM3, RES-MCM8, RES-MCM10, RES-MCM11\n"
    )


def test_explain_takes_the_recommendations_that_are_switched_on(messenger, capsys):
    assert main(["explain", str(messenger), "RES-MCM8", "--amendments", "IJM-RES-3"]) == 0

    assert "Nothing changes for this service." in capsys.readouterr().out


def test_explain_writes_to_a_file(messenger, tmp_path, capsys):
    out = tmp_path / "why.txt"

    assert main(["explain", str(messenger), "--out", str(out)]) == 0
    assert capsys.readouterr().out == ""
    assert out.read_text(encoding="utf-8").startswith("Why each measure applies, or does not: Example Messenger\n")


def test_explain_refuses_an_assessment_that_lacks_a_fact(messenger, capsys):
    content = json.loads(messenger.read_text(encoding="utf-8"))
    del content["profile"]["encryption"]
    messenger.write_text(json.dumps(content), encoding="utf-8")

    assert main(["explain", str(messenger)]) == 2
    assert "'profile.encryption' is missing; allowed: none, provider_keys, end_to_end" in capsys.readouterr().err
