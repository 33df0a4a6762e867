"""The questionnaire as a workbook: every question, why it is asked and what may be answered, empty or with the answers so far.

Source: contracts, "Workbooks". `questionnaire_in` reads it back.
"""

import hashlib
import re
from collections.abc import Iterator

from scoring.files.workbook_out import NewWorkbook, TextTooLong, ToFill, too_long
from scoring.follow_up.review import STANDING, by_whom, marked
from scoring.form.questions import load_questionnaire
from scoring.rules.amend import resolve
from scoring.rules.conditions import explain
from scoring.rules.in_words import exemption_in_words, requirement_condition
from scoring.rules.model import Measure, Requirement, Rules
from scoring.score.assessment import ANSWER, STATUS, Answer, Assessment, Review, allowed_grades
from scoring.score.assessment_file import FORMAT, FORMER, texts, to_json
from scoring.score.scorecard import Row, scorecard

ID, ANSWER_HEADING, NOTE, EXAMINED, REASON = "Id", "Answer", "Note", "Examined", "Reason"
"""The headings by which an answer is found again: the id of what it answers, and what is filled in."""
SINCE = "In place since (YYYY-MM-DD)"
PIECE = {
    "what": "what",
    "where": "link or file",
    "dated": "dated (YYYY-MM-DD)",
    "good_until": "good until (YYYY-MM-DD)",
}
"""The columns of one piece of evidence, by the names of its parts."""
PLAN = {"action": "Plan: action", "owner": "Plan: owner", "due": "Plan: due (YYYY-MM-DD)", "status": "Plan: status", "grade": "Plan: answer then"}  # fmt: skip
"""The columns of a plan, by the names of its parts."""
MOST_EVIDENCE, _ROOM = 50, 3
"""Pieces of evidence of one requirement: how many a workbook may have, and for how many there are columns at least."""
NAME = "service_name"
"""The id of the row that holds the service's name."""
ABOUT_THE_RECORD = {
    "provider": ("Who provides the service?", "It stands on the compliance record. You may leave this and the next three rows empty."),
    "prepared_by": ("Who prepared the answers?", "It stands on the compliance record."),
    "approved_by": ("Who approved them?", "It stands on the compliance record."),
    "approved_on": ("When were they approved?", "It stands on the compliance record. A date as YYYY-MM-DD."),
}  # fmt: skip
"""What is asked beside the facts, never scored: the id of its row, the question and why it is asked."""
RULES, SAVED, MARK = "Rules", "Answers as of", "Mark of the answers"
"""What the sheet About says of the answers: the version of the rules, the moment, and a mark by which a change of them shows."""
YES, NO = "Yes", "No"


def questionnaire(rules: Rules, assessment: Assessment | None = None, code: str = "") -> bytes:
    """The questionnaire as the bytes of an .xlsx.

    assessment: the answers so far, None for an empty one. code: the id of the code whose requirements are asked; where it is empty, that
    of the assessment's service, or all. What was answered beyond that code is there too. Raises TextTooLong for an answer that no cell can hold.
    """
    facts = assessment.facts(rules) if assessment else {}
    of_service = rules.code_of(facts)
    chosen = code or (of_service.id if of_service else "")
    book = NewWorkbook("Questionnaire: MCM Scorecard", _about(rules, assessment, chosen))
    _service_sheet(book, rules, assessment)
    _answers_sheet(book, rules, assessment, chosen)
    technologies = assessment.technologies if assessment else {}
    columns = (ID, "Technology", "By", "Belongs in every report", ToFill(EXAMINED, (YES, NO)), ToFill(REASON))
    rows = (
        (
            technology.id,
            technology.title,
            technology.who,
            YES if technology.report == "always" else NO,
            YES if technology.id in technologies else None,
            technologies.get(technology.id),
        )
        for technology in rules.technologies
    )
    book.table("Technologies", columns, rows)
    return book.finished()


