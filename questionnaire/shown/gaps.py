"""What to do next, on a page: the gaps in two lists, and what exists for each."""

from collections.abc import Sequence

import streamlit as st

from scoring.documents import words
from scoring.rules.technologies import Existing, said_of
from scoring.score.gaps import Gap, NextSteps


def draw(steps: NextSteps) -> None:
    """The gaps that are owed in any case, apart from those that only the recommendations ask for, and what is still open."""
    st.header("What to do next", anchor=False)
    if steps.unanswered:
        st.info(steps.sentence)
    if not steps.in_any_case and not steps.only_if_adopted:
        nothing = (
            "No owed requirement that you have answered has points missing."
            if steps.unanswered
            else "There is no gap: no owed requirement has points missing."
        )
        st.markdown(nothing)
        return
    st.markdown(
        "The gaps, the most points first; between equals, first the material with the most points missing. Neither text is the law, and this is not legal advice."
    )
    _list("In any case", "Owed under both texts.", steps.in_any_case)
    _list("Only if the recommendations are adopted", "Owed only with IJM's recommendations.", steps.only_if_adopted)


def _list(title: str, about: str, gaps: Sequence[Gap]) -> None:
    st.subheader(title, anchor=False)
    if not gaps:
        st.markdown(f"{about} No gap here.")
        return
    total = sum(gap.points_missing for gap in gaps)
    st.markdown(
        f"{about} {len(gaps)} {'gap' if len(gaps) == 1 else 'gaps'}, {total} {'point' if total == 1 else 'points'} in all."
    )
    for number, gap in enumerate(gaps, 1):
        points = f"{gap.points_missing} {'point' if gap.points_missing == 1 else 'points'}"
        with st.expander(f"{number}. {gap.requirement.title}: {points} missing"):
            st.markdown(
                f"{gap.requirement.text}\n\nPart of “{gap.measure.title}” ({gap.measure.id}).\n\n**Why it is owed.** {gap.because}\n\n"
                f"**Place in the submission.** {gap.where}; {words.basis(gap.basis)}.\n\n{technologies(gap.technologies)}"
            )


def technologies(found: Existing) -> str:
    """What the submission says exists for a material, with what it leaves unsaid, as Markdown; an example, never advice."""
    said = [f"**Examples, not a recommendation.** {found.sentence}"]
    if found.named:
        said.append(
            "\n".join(
                f"- {each.title}. "
                + "; ".join(f"{name[0].lower()}{name[1:]}: {value}" for name, value in said_of(each))
                + "."
                for each in found.named
            )
        )
    if found.ruled_out:
        said += [
            "Named for this material, but not for a service like this:",
            "\n".join(f"- {each.title}. {why}" for each, why in found.ruled_out),
        ]
    return "\n\n".join(said)
