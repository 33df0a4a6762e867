"""Text becomes services: their profiles, and their grades as codes; and everything that is wrong is found in one go.

A column has few distinct values, and a file few distinct combinations of facts. Each is looked at once, and what is found is
spread over the rows that have it. Source: contracts, "Portfolio input".
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from scoring.files.guard import meant
from scoring.files.header import chosen
from scoring.files.messages import LOST_ALLOWED, NO_VALUE, NOT_TEXT, is_lost
from scoring.files.table_in import SURPLUS
from scoring.kinds.obligations import Obligations
from scoring.portfolio.columns import NOTE, SERVICE
from scoring.portfolio.problems import Problem
from scoring.rules.model import Fact, Requirement, Rules
from scoring.rules.profile import live, may_be_asked
from scoring.score.assessment import all_requirements, allowed_grades, grade_of
from scoring.score.tally import NOT_FEASIBLE_CODE, UNANSWERED_CODE, grade_code

NOT_A_PROFILE = -1
TEXT_ALLOWED = "letters, signs, tabs and line ends"


@dataclass(frozen=True)
class Checked:
    """The services of a piece that can be scored, and what is wrong with its other rows, in the order of rows and columns.

    services: a row a service: `service`, its name; `profile`, the place of its profile in the grid; and a column for each
    requirement in question, with the code of its grade. Indexed as the piece is.
    """

    services: pd.DataFrame
    problems: tuple[Problem, ...]


class _Cells:
    """A column as its few distinct cells, trimmed and without guards, and which of them each row has."""

    def __init__(self, column: pd.Series) -> None:
        categories = column.cat if column.dtype == "category" else column.astype("category").cat
        self.of, self.distinct = categories.codes.to_numpy(), [meant(cell) for cell in categories.categories]

    def spread(self, values: Iterable[int | bool], dtype: type = bool) -> np.ndarray:
        """A value for each distinct cell, as one for each row."""
        return np.array(list(values), dtype=dtype)[self.of]

    def at(self, place: int) -> str:
        return self.distinct[self.of[place]]


def value_of(fact: Fact, cell: str) -> str | None:
    """The value that a cell names, by its id or its label: "" for an empty cell, None for one that names none."""
    return chosen(cell, {value.id: value.label for value in fact.values})


@dataclass(frozen=True)
class Checker:
    """Reads the text of services. Made once for a file: what it has found out about a combination of facts it keeps.

    owed: which profiles there are, and which requirements are in question; the others are checked all the same.
    """

    rules: Rules
    owed: Obligations

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
        cells = {str(name): _Cells(column) for name, column in piece.items() if name != SERVICE}
        rows = piece.index.tolist()
        names = [meant(name) if "'" in name else name.strip() for name in piece[SERVICE].tolist()]
        problems += _names(rows, names, {} if seen is None else seen)
        for name, column in cells.items():
            if name.endswith(NOTE):
                odd = [NOT_TEXT.search(cell) is not None for cell in column.distinct]
                problems += _at(odd, rows, name, column, TEXT_ALLOWED)
                problems += _at(list(map(is_lost, column.distinct)), rows, name, column, LOST_ALLOWED)
        profiles, wrong = self._profiles(cells, rows)
        problems += wrong
        services: dict[str, pd.Series | np.ndarray] = {
            SERVICE: pd.Series(names, piece.index, "str"),
            "profile": profiles,
        }
        in_question = {requirement.id for requirement in self.owed.requirements}
        for requirement in all_requirements(self.rules):  # whichever recommendations are adopted
            grades, wrong = _grades(requirement, cells, rows)
            problems += wrong
            if requirement.id in in_question:
                services[requirement.id] = grades
        order = {name: number for number, name in enumerate(piece.columns)}
        problems.sort(key=lambda problem: (problem.row, order.get(problem.column, len(order))))
        bad = {problem.row for problem in problems}
        good = pd.DataFrame(services, piece.index)
        return Checked(good[~piece.index.isin(bad)] if bad else good, tuple(problems))

    # ------------------------------------------------------------------------------------------------- profiles
    @cached_property
    def _values(self) -> list[tuple[str | None, ...]]:
        """What each fact may say: nothing, a value, or what is not known. It is kept as a place among them, as in the grid."""
        return [("", *fact.value_ids(), None) for fact in self.rules.facts]

    @cached_property
    def _profile_of(self) -> dict[tuple[int, ...], tuple[int, tuple[tuple[str, str], ...]]]:
        """What each fact says -> the place of the profile that it makes, and what stands in the way of one.

        At first that of the grid's profiles, which have no more in them than is asked.
        """
        return {tuple(places): (profile, ()) for profile, places in enumerate(self.owed.grid.values.T.tolist())}

    def _profiles(self, cells: dict[str, _Cells], rows: Sequence[int]) -> tuple[np.ndarray, list[Problem]]:
        """The place of each service's profile, and the facts that stand in the way of one."""
        given = np.zeros((len(self.rules.facts), len(rows)), dtype=np.int64)
        for number, (fact, values) in enumerate(zip(self.rules.facts, self._values, strict=True)):
            if fact.id in cells:
                places = (values.index(value_of(fact, cell)) for cell in cells[fact.id].distinct)
                given[number] = cells[fact.id].spread(places, np.int64)
        kind, _ = pd.factorize(np.asarray(np.ravel_multi_index(given, [len(values) for values in self._values])))
        first = np.flatnonzero(~pd.Series(kind).duplicated())  # a row of each kind
        made = [self._made_of(tuple(places)) for places in given[:, first].T.tolist()]
        profiles = np.array([place for place, _ in made], dtype=np.int32)[kind]
        problems = [
            Problem(rows[place], fact, cells[fact].at(place) if fact in cells else "", allowed)
            for place in np.flatnonzero(profiles == NOT_A_PROFILE).tolist()
            for fact, allowed in made[kind[place]][1]
        ]
        return profiles, problems

    def _made_of(self, places: tuple[int, ...]) -> tuple[int, tuple[tuple[str, str], ...]]:
        """The place of the profile that facts make, or each fact that stands in the way of one with what is allowed."""
        if places not in self._profile_of:
            facts, profiles = self.rules.facts, self.owed.grid.profiles
            given = {fact.id: values[place] for fact, values, place in zip(facts, self._values, places, strict=True)}
            profile = live(facts, _known(given))  # more may be given than is asked
            place = profiles.index(profile) if profile in profiles else NOT_A_PROFILE
            self._profile_of[places] = place, _in_the_way(facts, given) if place == NOT_A_PROFILE else ()
        return self._profile_of[places]


