"""The grades of many services on a page: who meets what is owed, who falls furthest short and how far, and the statuses."""

import re
from collections.abc import Callable
from unicodedata import category, normalize

import pandas as pd
import streamlit as st

from questionnaire.page_parts import figures
from questionnaire.page_parts.choices import choice
from questionnaire.tool_pages import coverage
from scoring.documents import portfolio_charts, words
from scoring.portfolio.summary import Counts, Portfolio
from scoring.rules.model import AMENDED, Rules
from scoring.score.tally import STATUSES, percent

PAGE = 50
"""Services that the ranking shows at a time."""
LISTED = 200
"""Names that are listed of services that stand apart from the ranking."""
BY = {
    "shortfall": "Points known to be missing",
    "possible_shortfall": "Points that may be missing (unanswered ones too)",
}


def draw(rules: Rules, services: Portfolio, choose: Callable[[str], None]) -> None:
    """Who meets what is owed, the ranking, the distribution of what is missing and the statuses. choose: called with the name of a service that is selected."""
    _meeting(rules, services)
    _ranking(services, choose)
    _shortfalls(rules, services)
    _measures(rules, services)


def has_grades(services: Portfolio) -> bool:
    """Whether anything that is owed is answered: else there is nothing to say of meeting it."""
    return any(bool((side["bound"] & ~side["silent"]).any()) for side in services.sides.values())


def _meeting(rules: Rules, services: Portfolio) -> None:
    st.header("Who meets what is owed", anchor=False)
    for regime in words.REGIME:
        st.markdown(f"**{coverage.named(rules, services, regime)}:** {_said(services.counts(regime))}")
    rows = [
        (code.id, words.REGIME[regime], counts)
        for code in rules.codes
        for regime in words.REGIME
        if (counts := services.counts(regime, code.id)).bound
    ]
    if len({code for code, *_ in rows}) > 1:
        figures.table(
            {
                "Code": [f"{code}, {result[0].lower()}{result[1:]}" for code, result, _ in rows],
                "Bound": [f"{counts.bound:,}" for *_, counts in rows],
                "Meet all": [f"{counts.meeting:,}" for *_, counts in rows],
                "Some unanswered": [f"{counts.open:,}" for *_, counts in rows],
            },
            about="How many services meet everything and have unanswered requirements, by code and result",
            numbers=True,
        )


def in_a_file_name(name: str) -> str:
    """A service's name, in whatever script, as a part of what a file is called: letters, figures and marks, hyphens for all else."""
    signs = "".join(sign if category(sign)[0] in "LMN" else "-" for sign in normalize("NFC", name.lower()))
    return re.sub(r"-+", "-", signs).strip("-")[:60].strip("-") or "service"


def _said(counts: Counts) -> str:
    if not counts.bound:
        return "no service is bound by any measure."
    meeting = f"{counts.meeting:,} {'meets everything that it owes' if counts.meeting == 1 else 'meet everything that they owe'}"
    said = f"of {counts.bound:,} bound {'service' if counts.bound == 1 else 'services'}, {meeting}."
    if not counts.open:
        return f"{said} All of them have answered everything."
    silent = (
        f" ({counts.silent:,} of them {'has' if counts.silent == 1 else 'have'} answered nothing)"
        if counts.silent
        else ""
    )
    return said + (
        f" {counts.open:,} {'has' if counts.open == 1 else 'have'} unanswered requirements{silent}: "
        "more may be missing than is known."
    )


def _measures(rules: Rules, services: Portfolio) -> None:
    counts = services.measures[services.measures.any(axis=1)]
    with st.expander("Measure by measure: how many services have each status"):
        figures.table(
            {
                "Measure": [
                    f"{rules.titles[measure]} ({measure}), {words.REGIME[regime].lower()}"
                    for measure, regime in counts.index
                ],
                "Meet it, of those bound": [*map(_share, counts["met"], counts["bound"])],
                **{
                    words.STATUS[name]: [f"{count:,}" for count in counts[name]]
                    for name in STATUSES
                    if any(counts[name])
                },
            },
            about="How many services meet each measure and have each status, by measure and result",
            numbers=True,
        )


def _share(part: int, whole: int) -> str:
    if not whole:
        return "None is bound"
    said = percent(part, whole)
    return f"{part:,} of {whole:,} ({'under 1' if part and not said else said}\u00a0%)"


