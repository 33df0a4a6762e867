"""Verify a scorecard: compute it again from its own profile, grades and notes, and name each cell that differs."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scoring.files.guard import BEGINNINGS
from scoring.files.header import chosen, compared, plain
from scoring.files.messages import abridged
from scoring.files.table_in import Source
from scoring.rules.model import Measure, Regimes, Requirement, Rules
from scoring.rules.profile import its_code
from scoring.score.assessment import ANSWER, Answer, all_requirements, grade_of, grades_in_words, is_date
from scoring.score.assessment_file import LARGEST_FILE, VERSION
from scoring.score.scorecard import COLUMNS, Scorecard, score
from scoring.score.scorecard_file import (
    TYPED_BY_USER,
    FileRow,
    ScorecardError,
    agreed,
    as_compared,
    bad_cell,
    facts_of,
    read_rows,
    regimes_of,
    row_cells,
    second_service,
    text_of,
)

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
_FIGURES = ("_status", "_owed", "_points", "_out_of")
_DATE = re.compile(
    r"(?:[^\W\d]{2,10}[.,]+ )?\d{1,4}(?:[./-] ?|\.?\s)(?:\d{1,2}|[^\W\d]{3,10}\.?)(?:[./-] ?|,?\s)\d{1,4}\.?(?:[ T]\d{1,2}:\d\d(?::\d\d)?(?:\.0+)?Z?)?"
    r"|(?:[^\W\d]{3,10}, )?[^\W\d]{3,10}\.? \d{1,2},? \d{4}|\d{4}年\d{1,2}月\d{1,2}日|\d{5}(?:[.,]0+)?|#{3,}"
)
"""A date as spreadsheets write it: in figures or with the month's name, with the weekday or the time, as the number of the day, or as a column too narrow for it shows it."""


@dataclass(frozen=True)
class Rewritten:
    """Something that a spreadsheet wrote otherwise and that hinders nothing. actual: what the file has. where: in which cells. what: in words."""

    where: str
    actual: str
    what: str

    def told(self, show: Callable[[str], str] = str) -> str:
        """Where it is, what it is, and why it hinders nothing. show: what is done to what the cell is, so that it reorders nothing else."""
        return f"{self.where}: is {show(abridged(self.actual))}. {self.what}"


@dataclass(frozen=True)
class Difference:
    """A cell that is not what the rulebook gives. `row` counts as a spreadsheet does, the header being row 1."""

    row: int
    requirement: Requirement
    column: str
    actual: str
    expected: str

    @property
    def shown(self) -> tuple[str, str]:
        """What the cell is and what it should be; of a long one the part around the place where they differ."""
        start = next(
            (place for place, (one, other) in enumerate(zip(self.actual, self.expected, strict=False)) if one != other),
            min(len(self.actual), len(self.expected)),
        )
        return abridged(self.actual, start), abridged(self.expected, start)

    def told(self, show: Callable[[str], str] = str) -> str:
        """Where the cell is, what it is and what it should be. show: what is done to the two, so that they reorder nothing else."""
        actual, expected = map(show, self.shown)
        return f"Row {self.row}, “{self.requirement.title}” ({self.requirement.id}), column {self.column}: is {actual}, should be {expected}."


