"""A filled questionnaire becomes an assessment: the good cells, and each refused one by sheet and cell.

Answers are found by the id in their row and the heading of their column, wherever those stand; everything else is ignored.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from scoring.files.header import BLANKS, chosen, compared, plain
from scoring.files.messages import ERROR, LOST_ALLOWED, NO_VALUE, NOT_TEXT
from scoring.files.workbook_in import Workbook, WorkbookError, open_workbook
from scoring.form.questionnaire_out import (
    ABOUT_THE_RECORD,
    ANSWER_HEADING,
    EXAMINED,
    ID,
    MARK,
    MOST_EVIDENCE,
    NAME,
    NO,
    NOTE,
    PLAN,
    REASON,
    RULES,
    SAVED,
    SINCE,
    YES,
    evidence,
    mark_of,
)
from scoring.rules.model import Rules
from scoring.score.assessment import (
    ANSWER,
    STATUS,
    Answer,
    Assessment,
    Evidence,
    Plan,
    SignOff,
    all_requirements,
    allowed_grades,
    is_date,
)
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json, to_json
from scoring.score.scorecard_file import SHEET

_PIECES = tuple(map(evidence, range(1, MOST_EVIDENCE + 1)))
_BESIDE = (NOTE, SINCE, *PLAN.values(), *(heading for piece in _PIECES for heading in piece.values()))
"""The headings of what may be said of a requirement beside its grade."""
_HEADINGS = (ANSWER_HEADING, *_BESIDE, EXAMINED, REASON)
_DAY: Mapping[str, str] = {"day": "a date as YYYY-MM-DD, such as 2026-05-01"}
"""Stands for the choices where a day is asked."""
_HEADER_WITHIN = 50  # rows of a sheet, among which its header is looked for
_SHEETS = ("service", "answers", "technologies")
"""The sheets that have answers, as names are compared."""
_OF_A_SCORECARD = "drafted_because"
"""A column of a scorecard, and of no other sheet of its name."""
_WRITTEN_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T]\d\d?:[\d:.]+Z?)?", re.ASCII)
"""A day with the year first, with a time or without; which number of any other is the month is not known."""
_ANY_TEXT = "letters, signs, tabs and line ends"


class NotAQuestionnaire(WorkbookError):
    """A workbook without a cell that is an answer cell of a questionnaire."""


@dataclass(frozen=True)
class Refused:
    """A cell that is not taken: where it stands, what it says and what is allowed there."""

    sheet: str
    cell: str
    value: str
    allowed: str

    def in_words(self) -> str:
        """The cell, its value and what is allowed, in one sentence; of a long value the beginning."""
        value = self.value if len(self.value) <= 80 else f"{self.value[:80]}..."
        return f"sheet {self.sheet!r}, cell {self.cell}: {value!r}; allowed: {self.allowed}"


@dataclass(frozen=True)
class Reading:
    """What a filled questionnaire says: the assessment that its good cells make, and the cells that are refused."""

    assessment: Assessment
    refused: tuple[Refused, ...]


@dataclass(frozen=True)
class _Cell:
    """A cell that is to be filled in: the id of its row, the heading of its column, and what it says."""

    sheet: str
    place: str
    id: str
    heading: str
    text: str

    def refuse(self, allowed: str) -> Refused:
        return Refused(self.sheet, self.place, self.text, allowed)


@dataclass
class _Taken:
    """What was taken so far, by the id of the row and the heading of the column; a cell that contradicts an earlier one is refused."""

    values: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    refused: list[Refused] = field(default_factory=list)

    def take(self, cell: _Cell, value: str) -> None:
        earlier = self.values[cell.id].setdefault(cell.heading, value)
        if earlier != value:
            self.refused.append(cell.refuse(f"{earlier!r}, as another row for {cell.id} says, or an empty cell"))


def read_questionnaire(data: bytes | BinaryIO, rules: Rules, read_at: str) -> Reading:
    """Read a filled questionnaire.

    read_at: the present moment with its offset, in ISO 8601; it dates answers that were changed after they were written to the workbook.
    Raises WorkbookError for a file that is no workbook, is no questionnaire, or holds more text than an assessment may.
    """
    book = open_workbook(data)
    if SHEET in book.sheets and _OF_A_SCORECARD in next(book.rows(SHEET), []):
        raise NotAQuestionnaire("is a scorecard, which Returns takes, and no questionnaire")
    offered = _offered(rules)
    ids = {compared(row_id): row_id for row_id, _ in offered}
    taken = _Taken()
    cells = [cell for sheet in book.sheets for cell in _cells_to_fill(book, sheet, ids, taken)]
    if not cells:
        raise NotAQuestionnaire(
            f"is not a questionnaire of this program: no sheet has a column {ID!r} and a column {ANSWER_HEADING!r}. "
            "Download the questionnaire on the start page and fill that in"
        )
    for cell in cells:
        value = _value(cell, offered)
        if isinstance(value, Refused):
            taken.refused.append(value)
        elif cell.text:
            taken.take(cell, value)
    assessment = _assessment(rules, taken.values, _said_of_answers(book), read_at)
    if len(to_json(assessment, rules)) > LARGEST_FILE:
        raise WorkbookError("holds more text than a saved assessment may: at most 1 MiB in all")
    return Reading(assessment, tuple(taken.refused))


def _cells_to_fill(book: Workbook, sheet: str, ids: Mapping[str, str], taken: _Taken) -> Iterator[_Cell]:
    """The cells of a sheet that are to be filled in, as far as the sheet has a header that says which they are.

    ids: those of all rows that there are, by how they are compared. A sheet of answers whose rows have no id any more is refused by its heading.
    """
    columns: dict[int, str] = {}
    id_column = -1
    for number, row in enumerate(book.rows(sheet), start=1):
        if not columns:
            if number > _HEADER_WITHIN:
                return
            headings = [compared(cell) for cell in row]
            named = {headings.index(compared(name)): name for name in _HEADINGS if compared(name) in headings}
            if compared(ID) in headings:
                id_column = headings.index(compared(ID))
                columns = dict(sorted(named.items()))
            elif named and compared(sheet) in _SHEETS:
                place, heading = min(named.items())
                lacking = f"a column {ID!r} beside it, which says what each row answers: nothing of this sheet is taken"
                taken.refused.append(Refused(sheet, f"{_letters(place)}{number}", heading, lacking))
                return
            continue
        row_id = ids.get(compared(row[id_column]), row[id_column].strip(BLANKS))
        if row_id:
            for column, heading in columns.items():
                yield _Cell(sheet, f"{_letters(column)}{number}", row_id, heading, row[column])


def _letters(column: int) -> str:
    """The letters of a column, 0 for A."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _offered(rules: Rules) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """(id, heading) -> the values that may be chosen there, each with the name that the workbook shows; none: any text."""
    offered: dict[tuple[str, str], Mapping[str, str]] = {
        (row_id, ANSWER_HEADING): _DAY if row_id == "approved_on" else {} for row_id in (NAME, *ABOUT_THE_RECORD)
    }
    beside = {heading: _DAY if "YYYY" in heading else {} for heading in _BESIDE} | {PLAN["status"]: STATUS}
    for fact in rules.facts:
        if not fact.derived_from_technologies:
            offered[fact.id, ANSWER_HEADING] = {value.id: value.label for value in fact.values}
    for requirement in all_requirements(rules):
        offered.update({(requirement.id, heading): choices for heading, choices in beside.items()})
        grades = {grade: ANSWER[grade] for grade in allowed_grades(requirement)}
        offered[requirement.id, ANSWER_HEADING] = offered[requirement.id, PLAN["grade"]] = grades
    for technology in rules.technologies:
        offered[technology.id, EXAMINED] = {"yes": YES, "no": NO}
        offered[technology.id, REASON] = {}
    return offered


def _value(cell: _Cell, offered: Mapping[tuple[str, str], Mapping[str, str]]) -> str | Refused:
    """What a cell answers; or that it is refused, and why. An empty cell answers nothing."""
    key = (cell.id, cell.heading)
    if not cell.text:
        return ""
    if key not in offered:
        ids = ", ".join(dict.fromkeys(known for known, heading in offered if heading == cell.heading))
        return cell.refuse(f"nothing in the row of {cell.id!r}; the ids of rows with {cell.heading!r} are {ids}")
    if cell.text.endswith(NO_VALUE):
        return cell.refuse("a value. Open the file in a spreadsheet program and save it, so that the formula has one")
    if cell.text.endswith(ERROR):
        return cell.refuse(LOST_ALLOWED)
    if not offered[key]:
        unfit = NOT_TEXT.search(cell.text)
        return cell.refuse(f"{_ANY_TEXT}, and not U+{ord(unfit[0]):04X}") if unfit else cell.text
    value = _day(cell.text) if offered[key] is _DAY else chosen(cell.text, offered[key])
    if value is None:
        return cell.refuse(f"{', '.join(dict.fromkeys(offered[key].values()))}, or an empty cell")
    return value


def _day(text: str) -> str | None:
    """The day that a cell names; "" for an empty one, None for one that names none."""
    said = plain(text)
    written = _WRITTEN_DAY.fullmatch(said)
    day = f"{written[1]}-{int(written[2]):02}-{int(written[3]):02}" if written else said
    return day if not day or is_date(day) else None


def _said_of_answers(book: Workbook) -> dict[str, str]:
    """What the workbook says of its answers as a whole, wherever in its sheets a row begins with one of these names."""
    names = {RULES, SAVED, MARK}
    about: Sequence[str] = [sheet for sheet in book.sheets if compared(sheet) == "about"]
    return {row[0]: row[1] for sheet in about for row in book.rows(sheet) if len(row) > 1 and row[0] in names}


def _assessment(
    rules: Rules, rows: Mapping[str, Mapping[str, str]], said: Mapping[str, str], read_at: str
) -> Assessment:
    """rows: what was taken, by the id of the row and the heading of the column. said: what the workbook says of its answers as a whole."""
    answered = {row_id: row[ANSWER_HEADING] for row_id, row in rows.items() if ANSWER_HEADING in row}
    facts = {fact.id: answered[fact.id] for fact in rules.facts if fact.id in answered}
    technologies = {
        technology.id: rows[technology.id].get(REASON, "")
        for technology in rules.technologies
        if technology.id in rows and rows[technology.id].get(EXAMINED, "yes") == "yes"
    }
    answers = {known.id: _answer(rows[known.id]) for known in all_requirements(rules) if known.id in rows}
    record = {row_id: answered.get(row_id, "") for row_id in ABOUT_THE_RECORD}
    assessment = Assessment(
        rulebook=said.get(RULES, rules.version),
        provider=record.pop("provider"),
        service_name=answered.get(NAME, ""),
        saved_at=said.get(SAVED, read_at),
        profile=facts,
        technologies=technologies,
        answers=answers,
        sign_off=SignOff(**record),
    )
    try:
        from_json(to_json(assessment, rules), rules)
    except AssessmentError:  # of all that is in it, only the version and the moment were not looked at
        assessment = assessment.model_copy(update={"rulebook": rules.version, "saved_at": read_at})
    if mark_of(assessment, rules) != said.get(MARK, ""):
        assessment = assessment.model_copy(update={"saved_at": read_at})
    return assessment


def _answer(said: Mapping[str, str]) -> Answer:
    """What the cells of one requirement say, by their headings."""

    def parts(headings: Mapping[str, str]) -> dict[str, str]:
        return {part: said.get(heading, "") for part, heading in headings.items()}

    return Answer(
        grade=said.get(ANSWER_HEADING, ""),
        note=said.get(NOTE, ""),
        since=said.get(SINCE, ""),
        evidence=tuple(Evidence(**parts(piece)) for piece in _PIECES),
        plan=Plan(**parts(PLAN)),
    )
