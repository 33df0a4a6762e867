"""The file that an assessment is saved in: `mcm-assessment/2`, and `mcm-assessment/1`, which opens for ever.

A file that is not wholly right is refused whole, with the key, the value and what is allowed. The wizard and the command
line read it here, so that both refuse the same files in the same words.
"""

import codecs
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from scoring.files.json_in import JsonError, kind_of, read_json, refuse_controls, show
from scoring.files.text_in import KINDS
from scoring.rules.conditions import Frozen
from scoring.rules.model import Requirement, Rules
from scoring.score.assessment import (
    MARK,
    STATUS,
    Answer,
    Assessment,
    Review,
    SignOff,
    all_requirements,
    allowed_grades,
    grades_in_words,
    is_date,
)

T = TypeVar("T")
FORMAT, FORMER = "mcm-assessment/2", "mcm-assessment/1"
"""The format that is written, and the one before it, which knows neither provider, evidence, plan, sign-off nor review."""
LARGEST_FILE = 1024 * 1024
"""Bytes."""
VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-/]{0,99}")
"""The one text in the file that is shown in sentences of the program's own: an id, never markup."""
_MOMENT = re.compile(r"[0-9A-Za-z :.,+\-]{1,64}")
"""What a date and time is made of; `fromisoformat` takes any sign at all between the two, half a character among them."""

_NEEDED = {"profile": "an object", "mark": ", ".join(MARK)}
"""What is allowed at a key that may not be left out, where that is something else than any text."""


AssessmentError = JsonError
"""A saved assessment that is refused, as JSON or as an assessment; the message names the key, the value and what is allowed."""


class SavedFile(Frozen):
    """A saved assessment, by the keys of the file."""

    format: str
    rulebook: str
    provider: str = ""
    service_name: str
    saved_at: str
    profile: dict[str, str]
    technologies: dict[str, str] = {}
    answers: dict[str, Answer] = {}
    sign_off: SignOff = SignOff()
    review: Review = Review()


class FormerAnswer(Frozen):
    """An answer of the former format: a grade (empty: unanswered) and a note."""

    grade: str = ""
    note: str = ""


class FormerFile(Frozen):
    """A saved assessment of the former format, which opens for ever."""

    format: str
    rulebook: str
    service_name: str
    saved_at: str
    profile: dict[str, str]
    technologies: dict[str, str] = {}
    answers: dict[str, FormerAnswer] = {}


