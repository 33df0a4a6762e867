"""Conditions: when they hold, and how they read in words."""

import pytest
from pydantic import ValidationError

from scoring.rules.conditions import Condition, explain, holds, join

PHRASES = {
    ("colour", "red"): "is red",
    ("colour", "blue"): "is blue",
    ("size", "large"): "is large",
    ("size", "small"): "is small",
    ("age", "old"): "is old",
}


def condition(written: object) -> Condition:
    return Condition.model_validate(written)


@pytest.mark.parametrize(
    ("written", "profile", "expected"),
    [
        ({"colour": "red"}, {"colour": "red"}, True),
        ({"colour": "red"}, {"colour": "blue"}, False),
        ({"colour": ["red", "blue"]}, {"colour": "blue"}, True),
        ({"colour": "red", "size": "large"}, {"colour": "red", "size": "large"}, True),
        ({"colour": "red", "size": "large"}, {"colour": "red", "size": "small"}, False),
        ([{"colour": "red"}, {"size": "large"}], {"colour": "blue", "size": "large"}, True),
        ([{"colour": "red"}, {"size": "large"}], {"colour": "red", "size": "small"}, True),
        ([{"colour": "red"}, {"size": "large"}], {"colour": "blue", "size": "small"}, False),
        ([{"colour": "red", "age": "old"}, {"size": "large"}], {"colour": "red", "size": "small"}, False),
    ],
    ids=str,
)
def test_a_table_needs_all_its_tests_and_a_list_needs_one_of_its_tables(
    written: object, profile: dict[str, str], expected: bool
) -> None:
    assert holds(condition(written), profile) is expected


def test_a_test_on_a_fact_that_is_not_known_fails() -> None:
    assert not holds(condition({"colour": ["red", "blue"]}), {"size": "large"})


def test_no_condition_always_holds() -> None:
    assert holds(None, {})


def test_a_condition_names_the_facts_that_it_turns_on_each_once_and_in_order() -> None:
    assert condition([{"size": "large", "colour": "red"}, {"age": "old", "size": "small"}]).facts() == (
        "size",
        "colour",
        "age",
    )


@pytest.mark.parametrize("written", [{}, [], [{}], [{"colour": "red"}, {}], "colour = red", 1, None, True], ids=str)
def test_a_condition_that_is_empty_or_not_a_table_is_refused(written: object) -> None:
    with pytest.raises(
        ValidationError,
        match="a condition is a table of facts with their values, or a list of such tables, and never empty",
    ):
        condition(written)


@pytest.mark.parametrize("values", [[], 1, True, [1], ["red", 1], {"red": "yes"}, None], ids=str)
def test_a_test_without_a_value_in_quotes_is_refused(values: object) -> None:
    with pytest.raises(
        ValidationError, match="the condition on 'colour' needs a value, or a list of values, in quotes"
    ):
        condition({"colour": values})


def test_a_condition_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        condition({"colour": "red"}).alternatives = ()


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"colour": "red"}, "is red"),
        ({"colour": ["red", "blue"]}, "is red or is blue"),
        ({"colour": "red", "size": "large"}, "is red and is large"),
        ({"colour": "red", "size": "large", "age": "old"}, "is red, is large and is old"),
        ([{"colour": "red"}, {"size": "large"}], "is red or is large"),
        ([{"age": "old", "colour": "red"}, {"age": "old", "size": "large"}], "is old and either is red or is large"),
        ([{"colour": "red"}, {"colour": "red", "size": "large"}], "is red"),
    ],
    ids=str,
)
def test_a_condition_reads_as_the_end_of_a_sentence(written: object, words: str) -> None:
    assert explain(condition(written), PHRASES) == words


@pytest.mark.parametrize(
    ("parts", "expected"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_phrases_are_joined_as_in_a_sentence(parts: list[str], expected: str) -> None:
    assert join(parts) == expected
