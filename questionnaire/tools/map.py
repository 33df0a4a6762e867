"""The map on a page: who is let out and what changes that, and every kind of service against every measure."""

from functools import lru_cache

import numpy as np
import streamlit as st

from questionnaire.session import state
from questionnaire.shown import figures
from questionnaire.tools import address
from scoring.documents import words
from scoring.kinds.grid import Grid
from scoring.kinds.groups import Group, groups_of, members
from scoring.kinds.map import CELLS, bound_by, code_maps, measure_reach
from scoring.kinds.obligations import Obligations, Reach, coverage
from scoring.kinds.obligations import reach as reach_of_each
from scoring.kinds.table import obligations_csv
from scoring.rules.conditions import join
from scoring.rules.model import Recommendation, Rules


def draw(rules: Rules, found: Obligations) -> None:
    """The map for all services, or for those that have some facts in common."""
    address.only_select(rules)
    chosen = members(found.grid, address.only())
    st.markdown(
        f"**{int(chosen.sum())} of the {len(found.grid)} distinct kinds of service.** The amended text has {_named(rules, found.regimes.adopted)}."
    )
    if not chosen.any():
        st.info("No service has all of these facts. Take one away.")
        return
    _let_out(rules, found, chosen)
    _slips_through(rules, found, chosen)
    _by_measure(rules, found, chosen)
    _map(rules, found, chosen)
    _recommendations(rules, found.grid, chosen)
    st.header("The whole map as a file", anchor=False)
    st.download_button(
        "Download the map (CSV)",
        lambda: obligations_csv(found),
        "obligations.csv",
        "text/csv",
        on_click="ignore",
        key="map.csv",
    )
    st.markdown("A row for every distinct kind of service and measure of its code, whatever is chosen above.")


def _named(rules: Rules, adopted: tuple[Recommendation, ...]) -> str:
    if len(adopted) == len(rules.recommendations):
        return "all of IJM's recommendations"
    return f"IJM's {_names(adopted)}" if adopted else "none of IJM's recommendations"


def _let_out(rules: Rules, found: Obligations, chosen: np.ndarray) -> None:
    """The answer first: which measures let these services out as drafted, and which recommendations bind them."""
    st.header("Let out as drafted, and what changes that", anchor=False)
    lines = []
    for each in measure_reach(found, rules, chosen):
        if not each.let_out:
            continue
        code = next(code for code in rules.codes if code.id == each.measure.code)
        who = f"{'all' if each.let_out == each.profiles else each.let_out} {'of the ' if each.let_out != each.profiles else ''}{each.profiles} kinds of service under the {code.title}"
        bound = each.counts["only_amended"]
        change = (
            f"{_names(each.caught_by)} would bind {'all' if bound == each.let_out else bound} of them."
            if bound
            else "No recommendation adopted here changes that."
        )
        lines.append(f"- **{each.measure.title}** ({each.measure.id}): an exemption lets out {who}. {change}")
    st.markdown("\n".join(lines) or "No exemption lets out any of these services.")


def _names(several: tuple[Recommendation, ...]) -> str:
    return join(recommendation.named for recommendation in several)


def _slips_through(rules: Rules, found: Obligations, chosen: np.ndarray) -> None:
    st.header("Who slips through", anchor=False)
    covered = coverage(found)
    st.subheader(
        f"Bound by no measure as drafted, by some as amended: {int((covered.only_amended & chosen).sum())}",
        anchor=False,
    )
    lines = []
    for group in groups_of(found.grid, covered.only_amended & chosen):
        binding = (recommendation for recommendation, _ in bound_by(_reach(), group.members(found.grid)))
        by = [recommendation for recommendation in binding if recommendation in found.regimes.adopted]
        lines.append(
            f"{_said(group, rules)} Bound once {join((recommendation.named for recommendation in by), 'or')} is adopted."
            if by
            else _said(group, rules)
        )
    st.markdown("\n".join(lines) or "None of these services.")
    st.subheader(f"Bound by no measure under either text: {int((covered.neither & chosen).sum())}", anchor=False)
    st.markdown(_listed(groups_of(found.grid, covered.neither & chosen), rules) or "None of these services.")