def _shortfalls(rules: Rules, services: Portfolio) -> None:
    st.header("How far short services fall", anchor=False)
    sides = {regime: services.distribution(regime) for regime in words.REGIME}
    longest = max(len(side.points) for side in sides.values())
    if not longest and not any(side.silent for side in sides.values()):
        st.markdown("No service is bound, so none falls short.")
        return
    st.markdown(
        "Bound services by the points that are known to be missing. A service that has answered nothing is not at 0: nothing is known of it, and it stands apart."
    )
    name = coverage.named(rules, services, "amended")
    figures.chart(
        portfolio_charts.distribution_figure(**sides, name=name),
        about=portfolio_charts.distribution_alt(**sides, name=name),
        key="portfolio.shortfalls",
    )
    with st.expander("The same as a table"):
        figures.table(
            {
                "Points known to be missing": ["Nothing answered", *map(str, range(longest))],
                **{
                    f"{words.REGIME[regime]}: {told}": [
                        f"{first:,}",
                        *(f"{number:,}" for number in counts),
                        *["0"] * (longest - len(counts)),
                    ]
                    for regime, side in sides.items()
                    for told, first, counts in (
                        ("services", side.silent, side.points),
                        ("of these, some unanswered", side.silent, side.open),
                    )
                    if first or any(counts)
                },
            },
            about="Bound services by points known to be missing",
            numbers=True,
        )


def _ranking(services: Portfolio, choose: Callable[[str], None]) -> None:
    st.header("Who falls furthest short", anchor=False)
    regime = choice(st.radio, "Which result", words.REGIME, "portfolio.ranked_under", AMENDED, horizontal=True)
    by = choice(st.radio, "Ranked by", BY, "portfolio.ranked_by", horizontal=True)
    ranking = services.ranking(regime, by)
    count = len(ranking.ranks)
    if count:
        pages = -(-count // PAGE)
        page = (
            int(st.number_input(f"Page, of {pages:,}", 1, pages, 1, key=f"portfolio.page.{regime}.{by}"))
            if pages > 1
            else 1
        )
        here = slice((page - 1) * PAGE, page * PAGE)
        places, ranks = ranking.ranks.index[here].tolist(), ranking.ranks.iloc[here].tolist()
        names = [services.name(place) for place in places]
        key = f"portfolio.ranking.{regime}.{by}.{page}"
        st.markdown(
            "Select a row to open the service's scorecard below: tick it or, with the keyboard, press Shift and Space on it. Services with the same number share a rank."
        )
        columns = {"Rank": ranks, "Service": names, **_columns(services, regime, by, places)}
        about = "Services ranked by points missing"
        figures.grid(columns, about, key, lambda row: choose(names[row]))
    else:
        st.markdown("No service can be ranked.")
    silent, owing = len(ranking.unknown), len(ranking.owing_nothing)
    if silent:
        st.markdown(
            f"{silent:,} bound {'service has' if silent == 1 else 'services have'} answered nothing: what is missing is not known, so points known to be missing cannot rank {'it' if silent == 1 else 'them'}; points that may be missing can."
        )
        _apart(services, ranking.unknown[:LISTED].tolist(), f"{silent:,} not ranked: nothing answered", silent)
    if owing:
        _apart(
            services,
            ranking.owing_nothing[:LISTED].tolist(),
            f"{owing:,} {'service owes nothing and is' if owing == 1 else 'services owe nothing and are'} not ranked",
            owing,
        )


def _apart(services: Portfolio, places: list[int], said: str, count: int) -> None:
    with st.expander(said):
        st.dataframe(
            {
                "Service": [services.name(place) for place in places],
                "Code": services.services["code"].iloc[places].tolist(),
            },
            hide_index=True,
            alt=said,
        )
        if len(places) < count:
            st.markdown(f"The first {len(places):,} of {count:,} are shown; the download has all.")


def _columns(services: Portfolio, regime: str, by: str, places: list[int]) -> dict[str, list[object]]:
    """What it is ranked by, then the rest of the same result, then the other one; nothing that is 0 for all of them. Where one of them is not bound by the other result, who is."""
    other = next(result for result in words.REGIME if result != regime)
    names = {
        "shortfall": "Missing",
        "possible_shortfall": "May be missing",
        "unanswered": "Unanswered",
        "points": "Points",
    }
    shown = [(regime, by), *((regime, name) for name in names if name != by), (other, "shortfall")]
    sides = {result: side.iloc[places] for result, side in services.sides.items()}
    columns = {
        names[name] if side == regime else f"{names[name]} {words.REGIME[side].lower()}": _cells(sides[side], name)
        for side, name in shown
    }
    columns = {head: cells for place, (head, cells) in enumerate(columns.items()) if not place or any(cells)}
    bound = sides[other]["bound"]
    if not bound.all():
        columns[f"Bound {words.REGIME[other].lower()}"] = ["Yes" if is_bound else "No" for is_bound in bound]
    return {**columns, "Code": services.services["code"].iloc[places].tolist()}


def _cells(side: pd.DataFrame, name: str) -> list[str | int | None]:
    """A figure of some services; None for those that are not bound."""
    points = [f"{points} of {out_of}" for points, out_of in zip(side["points"], side["out_of"], strict=True)]
    figures = points if name == "points" else side[name].tolist()
    return [figure if bound else None for figure, bound in zip(figures, side["bound"], strict=True)]
