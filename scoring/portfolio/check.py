"""Text becomes services: their profiles, and their grades as codes; and everything that is wrong is found in one go.

A column has few distinct cells, and a file few distinct combinations of facts. Each is looked at once, and what is found is
spread over the rows that have it. Source: contracts, "Portfolio input".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
import pandas as pd

from scoring.files.guard import meant
from scoring.files.header import chosen
from scoring.files.messages import LOST_ALLOWED, NO_VALUE, NOT_TEXT, is_lost
from scoring.files.table_in import SURPLUS
from scoring.kinds.obligations import Obligations
from scoring.portfolio.columns import NOTE, SERVICE, allowed_columns
from scoring.portfolio.problems import Problem
from scoring.rules.model import Fact, Requirement, Rules
from scoring.rules.profile import live, may_be_asked
from scoring.score.assessment import all_requirements, allowed_grades, grade_of
from scoring.score.tally import NOT_FEASIBLE_CODE, UNANSWERED_CODE, grade_code

NOT_A_PROFILE = -1
TEXT_ALLOWED = "letters, signs, tabs and line ends"
_Wanting = Sequence[tuple[str, str]]
"""Facts that stand in the way of a profile, each with what is allowed."""


@dataclass(frozen=True)
class Checked:
    """The services of a piece that can be scored, and what is wrong with its other rows, in the order of rows and columns.

    services: a row a service, indexed as the piece is: `service`, its name; `profile`, the place of its profile in the grid;
    and a column for each requirement, with the code of its grade.
    """

    services: pd.DataFrame
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class _Column:
    """A column as its few distinct cells, trimmed and without guards, and which of them each row has. rows: their numbers."""

    name: str
    rows: Sequence[int]
    cells: Sequence[str]
    cell_of: np.ndarray

    def spread(self, values: Iterable[int | bool], dtype: type = bool) -> np.ndarray:
        """A value for each distinct cell, as one for each row."""
        return np.array(list(values), dtype)[self.cell_of]

    def problem(self, place: int, allowed: str) -> Problem:
        return Problem(self.rows[place], self.name, self.cells[self.cell_of[place]], allowed)

    def problems(self, wrong: Sequence[bool], allowed: str) -> list[Problem]:
        """A problem in each row that has a wrong one of the distinct cells."""
        places = np.flatnonzero(self.spread(wrong)).tolist() if any(wrong) else []
        return [self.problem(place, allowed) for place in places]


def value_of(fact: Fact, cell: str) -> str | None:
    """The value that a cell names, by its id or its label: "" for an empty cell, None for one that names none."""
    return chosen(cell, {value.id: value.label for value in fact.values})


class Checker:
    """Reads the text of services. Made once for a file: what it has found out about a combination of facts it keeps.

    owed: which profiles there are. A fact's value is kept as its place among what the fact may say, as in the grid: nothing,
    one of its values, or what is not known; and a combination of facts as one number.
    """

    def __init__(self, rules: Rules, owed: Obligations) -> None:
        self.rules, self.owed = rules, owed
        self._said = [("", *fact.value_ids(), None) for fact in rules.facts]
        self._sizes = [len(said) for said in self._said]
        combinations = np.ravel_multi_index(tuple(owed.grid.values), self._sizes).tolist()
        self._profile_of: dict[int, tuple[int, _Wanting]] = {
            number: (place, ()) for place, number in enumerate(combinations)
        }

    def check(self, piece: pd.DataFrame, seen: dict[str, int] | None = None) -> Checked:
        """Read some rows of a file, and check every cell.

        piece: a column of text for each column that the file has; indexed by the numbers of its rows.
        seen: the names that earlier rows have -> their rows; those of this piece are added.
        """
        surplus, width = piece.attrs.get(SURPLUS, {}), len(piece.columns)
        allowed = f"{width}, one for each column of the header"
        problems = [Problem(row, "", f"{width + len(more)} cells", allowed) for row, more in surplus.items()]
        if surplus:  # which column each cell of such a row is for is not known
            piece = piece.drop(index=list(surplus))
        rows, columns = piece.index.tolist(), {}
        empty = pd.Series("", piece.index, "category")
        for name in allowed_columns(self.rules)[1:]:
            column = piece.get(name, empty)
            cells = (column if column.dtype == "category" else column.astype("category")).cat
            columns[name] = _Column(name, rows, [meant(cell) for cell in cells.categories], cells.codes.to_numpy())
        names = [meant(name) if "'" in name else name.strip() for name in piece[SERVICE].tolist()]
        problems += _names(rows, names, {} if seen is None else seen)
        services: dict[str, pd.Series | np.ndarray] = {SERVICE: pd.Series(names, piece.index, "str")}
        services["profile"] = self._profiles(columns, problems)
        for requirement in all_requirements(self.rules):  # whichever recommendations are adopted
            services[requirement.id] = _grades(requirement, columns, problems)
        order = {name: number for number, name in enumerate(piece.columns)}
        problems.sort(key=lambda problem: (problem.row, order.get(problem.column, len(order))))
        good = pd.DataFrame(services, piece.index)
        bad = {problem.row for problem in problems}
        return Checked(good[~piece.index.isin(bad)] if bad else good, tuple(problems))

    def _profiles(self, columns: Mapping[str, _Column], problems: list[Problem]) -> np.ndarray:
        """The place of each service's profile. The facts that stand in the way of one are added to the problems."""
        given = []
        for fact, said in zip(self.rules.facts, self._said, strict=True):
            column = columns[fact.id]
            given.append(column.spread((said.index(value_of(fact, cell)) for cell in column.cells), np.int64))
        kind, combinations = pd.factorize(np.asarray(np.ravel_multi_index(given, self._sizes)))
        found = [self._profile(number) for number in combinations.tolist()]
        profiles = np.array([place for place, _ in found], np.int32)[kind]
        for row in np.flatnonzero(profiles == NOT_A_PROFILE).tolist():
            problems += [columns[fact].problem(row, allowed) for fact, allowed in found[kind[row]][1]]
        return profiles

    def _profile(self, combination: int) -> tuple[int, _Wanting]:
        """The place of the profile that a combination of facts makes, or what stands in the way of one."""
        if combination not in self._profile_of:
            facts, profiles = self.rules.facts, self.owed.grid.profiles
            places = np.unravel_index(combination, self._sizes)
            given = {fact.id: said[place] for fact, said, place in zip(facts, self._said, places, strict=True)}
            known = {fact: value for fact, value in given.items() if value}
            profile = live(facts, known)  # more may be given than is asked
            if profile in profiles:
                self._profile_of[combination] = profiles.index(profile), ()
            else:
                self._profile_of[combination] = NOT_A_PROFILE, _wanting(facts, given, known)
        return self._profile_of[combination]


