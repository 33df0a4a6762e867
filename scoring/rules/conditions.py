"""Conditions on the facts about a service: when they hold, and how they read in words.

In TOML a condition is a table, all of whose tests have to hold, or a list of such tables, one of which has to
hold. A test is a fact with the value, or the list of values, that it may have.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

Profile = Mapping[str, str]
"""The facts about one service: fact id -> value id. A fact that is not asked, or not yet known, is absent."""


class Frozen(BaseModel):
    """A value that never changes and that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Test(Frozen):
    """One fact, and the values with which the test holds."""

    __test__ = False  # not a pytest class, whatever its name

    fact: str
    values: tuple[str, ...]

    def holds(self, profile: Profile) -> bool:
        """True when the fact is known and has one of the values."""
        return profile.get(self.fact) in self.values


class Condition(Frozen):
    """One of the alternatives has to hold; an alternative holds when all its tests do."""

    alternatives: tuple[tuple[Test, ...], ...]

    @model_validator(mode="before")
    @classmethod
    def _from_toml(cls, data: Any) -> Any:
        if isinstance(data, dict) and isinstance(data.get("alternatives"), tuple):  # made in Python: TOML has no tuples
            return data
        tables = data if isinstance(data, list) else [data]
        if not tables or not all(isinstance(table, dict) and table for table in tables):
            raise ValueError(
                "a condition is a table of facts with their values, or a list of such tables, and never empty"
            )
        return {"alternatives": tuple(tuple(_test(fact, values) for fact, values in table.items()) for table in tables)}

    def facts(self) -> tuple[str, ...]:
        """The facts that the condition turns on, each once, in the order in which it names them."""
        return tuple(dict.fromkeys(test.fact for tests in self.alternatives for test in tests))


def _test(fact: str, values: Any) -> Test:
    listed = values if isinstance(values, list) else [values]
    if not listed or not all(isinstance(value, str) for value in listed):
        raise ValueError(f"the condition on {fact!r} needs a value, or a list of values, in quotes")
    return Test(fact=fact, values=tuple(listed))


def holds(condition: Condition | None, profile: Profile) -> bool:
    """True when one of the alternatives holds in the profile; no condition always holds. An unknown fact fails its test."""
    return condition is None or any(all(test.holds(profile) for test in tests) for tests in condition.alternatives)


def join(parts: Iterable[str], word: str = "and") -> str:
    """Join phrases as a sentence does: "a", "a and b", "a, b and c"."""
    listed = list(parts)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {word} {listed[-1]}" if listed else ""


def in_a_sentence(name: str) -> str:
    """A name inside a sentence: with a small first letter, unless it is an abbreviation."""
    return name[0].lower() + name[1:] if name[1:2].islower() else name


def explain(condition: Condition, phrases: Mapping[tuple[str, str], str]) -> str:
    """Say in words what the condition asks, as the end of a sentence that begins "a service that ...".

    phrases: (fact, value) -> the words that complete "the service ...".
    """

    def words(test: Test) -> str:
        return join((phrases[test.fact, value] for value in test.values), "or")

    first, *rest = condition.alternatives
    common = [test for test in first if all(test in tests for tests in rest)]
    own = [join(words(test) for test in tests if test not in common) for tests in condition.alternatives]
    shared = join(words(test) for test in common)
    if not all(own):  # an alternative that asks for no more than they share
        return shared
    either = f"either {join(own, 'or')}" if common and len(own) > 1 else join(own, "or")
    return f"{shared} and {either}" if shared else either
