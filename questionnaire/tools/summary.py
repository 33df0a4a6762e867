"""Many services on a page: who is bound, who meets what is owed, how far short they fall, and the ranking."""

import re
from collections.abc import Callable
from functools import partial
from unicodedata import category, normalize

import streamlit as st

from questionnaire.session import state
from questionnaire.shown import figures, not_law
from scoring.documents import words
from scoring.portfolio.score import Totals
from scoring.portfolio.summary import Counts, Portfolio
from scoring.rules.model import Rules
from scoring.score.tally import STATUSES, percent

PAGE = 50
"""Services that the ranking shows at a time."""
LISTED = 200
"""Names that are listed of services that stand apart from the ranking."""
BY = {"shortfall": "Known shortfall", "possible_shortfall": "Possible shortfall (unanswered counted as missing)"}
SHORT = {"drafted": "Drafted", "amended": "Amended"}


def headline(rules: Rules, found: Portfolio) -> None:
    """The industry in sentences, and by code."""
    count = len(found)
    st.markdown(f"**{count:,} {'service' if count == 1 else 'services'} scored.**")
    for regime in words.REGIME:
        st.markdown(f"**{named(rules, found, regime)}:** {_said(found.counts(regime))}")
    adopted = found.regimes.adopted
    if adopted and len(adopted) < len(rules.recommendations):
        st.markdown(
            "The amended text here adopts " + "; ".join(f"“{each.title}” ({each.id})" for each in adopted) + "."
        )
    not_law.draw()
    codes = [(code.title, [found.counts(regime, code.id) for regime in words.REGIME]) for code in rules.codes]
    codes = [(title, sides) for title, sides in codes if sides[0].services]
    figures.table(
        {
            "Code": [title for title, _ in codes],
            "Services": [f"{sides[0].services:,}" for _, sides in codes],
            **{
                f"{SHORT[regime]}: {name}": [f"{getattr(sides[place], field):,}" for _, sides in codes]
                for place, regime in enumerate(words.REGIME)
                for field, name in (("bound", "bound"), ("meeting", "meet all"), ("open", "some unanswered"))
            },
        },
        about="How many services are bound, meet everything and have unanswered requirements, by code",
    )


def draw(rules: Rules, found: Portfolio, choose: Callable[[str], None]) -> None:
    """The measures, the distribution of shortfalls and the ranking. choose: called with the name of a service that is selected."""
    _measures(rules, found)
    _shortfalls(rules, found)
    _ranking(found, choose)


def named(rules: Rules, found: Portfolio, regime: str) -> str:
    """A text by name: the amended one with how many recommendations it adopts."""
    return (
        words.REGIME[regime]
        if regime == "drafted"
        else words.amended(len(found.regimes.adopted), len(rules.recommendations))
    )


def in_a_file_name(name: str) -> str:
    """A service's name, in whatever script, as a part of what a file is called: letters, figures and marks, hyphens for all else."""
    signs = "".join(sign if category(sign)[0] in "LMN" else "-" for sign in normalize("NFC", name.lower()))
    return re.sub(r"-+", "-", signs).strip("-")[:60].strip("-") or "service"


def _said(counts: Counts) -> str:
    if not counts.bound:
        return "no service is bound by any measure."
    meeting = f"{counts.meeting:,} {'meets everything that it owes' if counts.meeting == 1 else 'meet everything that they owe'}"
    said = f"**{counts.bound:,} {'service is' if counts.bound == 1 else 'services are'} bound by at least one measure; {meeting}.**"
    if not counts.open:
        return f"{said} All of them have answered everything."
    silent = (
        f" ({counts.silent:,} of them {'has' if counts.silent == 1 else 'have'} answered nothing)"
        if counts.silent
        else ""
    )
    return said + (
        f" {counts.open:,} of the bound services {'has' if counts.open == 1 else 'have'} unanswered requirements{silent}: "
        f"{'its' if counts.open == 1 else 'their'} shortfall may be larger than what is known."
    )


def _measures(rules: Rules, found: Portfolio) -> None:
    st.header("Measure by measure", anchor=False)
    lines = [each for each in found.measures if sum(each.amended)]
    pairs = [(each, regime) for each in lines for regime in words.REGIME]
    figures.table(
        {
            "Measure": [
                f"{rules.titles[each.measure]} ({each.measure})" if regime == "drafted" else ""
                for each, regime in pairs
            ],
            "Text": [SHORT[regime] for _, regime in pairs],
            "Meet it, of those bound": [_share(each.meeting(regime), each.bound(regime)) for each, regime in pairs],
            **{
                words.STATUS[status]: [f"{getattr(each, regime)[number]:,}" for each, regime in pairs]
                for number, status in enumerate(STATUSES)
            },
        },
        about="How many services meet each measure and have each status, by measure and text",
    )


def _share(part: int, whole: int) -> str:
    if not whole:
        return "None is bound"
    said = percent(part, whole)
    return f"{part:,} of {whole:,} ({'under 1' if part and not said else said}\u00a0%)"


