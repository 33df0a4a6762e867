"""How the house is built: scoring knows no screen, code holds no facts of law, and the rules are an edit of TOML alone."""

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from scoring.documents.plain_text import rulebooks_as_text
from scoring.rules.amend import resolve
from scoring.rules.load import load
from scoring.rules.model import Rules
from scoring.rules.profile import every_profile
from scoring.score.assessment_file import from_json, to_json
from scoring.score.scorecard import scorecard, sentence
from scoring.score.scorecard_file import csv_bytes
from scoring.score.trace import trace

ROOT = Path(__file__).parents[1]
SCORING = sorted((ROOT / "scoring").rglob("*.py"))
QUESTIONNAIRE = sorted((ROOT / "questionnaire").rglob("*.py"))
SCORING_FOLDER = ROOT / "scoring"
PRODUCT = [*SCORING, *QUESTIONNAIRE, *ROOT.glob("*.py")]
NAMED_LIKE_A_PAGE = {"not_capable"}
"""The wizard has a page, a step, an address and a group of questions of this name; it is also what an exemption is called in the rules."""


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
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
def test_scoring_imports_neither_streamlit_nor_the_questionnaire() -> None:
    for path in SCORING:
        roots = {module.partition(".")[0] for module in imported(path)}
        assert roots.isdisjoint({"streamlit", "questionnaire", "app"}), named(path)


