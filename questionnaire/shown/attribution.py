"""What each recommendation brings, on a page: a waterfall, its table, and the same in words."""

from fractions import Fraction

import streamlit as st

from questionnaire.session import state
from questionnaire.shown import figures
from scoring.documents import charts, words
from scoring.rules.in_words import in_short
from scoring.rules.model import Rules
from scoring.score.attribution import attribution, sentence, signed
from scoring.score.scorecard import Scorecard

LESSON = (
    "Where two recommendations bring the same point, it is divided between them: a **share** is what a recommendation adds, averaged over every order in which those "
    "that are adopted could be adopted. The shares add up exactly. **Alone** is what it would bring if it were the only one adopted, **last** what it adds to all the others."
)


def draw(card: Scorecard, rules: Rules) -> None:
    """Which recommendation brings which of the points missing and which owed requirements."""
    shares_of = state.following("attribution", card.rows, lambda: attribution(rules, card))
    if all(share.changes_nothing for share in shares_of.shares):
        st.markdown(
            "No recommendation that is adopted changes anything for this service: it owes the same with them and without them."
        )
        return
    open_ = card.amended.sums.unanswered
    if open_ and not shares_of.amended_shortfall:
        st.markdown(
            "Nothing is known to be missing yet. Answer some requirements to see what each recommendation brings."
        )
        return
    known = f"Known so far, with {words.count(open_, 'requirement')} unanswered: " if open_ else ""
    st.markdown(
        f"{known}{words.count(shares_of.drafted_shortfall, 'point')} missing as drafted, {words.count(shares_of.amended_shortfall, 'point')} as amended."
    )
    st.html(charts.waterfall_picture(shares_of))
    columns: dict[str, list[Fraction] | list[int]] = {
        "Share of the points missing": [share.shortfall.share for share in shares_of.shares],
        "Alone": [share.shortfall.alone for share in shares_of.shares],
        "Last": [share.shortfall.last for share in shares_of.shares],
        "Share of the owed requirements": [share.owed.share for share in shares_of.shares],
    }
    figures.table(
        {
            "Recommendation": [in_short(share.recommendation) for share in shares_of.shares],
            **{name: list(map(signed, numbers)) for name, numbers in columns.items() if any(numbers)},
        },
        about="What each recommendation brings",
        numbers=True,
    )
    with st.expander("In words, recommendation by recommendation"):
        st.markdown(figures.whole_ids("\n".join(f"- {sentence(share)}" for share in shares_of.shares)))
