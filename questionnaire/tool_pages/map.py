"""All kinds of service on a page: a handful of typical ones first, then who slips through, what each recommendation does, and every group."""

from functools import lru_cache, partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.page_parts import exchange, way
from questionnaire.page_parts.law_status import load_sources
from questionnaire.session import state
from questionnaire.session.steps import SOURCES
from questionnaire.tool_pages import address
from questionnaire.tool_pages.coverage import every_way
from questionnaire.tool_pages.portfolio_files import SCORED
from scoring.documents import html_table, obligations_tables, words
from scoring.documents.obligations_tables import Beside, obligations_page
from scoring.kinds.groups import members
from scoring.kinds.map import code_maps, measure_reach
from scoring.kinds.obligations import Obligations, obligations, obligations_csv
from scoring.kinds.slips import effects, slips
from scoring.kinds.typical import Service, Standing, standings, typical
from scoring.portfolio.summary import Portfolio
from scoring.rules.amend import adopting
from scoring.rules.load import RulebookError
from scoring.rules.model import Rules
from scoring.workbooks.obligations_workbook import obligations_workbook


@lru_cache(maxsize=32)
def whole(adopted: tuple[str, ...]) -> Obligations:
    """What every kind of service owes with these recommendations adopted. Rules only, so all sessions may share it."""
    rules = state.rules()
    return obligations(rules, adopting(rules, adopted))


@lru_cache(maxsize=32)
def _typical(adopted: tuple[str, ...]) -> tuple[tuple[Service, tuple[Standing, ...]], ...]:
    """The typical services, and where each stands. Rules only, so all sessions may share it."""
    rules = state.rules()
    regimes = adopting(rules, adopted)
    return tuple((service, standings(rules, service.facts, regimes)) for service in typical(rules))


def answer(rules: Rules, now: tuple[str, ...], before: tuple[str, ...], said: DeltaGenerator) -> None:
    """The typical services that have the facts chosen, and what the last switch changed.

    now and before: the recommendations adopted; said: where it is said in a sentence.
    """
    chosen = [
        (service, several, was)
        for (service, several), (_, was) in zip(_typical(now), _typical(before), strict=True)
        if all(service.facts.get(fact) in values for fact, values in address.said().together)
    ]
    if not chosen:
        others = members(whole(now).grid, address.said().together).any()
        below = "; the tables below have every kind that has them" if others else ""
        said.markdown(f"None of the typical services has the facts chosen{below}.")
        return
    drafted, amended = (
        sum(any(standing.requirements[side] for standing in several) for _, several, _ in chosen) for side in (0, 1)
    )
    said.markdown(
        f"**As drafted, {drafted} of {len(chosen)} typical services {'is' if drafted == 1 else 'are'} bound by a measure. "
        f"{words.amended(len(now), len(rules.recommendations))}, {amended}.**"
    )
    if now != before:
        changed = sum(
            standing.differs(earlier)
            for _, several, was in chosen
            for standing, earlier in zip(several, was, strict=True)
        )
        said.markdown(
            f"{_switched(now, before)}: {changed or 'no'} {'line' if changed == 1 else 'lines'} changed{', outlined' if changed else ''}."
        )
    st.html(html_table.html(obligations_tables.typical(rules, chosen)))


def _switched(now: tuple[str, ...], before: tuple[str, ...]) -> str:
    moved = [(name, "on") for name in now if name not in before] + [(name, "off") for name in before if name not in now]
    return f"{moved[0][0]} switched {moved[0][1]}" if len(moved) == 1 else f"{len(moved)} recommendations switched"