def test_all_of_scoring_can_be_loaded_without_a_screen() -> None:
    modules = [
        named(path).removesuffix(".py").replace("/", ".")
        for path in SCORING
        if path.stem not in ("__init__", "__main__")
    ]
    program = f"import importlib, sys\nfor each in {modules!r}: importlib.import_module(each)\nsys.exit('streamlit' in sys.modules or 'questionnaire' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize(
    "name",
    [
        "score/verdict",
        "score/tally",
        "score/because",
        "rules/amend",
        "rules/conditions",
        "rules/profile",
        "rules/model",
    ],
)
def test_the_engine_reads_no_file_no_clock_no_chance_and_no_environment(name: str) -> None:
    found = {each.partition(".")[0] for each in imported(SCORING_FOLDER / f"{name}.py")}
    assert found <= {
        "collections",
        "dataclasses",
        "functools",
        "typing",
        "types",
        "itertools",
        "numpy",
        "pydantic",
        "scoring",
        "math",
        "fractions",
    }
    called = {
        node.func.id
        for node in ast.walk(tree(SCORING_FOLDER / f"{name}.py"))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called.isdisjoint({"open", "print", "input", "eval", "exec"})


FOLDERS = {
    "scoring": (
        "files",
        "rules",
        "score",
        "follow_up",
        "kinds",
        "portfolio",
        "documents",
        "record",
        "workbooks",
        "form",
        "returns",
        "commands",
    ),
    "questionnaire": ("streamlit_inside", "session", "browser", "page_parts", "wizard", "tool_pages", "returns"),
}
"""The folders of each wing, in the one order: a folder uses only those that stand before it, and any of the wings before its own."""
MOST_MODULES = 12
MOST_LINES = 320


def folder(module: str) -> str:
    """The folder of a module, by the module's full name; "" for what stands in no folder."""
    wing, *inner = module.split(".")
    return inner[0] if wing in FOLDERS and inner and inner[0] in FOLDERS[wing] else ""


def modules_used(path: Path) -> Iterator[str]:
    """Every module of the product that a file imports, wherever in it, by its full name."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in FOLDERS:
            for name in node.names:
                inner = ROOT / node.module.replace(".", "/") / name.name
                yield (
                    f"{node.module}.{name.name}" if inner.with_suffix(".py").exists() or inner.is_dir() else node.module
                )
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.split(".")[0] in FOLDERS)


def test_a_folder_uses_only_those_above_it_in_the_list() -> None:
    for path in (*SCORING, *QUESTIONNAIRE):
        wing, *inner = path.relative_to(ROOT).parts
        if inner[0] not in FOLDERS[wing]:
            continue
        allowed = FOLDERS[wing][: FOLDERS[wing].index(inner[0]) + 1]
        own_wing = [module for module in modules_used(path) if module.split(".")[0] == wing]
        assert [module for module in own_wing if folder(module) not in allowed] == [], named(path)


@pytest.mark.parametrize("wing", FOLDERS)
def test_each_folder_is_in_the_list(wing: str) -> None:
    folders = {path.name for path in (ROOT / wing).iterdir() if path.is_dir() and list(path.glob("*.py"))}
    assert folders == set(FOLDERS[wing])


def test_no_modules_use_one_another_in_a_circle() -> None:
    uses = {module_name(path): set(modules_used(path)) for path in [*SCORING, *QUESTIONNAIRE]}
    settled: set[str] = set()
    while ready := {name for name, used in uses.items() if name not in settled and used & set(uses) <= settled}:
        settled |= ready
    assert sorted(set(uses) - settled) == []


def module_name(path: Path) -> str:
    """The full name by which a module is imported."""
    return named(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def test_no_two_modules_have_one_name_unless_the_one_shows_what_the_other_computes() -> None:
    names = {
        wing: [path.stem for path in (ROOT / wing).rglob("*.py") if not path.stem.startswith("__")] for wing in FOLDERS
    }
    for modules in names.values():
        assert sorted({name for name in modules if modules.count(name) > 1}) == []
    assert {*names["scoring"]} & {*names["questionnaire"]} <= SHOWN


SHOWN = {
    "gaps",
    "plan",
    "trace",
    "scorecard",
    "obligations",
    "map",
    "summary",
    "verify",
    "coverage",
    "compare",
}
"""What scoring computes and a page or a part of a page of the same name shows."""


@pytest.mark.parametrize("wing", FOLDERS)
def test_a_folder_has_few_modules(wing: str) -> None:
    for name in FOLDERS[wing]:
        modules = [path.stem for path in (ROOT / wing / name).glob("*.py") if path.stem != "__init__"]
        assert len(modules) <= MOST_MODULES, f"{wing}/{name} has {len(modules)} modules"


def test_no_module_is_long() -> None:
    lines = {named(path): path.read_text(encoding="utf-8").count("\n") for path in PRODUCT}
    long = {path: count for path, count in lines.items() if count > MOST_LINES}
    assert long == {}, "which part of it is a module of its own?"


def test_no_function_changes_a_global() -> None:
    changing = [named(path) for path in PRODUCT if any(isinstance(node, ast.Global) for node in ast.walk(tree(path)))]
    assert changing == []


# ------------------------------------------------------------------------------------- no facts of law in code
def ids_in(path: Path, rules: Rules) -> list[str]:
    """The measures, requirements and recommendations that a file names."""
    amended = resolve(rules.drafted, rules.recommendations)
    ids = [
        *(each.id for each in amended.measures),
        *(each.id for each in amended.requirements()),
        *(each.id for each in rules.recommendations),
    ]
    text = path.read_text(encoding="utf-8")
    named_ids = re.findall(rf"(?<![\w-])(?:{'|'.join(map(re.escape, ids))})(?!\w)", text)
    return [*named_ids, *re.findall(r"\bMCM ?\d+|\bIJM-\w+-\d", text)]


def exemptions_and_technologies_in(path: Path, rules: Rules) -> set[str]:
    """The exemptions and technologies that a file names."""
    amended = resolve(rules.drafted, rules.recommendations)
    ids = {each.id for measure in amended.measures for each in measure.exemptions} | {
        each.id for each in rules.technologies
    }
    if path in QUESTIONNAIRE or path.parent.name == "form":
        ids -= NAMED_LIKE_A_PAGE
    return ids & {
        node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


@pytest.mark.parametrize("names_in", [ids_in, exemptions_and_technologies_in])
def test_no_measure_requirement_recommendation_exemption_or_technology_is_named_in_code(
    names_in: Callable[[Path, Rules], list[str] | set[str]], rules: Rules
) -> None:
    assert {named(path): names for path in PRODUCT if (names := names_in(path, rules))} == {}


def test_the_scans_find_what_they_look_for() -> None:
    full = Path(__file__).parent / "rules" / "test_amend.py"
    assert ids_in(full, load()) and exemptions_and_technologies_in(full, load())
    assert {"streamlit", "pytest"} & set(imported(full)) == {"pytest"}


# ------------------------------------------------------------------------------------------------- it is said
def test_every_module_public_function_and_class_says_what_it_is() -> None:
    for path in (*SCORING, *QUESTIONNAIRE):
        module = tree(path)
        public = [
            node
            for node in module.body
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        ]
        assert [node.name for node in public if not ast.get_docstring(node)] == [], named(path)
        assert ast.get_docstring(module) or not module.body, named(path)


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
question = "Do you answer reports?"
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
question = "Do you publish how many?"
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
        "SMS-MCM10": ("not_applicable", 0, 0),
        "SMS-X": ("exempt", 0, 0),
    }
    assert {line.measure.id: (line.status, line.sums.points, line.sums.out_of) for line in card.amended.lines} == {
        "SMS-MCM10": ("not_applicable", 0, 0),
        "SMS-X": ("partly_met", 3, 4),
    }
    assert {traced.measure.id: traced.change for traced in trace(wider, card.facts)} == {
        "SMS-MCM10": "unchanged",
        "SMS-X": "exemption_withdrawn",
    }
    assert {row.requirement: row.change for row in card.rows if row.measure == "SMS-X"} == {
        "SMS-X.a": "exemption_withdrawn",
        "SMS-X.b": "requirement_added",
    }
    assert card.drafted.line("SMS-X").because == "Exempt: the service is in tier 3."
    assert card.amended.line("SMS-X").because == (
        "Applies: the service is a social media service and carries live video; “Small services answer reports too” (IJM-SMS-2) withdraws the exemption “Small service”."
    )
    assert sentence(card) == "As drafted: nothing is owed. As amended: 1 of 2 measures is owed, 3 of 4 points."
    assert csv_bytes(card).count(b"SMS-X.b") == 1


def test_a_new_technology_that_belongs_in_every_report_is_asked_for_as_soon_as_it_is_in_the_file(
    wider: Rules, rules: Rules
) -> None:
    examined = {"client_side_hashing": "Too slow.", "secure_enclaves": "Too slow."}
    messenger = from_json((ROOT / "tests" / "assessments" / "encrypted_messenger.json").read_bytes(), rules).model_copy(
        update={"technologies": examined}
    )
    assert messenger.facts(rules)["technology_report"] == "complete"
    assert messenger.facts(wider)["technology_report"] == "incomplete"
    assert (
        messenger.model_copy(update={"technologies": {**examined, "new_filter": "Too slow."}}).facts(wider)[
            "technology_report"
        ]
        == "complete"
    )


def test_new_rules_are_saved_resumed_and_printed_like_any_other(wider: Rules) -> None:
    assessment = from_json(SMALL_STREAMER, wider)
    assert from_json(to_json(assessment, wider), wider) == assessment
    said = rulebooks_as_text(wider, wider.regimes)
    assert all(each in said for each in ("SMS-X.a", "SMS-X.b", "Small services answer reports too (IJM-SMS-2)"))


def test_a_new_value_of_a_fact_is_in_every_profile_as_soon_as_it_is_in_the_file(
    edited_rulebook: Callable[..., Path],
) -> None:
    tier_4 = """  { id = "tier_3", short = "tier 3", label = "Tier 3", phrase = "is in tier 3" },
  { id = "tier_4", label = "Tier 4", phrase = "is in tier 4" },
"""
    wider = load(edited_rulebook("facts.toml", tier_4, replace=tier_4.splitlines(keepends=True)[0]))
    assert len(list(every_profile(wider.facts))) == 4 * 3 * 2 * 2 + 4 * 3 * 2 * 2 * 2 * (1 + 4 * 2) + (4 + 1) * 3 * 2


def test_a_condition_that_is_not_asked_of_the_service_still_reads_as_a_sentence(
    edited_rulebook: Callable[..., Path],
) -> None:
    wider = load(
        edited_rulebook(
            "amendments.toml",
            'when = { tier = "tier_1" }',
            replace='when = { livestream = "yes" }',
            after='id = "DIS-MCM9.f"',
        )
    )
    drive = from_json((ROOT / "tests" / "assessments" / "cloud_drive.json").read_bytes(), wider)
    row = next(row for row in scorecard(wider, drive).rows if row.requirement == "DIS-MCM9.f")
    assert row.amended_because == "Not owed: it is asked only of a service that is in tier 1."
