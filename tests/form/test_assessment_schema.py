"""The JSON Schema of a saved assessment: files that are opened fit it, files that are refused do not, and it is published as it is made."""

import json
from pathlib import Path

import pytest
from hostile import many, saved_anyhow, wrong_in_saved
from jsonschema import Draft202012Validator
from schema import LOOSER, SCHEMA, fits

from scoring.__main__ import main
from scoring.form import assessment_schema
from scoring.rules.model import Rules
from scoring.score.assessment_file import AssessmentError, from_json, to_json
from scoring.score.tally import GRADES

ROOT = Path(__file__).parents[2]
FILES = [
    *(ROOT / "tests" / "assessments").glob("*.json"),
    *(ROOT / "questionnaire" / "session" / "samples").glob("*.json"),
]
PUBLISHED = Path(assessment_schema.__file__).with_name("assessment.schema.json")
CONTRACT = """{
  "format": "mcm-assessment/2",
  "rulebook": "v2.0-2023-03/ijm-1",
  "provider": "Example Pty Ltd",
  "service_name": "Example Messenger",
  "saved_at": "2026-11-22T10:15:00+00:00",
  "profile": {"category": "res", "tier": "tier_1", "encryption": "end_to_end", "communication": "closed",
              "hosting": "provider_managed", "livestream": "yes", "capable": "no", "esafety_approval": "not_sought"},
  "technologies": {"client_side_hashing": "Examined March 2026; false-positive rate too high because ..."},
  "answers": {"RES-MCM10.a": {"grade": "partly", "note": "Reporting prompts since 2025",
                 "since": "2025-03-01",
                 "evidence": [{"what": "Trust and safety policy, section 4", "where": "https://example.org/policy",
                               "dated": "2026-05-01", "good_until": "2027-05-01"}],
                 "plan": {"action": "Prompts in group chats too", "owner": "Safety engineering",
                          "due": "2027-01-31", "status": "planned", "grade": "met"}},
              "RES-MCM8.a": {"grade": "not_met", "note": ""}},
  "sign_off": {"prepared_by": "", "approved_by": "", "approved_on": ""},
  "review": {"reviewer": "", "reviewed_on": "", "marks": {"RES-MCM10.a":
                 {"mark": "revise", "comment": "Which groups?", "of": {"grade": "partly", "note": "..."}}}}
}"""
"""The example of the contract, as it stands there."""


def test_the_schema_that_is_published_is_the_one_that_the_rules_make(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["schema"]) == 0
    made = capfdbinary.readouterr().out
    Draft202012Validator.check_schema(json.loads(made))
    assert PUBLISHED.read_bytes() == made, (
        f"to accept the change: python -m scoring schema --out {PUBLISHED.relative_to(ROOT)}"
    )


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_saved_assessment_fits_the_schema_as_it_is_and_as_it_is_saved_again(path: Path, rules: Rules) -> None:
    assert fits(path.read_bytes()) is True
    assert fits(to_json(from_json(path.read_bytes(), rules), rules)) is True


def test_the_example_of_the_contract_fits_the_schema_and_opens(rules: Rules) -> None:
    assert fits(CONTRACT.encode()) is True
    assert from_json(CONTRACT.encode(), rules).provider == "Example Pty Ltd"


def test_not_feasible_fits_only_where_the_text_has_that_caveat(rules: Rules) -> None:
    for requirement in rules.regimes.amended.requirements():
        for answer in ({"grade": "not_feasible"}, {"plan": {"grade": "not_feasible"}}):
            content = json.loads(CONTRACT) | {"answers": {requirement.id: answer}}
            assert fits(json.dumps(content).encode()) is requirement.where_feasible


@pytest.mark.parametrize("text", ["v2.0-2023-03/ijm-1", "2026-11-22T10:15:00+00:00", "2025-03-01", "2027-01-31"])
def test_a_line_end_behind_a_version_a_moment_or_a_day_is_refused_and_does_not_fit(text: str, rules: Rules) -> None:
    data = CONTRACT.replace(f'"{text}"', f'"{text}\\n"', 1).encode()
    with pytest.raises(AssessmentError, match="allowed"):
        from_json(data, rules)
    assert fits(data) is False


def test_what_the_second_format_brought_does_not_fit_the_first() -> None:
    former = json.loads(CONTRACT) | {"format": "mcm-assessment/1"}
    assert fits(json.dumps(former).encode()) is False
    for key in ("provider", "sign_off", "review", "answers"):
        del former[key]
    assert fits(json.dumps(former).encode()) is True


@pytest.mark.parametrize("make", [wrong_in_saved, saved_anyhow], ids=lambda make: make.__name__)
def test_schema_and_reader_agree_on_hostile_files(make: object, rules: Rules) -> None:
    """What is opened fits; what is refused does not, unless for a reason that a schema cannot say."""
    for case in many(250, make):
        try:
            from_json(case.data, rules)
        except AssessmentError as error:
            assert fits(case.data) is not True or LOOSER.search(str(error)), (case.what, str(error))
        else:
            assert fits(case.data.removeprefix(b"\xef\xbb\xbf")) is True, case.what


def test_every_id_value_and_grade_of_the_rules_is_in_it(rules: Rules) -> None:
    said = json.dumps(SCHEMA)
    ids = [*(fact.id for fact in rules.facts if not fact.derived_from_technologies), *GRADES]
    ids += [known.id for known in (*rules.technologies, *rules.regimes.amended.requirements())]
    assert [known for known in ids if f'"{known}"' not in said] == []
