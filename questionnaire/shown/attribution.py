"""The way from one text to the other, on a page: a waterfall, its table, and what each recommendation does."""

import streamlit as st

from questionnaire.session import state
from questionnaire.shown import figures
from scoring.rules.model import Rules
from scoring.score.attribution import attribution, in_words, sentence, signed
from scoring.score.scorecard import Scorecard


def draw(card: Scorecard, rules: Rules) -> None:
    """Which recommendation brings which points of shortfall and which owed requirements."""
    from scoring.documents import charts  # plotly is slow to import, and only pages with charts need it

    found = state.following("attribution", card.rows, lambda: attribution(rules, card))
    st.header("From one text to the other", anchor=False)
    if all(share.changes_nothing for share in found.shares):
        st.markdown(
            "None of IJM's recommendations changes anything for this service: it owes the same with them and without them."
        )
        return
    open_ = card.amended.sums.unanswered
    if open_ and not found.amended_shortfall:
        st.markdown(
            "Nothing is known to be missing yet. Answer some requirements to see what each recommendation brings."
        )
        return
    if open_:
        st.markdown(
            f"Known so far: {open_} {'requirement is' if open_ == 1 else 'requirements are'} unanswered, and no points of {'it' if open_ == 1 else 'theirs'} are counted."
        )
    st.markdown(
        f"The shortfall goes from {_points(found.drafted_shortfall)} as drafted to {_points(found.amended_shortfall)} with IJM's recommendations. Where two of them bring "
        "the same point, it is divided between them: a share is what a recommendation adds, averaged over every order in which they could be adopted. The shares add up exactly."
    )
    figures.chart(
        charts.waterfall_figure(found, dark=figures.is_dark()), about=charts.waterfall_alt(found), key="waterfall"
    )
    figures.table(
        {
            "Recommendation": [f"{share.recommendation.title} ({share.recommendation.id})" for share in found.shares],
            "Share of the shortfall, points": [signed(share.shortfall.share) for share in found.shares],
            "Alone": [signed(share.shortfall.alone) for share in found.shares],
            "Last": [signed(share.shortfall.last) for share in found.shares],
            "Share of owed requirements": [signed(share.owed.share) for share in found.shares],
        },
        about="What each recommendation brings",
    )
    st.markdown(
        "_Alone:_ the points that it would bring if it were the only one adopted. _Last:_ the points that it would add to all the others."
    )
    with st.expander("In words, recommendation by recommendation"):
        st.markdown("\n".join(f"- {sentence(share)}" for share in found.shares))


def _points(number: int) -> str:
    return f"{in_words(number)} {'point' if number == 1 else 'points'}"
