"""The map on a page: every kind of service against every measure, who slips through, and what changes that."""

from functools import lru_cache

import numpy as np
import streamlit as st

from questionnaire import state
from scoring import words
from scoring.conditions import join
from scoring.grid import Grid
from scoring.kinds import Kind, kinds
from scoring.kinds_map import CELLS, caught, code_maps, measure_reach
from scoring.model import Rules
from scoring.obligations import Obligations, Reach, coverage, obligations_csv, reach

ALL = "All services"


def draw(rules: Rules, found: Obligations, adopted: tuple[str, ...]) -> None:
    """The map for all services, or for those with one fact in common."""
    choices = {ALL: None} | {f"{fact.title}: {value.label}": (fact.id, value.id) for fact in rules.facts for value in fact.values}
    picked = st.selectbox("Which services", list(choices), key=state.key("map", "filter"))
    members = _members(found, choices[picked])
    whole = set(adopted) == {each.id for each in rules.recommendations}
    regime = "all of IJM's recommendations" if whole else f"{len(adopted)} of IJM's recommendations" if adopted else "none of IJM's recommendations"
    st.markdown(f"{int(members.sum())} of the {len(found.grid)} distinct kinds of service, as drafted and with {regime} adopted. The first tab says which are adopted.")
    _slips_through(rules, found, members)
    _by_measure(rules, found, members)
    _map(rules, found, members)
    _recommendations(rules, found.grid, members)
    st.header("The whole map as a file", anchor=False)
    st.download_button("Download the map (CSV)", lambda: obligations_csv(found), "obligations.csv", "text/csv", on_click="ignore", key="map.csv")
    st.markdown("A row for every distinct kind of service and measure of its code, whatever is chosen above.")


def _members(found: Obligations, picked: tuple[str, str] | None) -> np.ndarray:
    if picked is None:
        return np.ones(len(found.grid), dtype=bool)
    return np.array([profile.get(picked[0]) == picked[1] for profile in found.grid.profiles])


def _slips_through(rules: Rules, found: Obligations, members: np.ndarray) -> None:
    st.header("Who slips through", anchor=False)
    covered = coverage(found)
    for title, which in (("Bound by no measure under either text", covered.neither), ("Bound by no measure as drafted, by some as amended", covered.only_amended)):
        inside = which & members
        st.subheader(f"{title}: {int(inside.sum())}", anchor=False)
        st.markdown(_listed(kinds(found.grid, inside), rules) or "None of these services.")


def _listed(several: tuple[Kind, ...], rules: Rules) -> str:
    return "\n".join(f"- A service that {each.in_words(rules) or 'is of any kind'} ({each.profiles} {'kind' if each.profiles == 1 else 'kinds'})" for each in several)


def _by_measure(rules: Rules, found: Obligations, members: np.ndarray) -> None:
    st.header("Measure by measure: who is let out, and what changes that", anchor=False)
    lines = [each for each in measure_reach(found, rules, members) if sum(each.counts.values())]
    st.table(
        {
            "Measure": [f"{each.measure.title} ({each.measure.id})" for each in lines],
            **{words.CELL[cell]: [str(each.counts[cell]) for each in lines] for cell in reversed(CELLS)},
            "What changes it": [join(f"{one.title} ({one.id})" for one in each.caught_by) or "–" for each in lines],
        },
        hide_index=True, alt="For each measure, how many kinds of service it binds",
    )


def _map(rules: Rules, found: Obligations, members: np.ndarray) -> None:
    from scoring import map_chart  # plotly is slow to import, and only pages with charts need it

    st.header("The map", anchor=False)
    st.markdown("Services that no measure tells apart share a row. A fact that no measure turns on is left out.")
    dark = st.context.theme.type == "dark"
    for each in code_maps(found, members):
        code = next(code for code in rules.codes if code.id == each.code)
        st.subheader(code.title, anchor=False)
        st.markdown("The columns: " + "; ".join(f"**{number}** {measure.title} ({measure.id})" for number, measure in enumerate(each.measures, 1)) + ".")
        st.plotly_chart(map_chart.figure(each, rules, dark=dark), alt=map_chart.alt(each, rules), config={"displayModeBar": False, "staticPlot": True}, theme=None, key=f"map.{each.code}")
        with st.expander(f"The same as a table: {code.title}"):
            st.table(
                {
                    "Row": [str(number) for number in range(1, len(each.rows) + 1)],
                    "Services": [row.in_words(rules) for row in each.rows],
                    "Kinds": [str(row.profiles) for row in each.rows],
                    **{f"{measure.title} ({measure.id})": [words.CELL[row.cells[place]] for row in each.rows] for place, measure in enumerate(each.measures)},
                },
                hide_index=True, alt=f"The map of the {code.title}",
            )


@lru_cache(maxsize=1)
def _reach() -> tuple[Reach, ...]:
    """What each recommendation reaches. Rules only, so all sessions may share it."""
    return reach(state.rules())


def _recommendations(rules: Rules, grid: Grid, members: np.ndarray) -> None:
    st.header("What each recommendation would change", anchor=False)
    lines = caught(_reach(), members)
    st.table(
        {
            "Recommendation": [f"{each[0].title} ({each[0].id})" for each in lines],
            "Newly bound by a measure, alone": [str(each[1]) for each in lines],
            "The same, after all the others": [str(each[2]) for each in lines],
            "Asked for more, alone": [str(each[3]) for each in lines],
            "The same, after all the others ": [str(each[4]) for each in lines],
        },
        hide_index=True, alt="How many kinds of service each recommendation reaches",
    )
    st.markdown("In distinct kinds of service. _Alone:_ beside the drafted text. _After all the others:_ what it adds to the other eight. Which kinds, in words:")
    for each in _reach():
        with st.expander(f"{each.recommendation.title}: which services"):
            for title, which in (("Newly bound by a measure, alone", each.caught_alone), ("Newly bound by a measure, after all the others", each.caught_last), ("Asked for more, alone", each.asked_more_alone)):
                st.markdown(f"**{title}**\n\n{_listed(kinds(grid, which & members), rules) or 'None of these services.'}")
