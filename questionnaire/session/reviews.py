"""What a reviewer says of the returns of others in this session: apart from the session's own answers, which it never touches.

Each return is known by the mark of its file, so that the same file has the same marks whenever it is given again.
"""

import json
from collections.abc import Iterable

from pydantic import TypeAdapter, ValidationError

from questionnaire.session import state
from scoring.score.assessment import MARK, Assessment, Mark, Review, all_requirements, without_controls
from scoring.score.assessment_file import AssessmentError, from_json, to_json

_REVIEWS, _EARLIER, _REVIEWER = "reviews", "reviews_earlier", "reviewer"
_BEFORE = "before "
"""What stands before the mark of a file where the tab keeps the review of an earlier round that was given for it."""
LONGEST_COMMENT = 5000
LONGEST_NAME = 200
"""Characters of a comment, and of the reviewer's name."""


def _all() -> dict[str, Review]:
    return state.recall(_REVIEWS, {})


def of(file: str) -> Review:
    """What was said here of a return: marks, without the answers that they are of, and a comment on the whole; its name is what the reviewer gave last."""
    return _all().get(file, Review()).model_copy(update={"reviewer": reviewer()})


def begun(file: str) -> bool:
    """Whether anything was said here of a return."""
    return _all().get(file, Review()) != Review()


def earlier(file: str) -> Review | None:
    """The review of an earlier round that stands in the place of the one that a return bears; None where none does."""
    return state.recall(_EARLIER, {}).get(file)


def set_earlier(file: str, review: Review) -> None:
    """Have a review of an earlier round stand in the place of the one that a return bears."""
    state.keep(_EARLIER, {**state.recall(_EARLIER, {}), file: review})


def reviewer() -> str:
    """The name of the reviewer, which is asked once for all returns."""
    return state.recall(_REVIEWER, "")


def set_reviewer(name: str) -> None:
    """Name the reviewer."""
    state.keep(_REVIEWER, without_controls(name, " ")[:LONGEST_NAME])


def set_mark(file: str, requirement: str, mark: str) -> None:
    """Mark an answer; an empty mark takes the one that was given here away, and its comment with it."""
    marks = dict(of(file).marks)
    if mark in MARK:
        marks[requirement] = Mark(mark=mark, comment=marks[requirement].comment if requirement in marks else "")
    else:
        marks.pop(requirement, None)
    _put(file, marks=marks)


def set_comment(file: str, requirement: str, comment: str) -> None:
    """Say why; only beside a mark."""
    marks = dict(of(file).marks)
    if requirement in marks:
        marks[requirement] = marks[requirement].model_copy(
            update={"comment": without_controls(comment)[:LONGEST_COMMENT]}
        )
        _put(file, marks=marks)


def accept(file: str, requirements: Iterable[str]) -> None:
    """Accept the answers that are named."""
    _put(file, marks={**of(file).marks, **{requirement: Mark(mark="accepted") for requirement in requirements}})


def set_whole(file: str, comment: str) -> None:
    """Say something of the return as a whole."""
    _put(file, comment=without_controls(comment)[:LONGEST_COMMENT])


def _put(file: str, **update: object) -> None:
    review = _all().get(file, Review()).model_copy(update=update)
    state.keep(_REVIEWS, {**_all(), file: review})


# ------------------------------------------------------------------------------- what the tab keeps over a reload
def kept() -> str | None:
    """All that was said here of returns, as the tab is to keep it; None where nothing was."""
    before = {_BEFORE + file: review for file, review in state.recall(_EARLIER, {}).items()}
    every = {file: review.model_dump() for file, review in (_all() | before).items()}
    return json.dumps({"": {"reviewer": reviewer()}, **every}) if every else None


def take(text: str) -> None:
    """Take over what the tab kept, where this session has nothing yet. It may say anything: what the rules do not know is passed over."""
    if kept():
        return
    try:
        found = TypeAdapter(dict[str, Review]).validate_json(text)
    except ValidationError:
        return
    set_reviewer(found.pop("", Review()).reviewer)
    known = [requirement.id for requirement in all_requirements(state.rules())]
    for file, review in found.items():
        if file.startswith(_BEFORE):
            if before := _earlier_in(review):
                set_earlier(file.removeprefix(_BEFORE), before)
            continue
        set_whole(file, review.comment)
        for requirement in known:
            if mark := review.marks.get(requirement):
                set_mark(file, requirement, mark.mark)
                set_comment(file, requirement, mark.comment)


def _earlier_in(review: Review) -> Review | None:
    """A review of an earlier round that the tab kept, as whole as a saved file's has to be; None where it is not."""
    around = Assessment(
        rulebook=state.rules().version, service_name="", saved_at=state.now(), profile={}, review=review
    )
    try:
        return from_json(to_json(around, state.rules()), state.rules()).review
    except AssessmentError:
        return None


def forget() -> None:
    """Forget all that was said here of returns, and by whom."""
    state.keep(_REVIEWS, {})
    state.keep(_EARLIER, {})
    state.keep(_REVIEWER, "")
