"""How the house is built: scoring knows no screen, code holds no facts of law, and the rules are an edit of TOML alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scoring.amend import resolve
from scoring.assessment import from_json, to_json
from scoring.facts import every_profile
from scoring.load import load
from scoring.model import Rules
from scoring.scorecard import csv_bytes, scorecard, sentence
from scoring.text import rulebooks_as_text

ROOT = Path(__file__).parents[1]
SCORING = sorted((ROOT / "scoring").rglob("*.py"))
QUESTIONNAIRE = sorted((ROOT / "questionnaire").rglob("*.py"))
PRODUCT = [*SCORING, *QUESTIONNAIRE, *ROOT.glob("*.py")]
NAMED_LIKE_A_PAGE = {"not_capable"}
"""The wizard has a page, a step and an address of this name; it is also what an exemption is called in the rules."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "."


# ------------------------------------------------------------------------------------------------- the wings
@pytest.mark.parametrize("path", SCORING, ids=named)
def test_scoring_imports_neither_streamlit_nor_the_questionnaire(path: Path) -> None:
    assert {each.partition(".")[0] for each in imported(path)}.isdisjoint({"streamlit", "questionnaire", "app"})


def test_all_of_scoring_can_be_loaded_without_a_screen() -> None:
    modules = [named(path).removesuffix(".py").replace("/", ".") for path in SCORING if path.stem not in ("__init__", "__main__")]
    program = f"import importlib, sys\nfor each in {modules!r}: importlib.import_module(each)\nsys.exit('streamlit' in sys.modules or 'questionnaire' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("name", ["engine", "amend", "conditions", "facts", "model"])
def test_the_engine_reads_no_file_no_clock_no_chance_and_no_environment(name: str) -> None:
    found = {each.partition(".")[0] for each in imported(ROOT / "scoring" / f"{name}.py")}
    assert found <= {"collections", "dataclasses", "functools", "typing", "types", "itertools", "numpy", "pydantic", "scoring", "math"}
    called = {node.func.id for node in ast.walk(tree(ROOT / "scoring" / f"{name}.py")) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called.isdisjoint({"open", "print", "input", "eval", "exec"})


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_no_function_changes_a_global(path: Path) -> None:
    assert [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Global)] == []


# ------------------------------------------------------------------------------------- no facts of law in code
@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_no_measure_requirement_or_recommendation_is_named_in_code(path: Path, rules: Rules) -> None:
    amended = resolve(rules.drafted, rules.recommendations)
    ids = [*(each.id for each in amended.measures), *(each.id for each in amended.requirements()), *(each.id for each in rules.recommendations)]
    text = path.read_text(encoding="utf-8")
    assert [each for each in ids if re.search(rf"(?<![\w-]){re.escape(each)}(?!\w)", text)] == []
    assert re.findall(r"\bMCM ?\d+|\bIJM-\w+-\d", text) == []


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_no_exemption_or_technology_is_named_in_code(path: Path, rules: Rules) -> None:
    amended = resolve(rules.drafted, rules.recommendations)
    ids = {each.id for measure in amended.measures for each in measure.exemptions} | {each.id for each in rules.technologies}
    if path in QUESTIONNAIRE:
        ids -= NAMED_LIKE_A_PAGE
    assert {node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)} & ids == set()


def test_the_scans_find_what_they_look_for() -> None:
    with pytest.raises(AssertionError):
        test_no_measure_requirement_or_recommendation_is_named_in_code(Path(__file__).with_name("test_amend.py"), load())
    with pytest.raises(AssertionError):
        test_no_exemption_or_technology_is_named_in_code(Path(__file__).with_name("test_amend.py"), load())
    assert {"streamlit", "pytest"} & set(imported(Path(__file__).with_name("test_amend.py"))) == {"pytest"}


