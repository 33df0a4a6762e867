"""TOML files -> the frozen rules, checked whole. A rulebook that is wrong stops the program: file, id, what is wrong."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from scoring.rules.amend import resolve
from scoring.rules.conditions import Condition, Frozen
from scoring.rules.consistency import (
    AMENDMENTS,
    CODE,
    FACTS,
    TECHNOLOGIES,
    RulebookError,
    check_codes,
    check_condition,
    check_measures,
    check_recommendations,
    unique,
)
from scoring.rules.model import (
    DRAFTED,
    AddMeasure,
    AddRequirement,
    Change,
    Code,
    Exemption,
    Fact,
    Ground,
    Id,
    Interpretation,
    Measure,
    QualifyExemption,
    Recommendation,
    Regimes,
    Requirement,
    Rulebook,
    Rules,
    Sourced,
    Technology,
    Text,
    Version,
    WithdrawExemption,
)
from scoring.rules.profile import every_profile, in_asking_order

HERE = Path(__file__).parent


# ---------------------------------------------------------------------------- what the files may say
def _many(of: Any) -> Any:
    """A list in TOML, a tuple here."""
    return Annotated[tuple[of, ...], Field(strict=False)]


class _Requirement(Sourced):
    id: Id
    title: Text
    text: Text
    covers: Text
    where_feasible: bool = False
    when: Condition | None = None

    def made(self, by: str) -> Requirement:
        ground = Ground(by=by, when=self.when, basis=self.basis, where=self.where)
        return Requirement(
            id=self.id,
            title=self.title,
            text=self.text,
            covers=self.covers,
            where_feasible=self.where_feasible,
            grounds=(ground,),
        )


class _Exemption(Sourced):
    id: Id
    title: Text
    when: Condition

    def made(self) -> Exemption:
        return Exemption(id=self.id, title=self.title, when=self.when, basis=self.basis, where=self.where)


class _Measure(Sourced):
    id: Id
    code: Id
    title: Text
    scope: Condition
    reading: str = ""
    exemption: _many(_Exemption) = ()
    requirement: Annotated[tuple[_Requirement, ...], Field(strict=False, min_length=1)]

    def made(self, by: str) -> Measure:
        return Measure(
            id=self.id,
            code=self.code,
            title=self.title,
            scope=self.scope,
            reading=self.reading,
            basis=self.basis,
            where=self.where,
            exemptions=tuple(each.made() for each in self.exemption),
            requirements=tuple(each.made(by) for each in self.requirement),
            added_by=() if by == DRAFTED else (by,),
        )


class _AddRequirement(Frozen):
    kind: Literal["add_requirement"]
    measure: Id
    expects: _many(str)
    requirement: _Requirement

    def made(self, by: str) -> Change:
        return AddRequirement(
            kind=self.kind, measure=self.measure, expects=self.expects, requirement=self.requirement.made(by)
        )


class _AddMeasure(Frozen):
    kind: Literal["add_measure"]
    expects: _many(str)
    measure: _Measure

    def made(self, by: str) -> Change:
        return AddMeasure(kind=self.kind, expects=self.expects, measure=self.measure.made(by))


class _Withdraw(WithdrawExemption):
    def made(self, by: str) -> Change:
        return WithdrawExemption(kind=self.kind, measure=self.measure, exemption=self.exemption, expects=self.expects)


class _Qualify(QualifyExemption):
    def made(self, by: str) -> Change:
        return QualifyExemption(
            kind=self.kind,
            measure=self.measure,
            exemption=self.exemption,
            expects=self.expects,
            only_if=self.only_if,
            basis=self.basis,
        )


class _Recommendation(Frozen):
    id: Id
    code: Id
    title: Text
    ask: Text
    where: Text
    change: Annotated[
        tuple[Annotated[_AddRequirement | _AddMeasure | _Withdraw | _Qualify, Field(discriminator="kind")], ...],
        Field(strict=False, min_length=1),
    ]

    def made(self) -> Recommendation:
        return Recommendation(
            id=self.id,
            code=self.code,
            title=self.title,
            ask=self.ask,
            where=self.where,
            changes=tuple(each.made(self.id) for each in self.change),
        )


class _Technology(Technology):
    materials: _many(str) = Field(alias="for")


class _Interpretation(Interpretation):
    concerns: _many(str) = ()


class _FactsFile(Frozen):
    fact: _many(Fact)


class _CodeFile(Frozen):
    version: Id
    code: _many(Code)
    measure: _many(_Measure)
    interpretation: _many(_Interpretation) = ()
    history: _many(Version) = ()


class _AmendmentsFile(Frozen):
    version: Id
    recommendation: _many(_Recommendation)


class _TechnologiesFile(Frozen):
    technology: _many(_Technology)
    material: Mapping[str, _many(str)] = {}


# ------------------------------------------------------------------------------------------- reading
@lru_cache(maxsize=4)
def load(folder: Path = HERE) -> Rules:
    """Read and check the four rulebook files of a folder. What comes back is frozen and may be shared.

    Raises RulebookError for a file that is absent, is not TOML, has unknown keys or wrong values, or whose rules do
    not fit together.
    """
    facts = read(folder, FACTS, _FactsFile).fact
    unique(FACTS, (fact.id for fact in facts))
    for fact in facts:
        unique(FACTS, fact.value_ids(), fact.id)
        check_condition(FACTS, fact.id, "asked_when", fact.asked_when, facts)
        if fact.derived_from_technologies and {
            fact.derived_from_technologies.complete,
            fact.derived_from_technologies.incomplete,
        } - set(fact.value_ids()):
            raise RulebookError(
                FACTS,
                fact.id,
                f"derived_from_technologies names a value that is not one of {', '.join(fact.value_ids())}",
            )
        if fact.approval and fact.approval not in fact.value_ids():
            raise RulebookError(
                FACTS, fact.id, f"'approval' is {fact.approval!r}; allowed: {', '.join(fact.value_ids())}"
            )
    for kind, marked in (
        ("approval", [each.id for each in facts if each.approval]),
        ("derived_from_technologies", [each.id for each in facts if each.derived_from_technologies]),
    ):
        if len(marked) > 1:
            raise RulebookError(FACTS, " and ".join(marked), f"only one fact may have {kind!r}")
    try:
        in_asking_order(facts)
    except ValueError as error:
        raise RulebookError(FACTS, "", str(error)) from None

    code = read(folder, CODE, _CodeFile)
    drafted = Rulebook(measures=tuple(each.made(DRAFTED) for each in code.measure))
    profiles = tuple(every_profile(facts))
    check_codes(code.code, facts, profiles)
    check_measures(CODE, drafted.measures, code.code, facts, profiles)

    amendments = read(folder, AMENDMENTS, _AmendmentsFile)
    recommendations = tuple(each.made() for each in amendments.recommendation)
    check_recommendations(recommendations, drafted, code.code, facts, profiles)

    technologies = read(folder, TECHNOLOGIES, _TechnologiesFile)
    unique(TECHNOLOGIES, (each.id for each in technologies.technology))
    known = {material for each in technologies.technology for material in each.materials}
    for covers, materials in technologies.material.items():
        if set(materials) - known:
            raise RulebookError(
                TECHNOLOGIES,
                f"material {covers!r}",
                f"no technology is for {', '.join(sorted(set(materials) - known))}",
            )

    for each in technologies.technology:
        if set(each.passage_about) - known:
            raise RulebookError(
                TECHNOLOGIES,
                each.id,
                f"'passage_about': no technology is for {', '.join(sorted(set(each.passage_about) - known))}",
            )
        for key, limit in (("only_for", each.only_for), ("not_for", each.not_for)):
            check_condition(TECHNOLOGIES, each.id, key, limit.when if limit else None, facts)

    rules = Rules(
        version=f"{code.version}/{amendments.version}",
        facts=facts,
        codes=code.code,
        drafted=drafted,
        recommendations=recommendations,
        regimes=Regimes(drafted=drafted, amended=resolve(drafted, recommendations), adopted=recommendations),
        technologies=tuple(Technology(**each.model_dump()) for each in technologies.technology),
        material=technologies.material,
        interpretations=tuple(Interpretation(**each.model_dump()) for each in code.interpretation),
        history=code.history,
    )
    unique(CODE, (each.id for each in rules.interpretations), "interpretation")
    subjects = {each.id for each in (*rules.codes, *rules.regimes.amended.measures, *recommendations)}
    for each in rules.interpretations:
        if set(each.concerns) - subjects:
            raise RulebookError(
                CODE,
                f"interpretation {each.id}",
                f"concerns {', '.join(sorted(set(each.concerns) - subjects))}, which no rule is called",
            )
    return rules


def read(folder: Path, name: str, model: type[Frozen]) -> Any:
    """Read one TOML file into its model. Raises RulebookError, with the ids on the way to what is wrong."""
    path = folder / name
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RulebookError(name, "", f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise RulebookError(name, "", "is not UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise RulebookError(name, "", f"is not TOML: {error}") from None
    try:
        return TypeAdapter(model).validate_python(data)
    except ValidationError as error:
        found = error.errors()
        first = next(
            (each for each in found if each["type"] == "extra_forbidden"), found[0]
        )  # a misspelt key is also a missing one
        entry, key = _entry(data, first["loc"])
        raise RulebookError(name, entry, _in_words(first, key)) from None


def _entry(data: Any, loc: Iterable[str | int]) -> tuple[str, str]:
    """The ids on the way to a place in the file, and the key at its end."""
    ids: list[str] = []
    key, kind = "", ""
    for step in loc:
        if isinstance(data, dict) and step in data:
            data, key = data[step], str(step)
            kind = key if isinstance(data, (dict, list)) else kind
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        elif (
            not isinstance(data, (dict, list)) or isinstance(step, int) or kind == "change" or step in ("alternatives",)
        ):
            continue
        else:
            key = str(step)
            continue
        if isinstance(data, dict) and isinstance(data.get("id"), str) and data["id"] not in ids:
            ids.append(f"{kind} {data['id']}" if data["id"].isdigit() else data["id"])
    return ", ".join(ids) or (kind if kind != key else ""), key


def _in_words(error: Mapping[str, Any], key: str) -> str:
    given = error.get("input")
    match error["type"]:
        case "extra_forbidden":
            return f"unknown key {error['loc'][-1]!r}"
        case "missing":
            return f"{error['loc'][-1]!r} is missing"
        case "literal_error":
            return f"{key!r} is {given!r}; allowed: {error['ctx']['expected']}"
        case "union_tag_invalid":
            return f"'kind' is {error['ctx']['tag']!r}; allowed: {error['ctx']['expected_tags']}"
        case "union_tag_not_found":
            return "'kind' is missing"
        case "value_error":
            return f"{key!r}: {error['ctx']['error']}"
        case "string_too_short":
            return f"{key!r} is empty"
        case "string_pattern_mismatch":
            return f"{key!r} is {given!r}; allowed: letters, digits, '.', '_' and '-', a letter or a digit first"
        case "too_short":
            return (
                f"{key!r} has too few entries: {error['ctx']['actual_length']}; at least {error['ctx']['min_length']}"
            )
        case _:
            return f"{key!r} is {given!r}: {error['msg'][0].lower()}{error['msg'][1:]}"
