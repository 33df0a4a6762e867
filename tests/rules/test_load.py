"""The rulebook files: what is in them, and that a broken one stops the program with file, id and what is wrong."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, ValidationError

from scoring.rules.amend import resolve
from scoring.rules.load import RulebookError, load
from scoring.rules.model import Basis, Rules

BROKEN = tomllib.loads((Path(__file__).parents[1] / "bad_rulebooks.toml").read_text(encoding="utf-8"))["broken"]
FILES = ("facts.toml", "code.toml", "amendments.toml", "technologies.toml")


# ------------------------------------------------------------------------------------------ broken files
@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["name"])
def test_a_broken_rulebook_file_is_refused_with_file_id_and_what_is_wrong(
    case: dict[str, Any], edited_rulebook: Callable[..., Path]
) -> None:
    for edit in (case, *case.get("also", ())):
        folder = edited_rulebook(
            edit["file"], edit["with"], replace=edit.get("replace", ""), after=edit.get("after", "")
        )
    with pytest.raises(RulebookError) as refused:
        load(folder)
    assert str(refused.value) == case["says"]
    assert refused.value.file == case.get("names", case["file"])
    assert refused.value.what


def test_each_way_of_breaking_a_rulebook_file_has_a_name_of_its_own() -> None:
    names = [case["name"] for case in BROKEN]
    assert sorted(set(names)) == sorted(names)


def test_the_copy_that_the_broken_files_are_made_from_is_sound(
    edited_rulebook: Callable[..., Path], rules: Rules
) -> None:
    assert load(edited_rulebook("code.toml", "\n# a remark\n")) == rules


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_absent_is_refused(name: str, edited_rulebook: Callable[..., Path]) -> None:
    folder = edited_rulebook(name, "")
    (folder / name).unlink()
    with pytest.raises(RulebookError) as refused:
        load(folder)
    assert str(refused.value) == f"{name}: cannot be read: No such file or directory"


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_utf_8_is_refused(name: str, edited_rulebook: Callable[..., Path]) -> None:
    folder = edited_rulebook(name, "")
    (folder / name).write_bytes("# Pönität\n".encode("latin-1"))
    with pytest.raises(RulebookError) as refused:
        load(folder)
    assert str(refused.value) == f"{name}: is not UTF-8 text"


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("version = v2\n", 1),
        ('version = "v2"\nversion = "v2"\n', 2),
        ('[code]\nid = "SMS"\n[[code]]\nid = "RES"\n', 3),
        ("version\n", 1),
    ],
    ids=["no quotes", "one key twice", "a table that is also a list", "no value"],
)
def test_a_file_that_is_not_toml_is_refused_with_the_line(
    name: str, content: str, line: int, edited_rulebook: Callable[..., Path]
) -> None:
    folder = edited_rulebook(name, "")
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(RulebookError) as refused:
        load(folder)
    assert re.fullmatch(rf"{name}: is not TOML: .+ \(at line {line}, column \d+\)", str(refused.value))


# --------------------------------------------------------------------------------------- the real files
def test_the_drafted_rulebook_has_the_seven_established_measures_and_no_other(rules: Rules) -> None:
    assert {measure.id: [each.id for each in measure.requirements] for measure in rules.drafted.measures} == {
        "SMS-MCM10": ["SMS-MCM10.a", "SMS-MCM10.b", "SMS-MCM10.c"],
        "RES-MCM3": ["RES-MCM3.a"],
        "RES-MCM8": ["RES-MCM8.a", "RES-MCM8.b"],
        "RES-MCM10": ["RES-MCM10.a", "RES-MCM10.b", "RES-MCM10.c"],
        "RES-MCM11": ["RES-MCM11.a"],
        "DIS-MCM8": ["DIS-MCM8.a", "DIS-MCM8.b"],
        "DIS-MCM9": ["DIS-MCM9.a", "DIS-MCM9.b", "DIS-MCM9.c"],
    }


def test_there_are_nine_recommendations_each_for_one_code(rules: Rules) -> None:
    assert [(each.id, each.code) for each in rules.recommendations] == [
        ("IJM-SMS-1", "SMS"),
        ("IJM-RES-1", "RES"),
        ("IJM-RES-2", "RES"),
        ("IJM-RES-3", "RES"),
        ("IJM-DIS-1", "DIS"),
        ("IJM-DIS-2", "DIS"),
        ("IJM-DIS-3", "DIS"),
        ("IJM-DIS-4", "DIS"),
        ("IJM-DIS-5", "DIS"),
    ]


def test_only_one_requirement_carries_the_caveat(rules: Rules) -> None:
    amended = resolve(rules.drafted, rules.recommendations)
    assert [each.id for each in amended.requirements() if each.where_feasible] == ["SMS-MCM10.c"]


def test_the_drafted_rulebook_covers_the_material_that_the_submission_reports(rules: Rules) -> None:
    assert {each.id: each.covers for each in rules.drafted.requirements()} == {
        "SMS-MCM10.a": "CSAM",
        "SMS-MCM10.b": "CSAM",
        "SMS-MCM10.c": "New CSAM",
        "RES-MCM3.a": "Class 1A",
        "RES-MCM8.a": "Known CSAM",
        "RES-MCM8.b": "Known CSAM",
        "RES-MCM10.a": "CSAM",
        "RES-MCM10.b": "CSAM",
        "RES-MCM10.c": "CSAM",
        "RES-MCM11.a": "Class 1B",
        "DIS-MCM8.a": "Known CSAM",
        "DIS-MCM8.b": "Known CSAM",
        "DIS-MCM9.a": "Known CSAM",
        "DIS-MCM9.b": "Known CSAM",
        "DIS-MCM9.c": "Known CSAM",
    }


def test_every_rule_says_on_what_basis_it_stands_and_where_in_the_submission(rules: Rules) -> None:
    amended = resolve(rules.drafted, rules.recommendations)
    for measure in amended.measures:
        provisos = [proviso for exemption in measure.exemptions for proviso in exemption.provisos]
        grounds = [ground for requirement in measure.requirements for ground in requirement.grounds]
        for each in (measure, *measure.exemptions, *provisos, *grounds):
            assert each.basis in get_args(Basis), (measure.id, each)
            assert each.where.strip(), (measure.id, each)
    assert all(each.where.strip() for each in (*rules.recommendations, *rules.technologies))


def test_the_eleven_technologies_are_those_of_the_submission_and_two_belong_in_every_report(rules: Rules) -> None:
    assert [each.id for each in rules.technologies] == [
        "client_side_hashing",
        "secure_enclaves",
        "safetowatch",
        "safer",
        "content_safety_api",
        "live_moderation",
        "dragonflai",
        "cyacomb_safety",
        "photodna",
        "ncmec_hash_sharing",
        "hash_matching_api",
    ]
    assert [each.id for each in rules.technologies if each.report == "always"] == [
        "client_side_hashing",
        "secure_enclaves",
    ]
    assert [each.id for each in rules.technologies if each.end_to_end == "yes"] == [
        "client_side_hashing",
        "secure_enclaves",
        "cyacomb_safety",
    ]


def test_the_eight_interpretations_are_listed(rules: Rules) -> None:
    assert [each.id for each in rules.interpretations] == list("12345678")
    assert all(each.text and each.concerns for each in rules.interpretations)


def test_the_history_ends_with_the_version_that_is_loaded(rules: Rules) -> None:
    assert rules.version == "v2.0-2023-03/ijm-1"
    assert rules.history[-1].version == rules.version


# ------------------------------------------------------------------------------------------------ frozen
def inside(value: object) -> Iterator[object]:
    """The value and everything that it is made of."""
    yield value
    if isinstance(value, BaseModel):
        parts: list[object] = [getattr(value, name) for name in type(value).model_fields]
    elif is_dataclass(value):
        parts = [getattr(value, field.name) for field in fields(value)]
    elif hasattr(value, "items"):
        parts = [each for pair in value.items() for each in pair]
    else:
        parts = list(value) if isinstance(value, (tuple, frozenset, list, set)) else []
    for part in parts:
        yield from inside(part)


def test_nothing_in_what_is_loaded_can_be_changed(rules: Rules) -> None:
    found = [*inside(rules), *inside(rules.phrases), *inside(rules.labels)]
    assert len(found) > 1000
    assert [each for each in found if isinstance(each, (list, dict, set, bytearray))] == []
    for model in (each for each in found if isinstance(each, BaseModel)):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(model, next(iter(type(model).model_fields)), None)
    with pytest.raises(TypeError):
        rules.material["New CSAM"] = ()  # type: ignore[index]


def test_the_rules_are_read_once() -> None:
    assert load() is load()
