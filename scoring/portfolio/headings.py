"""The headings of a file whose columns are called by names of the user's own, and the column that each of them most likely is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import pandas as pd

from scoring.files.table_in import Expected, Source, TableError, open_table
from scoring.portfolio.check import value_of
from scoring.portfolio.columns import NOTE, REASON, SERVICE, allowed_columns, expected
from scoring.rules.model import Rules
from scoring.score.assessment import all_requirements, grade_of

LEFT_OUT = REASON
"""The column that a heading is matched to where it is to be left out."""
MOST = 100
"""Headings of a file that can be matched."""
_LOOKED_AT = 30
"""Rows of a file that tell what a column holds."""
_LIKELY, _BY_NAME = 0.6, 0.6
"""How likely a column has to be, 0 to 1, to be the one; and how much of that comes from its name, the rest from its cells."""
_PART = 0.8
"""How alike two names are of which one has all words of the other, and at most as many more."""
_ITS_OWN = 0.5
"""How likely a column is of whose cells half are values of this fact and of no other; more, where more are."""
_WORD, _STEM, _ENDING = 4, 6, 3
"""Letters of a word that tells a column; of what words of one stem begin with; and at most of what each has behind it."""
_NEGATIONS = {"not", "no", "non", "never", "without"}
_NEGATED = ("un", "in", "non", "dis")
"""Words, and beginnings of words, that turn what follows into its opposite."""


@dataclass(frozen=True)
class Heading:
    """A heading as the file has it; the column that it most likely is, or LEFT_OUT; and whether it is read as that anyway."""

    written: str
    column: str
    known: bool


def headings(rules: Rules, source: Source) -> tuple[Heading, ...]:
    """The headings of a file in its order, where one of them names no column, or none or several name the same one.

    Nothing where its columns are all well named, or where it is no table of some columns, at most 100, with rows under them.
    """
    try:
        with open_table(source, expected(rules)) as table:
            names = table.columns
        with open_table(source, Expected("a table", ())) as table:  # no column is known: each is as it is written
            written = table.columns
            cells = next(table.pieces(_LOOKED_AT), None)
    except TableError:
        return ()
    allowed = {*allowed_columns(rules), REASON}
    well_named = allowed.issuperset(names) and SERVICE in names and len(set(names)) == len(names)
    if well_named or cells is None or len(names) != len(written) or not 1 < len(names) <= MOST:
        return ()
    known = {written: name for written, name in zip(written, names, strict=True) if name in allowed}
    other = {name: place for place, name in enumerate(written) if name not in known}
    free = [column for column in allowed_columns(rules) if column not in known.values()]
    columns = {name: cells.iloc[:, place].astype(str) for name, place in other.items()}
    likely = known | _likely(rules, columns, free)
    return tuple(Heading(name, likely.get(name, LEFT_OUT), name in known) for name in dict.fromkeys(written))


def column_names(rules: Rules) -> dict[str, str]:
    """What each column is called that a heading can be matched to; its id first, since a narrow screen has no room for all of it."""
    names = {SERVICE: "Name of the service"} | {fact.id: fact.title for fact in rules.facts}
    for requirement in all_requirements(rules):
        names[requirement.id] = f"{requirement.id}: {requirement.title}"
        names[requirement.id + NOTE] = f"{requirement.id}, note: {requirement.title}"
    return {column: names[column] for column in allowed_columns(rules)} | {LEFT_OUT: "Leave out"}


def _likely(rules: Rules, columns: Mapping[str, pd.Series], free: Sequence[str]) -> dict[str, str]:
    """The column that each heading most likely is, each column once: the most likely pairs first. None for a heading that is as likely two of them."""
    pairs = []
    for heading, cells in columns.items():
        likely = _likelihoods(rules, heading, cells, free)
        if list(likely.values()).count(max(likely.values(), default=0)) == 1:  # else it could be two
            pairs += [(likelihood, heading, column) for column, likelihood in likely.items() if likelihood >= _LIKELY]
    matched: dict[str, str] = {}
    for _, heading, column in sorted(pairs, key=lambda pair: -pair[0]):
        if heading not in matched and column not in matched.values():
            matched[heading] = column
    if SERVICE in free and SERVICE not in matched.values():
        other = (name for name in columns if name not in matched and not _negates(rules, name, SERVICE))
        unlike = (name for name in other if len(columns[name]) and _all_differ(columns[name]))
        matched |= dict.fromkeys(list(unlike)[:1], SERVICE)
    return matched


def _names(rules: Rules, column: str) -> list[str]:
    """What a column may be called, in words."""
    if column == SERVICE:
        return ["service", "name", "service name", "name of service"]
    behind = " note" if column.endswith(NOTE) else ""
    titles = [part.title for part in (*rules.facts, *all_requirements(rules)) if part.id == column.removesuffix(NOTE)]
    return [_words(name) + behind for name in (column.removesuffix(NOTE), *titles)]


def _name_words(rules: Rules, column: str) -> set[str]:
    """The words of all that a column may be called."""
    return {*" ".join(_names(rules, column)).split()}


def _words(name: str) -> str:
    """A name as words: whatever stands between them, and whatever its capitals."""
    return " ".join("".join(sign if sign.isalnum() else " " for sign in name.casefold()).split())


def _likelihoods(rules: Rules, heading: str, cells: pd.Series, free: Sequence[str]) -> dict[str, float]:
    """How likely a heading is each column, by its name and by what its cells hold, 0 to 1."""
    held = sorted({cell for cell in cells if cell})
    likely = {column: max(_alike(_words(heading), name) for name in _names(rules, column)) for column in free}
    if SERVICE in likely:
        likely[SERVICE] = _BY_NAME * likely[SERVICE] + (1 - _BY_NAME) * _all_differ(cells)
    values = {fact.id: {cell for cell in held if value_of(fact, cell)} for fact in rules.facts}
    for fact in values.keys() & likely.keys():
        own = values[fact].difference(*(cells for other, cells in values.items() if other != fact))
        by_cells = _ITS_OWN + _ITS_OWN * len(own) / len(held) if 2 * len(own) >= len(held) > 0 else 0
        fits = len(values[fact]) / len(held) if held else 0.5
        likely[fact] = max(by_cells, _BY_NAME * likely[fact] + (1 - _BY_NAME) * fits)
    for requirement in all_requirements(rules):
        if likely.get(requirement.id, 0) >= _LIKELY:
            grades = [cell for cell in held if grade_of(requirement, cell)]
            likely[requirement.id] *= 2 * len(grades) >= len(held)
    told_by_word = _by_word(rules, heading)
    if told_by_word in likely:
        likely[told_by_word] = max(_PART, likely[told_by_word])
    return {column: how * (not _negates(rules, heading, column)) for column, how in likely.items()}


def _by_word(rules: Rules, heading: str) -> str:
    """The one column, of a fact or of the names, of whose words a heading's only long word is one, or has the stem of one; else nothing."""
    telling = [word for word in _words(heading).split() if len(word) >= _WORD]
    if len(telling) != 1:
        return ""
    named = {SERVICE: _name_words(rules, SERVICE)}
    named |= {fact.id: _name_words(rules, fact.id) | {*fact.value_ids()} for fact in rules.facts}
    told = [column for column, others in named.items() if any(_akin(telling[0], other) for other in others)]
    return told[0] if len(told) == 1 else ""


