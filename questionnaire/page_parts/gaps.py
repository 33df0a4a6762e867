"""What to do, on a page: the gaps in two lists, the largest of them first, and what exists for each."""

import streamlit as st

from questionnaire.page_parts import figures
from scoring.documents import words
from scoring.rules.technologies import Existing, said_of
from scoring.score.gaps import Action, NextSteps

FIRST = 3
"""So many things to do stand in view beside the result."""


def first(steps: NextSteps) -> None:
    """The largest gaps, those of any case before those that are owed only as amended."""
    if not steps.actions:
        st.markdown(_nothing(steps))
        return
    said: list[str] = []
    in_case = ""
    for action in steps.actions[:FIRST]:
        if in_case != words.in_which_case(action.in_any_case):
            in_case = words.in_which_case(action.in_any_case)
            said.append(f"\n**{'Then' if said else 'Do first'}**, owed {in_case[0].lower()}{in_case[1:]}:\n")
        said.append(f"{action.rank}. {words.action(action)}")
    more = len(steps.actions) - FIRST
    if more > 0:
        said.append(f"\n{more} more under “What to do”.")
    st.markdown("\n".join(said))


def draw(steps: NextSteps) -> None:
    """The gaps that are owed in any case, apart from those that are owed only as amended, and what is still open."""
    if steps.unanswered:
        st.info(figures.whole_ids(steps.sentence))
    if not steps.actions:
        st.markdown(_nothing(steps))
        return
    st.markdown(
        "The most points first; between equals, first the material with the most points missing. Gaps that one control closes stand together."
    )
    _list(words.IN_ANY_CASE, "Owed as drafted and as amended.", [one for one in steps.actions if one.in_any_case])
    _list(words.ONLY_AMENDED, "Not owed as drafted.", [one for one in steps.actions if not one.in_any_case])


def _nothing(steps: NextSteps) -> str:
    return (
        "No gap so far. What is unanswered may still be one."
        if steps.unanswered
        else "There is no gap: no owed requirement has points missing."
    )


def _list(title: str, about: str, actions: list[Action]) -> None:
    st.subheader(title, anchor=False)
    if not actions:
        st.markdown(f"{about} No gap here.")
        return
    total = sum(action.points_missing for action in actions)
    st.markdown(f"{about} {words.count(len(actions), 'action')}, {words.count(total, 'point')} in all.")
    for action in actions:
        gap = action.gaps[0]
        with st.expander(f"{action.rank}. {words.action(action)}"):
            asked = "\n".join(f"- {one.requirement.text} ({one.requirement.id})" for one in action.gaps)
            said = (
                f"{asked}\n\nPart of “{gap.measure.title}” ({gap.measure.id}).\n\n**Why it is owed.** {gap.because}\n\n"
                f"**Place in the submission.** {gap.requirement.where}; {words.basis(gap.requirement.basis)}.\n\n{technologies(gap.technologies)}"
            )
            st.markdown(figures.whole_ids(said))


def technologies(existing: Existing) -> str:
    """What the submission says exists for a material, with what it leaves unsaid, as Markdown; an example, never advice."""
    said = [f"**Examples, not a recommendation.** {existing.sentence}"]
    if existing.named:
        said.append(
            "\n".join(
                f"- **{technology.title}.** {'; '.join(f'{name}: {value}' for name, value in said_of(technology))}."
                for technology in existing.named
            )
        )
    if existing.ruled_out:
        said += [
            "Named for this material, but not for a service like this:",
            "\n".join(f"- {technology.title}. {why}" for technology, why in existing.ruled_out),
        ]
    return "\n\n".join(said)
