"""What is wrong with a file of services: each problem by itself, and put together for a reader, equal ones as one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.rules.model import Rules
from scoring.score.assessment import ANSWER

ROWS_NAMED = 5
LONGEST_SHOWN = 100
"""Characters of a cell in a message."""


def place(row: int) -> str:
    """A row as messages count it, under the header, and as a spreadsheet does."""
    return f"row {row} (row {row + 1} of a spreadsheet)"


def shown(value: str) -> str:
    """A cell in a message: in quotes, or that it is empty; of a long one the beginning."""
    if not value.strip():
        return "empty"
    part = value if len(value) <= 60 else value[:57]
    while len(repr(part)) > LONGEST_SHOWN:  # what does not print is written as escapes
        part = part[:-5]
    return repr(value) if part == value else f"{part!r}... ({len(value):,} characters)"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell (or, where `column` is empty, with one row), and what is allowed there."""

    row: int
    column: str
    value: str
    allowed: str

    def in_words(self) -> str:
        """The place and the error in one line; the row also as a spreadsheet counts it."""
        what = f"{self.column!r} is {shown(self.value)}" if self.column else self.value
        return f"{place(self.row)}: {what}; allowed: {self.allowed}"


@dataclass(frozen=True)
class MissingColumn:
    """A column that the file does not have, what it is called in words, and how many of its rows need it."""

    column: str
    title: str
    rows: int
    allowed: str

    @property
    def sentence(self) -> str:
        """What is missing, who needs it, and what it may hold."""
        return f"The column `{self.column}` ({self.title}) is missing: {self.rows:,} {'row needs' if self.rows == 1 else 'rows need'} it. Allowed in it: {self.allowed}."


@dataclass(frozen=True)
class Group:
    """Equal errors: the same value in the same column. title: what the column is called in words; rows: the first few."""

    column: str
    title: str
    value: str
    allowed: str
    count: int
    rows: tuple[int, ...]

    @property
    def places(self) -> str:
        """The rows as messages count them, with the row of a spreadsheet in brackets."""
        return ", ".join(f"{row} ({row + 1})" for row in self.rows) + (" …" if self.count > len(self.rows) else "")


@dataclass(frozen=True)
class Grouped:
    """The errors of a file in two lists. `kept`: how many single errors the groups were made from."""

    missing: tuple[MissingColumn, ...]
    groups: tuple[Group, ...]
    kept: int


def grouped(rules: Rules, columns: Sequence[str], problems: Sequence[Problem], by_column: Mapping[str, int]) -> Grouped:
    """The problems of a file put together: those that most cells have first, and a column that is not there once.

    columns: those of the file. problems: those that were kept, in its order. by_column: how many there are in each.
    """
    titles = {**rules.titles, **{fact.id: fact.title for fact in rules.facts}}
    missing = [
        MissingColumn(
            fact.id, fact.title, by_column[fact.id], _with_labels(rules, fact.id, ", ".join(fact.value_ids()))
        )
        for fact in rules.facts
        if fact.id not in columns and by_column.get(fact.id)
    ]
    absent = {wanted.column for wanted in missing}
    alike: dict[tuple[str, str, str], list[int]] = {}
    for problem in problems:
        if problem.column not in absent:
            alike.setdefault((problem.column, problem.value, problem.allowed), []).append(problem.row)
    groups = [
        Group(
            column or "the whole row",
            titles.get(column, ""),
            shown(value) if column else value,
            _with_labels(rules, column, allowed),
            len(rows),
            tuple(rows[:ROWS_NAMED]),
        )
        for (column, value, allowed), rows in alike.items()
    ]
    return Grouped(tuple(missing), tuple(sorted(groups, key=lambda group: -group.count)), len(problems))


def _with_labels(rules: Rules, column: str, allowed: str) -> str:
    """What a column may hold, each id with what the product shows for it in brackets."""
    of_facts = {value: label for (fact, value), label in rules.labels.items() if fact == column}
    labels = of_facts or (ANSWER if column in rules.titles else {})
    return re.sub(r"\w+", lambda word: f"{word[0]} ({labels[word[0]]})" if word[0] in labels else word[0], allowed)