def _shortfalls(rules: Rules, found: Portfolio) -> None:
    from scoring.documents import charts  # plotly is slow to import, and only pages with charts need it

    st.header("How far short services fall", anchor=False)
    sides = {regime: found.distribution(regime) for regime in words.REGIME}
    longest = max(len(each.points) for each in sides.values())
    if not longest and not any(each.silent for each in sides.values()):
        st.markdown("No service is bound, so none falls short.")
        return
    st.markdown(
        "Bound services by the points that are known to be missing. A service that has answered nothing is not at 0: nothing is known of it, and it stands apart."
    )
    name = named(rules, found, "amended")
    figures.chart(
        charts.distribution_figure(**sides, name=name, dark=figures.is_dark()),
        about=charts.distribution_alt(**sides, name=name),
        key="portfolio.shortfalls",
    )
    with st.expander("The same as a table"):
        figures.table(
            {
                "Points known to be missing": ["Nothing answered", *map(str, range(longest))],
                **{
                    f"{SHORT[regime]}: {told}": [
                        f"{first:,}",
                        *(f"{each:,}" for each in counts),
                        *["0"] * (longest - len(counts)),
                    ]
                    for regime, side in sides.items()
                    for told, first, counts in (
                        ("services", side.silent, side.points),
                        ("of these, some unanswered", side.silent, side.open),
                    )
                },
            },
            about="Bound services by points known to be missing",
        )


def _ranking(found: Portfolio, choose: Callable[[str], None]) -> None:
    st.header("The services, the largest shortfall first", anchor=False)
    regime = st.radio(
        "Under which text",
        list(words.REGIME),
        index=1,
        format_func=SHORT.__getitem__,
        key="portfolio.ranked_under",
        horizontal=True,
    )
    by = st.radio("Ranked by", list(BY), format_func=BY.__getitem__, key="portfolio.ranked_by", horizontal=True)
    ranking = found.ranking(regime, by)
    count = len(ranking.places)
    if count:
        pages = -(-count // PAGE)
        page = (
            int(st.number_input(f"Page, of {pages:,}", 1, pages, 1, key=f"portfolio.page.{regime}.{by}"))
            if pages > 1
            else 1
        )
        here = slice((page - 1) * PAGE, page * PAGE)
        places, ranks = ranking.places[here].tolist(), ranking.ranks[here].tolist()
        names = [found.name(place) for place in places]
        key = f"portfolio.ranking.{regime}.{by}.{page}"
        st.markdown(
            "Select a row to open the service's scorecard below: tick it or, with the keyboard, press Shift and Space on it. Services with the same number share a rank."
        )
        st.dataframe(
            {"Rank": ranks, "Service": names, **_columns(found, regime, by, places)},
            hide_index=True,
            placeholder="nothing owed",
            alt="Services ranked by shortfall",
            key=key,
            on_select=partial(_selected, key, names, choose),
            selection_mode="single-row",
        )
    else:
        st.markdown("No service can be ranked.")
    silent, owing = len(ranking.unknown), len(ranking.owing_nothing)
    if silent:
        st.markdown(
            f"{silent:,} bound {'service has' if silent == 1 else 'services have'} answered nothing: what is missing is not known, so known shortfall cannot rank {'it' if silent == 1 else 'them'}. Possible shortfall can."
        )
        _apart(found, ranking.unknown[:LISTED].tolist(), f"{silent:,} not ranked: nothing answered", silent)
    if owing:
        _apart(
            found,
            ranking.owing_nothing[:LISTED].tolist(),
            f"{owing:,} {'service owes nothing and is' if owing == 1 else 'services owe nothing and are'} not ranked",
            owing,
        )


def _apart(found: Portfolio, places: list[int], said: str, count: int) -> None:
    with st.expander(said):
        st.dataframe(
            {
                "Service": [found.name(place) for place in places],
                "Code": [found.codes[found.code[place]] for place in places],
            },
            hide_index=True,
            alt=said,
        )
        if len(places) < count:
            st.markdown(f"The first {len(places):,} of {count:,} are shown; the download has all.")


def _selected(key: str, names: list[str], choose: Callable[[str], None]) -> None:
    """A row of the ranking was selected, or none is any more."""
    rows = state.widget_value(key).selection.rows
    if rows:
        choose(names[rows[0]])


def _columns(found: Portfolio, regime: str, by: str, places: list[int]) -> dict[str, list[object]]:
    """What it is ranked by, then the rest of the same text, then the other text."""
    other = next(each for each in words.REGIME if each != regime)
    shown = [
        (regime, by),
        *((regime, each) for each in ("shortfall", "possible_shortfall", "unanswered", "points") if each != by),
        (other, "shortfall"),
        (other, "points"),
    ]
    heads = {"shortfall": "missing", "possible_shortfall": "possible", "unanswered": "unanswered", "points": "points"}
    columns = {
        f"{SHORT[side]}: {heads[name]}": [_cell(getattr(found, side), name, place) for place in places]
        for side, name in shown
    }
    return {**columns, "Code": [found.codes[found.code[place]] for place in places]}


def _cell(totals: Totals, name: str, place: int) -> str | int | None:
    if not totals.bound[place]:
        return None
    return (
        f"{totals.points[place]} of {totals.out_of[place]}" if name == "points" else int(getattr(totals, name)[place])
    )
