"""What a reviewer says of the returns of others in this session: apart from the session's own answers, which it never touches.

Each return is known by the mark of its file, so that the same file has the same marks whenever it is given again.
"""

from collections.abc import Iterable, Mapping

from questionnaire.session import state
from scoring.score.assessment import MARK, Mark, Review, without_controls

_REVIEWS, _REVIEWER = "reviews", "reviewer"
LONGEST_COMMENT = 5000
"""Characters of a comment."""


def _all() -> Mapping[str, Review]:
    return state.recall(_REVIEWS, {})


def of(file: str) -> Review:
    """What was said here of a return: marks, without the answers that they are of, and a comment on the whole; its name is what the reviewer gave last."""
    return _all().get(file, Review()).model_copy(update={"reviewer": reviewer()})


def begun(file: str) -> bool:
    """Whether anything was said here of a return."""
    return _all().get(file, Review()) != Review()


def reviewer() -> str:
    """The name of the reviewer, which is asked once for all returns."""
    return state.recall(_REVIEWER, "")


def set_reviewer(name: str) -> None:
    """Name the reviewer."""
    state.keep(_REVIEWER, without_controls(name, " "))


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
        marks[requirement] = marks[requirement].model_copy(update={"comment": without_controls(comment)})
        _put(file, marks=marks)


def accept(file: str, requirements: Iterable[str]) -> None:
    """Accept the answers that are named."""
    _put(file, marks={**of(file).marks, **{requirement: Mark(mark="accepted") for requirement in requirements}})


def set_whole(file: str, comment: str) -> None:
    """Say something of the return as a whole."""
    _put(file, comment=without_controls(comment))


def _put(file: str, **update: object) -> None:
    review = _all().get(file, Review()).model_copy(update=update)
    state.keep(_REVIEWS, {**_all(), file: review})
