"""TOML files -> the frozen rules, checked whole. A rulebook that is wrong stops the program: file, id, what is wrong."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Field, ValidationError

from scoring.rules.amend import resolve
from scoring.rules.conditions import Frozen
from scoring.rules.consistency import (
    AMENDMENTS,
    CODE,
    FACTS,
    TECHNOLOGIES,
    Services,
    check_codes,
    check_facts,
    check_interpretations,
    check_measures,
    check_recommendations,
    check_technologies,
)
from scoring.rules.consistency import RulebookError as RulebookError  # said so, for those who import it from here
from scoring.rules.model import (
    Code,
    Fact,
    Id,
    Interpretation,
    Measure,
    Recommendation,
    Regimes,
    Rulebook,
    Rules,
    Technology,
    Version,
)
from scoring.rules.profile import every_profile

HERE = Path(__file__).parent
File = TypeVar("File", bound=Frozen)


# ---------------------------------------------------------------------------- what the files may say
class _FactsFile(Frozen):
    fact: tuple[Fact, ...] = Field(strict=False)


class _CodeFile(Frozen):
    version: Id
    code: tuple[Code, ...] = Field(strict=False)
    measure: tuple[Measure, ...] = Field(strict=False)
    interpretation: tuple[Interpretation, ...] = Field(default=(), strict=False)
    history: tuple[Version, ...] = Field(default=(), strict=False)


class _AmendmentsFile(Frozen):
    version: Id
    recommendation: tuple[Recommendation, ...] = Field(strict=False)


class _TechnologiesFile(Frozen):
    technology: tuple[Technology, ...] = Field(strict=False)
    material: Mapping[str, Annotated[tuple[str, ...], Field(strict=False)]] = {}


# ------------------------------------------------------------------------------------------- reading
@lru_cache(maxsize=4)
def load(folder: Path = HERE) -> Rules:
    """Read and check the four rulebook files of a folder. What comes back is frozen and may be shared.

    Raises RulebookError for a file that is absent, is not TOML, has unknown keys or wrong values, or whose rules do
    not fit together.
    """
    facts = read(folder, FACTS, _FactsFile).fact
    check_facts(facts)

    code = read(folder, CODE, _CodeFile)
    drafted = Rulebook(measures=code.measure)
    services = Services(code.code, facts, tuple(every_profile(facts)))
    check_codes(services)
    check_measures(CODE, drafted.measures, services)

    amendments = read(folder, AMENDMENTS, _AmendmentsFile)
    recommendations = amendments.recommendation
    check_recommendations(recommendations, drafted, services)

    technologies = read(folder, TECHNOLOGIES, _TechnologiesFile)
    check_technologies(technologies.technology, technologies.material, facts)

    rules = Rules(
        version=f"{code.version}/{amendments.version}",
        facts=facts,
        codes=code.code,
        drafted=drafted,
        recommendations=recommendations,
        regimes=Regimes(drafted=drafted, amended=resolve(drafted, recommendations), adopted=recommendations),
        technologies=technologies.technology,
        material=technologies.material,
        interpretations=code.interpretation,
        history=code.history,
    )
    check_interpretations(rules)
    return rules


def read(folder: Path, name: str, model: type[File]) -> File:
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
        return model.model_validate(data)
    except ValidationError as error:
        faults = error.errors()
        unknown_keys = [fault for fault in faults if fault["type"] == "extra_forbidden"]
        first = [*unknown_keys, *faults][0]  # a misspelt key is also a missing one
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
        case "string_pattern_mismatch" if key == "question":
            return f"{key!r} is {given!r}; allowed: a text that ends with a question mark"
        case "string_pattern_mismatch":
            return f"{key!r} is {given!r}; allowed: letters, digits, '.', '_' and '-', a letter or a digit first"
        case "too_short":
            return (
                f"{key!r} has too few entries: {error['ctx']['actual_length']}; at least {error['ctx']['min_length']}"
            )
        case _:
            return f"{key!r} is {given!r}: {error['msg'][0].lower()}{error['msg'][1:]}"
