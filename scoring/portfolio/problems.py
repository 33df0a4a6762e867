"""What is wrong with a file of services: each problem by itself, and put together for a reader, equal ones as one."""

import re
from collections.abc import Iterable, Mapping, Sequence
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


def missing_columns(rules: Rules, columns: Sequence[str], by_column: Mapping[str, int]) -> dict[str, str]:
    """The columns of facts that a file does not have and some of its rows need, each with a sentence that says so. by_column: how many problems there are in each."""
    missing = {}
    for fact in rules.facts:
        rows = 0 if fact.id in columns else by_column.get(fact.id, 0)
        if rows:
            allowed = _with_labels(rules, fact.id, ", ".join(fact.value_ids()))
            need = f"{rows:,} {'row needs' if rows == 1 else 'rows need'} it"
            missing[fact.id] = f"The column `{fact.id}` ({fact.title}) is missing: {need}. Allowed in it: {allowed}."
    return missing


def grouped(rules: Rules, problems: Iterable[Problem]) -> list[Group]:
    """Problems put together, those that most cells have first."""
    titles = {**rules.titles, **{fact.id: fact.title for fact in rules.facts}}
    alike: dict[tuple[str, str, str], list[int]] = {}
    for problem in problems:
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
    return sorted(groups, key=lambda group: -group.count)


def _with_labels(rules: Rules, column: str, allowed: str) -> str:
    """What a column may hold, each id with what the product shows for it in brackets."""
    of_facts = {value: label for (fact, value), label in rules.labels.items() if fact == column}
    labels = of_facts or (ANSWER if column in rules.titles else {})
    return re.sub(r"\w+", lambda word: f"{word[0]} ({labels[word[0]]})" if word[0] in labels else word[0], allowed)
