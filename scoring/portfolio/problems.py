"""What is wrong with a portfolio file, put together for a reader: what is missing throughout said once, equal errors as one."""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.portfolio.file_in import Problem, shown
from scoring.portfolio.summary import Portfolio
from scoring.rules.model import Rules

ROWS_NAMED = 5


@dataclass(frozen=True)
class MissingColumn:
    """A column that the file does not have, and how many of its rows need it."""

    column: str
    rows: int
    allowed: str

    @property
    def sentence(self) -> str:
        """What is missing, who needs it, and what it may hold."""
        return f"The column `{self.column}` is missing: {self.rows:,} {'row needs' if self.rows == 1 else 'rows need'} it. Allowed in it: {self.allowed}."


@dataclass(frozen=True)
class Group:
    """Equal errors: the same value in the same column. `rows`: the first of them, counted under the header."""

    column: str
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


def grouped(rules: Rules, found: Portfolio) -> Grouped:
    """The problems of a portfolio, those that most cells have first."""
    absent = {
        fact.id: fact
        for fact in rules.facts
        if fact.id not in found.columns.names and found.problem_columns.get(fact.id)
    }
    missing = tuple(
        MissingColumn(column, found.problem_columns[column], ", ".join(fact.value_ids()))
        for column, fact in absent.items()
    )
    rest = [each for each in found.problems if each.column not in absent]
    return Grouped(missing, _groups(rest), len(found.problems))


def _groups(problems: Sequence[Problem]) -> tuple[Group, ...]:
    """In the order of the file, but for those that are there more often."""
    alike: dict[tuple[str, str, str], list[int]] = {}
    for each in problems:
        alike.setdefault((each.column, each.value, each.allowed), []).append(each.row)
    groups = (
        Group(
            column or "the whole row", shown(value) if column else value, allowed, len(rows), tuple(rows[:ROWS_NAMED])
        )
        for (column, value, allowed), rows in alike.items()
    )
    return tuple(sorted(groups, key=lambda each: -each.count))