def _akin(one: str, other: str) -> bool:
    """Whether two words are the same, or of one stem."""
    stem = max(_STEM, len(one) - _ENDING, len(other) - _ENDING)
    return one[:stem] == other[:stem]


def _negates(rules: Rules, heading: str, column: str) -> bool:
    """Whether a heading says the opposite of a column; none that says the opposite of a fact holds the services' names."""
    columns = (SERVICE, *(fact.id for fact in rules.facts)) if column == SERVICE else (column,)
    return any(_opposite({*_words(heading).split()}, _name_words(rules, other)) for other in columns)


def _opposite(heading: set[str], names: set[str]) -> bool:
    """Whether of a heading and a column, by the words of their names, one has a negation that the other has not."""
    return bool(heading & _NEGATIONS) != bool(names & _NEGATIONS) or any(
        one.startswith(negated) and _akin(one.removeprefix(negated), other)
        for some, others in ((heading, names), (names, heading))
        for one in some - others
        for other in others
        for negated in _NEGATED
    )


def _alike(one: str, other: str) -> float:
    """How alike two names are, 0 to 1: as texts, or in that the one has all words of the other, and not many more."""
    few, many = sorted(({*one.split()}, {*other.split()}), key=len)
    part = _PART if few and few <= many and len(many) <= 2 * len(few) else 0
    return max(part, SequenceMatcher(None, one.replace(" ", ""), other.replace(" ", "")).ratio())


def _all_differ(cells: pd.Series) -> bool:
    """Whether no cell is empty, and none there twice."""
    return bool((cells != "").all()) and cells.is_unique