def draw(rules: Rules, now: tuple[str, ...]) -> None:
    """Every kind of service, or those that have some facts in common."""
    compared = whole(now)
    chosen = members(compared.grid, address.said().together)
    if not chosen.any():
        st.info("No service has all of these facts. Take one away.")
        return
    st.markdown(
        f"{words.RESULTS} “Exempt” means that an exemption lets the service out as drafted and as amended; “not covered”, that the measure is not for such a service. "
        "The services above are made up. Press a sign to read why."
    )
    file = (state.recall(SCORED) or (None, None))[1]  # that is open under Portfolio in this session
    beside = Beside(file.services["profile"].to_numpy() if isinstance(file, Portfolio) and len(file) else None)
    _slips_through(rules, compared, chosen, beside)
    _recommendations(rules, compared, chosen, beside)
    _groups(rules, compared, chosen, beside)
    st.header("The whole map as a file", anchor=False)
    workbook = partial(obligations_workbook, rules, compared)
    with st.container(horizontal=True):
        exchange.download("Download the map (CSV)", partial(obligations_csv, compared), "obligations.csv", "map.csv")
        exchange.download("Download the map (Excel)", workbook, "obligations.xlsx", "map.xlsx")
    st.markdown("A row for every kind of service and measure of its code, whatever is chosen above.")


def _slips_through(rules: Rules, compared: Obligations, chosen: np.ndarray, beside: Beside) -> None:
    st.header("Who slips through", anchor=False)
    kinds, looked_at = len(compared.grid), int(chosen.sum())
    looked = f"Of the {kinds:,} kinds that there are, {looked_at:,} {'is' if looked_at == 1 else 'are'} looked at here"
    if looked_at == kinds:
        looked = f"All {kinds:,} kinds that there are stand here"
    st.markdown(
        f"These are kinds of service, not services: a kind is one combination of facts. {looked}; "
        f"no measure binds {int((chosen & ~compared.drafted.bound).sum()):,} of them as drafted. "
        + (
            "How many services are of each kind is not known here; open a file of services under Portfolio to have yours counted."
            if beside.profile is None
            else beside.bound(rules, compared)
        )
    )
    if several := slips(rules, compared, every_way(), chosen):
        adopted = len(compared.regimes.adopted)
        st.html(html_table.html(obligations_tables.who_slips(rules, several, adopted, beside)))
    page = partial(obligations_page, rules, compared, every_way(), outcomes(rules), beside, state.today())
    label = "Download one page for a minister (HTML, prints on one sheet)"
    exchange.download(label, page, "who-slips-through.html", "map.page")


def outcomes(rules: Rules) -> dict[str, str]:
    """What became of each recommendation, and how well that is supported."""
    try:
        sources = load_sources()
    except RulebookError:  # the page Sources says what is wrong
        return dict.fromkeys((known.id for known in rules.recommendations), "Not to be read just now")
    said = {}
    for known in rules.recommendations:
        outcome = sources.outcome_of(known)
        support = sources.support_of(outcome).label.lower()
        said[known.id] = outcome.outcome if support in outcome.outcome.lower() else f"{outcome.outcome} ({support})"
    return said


def _recommendations(rules: Rules, compared: Obligations, chosen: np.ndarray, beside: Beside) -> None:
    st.header("What each recommendation does", anchor=False)
    st.markdown(
        "Each adopted alone, whatever is switched on above. “Newly binds”: no measure binds them as drafted. Press a number to read which they are. What became of it is not "
        "legal advice: in brackets stands how it is known; Sources says more."
    )
    several = effects(rules, compared, every_way())
    by_recommendation = obligations_tables.by_recommendation
    st.html(html_table.html(by_recommendation(rules, several, compared.grid, chosen, outcomes(rules), beside)))
    way.link(SOURCES, "Sources: what became of each recommendation")


def _groups(rules: Rules, compared: Obligations, chosen: np.ndarray, beside: Beside) -> None:
    st.header("Every group of services, measure by measure", anchor=False)
    reaches = [reach for reach in measure_reach(compared, rules, chosen) if reach.let_out]
    if reaches:
        st.markdown("The measures that an exemption lets somebody out of as drafted:")
        st.html(html_table.html(obligations_tables.by_measure(reaches)))
    else:
        st.markdown("No exemption lets out any of these services as drafted.")
    titles = {code.id: code.title for code in rules.codes}
    for of_code in code_maps(compared, chosen):
        table = obligations_tables.matrix(rules, of_code, compared.regimes, beside, compared.grid)
        with st.expander(f"{titles[of_code.code]}: every group of services"):
            st.html(html_table.html(table))