def unfit(assessment: Assessment) -> str:
    """Why no questionnaire can hold these answers, and what to do; empty where one can."""
    pieces = max((len(answer.evidence) for answer in assessment.answers.values()), default=0)
    if pieces > MOST_EVIDENCE:
        return f"a requirement has {pieces} pieces of evidence, and a questionnaire holds {MOST_EVIDENCE}: put some together, or use the saved answers"
    review = assessment.review
    said = [text for _, text in texts("", assessment.model_copy(update={"review": Review()}).model_dump())]
    if any(map(too_long, (*said, review.comment, *(mark.comment for mark in review.marks.values())))):
        return "one of your texts is longer than a cell of a workbook can be: shorten it, or use the saved answers"
    return ""


def evidence(number: int) -> dict[str, str]:
    """The headings of a piece of evidence, 1 the first, by the names of its parts."""
    return {part: f"Evidence {number}: {heading}" for part, heading in PIECE.items()}


def mark_of(assessment: Assessment, rules: Rules) -> str:
    """A mark that differs as soon as an answer does, whenever the answers were saved, and whatever line ends a spreadsheet program puts."""
    content = to_json(assessment.model_copy(update={"saved_at": "", "review": Review()}), rules)
    content = content.replace(FORMAT.encode(), FORMER.encode(), 1)  # workbooks with that mark are about
    content = content.replace(rb"\r\n", rb"\n").replace(rb"\r", rb"\n")
    return hashlib.sha256(content).hexdigest()[:16]


def explained(label: str, offered: str) -> str:
    """What an answer means, by its name in the list: what the wizard offers, without the name in bold that it begins with."""
    meaning = re.sub(r"\*\*.+?\*\*", "", offered).strip()
    return f"{label}: {meaning}" if meaning else label


def _about(rules: Rules, assessment: Assessment | None, code: str) -> Iterator[tuple[str, str]]:
    yield (
        "What this is",
        "Every question that MCM Scorecard asks about one online service, under Australia's draft Online Safety Industry Codes, version 2.0 of March 2023, as drafted and as amended by the recommendations of International Justice Mission (IJM).",
    )
    yield (
        "What it is not",
        "It is not legal advice, and neither result is the law: what is drafted is known only through IJM's submission of March 2023, and what is amended is an advocate's proposal.",
    )
    yield (
        "How to fill it in",
        "Answer in the yellow cells. Most offer a list. An empty cell is a question that is not answered yet. What you write anywhere else is ignored, so there is room for comments.",
    )
    yield (
        "What then",
        "Open the file on the start page of MCM Scorecard, or read it with `python -m scoring read`. Rows and columns may be moved; the column Id must stay.",
    )
    yield (
        "What it does not carry on",
        "A reviewer's marks and comments. They are shown here, and what is changed in them is ignored: the saved answers (JSON) carry them on.",
    )
    yield "Code", next((known.title for known in rules.codes if known.id == code), "All codes")
    yield RULES, assessment.rulebook if assessment else rules.version
    if assessment:
        yield SAVED, assessment.saved_at
        yield MARK, mark_of(assessment, rules)
        if assessment.review.marks:
            yield "Reviewed by", by_whom(assessment.review)
            yield "The reviewer on the whole", assessment.review.comment


def _service_sheet(book: NewWorkbook, rules: Rules, assessment: Assessment | None) -> None:
    questions = [(rules.fact(question.fact), question) for question in load_questionnaire().question]
    asked_and_why = ("Question", "Why it is asked", "When it is asked", "What the answers mean")
    columns = (ID, *asked_and_why, ToFill(ANSWER_HEADING))
    why = "So that you can tell its files from those of others."
    first = (NAME, "What is the service called?", why, "Always", "", assessment.service_name if assessment else None)
    rows = (
        (
            fact.id,
            "\n".join(filter(None, (question.prompt, question.help))),
            question.why,
            f"If the service {explain(fact.asked_when, rules.phrases)}" if fact.asked_when else "Always",
            "\n".join(explained(rules.labels[fact.id, value], words) for value, words in question.choices.items()),
            rules.labels.get((fact.id, assessment.profile.get(fact.id, ""))) if assessment else None,
        )
        for fact, question in questions
    )
    said = {"provider": assessment.provider, **dict(assessment.sign_off)} if assessment else {}
    last = ((row_id, *asked, "Always", "", said.get(row_id)) for row_id, asked in ABOUT_THE_RECORD.items())
    book.table("Service", columns, (first, *rows, *last))
    for place, (fact, _) in enumerate(questions, start=2):
        book.offer("Service", place, len(columns) - 1, [value.label for value in fact.values])