@dataclass(frozen=True)
class Verification:
    """What came of it: the scorecard as computed again, each cell of the file that differs from it, and what a spreadsheet wrote otherwise."""

    card: Scorecard
    differences: tuple[Difference, ...]
    rewritten: tuple[Rewritten, ...] = ()

    @property
    def matches(self) -> bool:
        return not self.differences

    @property
    def overview(self) -> str:
        """How much differs and, where it is whole measures, what that may come from."""
        cells, rows = len(self.differences), len({difference.row for difference in self.differences})
        said = f"{cells} {'cell differs' if cells == 1 else 'cells differ'} in {rows} {'row' if rows == 1 else 'rows'}."
        whole = [measure.title for measure in self.card.measures if self._differs_throughout(measure)]
        if whole:
            named = "; ".join(f"“{title}”" for title in whole)
            said += f" {'A whole measure differs' if len(whole) == 1 else 'Whole measures differ'} in figures and reasons ({named}): the profile or the recommendations may have been changed."
        elif cells > 1 and all(difference.column.endswith(_FIGURES) for difference in self.differences):
            said += (
                " Figures differ and reasons do not: a grade, a note or the figures themselves may have been changed."
            )
        return said

    def _differs_throughout(self, measure: Measure) -> bool:
        """True where each row of the measure differs in a reason, and the measure in a figure."""
        columns = {
            requirement.id: {
                difference.column for difference in self.differences if difference.requirement.id == requirement.id
            }
            for requirement in measure.requirements
        }
        return all(any(column.endswith("_because") for column in named) for named in columns.values()) and any(
            column.endswith(_FIGURES) for named in columns.values() for column in named
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


def verify(rules: Rules, source: Source) -> Verification:
    """A scorecard matches when each of its cells is what the rulebook gives for its own profile, grades and notes.

    source: the file, as CSV or as a workbook. Raises ScorecardError where it is no scorecard, or cannot be computed again: too
    large, a column or a row missing, unknown or there twice, an unknown grade, fact or recommendation, other rules.
    """
    return verified(rules, given_in(rules, source))


@dataclass(frozen=True)
class Given:
    """What a scorecard's file says, as far as its figures are worked out from it: its rows by requirement, and what of them is taken as given."""

    rows: Mapping[str, tuple[FileRow, Requirement]]
    service: str
    assessed_on: str
    rulebook: str
    regimes: Regimes
    facts: dict[str, str]
    answers: Mapping[str, Answer]
    rewritten: tuple[Rewritten, ...]


def given_in(rules: Rules, source: Source, *, other_rules: bool = False) -> Given:
    """Read a scorecard's file. Raises ScorecardError as `verify` does.

    other_rules: take one that was made under another version of the rules, too, as far as these rules know all that is in it; then rows may be missing.
    """
    if isinstance(source, bytes) and len(source) > largest(rules):
        raise ScorecardError(f"the file is too large; a scorecard has at most {largest(rules):,} bytes")
    rows = read_rows(rules, source)
    service, rulebook, assessed_on = (agreed(rows, column) for column in ("service", "rulebook", "assessed_on"))
    of_these_rules = as_compared("rulebook", rulebook) == as_compared("rulebook", rules.version)
    if not (of_these_rules or other_rules):
        allowed = f"{rules.version}: a scorecard is verified under the rules that it was made under"
        raise bad_cell(rows, "rulebook", allowed)
    if not (of_these_rules or VERSION.fullmatch(rulebook)):
        raise bad_cell(rows, "rulebook", f"a version of the rules, such as {rules.version}")
    regimes, facts = regimes_of(rows, rules), facts_of(rows, rules)
    rewritten = _rewritten(rows, assessed_on)
    by_requirement = _by_requirement(rows, rules, facts, regimes, service, whole=of_these_rules)
    return Given(
        rows=by_requirement,
        service=text_of("service", service),
        assessed_on=assessed_on,
        rulebook=rules.version if of_these_rules else rulebook,
        regimes=regimes,
        facts=facts,
        answers={key: _answer(row, requirement) for key, (row, requirement) in by_requirement.items()},
        rewritten=rewritten,
    )


def verified(rules: Rules, given: Given) -> Verification:
    """Compute a scorecard again that was read under the rules that it was made under."""
    card = score(rules, given.facts, given.answers, given.regimes, service=given.service, assessed_on=given.assessed_on)
    expected = {row.requirement: dict(zip(COLUMNS, row_cells(row), strict=True)) for row in card.rows}
    differences = [
        Difference(row.number, requirement, column, row.cells[column], expected[key][column])
        for key, (row, requirement) in given.rows.items()
        for column in COLUMNS
        if as_compared(column, row.cells[column]) != as_compared(column, expected[key][column])
    ]
    return Verification(card, tuple(differences), given.rewritten)


def verification_text(verification: Verification, name: str) -> str:
    """The result as plain text: a sentence, a line for each cell that differs, and what was checked and what was not.

    name: what to call the file.
    """
    differences = (difference.told() for difference in verification.differences)
    rewritten = (rewritten.told() for rewritten in verification.rewritten)
    lines = [f"{name}: {verification.sentence}", *differences, *rewritten, verification.computed, verification.given]
    return "".join(f"{line}\n" for line in lines)


def largest(rules: Rules) -> int:
    """How many bytes a scorecard may have: each row repeats what a saved assessment, with its own limit, may hold once."""
    whole = rules.regimes.amended
    return LARGEST_FILE * (
        1 + max(sum(len(measure.requirements) for measure in whole.of_code(code.id)) for code in rules.codes)
    )


# ------------------------------------------------------------------------------ what it is computed from
def _rewritten(rows: Sequence[FileRow], assessed_on: str) -> tuple[Rewritten, ...]:
    """What a spreadsheet wrote otherwise: the date, and typed text whose guard against formulas it took off."""
    rewritten = [
        Rewritten(
            f"Row {row.number}, column {column}",
            row.cells[column],
            "It begins as a formula does: a spreadsheet took off the ' that stood before it. It is read as the text that it is.",
        )
        for column in TYPED_BY_USER
        for row in rows
        if row.cells[column].startswith(BEGINNINGS)
    ]
    if not is_date(assessed_on):
        if not _DATE.fullmatch(plain(assessed_on)):
            raise bad_cell(rows, "assessed_on", "a date such as 2026-11-22")
        what = "A spreadsheet rewrote the date. Which day is meant is not guessed, and no figure depends on it."
        rewritten.insert(0, Rewritten("Column assessed_on", assessed_on, what))
    return tuple(rewritten)


def _by_requirement(
    rows: Sequence[FileRow], rules: Rules, facts: dict[str, str], regimes: Regimes, service: str, whole: bool
) -> dict[str, tuple[FileRow, Requirement]]:
    """The rows by requirement: one for each that either regime's rulebook has for the service's code, and no other. whole: none may be missing."""
    code = its_code(rules, facts)
    measures = regimes.amended.of_code(code.id)
    expected = {requirement.id: requirement for measure in measures for requirement in measure.requirements}
    known = {requirement.id for requirement in all_requirements(rules)}
    canonical = {compared(requirement_id): requirement_id for requirement_id in known}
    by_requirement: dict[str, tuple[FileRow, Requirement]] = {}
    for row in rows:
        key = canonical.get(compared(row.cells["requirement"]), row.cells["requirement"])
        where = f"row {row.number}, column requirement: {abridged(key)}"
        is_other = as_compared("service", row.cells["service"]) != as_compared("service", service)
        if is_other and (key not in expected or key in by_requirement):
            raise second_service(row)
        if key not in expected:
            what = (
                f"is not scored for this profile ({code.title}) with these recommendations"
                if key in known
                else "is no requirement"
            )
            raise ScorecardError(f"{where} {what}; allowed: {', '.join(expected)}")
        if key in by_requirement:
            raise ScorecardError(
                f"{where} is in row {by_requirement[key][0].number} already; each requirement is allowed once"
            )
        by_requirement[key] = row, expected[key]
    absent = [key for key in expected if key not in by_requirement]
    if absent and whole:
        raise ScorecardError(
            f"a row is missing for {', '.join(absent)}; a scorecard has one for each of {', '.join(expected)}"
        )
    return by_requirement


def _answer(row: FileRow, requirement: Requirement) -> Answer:
    cell = row.cells["grade"]
    grade = grade_of(requirement, cell)
    if grade is None:
        allowed = grades_in_words(requirement, chosen(cell, ANSWER) or cell)
        raise ScorecardError(f"row {row.number}, column grade: {abridged(cell)}; allowed: {allowed}")
    return Answer(grade=grade, note=text_of("note", row.cells["note"]))
