"""Verify a scorecard: compute it again from its own profile, grades and notes, and name each cell that differs."""

import csv
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from scoring.files import file_kinds
from scoring.files.guard import BEGINNINGS
from scoring.files.table_in import csv_rows
from scoring.rules.amend import adopting
from scoring.rules.model import Measure, Regimes, Requirement, Rules
from scoring.rules.profile import live, missing
from scoring.score.assessment import Answer, all_requirements, allowed_grades
from scoring.score.assessment_file import LARGEST_FILE
from scoring.score.scorecard import COLUMNS, Scorecard, score
from scoring.score.scorecard_file import TYPED_BY_USER, cells, text_of
from scoring.score.tally import NOT_FEASIBLE

TAKEN_AS_GIVEN = {
    "service": "the name of the service",
    "assessed_on": "the date",
    "profile": "the profile (the facts about the service)",
    "regime_amended": "which recommendations are adopted",
    "grade": "the grades",
    "note": "the notes",
}
"""What a scorecard is computed from, by column, in words.

Changed in every row alike, and with every figure that follows, these cannot be caught.
"""
COMPUTED = tuple(column for column in COLUMNS if column not in TAKEN_AS_GIVEN)
"""The columns of which every cell is worked out again."""
_OF_THE_FILE = ("service", "profile", "regime_amended", "rulebook", "assessed_on")
"""The columns that say the same in every row."""
_FIGURES = ("_status", "_owed", "_points", "_out_of")
_SHOWN, _LONGEST_SHOWN = 100, 400
"""Characters of a cell that a message shows, and how long they may get where they do not print and are written as escapes."""


class ScorecardError(ValueError):
    """A file that cannot be verified; the message names the row, the column and the value, and says what is allowed."""


@dataclass(frozen=True)
class Difference:
    """A cell that is not what the rulebook gives. `row` counts as a spreadsheet does, the header being row 1."""

    row: int
    requirement: Requirement
    column: str
    found: str
    expected: str

    @property
    def shown(self) -> tuple[str, str]:
        """What the cell is and what it should be; of a long one the part around the place where they differ."""
        start = next(
            (place for place, (one, other) in enumerate(zip(self.found, self.expected, strict=False)) if one != other),
            min(len(self.found), len(self.expected)),
        )
        return _shown(self.found, start), _shown(self.expected, start)

    @property
    def sentence(self) -> str:
        """Where the cell is, what it is and what it should be."""
        return self.told(str)

    def told(self, show: Callable[[str], str]) -> str:
        """The same sentence. show: what is done to what the cell is and should be, so that it reorders nothing else."""
        found, expected = map(show, self.shown)
        return f"Row {self.row}, “{self.requirement.title}” ({self.requirement.id}), column {self.column}: is {found}, should be {expected}."


@dataclass(frozen=True)
class Verification:
    """What came of it: the scorecard as computed again, and each cell of the file that differs from it."""

    card: Scorecard
    differences: tuple[Difference, ...]

    @property
    def matches(self) -> bool:
        return not self.differences

    @property
    def overview(self) -> str:
        """How much differs and, where it is whole measures, what that may come from."""
        cells, rows = len(self.differences), len({each.row for each in self.differences})
        said = f"{cells} {'cell differs' if cells == 1 else 'cells differ'} in {rows} {'row' if rows == 1 else 'rows'}."
        whole = [measure.title for measure in self.card.measures if self._differs_throughout(measure)]
        if whole:
            named = "; ".join(f"“{title}”" for title in whole)
            said += f" {'A whole measure differs' if len(whole) == 1 else 'Whole measures differ'} in figures and reasons ({named}): the profile or the recommendations may have been changed."
        elif cells > 1 and all(each.column.endswith(_FIGURES) for each in self.differences):
            said += (
                " Figures differ and reasons do not: a grade, a note or the figures themselves may have been changed."
            )
        return said

    def _differs_throughout(self, measure: Measure) -> bool:
        """True where each row of the measure differs in a reason, and the measure in a figure."""
        columns = {
            requirement.id: {each.column for each in self.differences if each.requirement.id == requirement.id}
            for requirement in measure.requirements
        }
        return all(any(column.endswith("_because") for column in each) for each in columns.values()) and any(
            column.endswith(_FIGURES) for each in columns.values() for column in each
        )

    @property
    def sentence(self) -> str:
        """The result in a sentence."""
        by_the_rules = "what the rules give for what the file says of the service"
        if self.matches:
            cells = len(COMPUTED) * len(self.card.rows)
            return f"The scorecard matches: {cells} cells were computed again, and each is {by_the_rules}."
        count = len(self.differences)
        return f"{count} {'cell differs' if count == 1 else 'cells differ'} from {by_the_rules}."

    @property
    def computed(self) -> str:
        """Which cells were worked out again, in a sentence."""
        rows = len(self.card.rows)
        cells, columns = len(COMPUTED) * rows, ", ".join(COMPUTED)
        return f"Computed again and compared: {cells} cells, those of the columns {columns} in {rows} rows."

    @property
    def given(self) -> str:
        """What they were worked out from, and what is known of that."""
        *most, last = TAKEN_AS_GIVEN.values()
        return (
            f"Taken as given and not checked: {', '.join(most)} and {last}. Whether any of it is true is not "
            "known here. The first four only have to be the same in every row: a file in which one of them was changed throughout "
            "matches as well, where the figures do not turn on it or were changed with it."
        )