def _answers_sheet(book: NewWorkbook, rules: Rules, assessment: Assessment | None, code: str) -> None:
    answers = assessment.answers if assessment else {}
    marks = {one.requirement.id: one for one in marked(rules, assessment)} if assessment else {}
    scored = _scored(rules, assessment)
    pieces = range(1, 1 + max(_ROOM, *(len(answer.evidence) for answer in answers.values()), 0))
    if assessment and len(pieces) > MOST_EVIDENCE:
        raise TextTooLong(unfit(assessment))
    headings = [ANSWER_HEADING, NOTE, SINCE, *(heading for number in pieces for heading in evidence(number).values())]
    columns = (
        *(ID, "Measure", "What must be in place", "As drafted", "As amended"),
        *map(ToFill, headings),
        *(ToFill(heading, tuple(STATUS.values()) if part == "status" else ()) for part, heading in PLAN.items()),
        *(("Review", "Reviewer's comment") if marks else ()),
    )
    asked = [
        (measure, requirement)
        for measure in resolve(rules.drafted, rules.recommendations).measures
        for requirement in measure.requirements
        if measure.code == code or not code or requirement.id in answers or requirement.id in marks
    ]
    rows = []
    for measure, requirement in asked:
        answer, row, one = answers.get(requirement.id), scored.get(requirement.id), marks.get(requirement.id)
        mark = (STANDING[one.standing], one.mark.comment) if one else (None, None)
        rows.append(
            (
                requirement.id,
                f"{measure.title} ({measure.id})",
                f"{requirement.question}\n{requirement.text}",
                row.drafted_because if row else _owed(rules, rules.drafted.measure(measure.id), requirement),
                row.amended_because if row else _owed(rules, measure, requirement),
                *_filled(answer or Answer(), len(pieces)),
                *(mark if marks else ()),
            )
        )
    book.table("Answers", columns, rows)
    graded = [
        place for place, column in enumerate(columns) if column in (ToFill(ANSWER_HEADING), ToFill(PLAN["grade"]))
    ]
    for row_number, (_, requirement) in enumerate(asked, start=1):
        for column_number in graded:
            book.offer("Answers", row_number, column_number, [ANSWER[grade] for grade in allowed_grades(requirement)])


def _filled(answer: Answer, pieces: int) -> Iterator[str | None]:
    """An answer as its cells, with room for so many pieces of evidence."""
    yield from (ANSWER.get(answer.grade), answer.note, answer.since)
    for place in range(pieces):
        shown = dict(answer.evidence[place]) if place < len(answer.evidence) else {}
        yield from (shown.get(part) for part in PIECE)
    plan = answer.plan
    yield from (plan.action, plan.owner, plan.due, STATUS.get(plan.status), ANSWER.get(plan.grade))


def _scored(rules: Rules, assessment: Assessment | None) -> dict[str, Row]:
    """The rows of the scorecard by requirement; none while a fact is missing."""
    if assessment is None or assessment.missing(rules):
        return {}
    return {row.requirement: row for row in scorecard(rules, assessment).rows}


def _owed(rules: Rules, measure: Measure | None, requirement: Requirement) -> str:
    """Who owes a requirement, in words. measure: as it is drafted or amended; None where the draft does not have it."""
    if measure is None or requirement.id not in {known.id for known in measure.requirements}:
        return "Not in the draft."
    exemptions = [exemption for exemption in measure.exemptions if not exemption.withdrawn_by]
    said = [
        f"Asked of a service that {explain(measure.scope, rules.phrases)}.",
        *(f"Exempt: {exemption_in_words(exemption, rules)}" for exemption in exemptions),
        requirement_condition(requirement, rules),
    ]
    return "\n".join(filter(None, said))
