"""What the user says: each function puts one thing into the assessment of the session, and no other way leads there.

A text is taken only while a saved file can still hold all of them; a function that puts one says whether it was. Choices always find room.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from questionnaire.session import state
from scoring.score.assessment import STATUS, Answer, Evidence, all_requirements, allowed_grades
from scoring.score.assessment_file import LARGEST_FILE, to_json

LONGEST_NAME, LONGEST_TEXT = 200, 5000
"""Characters of one field that are saved."""
LARGEST = LARGEST_FILE - 16 * 1024
"""Bytes of a saved file that texts may fill. The rest is more than all choices and dates need that there can be."""
MOST_EVIDENCE = 20
"""Pieces of evidence of one requirement; a file that has more keeps them."""
_EVIDENCE_ROWS, _REASONS = "evidence_rows", "reasons"


def accept_rules() -> None:
    """The user has checked answers that were given under another version of the rules: they count as given under this one."""
    state.put(state.changed(rulebook=state.rules().version))


def set_examined(technology: str, examined: bool) -> None:
    """What is no longer examined leaves the report; its reason is kept until other answers take the place of these, and comes back where there is room."""
    technologies = dict(state.assessment().technologies)
    if examined:
        if reason_before(technology) and put(("technologies", technology), reason_before(technology)):
            return
        technologies[technology] = ""
    else:
        reasons = {**_of_these(_REASONS), technology: technologies.pop(technology, "")}
        state.keep(_REASONS, (state.replaced(), reasons))
    state.put(state.changed(technologies=technologies))


def reason_before(technology: str) -> str:
    """The reason that a technology had while it was last examined in this session."""
    return _of_these(_REASONS).get(technology, "")


def _of_these(name: str) -> Mapping[str, Any]:
    """What the session keeps under a name for as long as no other answers take the place of these."""
    replaced, kept = state.recall(name, (0, {}))
    return kept if replaced == state.replaced() else {}


def _say(**update: object) -> bool:
    new = state.changed(**update)
    size = len(to_json(new, state.rules()))
    if size > LARGEST and size > len(to_json(state.assessment(), state.rules())):
        return False
    state.put(new)
    return True


def _answer(requirement: str, **update: object) -> dict[str, object]:
    """The answers with one of them changed; without it where nothing of it is left."""
    answers = dict(state.assessment().answers)
    answers[requirement] = Answer.model_validate({**dict(answers.get(requirement, Answer())), **update})
    if answers[requirement] == Answer():
        del answers[requirement]
    return {"answers": answers}


# ------------------------------------------------------------------------------- the places of a saved assessment
def _line(longest: int) -> dict[str, Any]:
    return {"longest": longest, "between_lines": " "}


def _lines(longest: int) -> dict[str, Any]:
    return {"longest": longest, "between_lines": "\n"}


_DATE = {**_line(100), "date": True}
EVIDENCE: Mapping[str, Mapping[str, Any]] = {
    "what": _line(300),
    "where": _line(500),
    "dated": _DATE,
    "good_until": _DATE,
}
"""The parts of a piece of evidence, and what each takes, as `takes` says it."""


def takes(path: Sequence[str]) -> dict[str, Any] | None:
    """What a place of a saved assessment takes: a text of so many characters (`longest`, with what takes the place of a soft line break), a
    `date`, or one of `values`. None where there is no such place.
    """
    rules = state.rules()
    match path:
        case ["service_name"]:
            return _line(LONGEST_NAME)
        case ["profile", id_] if any(known.id == id_ and not known.derived_from_technologies for known in rules.facts):
            return {"values": [*rules.fact(id_).value_ids()]}
        case ["technologies", id_] if any(known.id == id_ for known in rules.technologies):
            return _lines(LONGEST_TEXT)
        case ["provider"] | ["sign_off", "prepared_by" | "approved_by"]:
            return _line(200)
        case ["sign_off", "approved_on"]:
            return _DATE
        case ["answers", id_, *part]:
            asked = next((known for known in all_requirements(rules) if known.id == id_), None)
            if asked:
                return {
                    ("grade",): {"values": [*allowed_grades(asked), ""]},
                    ("note",): _lines(LONGEST_TEXT),
                    ("since",): _DATE,
                    ("plan", "action"): _lines(1000),
                    ("plan", "owner"): _line(200),
                    ("plan", "due"): _DATE,
                    ("plan", "status"): {"values": [*STATUS, ""]},
                    ("plan", "grade"): {"values": [*allowed_grades(asked), ""]},
                }.get(tuple(part))
    return None


def said(path: Sequence[str]) -> str:
    """What stands in such a place; empty where nothing does."""
    now = state.assessment()
    match path:
        case ["technologies", id_]:
            return now.technologies.get(id_, "")
        case ["profile", id_]:
            return now.profile.get(id_, "")
        case ["answers", id_, *inner]:
            value: object = now.answer(id_)
        case _:
            value, inner = now, [*path]
    for part in inner:
        value = getattr(value, part)
    return str(value)


def put(path: Sequence[str], text: str) -> bool:
    """Put a text, a day or a choice in such a place. Answers to what is then no longer asked stay as they are: kept, and not scored.

    An empty grade is unanswered; the session remembers that it was said to be not known yet.
    """
    now = state.assessment()
    match path:
        case ["profile" | "technologies" as part, id_]:
            update: dict[str, object] = {part: {**getattr(now, part), id_: text}}
        case ["answers", id_, "grade"]:
            known = state.not_known()
            state.keep(state.NOT_KNOWN, known - {id_} if text else known | {id_})
            if text == now.answer(id_).grade:
                return True
            update = _answer(id_, grade=text)
        case ["answers", id_, "plan", part]:
            update = _answer(id_, plan=now.answer(id_).plan.model_copy(update={part: text}))
        case ["answers", id_, part]:
            update = _answer(id_, **{part: text})
        case ["sign_off", part]:
            update = {"sign_off": now.sign_off.model_copy(update={part: text})}
        case _:
            update = {path[0]: text}
    if "values" not in (takes(path) or {}):
        return _say(**update)
    state.put(state.changed(**update))
    return True


# ----------------------------------------------------------------------------------------------------- evidence
Rows = tuple[tuple[str, Evidence], ...]
"""Pieces of evidence as the page has them, each with a name that no other ever has; one may be empty, and is of no saved file."""


def evidence_rows(requirement: str) -> Rows:
    """The evidence of a requirement, and at least one row to write in."""
    saved, kept = state.assessment().answer(requirement).evidence, _of_these(_EVIDENCE_ROWS).get(requirement, ())
    if not kept or _given(kept) != saved:
        kept = _named(saved, kept) or ((uuid4().hex, Evidence()),)
        _keep_rows(requirement, kept)
    return kept


def set_evidence(requirement: str, row: str, part: str, text: str) -> bool:
    """Put a text or a day into a piece of evidence."""
    rows = evidence_rows(requirement)
    return _put_rows(
        requirement,
        tuple((name, piece.model_copy(update={part: text}) if name == row else piece) for name, piece in rows),
    )


def add_evidence(requirement: str) -> None:
    """Have one more row to write in."""
    _keep_rows(requirement, (*evidence_rows(requirement), (uuid4().hex, Evidence())))


def remove_evidence(requirement: str, row: str) -> None:
    """Take a piece of evidence away."""
    _put_rows(requirement, tuple((name, piece) for name, piece in evidence_rows(requirement) if name != row))


def replace_evidence(requirement: str, evidence: tuple[Evidence, ...]) -> None:
    """Put other evidence in the place of all that there is. The rows of what is the same stay."""
    if evidence != state.assessment().answer(requirement).evidence:
        _put_rows(requirement, _named(evidence, evidence_rows(requirement)))


def _given(rows: Rows) -> tuple[Evidence, ...]:
    return tuple(piece for _, piece in rows if piece != Evidence())


def _named(evidence: tuple[Evidence, ...], before: Rows) -> Rows:
    """Evidence as rows: each that stands in its place as before keeps its name."""
    same = {place: name for place, (name, piece) in enumerate(before) if evidence[place : place + 1] == (piece,)}
    return tuple((same.get(place) or uuid4().hex, piece) for place, piece in enumerate(evidence))


def _put_rows(requirement: str, rows: Rows) -> bool:
    taken = _say(**_answer(requirement, evidence=_given(rows)))
    if taken:
        _keep_rows(requirement, rows)
    return taken


def _keep_rows(requirement: str, rows: Rows) -> None:
    state.keep(_EVIDENCE_ROWS, (state.replaced(), {**_of_these(_EVIDENCE_ROWS), requirement: rows}))
