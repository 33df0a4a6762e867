"""The file that an assessment is saved in: `mcm-assessment/1`.

A file that is not wholly right is refused whole, with the key, the value and what is allowed. The wizard and the command
line read it here, so that both refuse the same files in the same words.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from scoring.rules.conditions import Frozen
from scoring.rules.model import Rules
from scoring.score.assessment import NOT_TEXT, Answer, Assessment, all_requirements, allowed_grades, grades_in_words

T = TypeVar("T")
FORMAT = "mcm-assessment/1"
LARGEST_FILE = 1024 * 1024
"""Bytes."""
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-/]{0,99}")
"""The one text in the file that is shown in sentences of the program's own: an id, never markup."""
_MOMENT = re.compile(r"[0-9A-Za-z :.,+\-]{1,64}")
"""What a date and time is made of; `fromisoformat` takes any sign at all between the two, half a character among them."""
_LONGEST_NUMBER = 1000
"""Digits. Python reads no whole number of more than 4,300, and no number belongs in the file at all."""


class AssessmentError(ValueError):
    """A saved assessment that is refused; the message names the key, the value and what is allowed."""


class _File(Frozen):
    format: str
    rulebook: str
    service_name: str
    saved_at: str
    profile: dict[str, str]
    technologies: dict[str, str] = {}
    answers: dict[str, Answer] = {}