def _said(group: Group, rules: Rules) -> str:
    return f"- A service that {group.in_words(rules) or 'is of any kind'} ({group.profiles} {'kind' if group.profiles == 1 else 'kinds'})."


def _listed(several: tuple[Group, ...], rules: Rules) -> str:
    return "\n".join(_said(group, rules) for group in several)


def _by_measure(rules: Rules, found: Obligations, chosen: np.ndarray) -> None:
    st.header("Measure by measure", anchor=False)
    lines = [each for each in measure_reach(found, rules, chosen) if each.profiles]
    figures.table(
        {
            "Measure": [f"{each.measure.title} ({each.measure.id})" for each in lines],
            **{words.CELL[cell]: [str(each.counts[cell]) for each in lines] for cell in reversed(CELLS)},
            "What changes it": [join(f"{one.title} ({one.id})" for one in each.caught_by) or "–" for each in lines],
        },
        about="For each measure, how many kinds of service it binds",
    )


def _map(rules: Rules, found: Obligations, chosen: np.ndarray) -> None:
    from scoring.documents import map_chart  # plotly is slow to import, and only pages with charts need it

    st.header("The map", anchor=False)
    st.markdown(
        "Services that no measure tells apart share a row; in brackets, how many kinds that is. A fact that no measure turns on is left out."
    )
    for each in code_maps(found, chosen):
        code = next(code for code in rules.codes if code.id == each.code)
        st.subheader(code.title, anchor=False)
        st.markdown(
            "The columns: "
            + "; ".join(
                f"**{number}** {measure.title} ({measure.id})" for number, measure in enumerate(each.measures, 1)
            )
            + "."
        )
        figures.chart(
            map_chart.figure(each, rules, dark=figures.is_dark()),
            about=map_chart.alt(each, rules),
            key=f"map.{each.code}",
        )
        with st.expander(f"The same as a table: {code.title}"):
            figures.table(
                {
                    "Row": [str(number) for number in range(1, len(each.rows) + 1)],
                    "Services": [row.in_words(rules) for row in each.rows],
                    "Kinds": [str(row.profiles) for row in each.rows],
                    **{
                        f"{measure.title} ({measure.id})": [words.CELL[row.cells[place]] for row in each.rows]
                        for place, measure in enumerate(each.measures)
                    },
                },
                about=f"The map of the {code.title}",
            )


@lru_cache(maxsize=1)
def _reach() -> tuple[Reach, ...]:
    """What each recommendation reaches. Rules only, so all sessions may share it."""
    return reach_of_each(state.rules())


def _recommendations(rules: Rules, grid: Grid, chosen: np.ndarray) -> None:
    st.header("What each recommendation would change", anchor=False)
    st.markdown(
        "Whatever is adopted above. In distinct kinds of service. _Alone:_ beside the drafted text. _Last:_ added to all the others. A service that is newly bound by a measure also owes more."
    )
    counts = [reach.counts(chosen) for reach in _reach()]
    names = ("Newly bound, alone", "Newly bound, last", "Owe more, alone", "Owe more, last")
    figures.table(
        {
            "Recommendation": [f"{reach.recommendation.title} ({reach.recommendation.id})" for reach in _reach()],
            **{name: [str(of_one[place]) for of_one in counts] for place, name in enumerate(names)},
        },
        about="How many kinds of service each recommendation reaches",
    )
    for reach in _reach():
        with st.expander(f"Which services: {reach.recommendation.title} ({reach.recommendation.id})"):
            for title, which in (
                ("Newly bound by a measure, alone", reach.caught_alone),
                ("Newly bound by a measure, last", reach.caught_last),
                ("Owe more, alone", reach.asked_more_alone),
            ):
                groups = groups_of(grid, which & chosen)
                st.markdown(f"**{title}**\n\n{_listed(groups, rules) or 'None of these services.'}")