def _wanting(facts: tuple[Fact, ...], given: Mapping[str, str | None], known: Mapping[str, str]) -> _Wanting:
    """The facts that are asked for sure and not there, and those with an unknown value that may be asked.

    What more is asked where a fact has one of its values is said with it.
    """
    asked = may_be_asked(facts, known)
    open_facts = [fact for fact in facts if fact.id not in known]
    wrong = [
        fact for fact in open_facts if asked[fact.id] == {True} or (True in asked[fact.id] and given[fact.id] is None)
    ]
    wanting = []
    for fact in wrong:
        more = []
        for value in fact.value_ids():
            then = may_be_asked(facts, {**known, fact.id: value})
            also = [other.id for other in open_facts if other not in wrong and then[other.id] == {True}]
            more += [f"{value} asks for {', '.join(also)} too"] if also else []
        wanting.append((fact.id, ", ".join(fact.value_ids()) + (f" ({'; '.join(more)})" if more else "")))
    return wanting


def _names(rows: Sequence[int], names: Sequence[str], seen: dict[str, int]) -> list[Problem]:
    """Services have names that are text, and no two the same one: compared in the composed form of Unicode (NFC)."""
    problems = []
    for row, name in zip(rows, names, strict=True):
        if not name:
            problems.append(Problem(row, SERVICE, "", "a name that no other row has"))
        elif (earlier := seen.setdefault(normalize("NFC", name), row)) != row:
            problems.append(Problem(row, SERVICE, name, f"each name once; row {earlier} has this one already"))
    whole = "\n".join(names)
    if "#" in whole or "Err:" in whole or NO_VALUE in whole:
        lost = [(row, name) for row, name in zip(rows, names, strict=True) if is_lost(name)]
        problems += [Problem(row, SERVICE, name, LOST_ALLOWED) for row, name in lost]
    if NOT_TEXT.search(whole):
        odd = [(row, name) for row, name in zip(rows, names, strict=True) if NOT_TEXT.search(name)]
        problems += [Problem(row, SERVICE, name, TEXT_ALLOWED) for row, name in odd]
    return problems


def _grades(requirement: Requirement, columns: Mapping[str, _Column], problems: list[Problem]) -> np.ndarray:
    """The codes of a requirement's grades. Cells that are no grades, and notes that are no text or have lost it, are added to the problems.

    What is not feasible without a justification is unanswered.
    """
    column, notes = columns[requirement.id], columns[requirement.id + NOTE]
    grades = [grade_of(requirement, cell) for cell in column.cells]
    allowed = f"{', '.join(allowed_grades(requirement))}, or empty"
    problems += column.problems([grade is None for grade in grades], allowed)
    problems += notes.problems([NOT_TEXT.search(cell) is not None for cell in notes.cells], TEXT_ALLOWED)
    problems += notes.problems([is_lost(cell) for cell in notes.cells], LOST_ALLOWED)
    codes = column.spread((grade_code(grade or "", "justified") for grade in grades), np.int8)
    if requirement.where_feasible:
        codes[(codes == NOT_FEASIBLE_CODE) & ~notes.spread(cell != "" for cell in notes.cells)] = UNANSWERED_CODE
    return codes