# ------------------------------------------------------------------------------------------------- it is said
@pytest.mark.parametrize("path", [*SCORING, *QUESTIONNAIRE], ids=named)
def test_every_module_public_function_and_class_says_what_it_is(path: Path) -> None:
    module = tree(path)
    public = [node for node in module.body if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")]
    silent = [node.name for node in public if not ast.get_docstring(node)]
    assert silent == []
    assert ast.get_docstring(module) or not module.body


# ----------------------------------------------------------------------------- the rules are an edit of TOML alone
NEW_MEASURE = """
[[measure]]
id = "SMS-X"
code = "SMS"
title = "Answer reports within a day"
scope = { category = "sms", livestream = "yes" }
basis = "inferred"
where = "Sec. 9"

[[measure.exemption]]
id = "small"
title = "Small service"
when = { tier = "tier_3" }
basis = "inferred"
where = "Sec. 9"

[[measure.requirement]]
id = "SMS-X.a"
title = "Answer reports"
text = "Reports are answered within a day."
covers = "CSAM"
basis = "inferred"
where = "Sec. 9"
"""
NEW_RECOMMENDATION = """
[[recommendation]]
id = "IJM-SMS-2"
code = "SMS"
title = "Small services answer reports too"
ask = "SMS-X should bind small services."
where = "Sec. 9"

[[recommendation.change]]
kind = "withdraw_exemption"
measure = "SMS-X"
exemption = "small"
expects = { tier = "tier_3" }

[[recommendation.change]]
kind = "add_requirement"
measure = "SMS-X"
expects = ["SMS-X.a"]
[recommendation.change.requirement]
id = "SMS-X.b"
title = "Publish how many"
text = "The number of reports is published."
covers = "CSAM"
when = { hosting = "end_user_managed" }
basis = "inferred"
where = "Sec. 9"
"""
NEW_TECHNOLOGY = """
[[technology]]
id = "new_filter"
title = "A new filter"
who = "A maker"
for = ["Known CSAM"]
cloud_storage = false
runs = "on the device"
end_to_end = "yes"
report = "always"
where = "Sec. 9"

[material]
"""
SMALL_STREAMER = b"""{
  "format": "mcm-assessment/1", "rulebook": "v2.0-2023-03/ijm-1", "service_name": "Small streamer", "saved_at": "2026-11-22T10:15:00+00:00",
  "profile": {"category": "sms", "tier": "tier_3", "encryption": "none", "hosting": "end_user_managed", "livestream": "yes"},
  "technologies": {"new_filter": "Too slow."},
  "answers": {"SMS-X.a": {"grade": "partly", "note": ""}, "SMS-X.b": {"grade": "met", "note": ""}}
}"""


@pytest.fixture
def wider(edited_rulebook: Callable[..., Path]) -> Rules:
    """The rules with a new measure, a new recommendation that changes it, and a new technology: TOML and nothing else."""
    edited_rulebook("code.toml", NEW_MEASURE)
    edited_rulebook("amendments.toml", NEW_RECOMMENDATION)
    return load(edited_rulebook("technologies.toml", NEW_TECHNOLOGY, replace="\n[material]\n"))


def test_a_new_measure_and_a_new_recommendation_are_scored_as_soon_as_they_are_in_the_files(wider: Rules) -> None:
    card = scorecard(wider, from_json(SMALL_STREAMER, wider))
    assert {line.measure.id: (line.status, line.sums.points, line.sums.out_of) for line in card.drafted.lines} == {
        "SMS-MCM10": ("not_applicable", 0, 0), "SMS-X": ("exempt", 0, 0),
    }
    assert {line.measure.id: (line.status, line.sums.points, line.sums.out_of) for line in card.amended.lines} == {
        "SMS-MCM10": ("not_applicable", 0, 0), "SMS-X": ("partly_met", 3, 4),
    }
    assert card.changes == {"SMS-MCM10": "unchanged", "SMS-X": "exemption_withdrawn"}
    assert {row.requirement: row.change for row in card.rows if row.measure == "SMS-X"} == {"SMS-X.a": "exemption_withdrawn", "SMS-X.b": "requirement_added"}
    assert card.drafted.line("SMS-X").because == "Exempt: the service is in tier 3."
    assert card.amended.line("SMS-X").because == (
        "Applies: the service is a social media service and carries live video; “Small services answer reports too” (IJM-SMS-2) withdraws the exemption “Small service”."
    )
    assert sentence(card) == "As drafted: no obligations apply. With IJM's 10 recommendations: 1 of 2 measures applies, 3 of 4 points."
    assert csv_bytes(card).count(b"SMS-X.b") == 1


def test_a_new_technology_that_belongs_in_every_report_is_asked_for_as_soon_as_it_is_in_the_file(wider: Rules, rules: Rules) -> None:
    examined = {"client_side_hashing": "Too slow.", "secure_enclaves": "Too slow."}
    messenger = from_json((ROOT / "tests" / "assessments" / "encrypted_messenger.json").read_bytes(), rules).model_copy(update={"technologies": examined})
    assert messenger.facts(rules)["technology_report"] == "complete"
    assert messenger.facts(wider)["technology_report"] == "incomplete"
    assert messenger.model_copy(update={"technologies": {**examined, "new_filter": "Too slow."}}).facts(wider)["technology_report"] == "complete"


def test_new_rules_are_saved_resumed_and_printed_like_any_other(wider: Rules) -> None:
    assessment = from_json(SMALL_STREAMER, wider)
    assert from_json(to_json(assessment, wider), wider) == assessment
    said = rulebooks_as_text(wider, wider.recommendations)
    assert all(each in said for each in ("SMS-X.a", "SMS-X.b", "Small services answer reports too (IJM-SMS-2)"))


def test_a_new_value_of_a_fact_is_in_every_profile_as_soon_as_it_is_in_the_file(edited_rulebook: Callable[..., Path]) -> None:
    tier_4 = """  { id = "tier_3", short = "tier 3", label = "Tier 3", phrase = "is in tier 3" },
  { id = "tier_4", label = "Tier 4", phrase = "is in tier 4" },
"""
    wider = load(edited_rulebook("facts.toml", tier_4, replace=tier_4.splitlines(keepends=True)[0]))
    assert len(list(every_profile(wider.facts))) == 4 * 3 * 2 * 2 + 4 * 3 * 2 * 2 * 2 * (1 + 4 * 2) + (4 + 1) * 3 * 2


def test_a_condition_that_is_not_asked_of_the_service_still_reads_as_a_sentence(edited_rulebook: Callable[..., Path]) -> None:
    wider = load(edited_rulebook("amendments.toml", 'when = { tier = "tier_1" }', replace='when = { livestream = "yes" }', after='id = "DIS-MCM9.f"'))
    drive = from_json((ROOT / "tests" / "assessments" / "cloud_drive.json").read_bytes(), wider)
    row = next(row for row in scorecard(wider, drive).rows if row.requirement == "DIS-MCM9.f")
    assert row.amended_because == "Not owed: it is asked only of a service that is in tier 1."