def to_json(assessment: Assessment, rules: Rules) -> bytes:
    """The assessment as the bytes of a file; reading them back gives the same assessment.

    Laid out for people to read, unless that alone would make the file larger than one may be.
    """
    requirements = [requirement.id for requirement in all_requirements(rules)]
    content = {
        "format": FORMAT,
        "rulebook": assessment.rulebook,
        "service_name": assessment.service_name,
        "saved_at": assessment.saved_at,
        "profile": _ordered(assessment.profile, [fact.id for fact in rules.facts]),
        "technologies": _ordered(assessment.technologies, [technology.id for technology in rules.technologies]),
        "answers": {
            requirement: {"grade": answer.grade, "note": answer.note}
            for requirement, answer in _ordered(assessment.answers, requirements).items()
        },
    }
    for_people = (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    if len(for_people) <= LARGEST_FILE:
        return for_people
    return json.dumps(_given(content), ensure_ascii=False, separators=(",", ":")).encode()


def _given(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be saved, without what is taken for empty where it is not there."""
    answers = {key: {name: said for name, said in answer.items() if said} for key, answer in content["answers"].items()}
    return {
        key: value
        for key, value in {**content, "answers": answers}.items()
        if value or key not in ("technologies", "answers")
    }


def _ordered(given: Mapping[str, T], order: list[str]) -> dict[str, T]:
    return {key: given[key] for key in order if key in given}


def from_json(data: bytes, rules: Rules) -> Assessment:
    """Read a saved assessment.

    Raises AssessmentError, with the key, the value and what is allowed, for a file that is over 1 MiB, is not UTF-8, is not
    JSON, or has an unknown id, value or key or a wrong type anywhere.
    """
    if len(data) > LARGEST_FILE:
        raise AssessmentError(f"the file is over 1 MiB; a saved assessment has at most {LARGEST_FILE:,} bytes")
    try:
        return _read(data, rules)
    except RecursionError:
        raise AssessmentError(
            "the file is nested too deep; a saved assessment has objects at most three deep"
        ) from None


def _what_else(data: bytes) -> str:
    """What a file is that is plainly no saved assessment, and what to do; empty where it may be one."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "the file is UTF-16 text; a saved assessment is UTF-8: use the file as it was saved, or save it as UTF-8"
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        return "the file is empty; a saved assessment is a JSON object with the key 'format'"
    first_line = start.splitlines()[0]
    if first_line[:1] not in b'{["' and any(separator in first_line for separator in (b",", b";", b"\t")):
        return "the file is a table (CSV), not a saved assessment: Verify takes a scorecard, and Portfolio a file of services"
    return ""


def _read(data: bytes, rules: Rules) -> Assessment:
    what_else = _what_else(data)
    if what_else:
        raise AssessmentError(what_else)
    try:
        content = json.loads(
            data.decode("utf-8-sig"),
            object_pairs_hook=_no_key_twice,
            parse_constant=_no_constant,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError as error:
        raise AssessmentError(f"the file is not UTF-8 text: byte {error.start + 1:,} cannot be read") from None
    except AssessmentError:
        raise
    except ValueError as error:
        raise AssessmentError(f"the file is not JSON: {error}") from None
    if not isinstance(content, dict):
        raise AssessmentError(
            f"the file holds {_kind(content)}; a saved assessment is a JSON object with the key 'format'"
        )
    if content.get("format") != FORMAT:
        given = f"is {_show(content['format'])}" if "format" in content else "is missing"
        raise AssessmentError(
            f"'format' {given}; allowed: '{FORMAT}'. This file is not an assessment that this program saved"
        )
    try:
        file = _File.model_validate(content)
    except ValidationError as error:
        raise AssessmentError(_in_words(error)) from None
    _check(file, rules)
    return Assessment(**{name: getattr(file, name) for name in Assessment.model_fields})


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for key, value in pairs:
        if key in content:
            raise AssessmentError(f"the key {_show(key)} is there twice; each key is allowed once")
        _is_text(f"the key {_show(key)}", key)
        content[key] = value
    return content


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a JSON value")


def _whole_number(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise AssessmentError(
            f"the file holds a number of {len(digits):,} digits, {_show(digits)}; a saved assessment holds text, and no numbers"
        )
    return int(digits)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "text", bool: "true or false", type(None): "nothing"}
    return names.get(type(value), "a number")


def _show(value: Any) -> str:
    shown = repr(value) if isinstance(value, str) else json.dumps(value)
    return shown if len(shown) <= 80 else f"{shown[:77]}..."


def _in_words(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    where, key = _show(".".join(str(step) for step in first["loc"])), _show(str(first["loc"][-1]))
    if first["type"] == "missing":
        return f"{where} is missing"
    if first["type"] == "extra_forbidden":
        allowed = Answer.model_fields if len(first["loc"]) > 1 else _File.model_fields
        return f"{where}: unknown key {key} (its value is {_show(first['input'])}); allowed: {', '.join(allowed)}"
    wanted = "text" if first["type"].startswith("string") else "an object"
    return f"{where} is {_kind(first['input'])} ({_show(first['input'])}); allowed: {wanted}"


def _check(file: _File, rules: Rules) -> None:
    _known("profile", file.profile, [fact.id for fact in rules.facts if not fact.derived_from_technologies])
    for key, value in file.profile.items():
        _known(f"profile.{key}", [value], rules.fact(key).value_ids(), what="value")
    _known("technologies", file.technologies, [technology.id for technology in rules.technologies])
    requirements = {requirement.id: requirement for requirement in all_requirements(rules)}
    _known("answers", file.answers, requirements)
    for key, answer in file.answers.items():
        if answer.grade and answer.grade not in allowed_grades(requirements[key]):
            allowed = grades_in_words(requirements[key], answer.grade)
            raise AssessmentError(f"'answers.{key}.grade' is {_show(answer.grade)}; allowed: {allowed}")
    if not file.rulebook.strip():
        raise AssessmentError(
            "'rulebook' is empty; allowed: the version of the rules that the answers were given under"
        )
    try:
        moment = datetime.fromisoformat(file.saved_at) if _MOMENT.fullmatch(file.saved_at) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise AssessmentError(
            f"'saved_at' is {_show(file.saved_at)}; allowed: a date and time with its offset, such as 2026-11-22T10:15:00+00:00"
        )
    texts = {
        "rulebook": file.rulebook,
        "service_name": file.service_name,
        **{f"technologies.{key}": reason for key, reason in file.technologies.items()},
        **{f"answers.{key}.note": answer.note for key, answer in file.answers.items()},
    }
    for where, text in texts.items():
        _is_text(f"'{where}'", text)
    if not _VERSION.fullmatch(file.rulebook):
        raise AssessmentError(
            f"'rulebook' is {_show(file.rulebook)}; allowed: a version of the rules, such as {rules.version}"
        )


def _is_text(where: str, text: str) -> None:
    sign = NOT_TEXT.search(text)
    if sign:
        raise AssessmentError(
            f"{where} holds the character U+{ord(sign[0]):04X}, which is not text; allowed: letters, signs, tabs and line ends"
        )


def _known(where: str, given: Iterable[str], allowed: Collection[str], what: str = "key") -> None:
    for name in given:
        if name not in allowed:
            raise AssessmentError(f"'{where}': unknown {what} {_show(name)}; allowed: {', '.join(allowed)}")