def to_json(assessment: Assessment, rules: Rules) -> bytes:
    """The assessment as the bytes of a file; reading them back gives the same assessment.

    Laid out for people to read, unless that alone would make the file larger than one may be.
    """
    requirements = [requirement.id for requirement in all_requirements(rules)]
    answers = _ordered(assessment.answers, requirements)
    marks = _ordered(assessment.review.marks, requirements)
    content = {
        "format": FORMAT,
        "rulebook": assessment.rulebook,
        **_said({"provider": assessment.provider}),
        "service_name": assessment.service_name,
        "saved_at": assessment.saved_at,
        "profile": _ordered(assessment.profile, [fact.id for fact in rules.facts]),
        "technologies": _ordered(assessment.technologies, [technology.id for technology in rules.technologies]),
        "answers": {
            requirement: {"grade": answer.grade, "note": answer.note} | _said(answer.model_dump())
            for requirement, answer in answers.items()
        },
        **_said({"sign_off": assessment.sign_off.model_dump()}),
        **_said({"review": assessment.review.model_copy(update={"marks": marks}).model_dump()}),
    }
    for_people = (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()
    if len(for_people) <= LARGEST_FILE:
        return for_people
    return json.dumps(_given(content), ensure_ascii=False, separators=(",", ":")).encode()


def _said(content: Any) -> Any:
    """What a value says, without whatever in it is empty: what is empty is not written. Source: contracts, "Saved assessment"."""
    if isinstance(content, Mapping):
        said = {key: _said(value) for key, value in content.items()}
        return {key: value for key, value in said.items() if value}
    if isinstance(content, (list, tuple)):
        return [value for value in map(_said, content) if value]
    return content


def _given(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be saved, without what is taken for empty where it is not there."""
    answers = {requirement: _said(answer) for requirement, answer in content["answers"].items()}
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
        raise AssessmentError("the file is nested too deep; a saved assessment has objects at most six deep") from None


def _what_else(data: bytes) -> str:
    """What a file is that is plainly no saved assessment, and what to do; empty where it may be one."""
    for sign, what, _ in KINDS:
        if data.startswith(sign):
            return f"the file is {what}, not a saved assessment: use the file as it was saved; its name ends in -assessment.json"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data[:2]:
        return "the file is UTF-16 text; a saved assessment is UTF-8: use the file as it was saved, or save it as UTF-8"
    if data.startswith(b"PK\x03\x04"):
        return "the file is a workbook, a document or another zip, not a saved assessment: the start page, or the command read, takes a filled questionnaire"
    start = data.removeprefix(codecs.BOM_UTF8).lstrip()
    if not start:
        return "the file is empty; a saved assessment is a JSON object with the key 'format'"
    first_line = start.splitlines()[0]
    if first_line[:1] not in b'{["' and any(separator in first_line for separator in (b",", b";", b"\t")):
        return "the file is a table (CSV), not a saved assessment: Returns takes a scorecard, and Portfolio a file of services"
    return ""


def _read(data: bytes, rules: Rules) -> Assessment:
    what_else = _what_else(data)
    if what_else:
        raise AssessmentError(what_else)
    content = read_json(data)
    if not isinstance(content, dict):
        raise AssessmentError(
            f"the file holds {kind_of(content)}; a saved assessment is a JSON object with the key 'format'"
        )
    if content.get("format") not in (FORMAT, FORMER):
        given = f"is {show(content['format'])}" if "format" in content else "is missing"
        raise AssessmentError(
            f"'format' {given}; allowed: '{FORMAT}' or '{FORMER}'. This file is not an assessment that this program saved"
        )
    model = FormerFile if content["format"] == FORMER else SavedFile
    try:
        file = SavedFile.model_validate(model.model_validate(content).model_dump())
    except ValidationError as error:
        raise AssessmentError(_in_words(error, model)) from None
    _check(file, rules)
    return Assessment(**{name: getattr(file, name) for name in Assessment.model_fields})


def _in_words(error: ValidationError, model: type[Frozen]) -> str:
    first = error.errors(include_url=False)[0]
    where, key = show(".".join(str(step) for step in first["loc"])), show(str(first["loc"][-1]))
    if first["type"] == "missing":
        return f"{where} is missing; allowed: {_NEEDED.get(str(first['loc'][-1]), 'text')}"
    if first["type"] == "extra_forbidden":
        allowed = ", ".join(_keys(model, first["loc"][:-1]))
        return f"{where}: unknown key {key} (its value is {show(first['input'])}); allowed: {allowed}"
    kinds = {"string": "text", "tuple": "a list"}
    wanted = kinds.get(first["type"].split("_")[0], "an object")
    return f"{where} is {kind_of(first['input'])} ({show(first['input'])}); allowed: {wanted}"


def _keys(model: type[Frozen], way: Iterable[int | str]) -> Iterable[str]:
    """The keys that are allowed in the object to which a way through the file leads."""
    inner: Any = model
    for step in way:
        if isinstance(inner, type) and issubclass(inner, Frozen):
            inner = inner.model_fields[str(step)].annotation
        else:  # a mapping of texts to objects, or a list of objects
            inner = next(part for part in get_args(inner) if part not in (str, ...))
    return inner.model_fields


def _check(file: SavedFile, rules: Rules) -> None:
    _known("profile", file.profile, [fact.id for fact in rules.facts if not fact.derived_from_technologies])
    for key, value in file.profile.items():
        _known(f"profile.{key}", [value], rules.fact(key).value_ids(), what="value")
    _known("technologies", file.technologies, [technology.id for technology in rules.technologies])
    requirements = {requirement.id: requirement for requirement in all_requirements(rules)}
    _known("answers", file.answers, requirements)
    for key, answer in file.answers.items():
        _check_answer(f"answers.{key}", answer, requirements[key])
    _check_date("sign_off.approved_on", file.sign_off.approved_on)
    _check_date("review.reviewed_on", file.review.reviewed_on)
    _known("review.marks", file.review.marks, requirements)
    for key, mark in file.review.marks.items():
        _known(f"review.marks.{key}.mark", [mark.mark], MARK, what="value")
        _check_answer(f"review.marks.{key}.of", mark.of, requirements[key])
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
            f"'saved_at' is {show(file.saved_at)}; allowed: a date and time with its offset, such as 2026-11-22T10:15:00+00:00"
        )
    for where, text in texts("", file.model_dump()):
        refuse_controls(f"'{where}'", text)
    if not VERSION.fullmatch(file.rulebook):
        raise AssessmentError(
            f"'rulebook' is {show(file.rulebook)}; allowed: a version of the rules, such as {rules.version}"
        )


def _check_answer(where: str, answer: Answer, requirement: Requirement) -> None:
    for name, grade in (("grade", answer.grade), ("plan.grade", answer.plan.grade)):
        if grade and grade not in allowed_grades(requirement):
            allowed = grades_in_words(requirement, grade)
            raise AssessmentError(f"'{where}.{name}' is {show(grade)}; allowed: {allowed}")
    if answer.plan.status:
        _known(f"{where}.plan.status", [answer.plan.status], STATUS, what="value")
    _check_date(f"{where}.since", answer.since)
    _check_date(f"{where}.plan.due", answer.plan.due)
    for place, evidence in enumerate(answer.evidence):
        _check_date(f"{where}.evidence.{place}.dated", evidence.dated)
        _check_date(f"{where}.evidence.{place}.good_until", evidence.good_until)


def _check_date(where: str, day: str) -> None:
    if day and not is_date(day):
        raise AssessmentError(f"'{where}' is {show(day)}; allowed: a date as YYYY-MM-DD, such as 2026-05-01, or empty")


def texts(where: str, content: Any) -> Iterator[tuple[str, str]]:
    """Every text of a file, or of a part of one, with the keys that lead to it."""
    if isinstance(content, str):
        yield where, content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            yield from texts(f"{where}.{key}" if where else key, value)
    else:
        for place, value in enumerate(content):
            yield from texts(f"{where}.{place}", value)


def _known(where: str, given: Iterable[str], allowed: Collection[str], what: str = "key") -> None:
    for name in given:
        if name not in allowed:
            raise AssessmentError(f"'{where}': unknown {what} {show(name)}; allowed: {', '.join(allowed)}")