def verify(rules: Rules, data: bytes) -> Verification:
    """A scorecard matches when each of its cells is what the rulebook gives for its own profile, grades and notes.

    data: the bytes of the file. Raises ScorecardError where it is no scorecard, or cannot be computed again: not UTF-8, too
    large, a column or a row missing, unknown or there twice, an unknown grade, fact or recommendation, other rules.
    """
    rows = _read(data, rules)
    of_file = {column: _agreed(rows, column) for column in _OF_THE_FILE}
    if of_file["rulebook"] != rules.version:
        raise _bad(
            rows,
            "rulebook",
            of_file["rulebook"],
            f"{rules.version}: a scorecard is verified under the rules that it was made under",
        )
    regimes = _regimes(rows, of_file["regime_amended"], rules)
    facts = _facts(rows, of_file["profile"], rules)
    _check_date(rows, of_file["assessed_on"])
    by_requirement = _by_requirement(rows, rules, facts, regimes)
    answers = {key: _answer(row, requirement) for key, (row, requirement) in by_requirement.items()}
    service = text_of("service", of_file["service"])
    card = score(rules, facts, answers, regimes, service=service, assessed_on=of_file["assessed_on"])
    expected = {row.requirement: dict(zip(COLUMNS, cells(row), strict=True)) for row in card.rows}
    differences = [
        Difference(row.number, requirement, column, row.cells[column], expected[key][column])
        for key, (row, requirement) in by_requirement.items()
        for column in COLUMNS
        if not _same(column, row.cells[column], expected[key][column])
    ]
    return Verification(card, tuple(differences))


def _same(column: str, found: str, expected: str) -> bool:
    """Whether a cell is what it should be.

    Text that was typed may lack the guards inside it: scorecards of earlier versions have none there.
    """
    if found == expected or column not in TYPED_BY_USER:
        return found == expected
    return text_of(column, found) == text_of(column, expected) and not found.startswith(BEGINNINGS)


def as_text(verification: Verification, name: str) -> str:
    """The result as plain text: a sentence, a line for each cell that differs, and what was checked and what was not.

    name: what to call the file.
    """
    differences = [difference.sentence for difference in verification.differences]
    lines = [f"{name}: {verification.sentence}", *differences, verification.computed, verification.given]
    return "".join(f"{line}\n" for line in lines)


def largest(rules: Rules) -> int:
    """How many bytes a scorecard may have: each row repeats what a saved assessment, with its own limit, may hold once."""
    whole = rules.regimes.amended
    return LARGEST_FILE * (
        1 + max(sum(len(measure.requirements) for measure in whole.of_code(code.id)) for code in rules.codes)
    )


# ------------------------------------------------------------------------------------------------- reading
@dataclass(frozen=True)
class _Row:
    number: int
    cells: dict[str, str]


def _read(data: bytes, rules: Rules) -> list[_Row]:
    if len(data) > largest(rules):
        raise ScorecardError(f"the file is too large; a scorecard has at most {largest(rules):,} bytes")
    foreign = file_kinds.not_csv(data)
    if foreign:
        raise ScorecardError(foreign)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ScorecardError(f"the file is not UTF-8 text: byte {error.start + 1:,} cannot be read") from None
    reader = csv_rows(text, strict=True)
    try:
        header = next(reader, [])
        _check_header(header)
        rows = list(_rows(reader, header, len(all_requirements(rules))))
    except csv.Error as error:
        raise ScorecardError(f"the file is not CSV: line {reader.line_num}: {error}") from None
    if not rows:
        raise ScorecardError("the file has no rows; a scorecard has a row for each requirement")
    return rows


def _rows(records: Iterator[list[str]], header: Sequence[str], most: int) -> Iterator[_Row]:
    """The rows under the header, blank lines passed over. No more are held than a scorecard can have, whatever the file has."""
    seen = 0
    for number, record in enumerate(records, start=2):
        if not record:
            continue
        if len(record) != len(header):
            raise ScorecardError(
                f"row {number} has {len(record)} cells; allowed: {len(header)}, as many as there are columns"
            )
        seen += 1
        if seen > most:
            raise ScorecardError(
                f"row {number} is one too many; a scorecard has a row for each requirement, {most} at most"
            )
        yield _Row(number, dict(zip(header, record, strict=True)))


def _check_header(header: Sequence[str]) -> None:
    absent = [column for column in COLUMNS if column not in header]
    if len(absent) > len(COLUMNS) / 2:
        raise ScorecardError(f"this is not a scorecard: its first row does not name the columns {', '.join(COLUMNS)}")
    if absent:
        raise ScorecardError(
            f"row 1: the column {', '.join(absent)} is missing; a scorecard has the columns {', '.join(COLUMNS)}"
        )
    for column in header:
        if column not in COLUMNS:
            raise ScorecardError(f"row 1: unknown column {_shown(column)}; allowed: {', '.join(COLUMNS)}")
        if header.count(column) > 1:
            raise ScorecardError(
                f"row 1: the column {column} is there {header.count(column)} times; each column is allowed once"
            )


