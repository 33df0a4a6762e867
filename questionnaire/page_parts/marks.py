"""A reviewer's marks: how each stands beside the answer as it is now. What reviewers and providers typed is text, never markup."""

from collections.abc import Sequence

import streamlit as st

from questionnaire.page_parts import figures
from questionnaire.session import state
from scoring.files.messages import isolated
from scoring.follow_up.differences import parts
from scoring.follow_up.review import CHANGED, OPEN, REVISED, SAME, STANDING, Marked, by_whom, marked, review_sentence
from scoring.score.assessment import Review

SIGN = {OPEN: "↻", REVISED: "≠", CHANGED: "≠", SAME: "✓"}
"""The sign of each standing: ≠ is what has changed."""


def own() -> dict[str, Marked]:
    """The marks of the answers of this session, by the ids of the requirements."""
    rules, now = state.rules(), state.assessment()
    if not now.review.marks:
        return {}
    return state.following("marks", state.changes(), lambda: {one.requirement.id: one for one in marked(rules, now)})


def beside(requirement: str) -> None:
    """What a reviewer said of the answer of this session to a requirement; nothing where it is not marked."""
    if one := own().get(requirement):
        mark(one, state.assessment().review)


def standing(one: Marked) -> str:
    """How a mark stands, with its sign, and what of the answer is not as it was."""
    said = "; ".join(difference.said for difference in one.differences)
    return f"{SIGN[one.standing]} {STANDING[one.standing]}{f' ({said})' if said else ''}"


def mark(one: Marked, review: Review) -> None:
    """One mark in a frame: how it stands, by whom, the comment, and the answer that was marked where it is another now."""
    with st.container(border=True, gap="xsmall", key=f"mark.{one.requirement.id}"):
        st.text(f"{standing(one)}\nReview by {isolated(by_whom(review))}")
        if one.mark.comment.strip():
            st.text(isolated(one.mark.comment))
        if one.differences:
            with st.expander("The answer that was marked", type="compact"):
                for part, said in parts(one.mark.of, isolated).items():
                    if said:
                        st.text(f"{part}: {said}")


def summary(marks: Sequence[Marked], review: Review) -> None:
    """A review as a whole: by whom, how many marks stand how, the comment on it, and then each mark in a line, what needs a look first."""
    st.text(f"By {isolated(by_whom(review))}. {review_sentence(marks)}")
    if review.comment.strip():
        st.text(isolated(review.comment))
    lines = [
        f"- {SIGN[one.standing]} {STANDING[one.standing]}: {one.requirement.title} ({one.requirement.id})"
        for stands in STANDING
        for one in marks
        if one.standing == stands
    ]
    st.markdown(figures.whole_ids("\n".join(lines)))
