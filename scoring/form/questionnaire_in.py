"""A filled questionnaire becomes an assessment: the good cells, and each refused one by sheet and cell.

Answers are found by the id in their row and the heading of their column, wherever those stand; everything else is ignored.
"""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from scoring.files.messages import NOT_TEXT
from scoring.files.workbook_in import NO_VALUE, Workbook, WorkbookError, open_workbook
from scoring.form.questionnaire_out import (
    ANSWER_HEADING,
    EXAMINED,
    ID,
    MARK,
    NAME,
    NO,
    NOTE,
    REASON,
    RULES,
    SAVED,
    YES,
    mark_of,
)
from scoring.rules.model import Rules
from scoring.score.assessment import ANSWER, Answer, Assessment, all_requirements, allowed_grades
from scoring.score.assessment_file import LARGEST_FILE, AssessmentError, from_json, to_json

_HEADINGS = (ANSWER_HEADING, NOTE, EXAMINED, REASON)
_HEADER_WITHIN = 50  # rows of a sheet, among which its header is looked for
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
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
    """What was taken so far; a cell that contradicts an earlier one is refused."""

    values: dict[tuple[str, str], str] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)

    def take(self, cell: _Cell, value: str) -> None:
        earlier = self.values.setdefault((cell.id, cell.heading), value)
        if earlier != value:
            self.refused.append(cell.refuse(f"{earlier!r}, as another row for {cell.id} says, or an empty cell"))


def read_questionnaire(data: bytes | BinaryIO, rules: Rules, read_at: str) -> Reading:
    """Read a filled questionnaire.

    read_at: the present moment with its offset, in ISO 8601; it dates answers that were changed after they were written to the workbook.
    Raises WorkbookError for a file that is no workbook, is no questionnaire, or holds more text than an assessment may.
    """
    book = open_workbook(data)
    cells = [cell for sheet in book.sheets for cell in _cells_to_fill(book, sheet)]
    if not cells:
        raise NotAQuestionnaire(
            f"is not a questionnaire of this program: no sheet has a column {ID!r} and a column {ANSWER_HEADING!r}. "
            "Download the questionnaire on the start page and fill that in"
        )
    taken = _Taken()
    offered = _offered(rules)
    for cell in filter(lambda cell: cell.text, cells):
        _take(cell, offered, taken)
    assessment = _assessment(rules, taken.values, _said_of_answers(book), read_at)
    if len(to_json(assessment, rules)) > LARGEST_FILE:
        raise WorkbookError("holds more text than a saved assessment may: at most 1 MiB in all")
    return Reading(assessment, tuple(taken.refused))


def _cells_to_fill(book: Workbook, sheet: str) -> Iterator[_Cell]:
    """The cells of a sheet that are to be filled in, as far as the sheet has a header that says which they are."""
    columns: dict[int, str] = {}
    id_column = -1
    for number, row in enumerate(book.rows(sheet), start=1):
        if not columns:
            if number > _HEADER_WITHIN:
                return
            headings = [_told(cell) for cell in row]
            if _told(ID) in headings:
                id_column = headings.index(_told(ID))
                columns = {headings.index(_told(name)): name for name in _HEADINGS if _told(name) in headings}
            continue
        row_id = row[id_column].translate(_UNSEEN).strip()
        if row_id:
            for column, heading in columns.items():
                yield _Cell(sheet, f"{_letters(column)}{number}", row_id, heading, row[column])


def _letters(column: int) -> str:
    """The letters of a column, 0 for A."""
    before, last = divmod(column, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _told(text: str) -> str:
    """A text as far as it tells one choice from another: without blanks around it, signs without width, and capitals."""
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN)).strip().casefold()


def _offered(rules: Rules) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """(id, heading) -> the values that may be chosen there, each with the name that the workbook shows; none: any text."""
    offered: dict[tuple[str, str], Mapping[str, str]] = {(NAME, ANSWER_HEADING): {}}
    for fact in rules.facts:
        if not fact.derived_from_technologies:
            offered[fact.id, ANSWER_HEADING] = {value.id: value.label for value in fact.values}
    for requirement in all_requirements(rules):
        offered[requirement.id, ANSWER_HEADING] = {grade: ANSWER[grade] for grade in allowed_grades(requirement)}
        offered[requirement.id, NOTE] = {}
    for technology in rules.technologies:
        offered[technology.id, EXAMINED] = {"yes": YES, "no": NO, "true": YES, "false": NO}
        offered[technology.id, REASON] = {}
    return offered


def _take(cell: _Cell, offered: Mapping[tuple[str, str], Mapping[str, str]], taken: _Taken) -> None:
    key = (cell.id, cell.heading)
    if key not in offered:
        ids = dict.fromkeys(known for known, heading in offered if heading == cell.heading)
        refused = cell.refuse(
            f"nothing in the row of {cell.id!r}; the ids of rows with {cell.heading!r} are {', '.join(ids)}"
        )
        taken.refused.append(refused)
    elif cell.text.endswith(NO_VALUE):
        taken.refused.append(
            cell.refuse("a value. Open the file in a spreadsheet program and save it, so that the formula has one")
        )
    elif not offered[key]:
        unfit = NOT_TEXT.search(cell.text)
        if unfit:
            taken.refused.append(cell.refuse(f"{_ANY_TEXT}, and not U+{ord(unfit[0]):04X}"))
        else:
            taken.take(cell, cell.text)
    elif told := _told(cell.text):
        value = next((value for value, label in offered[key].items() if told in (_told(value), _told(label))), None)
        if value is None:
            taken.refused.append(cell.refuse(f"{', '.join(dict.fromkeys(offered[key].values()))}, or an empty cell"))
        else:
            taken.take(cell, {"true": "yes", "false": "no"}.get(value, value))


def _said_of_answers(book: Workbook) -> dict[str, str]:
    """What the workbook says of its answers as a whole, wherever in its sheets a row begins with one of these names."""
    names = {RULES, SAVED, MARK}
    about: Sequence[str] = [sheet for sheet in book.sheets if _told(sheet) == "about"]
    return {row[0]: row[1] for sheet in about for row in book.rows(sheet) if len(row) > 1 and row[0] in names}


def _assessment(
    rules: Rules, values: Mapping[tuple[str, str], str], said: Mapping[str, str], read_at: str
) -> Assessment:
    facts = {fact.id: values[fact.id, ANSWER_HEADING] for fact in rules.facts if (fact.id, ANSWER_HEADING) in values}
    technologies = {
        technology.id: values.get((technology.id, REASON), "")
        for technology in rules.technologies
        if values.get((technology.id, EXAMINED), "yes" if (technology.id, REASON) in values else "no") == "yes"
    }
    answers = {
        requirement.id: Answer(
            grade=values.get((requirement.id, ANSWER_HEADING), ""), note=values.get((requirement.id, NOTE), "")
        )
        for requirement in all_requirements(rules)
        if (requirement.id, ANSWER_HEADING) in values or (requirement.id, NOTE) in values
    }
    assessment = Assessment(
        rulebook=said.get(RULES, rules.version),
        service_name=values.get((NAME, ANSWER_HEADING), ""),
        saved_at=said.get(SAVED, read_at),
        profile=facts,
        technologies=technologies,
        answers=answers,
    )
    try:
        from_json(to_json(assessment, rules), rules)
    except AssessmentError:  # of all that is in it, only the version and the moment were not looked at
        assessment = assessment.model_copy(update={"rulebook": rules.version, "saved_at": read_at})
    if mark_of(assessment, rules) != said.get(MARK, ""):
        assessment = assessment.model_copy(update={"saved_at": read_at})
    return assessment