def _known(given: Mapping[str, str | None]) -> dict[str, str]:
    return {fact: value for fact, value in given.items() if value}


def _in_the_way(facts: tuple[Fact, ...], given: Mapping[str, str | None]) -> tuple[tuple[str, str], ...]:
    """The facts that are asked for sure and not there, and those with an unknown value that may be asked; with what is allowed.

    What more is asked where a fact has one of its values is said with it.
    """
    known = _known(given)
    asked = may_be_asked(facts, known)
    wrong = [
        fact
        for fact in facts
        if fact.id not in known and (asked[fact.id] == {True} or (True in asked[fact.id] and given[fact.id] is None))
    ]
    wanting = []
    for fact in wrong:
        more = []
        for value in fact.value_ids():
            then = may_be_asked(facts, {**known, fact.id: value})
            also = [
                other.id
                for other in facts
                if other not in (fact, *wrong) and other.id not in known and then[other.id] == {True}
            ]
            more += [f"{value} asks for {', '.join(also)} too"] if also else []
        wanting.append((fact.id, ", ".join(fact.value_ids()) + (f" ({'; '.join(more)})" if more else "")))
    return tuple(wanting)


# --------------------------------------------------------------------------------------------- names and grades
def _names(rows: Sequence[int], names: Sequence[str], seen: dict[str, int]) -> list[Problem]:
    """Services have names that are text, and no two the same one: compared in the composed form of Unicode (NFC)."""
    problems, whole = [], "\n".join(names)
    composed = names if whole.isascii() else [unicodedata.normalize("NFC", name) for name in names]
    these = dict(zip(composed, rows, strict=True))
    if len(these) == len(rows) and "" not in these and seen.keys().isdisjoint(these):
        seen.update(these)
    else:
        for row, name, same in zip(rows, names, composed, strict=True):
            if not name:
                problems.append(Problem(row, SERVICE, "", "a name that no other row has"))
            elif (earlier := seen.setdefault(same, row)) != row:
                problems.append(Problem(row, SERVICE, name, f"each name once; row {earlier} has this one already"))
    if "#" in whole or "Err:" in whole or NO_VALUE in whole:
        lost = [(row, name) for row, name in zip(rows, names, strict=True) if is_lost(name)]
        problems += [Problem(row, SERVICE, name, LOST_ALLOWED) for row, name in lost]
    if NOT_TEXT.search(whole):
        odd = [(row, name) for row, name in zip(rows, names, strict=True) if NOT_TEXT.search(name)]
        problems += [Problem(row, SERVICE, name, TEXT_ALLOWED) for row, name in odd]
    return problems


def _grades(
    requirement: Requirement, cells: dict[str, _Cells], rows: Sequence[int]
) -> tuple[np.ndarray, list[Problem]]:
    """The codes of a requirement's grades, and those that are none. Not feasible without a justification is unanswered."""
    if requirement.id not in cells:
        return np.full(len(rows), UNANSWERED_CODE, dtype=np.int8), []
    column, allowed = cells[requirement.id], allowed_grades(requirement)
    grades = [grade_of(requirement, cell) for cell in column.distinct]
    codes = column.spread((grade_code(grade or "", "justified") for grade in grades), np.int8)
    notes = cells.get(requirement.id + NOTE)
    justified = notes.spread(cell != "" for cell in notes.distinct) if notes else False
    codes[(codes == NOT_FEASIBLE_CODE) & ~np.array(justified)] = UNANSWERED_CODE
    refused = [grade is None for grade in grades]
    return codes, _at(refused, rows, requirement.id, column, f"{', '.join(allowed)}, or empty")


def _at(wrong: Sequence[bool], rows: Sequence[int], name: str, cells: _Cells, allowed: str) -> list[Problem]:
    """A problem in each row that has a wrong one of a column's distinct cells."""
    places = np.flatnonzero(cells.spread(wrong)).tolist() if any(wrong) else []
    return [Problem(rows[place], name, cells.at(place), allowed) for place in places]
