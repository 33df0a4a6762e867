"""Who of many services is bound, on a page: how many, who is newly bound and by what, and what each recommendation brings."""

from functools import lru_cache

import numpy as np
import streamlit as st

from questionnaire.page_parts import figures, frame
from questionnaire.session import state
from scoring.documents import portfolio_charts, words
from scoring.files.messages import isolated
from scoring.kinds.slips import Way, ways
from scoring.portfolio import coverage
from scoring.portfolio.summary import Portfolio
from scoring.rules.conditions import join
from scoring.rules.in_words import in_short
from scoring.rules.model import Rules

NAMED = 30
"""Names that a line lists; the CSV has all."""


@lru_cache(maxsize=1)
def every_way() -> tuple[Way, ...]:
    """By which recommendations each kind of service is reached. Rules only, so all sessions may share it."""
    return ways(state.rules())


def of(portfolio: Portfolio) -> coverage.Coverage:
    """Who of a portfolio is bound, and by what."""
    return coverage.coverage(portfolio, every_way())


def answer(rules: Rules, covered: coverage.Coverage) -> None:
    """How many services are bound as drafted and as amended, as a sentence and as a picture."""
    portfolio = covered.portfolio
    services, newly = len(portfolio), len(covered.newly)
    drafted, amended = (portfolio.counts(regime).bound for regime in words.REGIME)
    name = named(rules, portfolio, "amended")
    st.markdown(
        f"**Of {services:,} {'service' if services == 1 else 'services'}, {drafted:,} {_are(drafted)} bound by at least one measure as drafted, and {amended:,} {name[0].lower()}{name[1:]}: "
        f"{newly:,} {_are(newly)} newly bound.**"
    )
    adopted = portfolio.regimes.adopted
    if 0 < len(adopted) < len(rules.recommendations):
        st.markdown(f"Adopted: {figures.whole_ids(join(map(in_short, adopted)))}.")
    st.html(portfolio_charts.bound_picture(services, drafted, amended, name))
    _by_code(rules, portfolio)
    st.markdown(words.RESULTS)


def _by_code(rules: Rules, portfolio: Portfolio) -> None:
    codes = [
        (f"{code.title} ({code.id})", code.id) for code in rules.codes if portfolio.counts("drafted", code.id).services
    ]
    rows: list[tuple[str, str | None]] = [*codes, *([("All", None)] if len(codes) > 1 else [])]
    sides = {name: [portfolio.counts(regime, code) for _, code in rows] for regime, name in words.REGIME.items()}
    figures.table(
        {
            "Code": [title for title, _ in rows],
            "Services": [f"{counts.services:,}" for counts in next(iter(sides.values()))],
            **{f"Bound {name.lower()}": [f"{side.bound:,}" for side in counts] for name, counts in sides.items()},
        },
        about="How many services are bound, by code",
        numbers=True,
    )


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def named(rules: Rules, portfolio: Portfolio, regime: str) -> str:
    """A result by name: the amended one with how many recommendations it adopts, where those are not all."""
    amended = words.amended(len(portfolio.regimes.adopted), len(rules.recommendations))
    return amended if regime == "amended" else words.REGIME[regime]


def newly(covered: coverage.Coverage) -> None:
    """The services that are newly bound, by name, and what brings each in."""
    st.header(f"Newly bound: {len(covered.newly):,}", anchor=False)
    if not len(covered.newly):
        st.markdown("No service here is bound as amended that is not bound as drafted.")
        return
    figures.table(
        {
            "Services": [_names(covered.portfolio, places) for _, places in covered.newly_by_way],
            "How many": [f"{len(places):,}" for _, places in covered.newly_by_way],
            "Brought in by": [
                " or ".join(" with ".join(map(in_short, some)) for some in by) for by, _ in covered.newly_by_way
            ],
        },
        about="The services that are newly bound, and the recommendations that bring them in",
        numbers=True,
    )
    st.markdown(
        "“Or” stands between recommendations of which each is enough by itself; “with” between those that only bind together. "
        "The CSV above has a row a service."
    )


def recommendations(covered: coverage.Coverage) -> None:
    """What each recommendation brings: a picture, the same as a table, and the services by name."""
    st.header("What each recommendation brings", anchor=False)
    brings = [one for one in covered.brings if len(one.newly) or len(one.more)]
    nothing = [one.recommendation for one in covered.brings if not (len(one.newly) or len(one.more))]
    if brings:
        st.markdown(
            "In services of this file. **Newly binds:** no measure binds the service as drafted, and this recommendation binds it, alone or with another. A service that either of two would bind counts for both. "
            "**Asks more of:** the service owes more with this recommendation, alone or with others, than as drafted; one that it newly binds is not counted again here."
        )
        st.html(portfolio_charts.brings_picture(brings))
        figures.table(
            {
                "Recommendation": [in_short(one.recommendation) for one in brings],
                "Newly binds": [f"{len(one.newly):,}" for one in brings],
                "Asks more of": [f"{len(one.more):,}" for one in brings],
            },
            about="How many services each recommendation newly binds, and of how many it asks more",
            numbers=True,
        )
        with st.expander("Which services, by recommendation"):
            for one in brings:
                st.markdown(f"**{in_short(one.recommendation)}**")
                for said, places in (("Newly binds", one.newly), ("Asks more of", one.more)):
                    if len(places):
                        st.markdown(f"{said}: {_names(covered.portfolio, places)}")
    if nothing:
        st.markdown(
            f"Nothing changes for these services through {figures.whole_ids(join(map(in_short, nothing), 'or'))}."
        )
    if not covered.brings:
        st.markdown("No recommendation is adopted, so nothing differs.")


def _names(portfolio: Portfolio, places: np.ndarray) -> str:
    """Some services by name, as text in Markdown, and how many more there are."""
    names = ", ".join(frame.escaped(isolated(portfolio.name(place))) for place in places[:NAMED].tolist())
    return names + (f" and {len(places) - NAMED:,} more" if len(places) > NAMED else "")
