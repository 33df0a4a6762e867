"""A file of services is read and checked, some rows at a time: memory grows with the file by its names alone."""

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from scoring.files.table_in import Source, TableError, open_table
from scoring.files.text_in import CHANGED, unchanging
from scoring.kinds.obligations import obligations
from scoring.portfolio.check import Checked, Checker
from scoring.portfolio.columns import PortfolioError, PortfolioRefused, columns_of, expected
from scoring.portfolio.problems import Problem
from scoring.rules.model import Regimes, Rules

Progress = Callable[[int, int], None]
"""Told, now and then, how many bytes of how many are done."""
MOST_PROBLEMS = 100_000
"""How many problems are kept in full; all are counted."""


@dataclass
class Reading:
    """A file of services, and what is known of it so far: its columns, how many rows are scored and refused, and what is wrong.

    matched: as in `expected`. problems: the first 100,000; problem_count: all of them; by_column: all of them, by column.
    """

    rules: Rules
    source: Source
    regimes: Regimes | None = None
    matched: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    scored: int = 0
    rejected: int = 0
    problem_count: int = 0
    by_column: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.owed = obligations(self.rules, self.regimes)

    def add(self, checked: Checked) -> None:
        """Count a piece in."""
        self.problems += checked.problems[: MOST_PROBLEMS - len(self.problems)]
        self.problem_count += len(checked.problems)
        self.by_column.update(problem.column for problem in checked.problems)
        self.rejected += len({problem.row for problem in checked.problems})
        self.scored += len(checked.services)

    def pieces(
        self, progress: Progress | None = None, bad_rows_left_out: bool = True
    ) -> Iterator[tuple[pd.DataFrame, Checked]]:
        """Read and check the file: the text of each piece, and what the check found.

        Raises PortfolioError for a file that cannot be read at all, and where it was changed meanwhile; and PortfolioRefused
        where there are bad rows that are not to be left out. From the first of those on, nothing more is given.
        """
        try:
            with unchanging(self.source) as file, open_table(file, expected(self.rules, self.matched)) as table:
                total = file.seek(0, io.SEEK_END)
                self.columns = columns_of(self.rules, table.columns)
                checker, seen = Checker(self.rules, self.owed), dict[str, int]()
                for piece in table.pieces():
                    rows = piece[list(self.columns)]
                    checked = checker.check(rows, seen)
                    self.add(checked)
                    if bad_rows_left_out or not self.problems:
                        yield rows, checked
                    if progress:
                        progress(min(total, file.tell()), total)
                if not file.read(1) and file.tell() < total:
                    raise TableError(f"{CHANGED} ({total:,} bytes at first, and {file.tell():,} could be read)")
        except PortfolioError:
            raise
        except TableError as error:
            raise PortfolioError(str(error), error.row, error.elsewhere) from None
        if not self.scored and not self.problem_count:
            raise PortfolioError("has no services; allowed: a row for each service under the header")
        if self.problems and not bad_rows_left_out:
            raise PortfolioRefused(tuple(self.problems), self.problem_count)
