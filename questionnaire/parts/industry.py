"""Many services on a page: who is bound, who meets what is owed, how far short they fall, and the ranking."""

import numpy as np
import streamlit as st

from questionnaire.steps import all_measures
from scoring import words
from scoring.engine import STATUSES
from scoring.model import Rules
from scoring.portfolio import Portfolio, Totals

PAGE = 50
"""Services that the ranking shows at a time."""


def draw(rules: Rules, found: Portfolio) -> None:
    """The industry in figures."""
    count = len(found)
    sides = (("drafted", found.drafted), ("amended", found.amended))
    st.header("The result", anchor=False)
    st.markdown(f"**{count:,} {'service' if count == 1 else 'services'} scored.**")
    for regime, totals in sides:
        bound, meeting = int(totals.bound.sum()), int(totals.meeting.sum())
        st.markdown(f"**{_named(regime)}: {bound:,} bound by at least one measure, {meeting:,} of them meeting everything that they owe.**")
    codes = [code for code in rules.codes if (found.code == found.codes.index(code.id)).any()]
    st.table(
        {
            "Code": [code.title for code in codes],
            "Services": [f"{int((found.code == found.codes.index(code.id)).sum()):,}" for code in codes],
            **{
                f"{_named(regime)}: {name}": [f"{int((which & (found.code == found.codes.index(code.id))).sum()):,}" for code in codes]
                for regime, totals in sides for name, which in (("bound", totals.bound), ("meeting all", totals.meeting))
            },
        },
        hide_index=True, alt="How many services are bound, by code",
    )
    _measures(rules, found)
    _shortfalls(found)
    _ranking(found)


def _named(regime: str) -> str:
    return words.REGIME[regime] if regime == "drafted" else "With the recommendations"


def _measures(rules: Rules, found: Portfolio) -> None:
    st.header("Measure by measure", anchor=False)
    titles = {each.id: each.title for each in all_measures(rules)}
    lines = [each for each in found.measures if sum(each.amended)]
    st.table(
        {
            "Measure": [f"{titles[each.measure]} ({each.measure})" for each in lines for _ in words.REGIME],
            "Text": [_named(regime) for _ in lines for regime in words.REGIME],
            **{words.STATUS[status]: [f"{counts[number]:,}" for each in lines for counts in (each.drafted, each.amended)] for number, status in enumerate(STATUSES)},
        },
        hide_index=True, alt="How many services have each status, by measure and text",
    )


def _shortfalls(found: Portfolio) -> None:
    from scoring import charts  # plotly is slow to import, and only pages with charts need it

    st.header("How far short services fall", anchor=False)
    counts = [found.shortfalls(regime) for regime in words.REGIME]
    longest = max(len(each) for each in counts)
    drafted, amended = (np.pad(each, (0, longest - len(each))) for each in counts)
    if not longest:
        st.markdown("No service is bound, so none falls short.")
        return
    dark = st.context.theme.type == "dark"
    st.plotly_chart(
        charts.distribution_figure(drafted.tolist(), amended.tolist(), dark=dark), alt=charts.distribution_alt(drafted.tolist(), amended.tolist()),
        config={"displayModeBar": False, "staticPlot": True}, theme=None, key="portfolio.shortfalls",
    )
    with st.expander("The same as a table"):
        st.table(
            {"Points missing": [str(each) for each in range(longest)], "As drafted: services": [f"{each:,}" for each in drafted], "With the recommendations: services": [f"{each:,}" for each in amended]},
            hide_index=True, alt="Bound services by points of shortfall",
        )


def _ranking(found: Portfolio) -> None:
    st.header("The services, the largest shortfall first", anchor=False)
    regime = st.radio("Ranked by the shortfall", list(words.REGIME), index=1, format_func=_named, key="portfolio.ranked_by", horizontal=True)
    order = found.ranked(regime)
    pages = -(-len(order) // PAGE)
    page = int(st.number_input(f"Page, of {pages:,}", 1, pages, 1, key="portfolio.page")) if pages > 1 else 1
    places = order[(page - 1) * PAGE : page * PAGE].tolist()
    st.dataframe(
        {
            "Rank": list(range((page - 1) * PAGE + 1, (page - 1) * PAGE + 1 + len(places))),
            "Service": [found.name(place) for place in places],
            "Code": [found.codes[found.code[place]] for place in places],
            **{
                f"{_named(each)}: {name}": [_cell(getattr(found, each), name, place) for place in places]
                for each in words.REGIME for name in ("points", "unanswered", "shortfall")
            },
        },
        hide_index=True, alt="Services ranked by shortfall", key=f"portfolio.ranking.{regime}.{page}",
    )


def _cell(totals: Totals, name: str, place: int) -> str:
    if not totals.out_of[place] and not totals.measures_applying[place]:
        return "nothing owed"
    return f"{totals.points[place]} of {totals.out_of[place]}" if name == "points" else str(getattr(totals, name)[place])