def _agreed(rows: Sequence[_Row], column: str) -> str:
    """What most rows say, and the first of them where as many say something else. A row that says otherwise has a cell that differs."""
    return Counter(row.cells[column] for row in rows).most_common(1)[0][0]


def _bad(rows: Sequence[_Row], column: str, value: str, allowed: str, shown: str | None = None) -> ScorecardError:
    row = next(row for row in rows if row.cells[column] == value)
    return ScorecardError(
        f"row {row.number}, column {column}: {_shown(value if shown is None else shown)}; allowed: {allowed}"
    )


# ------------------------------------------------------------------------------ what it is computed from
def _regimes(rows: Sequence[_Row], value: str, rules: Rules) -> Regimes:
    if value == "all":
        return rules.regimes
    try:
        return adopting(rules, () if value == "none" else value.split("+"))
    except KeyError as error:
        known = ", ".join(each.id for each in rules.recommendations)
        raise _bad(
            rows, "regime_amended", value, f"all, none, or any of {known} with + between them", error.args[0]
        ) from None


def _facts(rows: Sequence[_Row], value: str, rules: Rules) -> dict[str, str]:
    """The profile as the file gives it. A fact that is not asked is left out, and so its cell differs."""
    given: dict[str, str] = {}
    for part in value.split(";"):
        name, sign, chosen = part.partition("=")
        fact = next((each for each in rules.facts if each.id == name), None)
        if fact is None or not sign:
            raise _bad(
                rows,
                "profile",
                value,
                f"fact=value with ; between them, of the facts {', '.join(each.id for each in rules.facts)}",
                part,
            )
        if chosen not in fact.value_ids():
            raise _bad(rows, "profile", value, f"{name}={'/'.join(fact.value_ids())}", part)
        if name in given:
            raise _bad(rows, "profile", value, f"{name} once", part)
        given[name] = chosen
    absent = missing(rules.facts, given)
    if absent:
        raise _bad(rows, "profile", value, f"a profile with {absent[0].id}={'/'.join(absent[0].value_ids())} in it")
    return live(rules.facts, given)


def _check_date(rows: Sequence[_Row], value: str) -> None:
    try:
        good = date.fromisoformat(value).isoformat() == value
    except ValueError:
        good = False
    if not good:
        raise _bad(rows, "assessed_on", value, "a date such as 2026-11-22")


def _by_requirement(
    rows: Sequence[_Row], rules: Rules, facts: dict[str, str], regimes: Regimes
) -> dict[str, tuple[_Row, Requirement]]:
    """The rows by requirement: one for each that either regime's rulebook has for the service's code, and no other."""
    code = rules.code_of(facts)
    assert code is not None  # load() has seen to it that every complete profile belongs to a code
    expected = {each.id: each for measure in regimes.amended.of_code(code.id) for each in measure.requirements}
    known = {each.id for each in all_requirements(rules)}
    found: dict[str, tuple[_Row, Requirement]] = {}
    for row in rows:
        key = row.cells["requirement"]
        where = f"row {row.number}, column requirement: {_shown(key)}"
        if key not in expected:
            what = (
                f"is not scored for this profile ({code.title}) with these recommendations"
                if key in known
                else "is no requirement"
            )
            raise ScorecardError(f"{where} {what}; allowed: {', '.join(expected)}")
        if key in found:
            raise ScorecardError(f"{where} is in row {found[key][0].number} already; each requirement is allowed once")
        found[key] = row, expected[key]
    absent = [key for key in expected if key not in found]
    if absent:
        raise ScorecardError(
            f"a row is missing for {', '.join(absent)}; a scorecard has one for each of {', '.join(expected)}"
        )
    return found


def _answer(row: _Row, requirement: Requirement) -> Answer:
    grade, allowed = row.cells["grade"], allowed_grades(requirement)
    if grade and grade not in allowed:
        why = (
            f" ({NOT_FEASIBLE} only where the text says 'where feasible and appropriate')"
            if grade == NOT_FEASIBLE
            else ""
        )
        raise ScorecardError(
            f"row {row.number}, column grade: {_shown(grade)}; allowed: {', '.join(allowed)}, or empty{why}"
        )
    return Answer(grade=grade, note=text_of("note", row.cells["note"]))


def _shown(text: str, around: int = 0) -> str:
    """A cell in a message: in quotes, on one line, and of a long one only the part around a place."""
    if not text:
        return "empty"
    start = max(0, min(around - _SHOWN // 4, len(text) - _SHOWN))
    part = text[start : start + _SHOWN]
    while len(repr(part)) > _LONGEST_SHOWN:
        part = part[:-10]
    return f"{'…' if start else ''}{part!r}{'…' if start + len(part) < len(text) else ''}"
