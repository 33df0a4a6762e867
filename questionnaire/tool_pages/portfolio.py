"""Portfolio: a file of many services, scored; who is bound, who meets what is owed, and each service's own scorecard."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from questionnaire.browser import told
from questionnaire.page_parts import adoption, exchange, frame
from questionnaire.page_parts import card as card_part
from questionnaire.session import state
from questionnaire.session.steps import PORTFOLIO, RETURNS, START
from questionnaire.tool_pages import coverage, portfolio_files, summary, turns
from questionnaire.tool_pages.portfolio_files import KEEP_GOING, LOOKED_AT, NAME, SCORED, TITLE, Given
from scoring.documents.html_table import Cell, Table, html, rows
from scoring.files.messages import isolated, printable
from scoring.files.text_in import JSON
from scoring.portfolio.columns import QUESTIONNAIRE, PortfolioError
from scoring.portfolio.headings import Heading, headings
from scoring.portfolio.one_service import assessment_of
from scoring.portfolio.problems import Group, grouped, missing_columns
from scoring.portfolio.summary import Portfolio, portfolio
from scoring.rules.amend import adopting
from scoring.rules.model import Regimes, Rules
from scoring.score.assessment import Assessment
from scoring.score.gaps import next_steps
from scoring.score.scorecard import headline, scorecard
from scoring.score.scorecard_file import csv_bytes

ONE = "One service's scorecard"
_GROUPS_SHOWN = 200
"""Kinds of error that the page lists; the file of rejected rows has every one."""
_TAKEN_BY = {
    JSON: (START, "Start: open saved answers"),
    QUESTIONNAIRE: (START, "Start: open a filled questionnaire"),
    "drafted_because": (RETURNS, "Returns: verify a scorecard"),
}
"""Where a file goes that another page takes, by what tells it."""
_MEND = (
    "**What to do:** open the file in your spreadsheet program, mend what is named above, save it as an Excel workbook (.xlsx), which keeps every letter and sign, and upload that. "
    "Where it says how to go on, do that instead. Or start from the template below."
)


@dataclass(frozen=True)
class Refused:
    """Why a file cannot be scored; what tells that another page takes it, as in TableError; and its headings, where they can be matched."""

    why: str
    elsewhere: str
    headings: tuple[Heading, ...] = ()


@frame.page(PORTFOLIO, TITLE, wide=True)
def show() -> None:
    """Draw the page."""
    rules, given = state.rules(), portfolio_files.given()
    top, body, foot = st.container(), st.container(), st.container()
    with top:
        if given is None:
            st.markdown(
                "Upload a file (CSV or Excel) with one row a service: its facts and, if you have them, a grade for each requirement. You see how many services are bound as drafted and as amended, which are newly bound and by what. "
                "The file stays in this session's memory until you remove it, upload another, or reload or close the page: it is not stored, and no other user sees it."
            )
            if portfolio_files.is_gone():
                st.warning(
                    "A file was open at this address. A reload takes it away, and an address carries nothing of it: please choose it again."
                )
            portfolio_files.take_in(rules)
            st.info(
                "Upload a file to see the result here, or press “Show the example” to see one for twelve made-up services."
            )
        else:
            _open_file(rules, given, body, foot)


def _open_file(rules: Rules, given: Given, body: DeltaGenerator, foot: DeltaGenerator) -> None:
    """The page while a file is open: the result first, where there is one, and what else can be opened behind it."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Open here: {isolated(printable(given.name))}")
        st.button("Remove this file", key="portfolio.forget", on_click=portfolio_files.close)
        portfolio_files.match_again(given)
    regimes = adopting(rules, adoption.adopted(PORTFOLIO))
    scored = _scored(rules, given, regimes)
    if isinstance(scored, Refused):
        if scored.headings:
            portfolio_files.match(rules, given, scored.headings, scored.why)
            st.header("Or another file", anchor=False)
        box = portfolio_files.take_in(rules)
        if not scored.headings:
            why = f"{isolated(printable(given.name))}: {scored.why}"
            said = "This file cannot be scored. Nothing was done with it."
            exchange.not_taken(box, said, why, _MEND, _TAKEN_BY.get(scored.elsewhere))
    elif scored.reading.problems and not _go_on(rules, given, scored):
        portfolio_files.take_in(rules)
    else:
        with body:
            adoption.switches(rules, PORTFOLIO)
            _result(rules, given, scored, regimes)
        with foot:
            st.header("Another file", anchor=False)
            portfolio_files.take_in(rules)


def _scored(rules: Rules, given: Given, regimes: Regimes) -> Portfolio | Refused:
    """The portfolio of the file, scored once for as long as file, matched headings and recommendations stay the same."""
    key = (given.mark, given.matched, tuple(recommendation.id for recommendation in regimes.adopted))
    kept: tuple[object, Portfolio | Refused] | None = state.recall(SCORED)
    if kept and kept[0] == key:
        return kept[1]
    bar = st.progress(0.0, text="Reading and scoring")

    def progress(done: int, whole: int) -> None:
        bar.progress(min(1.0, done / max(whole, 1)), text="Reading and scoring")

    with turns.turn(len(given.data), lambda before: bar.progress(0.0, text=turns.waiting(before))):
        try:
            scored: Portfolio | Refused = portfolio(rules, given.data, regimes, progress, given.matched)
        except PortfolioError as error:
            scored = Refused(str(error), error.elsewhere, () if error.elsewhere else headings(rules, given.data))
    bar.empty()
    state.keep(SCORED, (key, scored))
    return scored


def _go_on(rules: Rules, given: Given, services: Portfolio) -> bool:
    """List what is wrong, all of it, and ask whether to score the rest."""
    cells, bad = services.reading.problem_count, services.reading.rejected
    st.error(
        f"{cells:,} {'cell is' if cells == 1 else 'cells are'} wrong, in {bad:,} {'row' if bad == 1 else 'rows'}. Nothing is scored until you decide."
    )
    _problems(rules, services)
    st.markdown(
        "**What to do:** mend these cells in your file and upload it again. The download has the bad rows alone: they can be mended there and uploaded as they are."
    )
    portfolio_files.rejected(rules, given)
    if not len(services):
        st.markdown("No row is good. Mend the file and upload it again.")
        return False
    key = f"portfolio.keep_going.{given.mark}"
    return st.checkbox(
        f"Leave the bad rows out, and score the other {len(services):,}",
        value=state.recall(KEEP_GOING) == given.mark,
        key=key,
        on_change=lambda: state.keep(KEEP_GOING, given.mark if state.widget_value(key) else None),
    )


def _problems(rules: Rules, services: Portfolio) -> None:
    reading = services.reading
    missing = missing_columns(rules, reading.columns, reading.by_column)
    for sentence in missing.values():
        st.markdown(f"**{sentence}**")
    groups = grouped(rules, (problem for problem in reading.problems if problem.column not in missing))
    shown = groups[:_GROUPS_SHOWN]
    own = {column: written for written, column in reading.matched.items() if written != column}
    if shown:
        lines = [
            (_column(group, own.get(group.column, "")), group.value, f"{group.count:,}", group.places, group.allowed)
            for group in shown
        ]
        columns = ("Column", "Value", "Cells", "First rows", "Allowed")
        table = Table(
            "What is wrong in the file", columns, rows([tuple(map(Cell, line)) for line in lines]), numbers=columns[2:3]
        )
        st.html(html(table))
        st.markdown("Rows are counted under the header; in brackets as a spreadsheet counts them.")
    if len(shown) < len(groups):
        st.markdown(f"The first {len(shown):,} of {len(groups):,} are shown; the download has all.")
    if len(reading.problems) < reading.problem_count:
        st.markdown(
            f"The table is made from the first {len(reading.problems):,} of {reading.problem_count:,} wrong cells."
        )


def _column(group: Group, written: str) -> str:
    """A column by its id, what it is called in words, and what the file calls it where that is something else."""
    also = "; ".join(filter(None, (group.title, f"yours: {written}" if written else "")))
    return f"{group.column} ({also})" if also else group.column


def _result(rules: Rules, given: Given, services: Portfolio, regimes: Regimes) -> None:
    """The answer first: who is bound; then, where there are grades, who meets what is owed; then one service."""
    covered, graded = coverage.of(services), summary.has_grades(services)
    st.header("The result", anchor=False)
    coverage.answer(rules, covered)
    if services.reading.problems:
        st.markdown(
            f"{services.reading.rejected:,} bad {'row was' if services.reading.rejected == 1 else 'rows were'} left out."
        )
    portfolio_files.downloads(rules, given, covered)
    coverage.newly(covered)
    coverage.recommendations(covered)
    if graded:
        summary.draw(rules, services, _open)
    else:
        st.markdown("The file has no grades for what is owed, so nothing is said of who meets it.")
    _one(rules, given, services, regimes)
    frame.not_law()


def _open(name: str) -> None:
    """Show a service that was selected, and lead to it."""
    portfolio_files.look_at(name)
    state.lead_to(ONE)


def _one(rules: Rules, given: Given, services: Portfolio, regimes: Regimes) -> None:
    st.header(ONE, anchor=False)
    name, turn = state.recall(NAME)
    key = f"portfolio.name.{turn}"
    place = services.find(name) if name.strip() else None
    told.tie(key, wrong=bool(name.strip()) and place is None)
    with st.container():
        st.text_input(
            "The name of a service, as it stands in the file",
            value=name,
            key=key,
            on_change=lambda: state.keep(NAME, (state.widget_value(key), turn)),
        )
        if not name.strip():
            st.markdown("Type a name, or select a row of the ranking above, where there is one.")
            return
        if place is None:
            _suggest(services, name)
            return
    assessment = _assessment(rules, given, services, place)
    card = scorecard(rules, assessment, regimes)
    st.text(isolated(assessment.service_name))
    if len(regimes.adopted) < len(rules.recommendations):
        st.markdown(f"{coverage.named(rules, services, 'amended')}: the recommendations that are switched on above.")
    st.markdown(f"**{headline(card)}**")
    card_part.results(card)
    name = f"{summary.in_a_file_name(assessment.service_name)}-scorecard.csv"
    exchange.download("Download this scorecard (CSV)", csv_bytes(card), name, "portfolio.card")
    steps = next_steps(rules, card)
    card_part.measures(card, steps)
    card_part.folds(card, rules, steps, PORTFOLIO)


def _assessment(rules: Rules, given: Given, services: Portfolio, place: int) -> Assessment:
    """A service of the file as an assessment; read from it once for as long as it is this service that is looked at, on the same day."""
    now = state.now()
    key = (given.mark, tuple(services.reading.matched.items()), services.row(place), now[:10])
    kept = state.recall(LOOKED_AT)
    if not kept or kept[0] != key:
        kept = (key, assessment_of(services, place, now))
        state.keep(LOOKED_AT, kept)
    assessment: Assessment = kept[1]
    return assessment


def _suggest(services: Portfolio, name: str) -> None:
    """No service has exactly this name: say so, and offer those that come near."""
    st.warning("No scored service in the file has exactly this name. Capitals count.")
    near = services.like(name)
    if near:
        key = f"portfolio.near.{name}"
        st.selectbox(
            "Names that come near",
            near,
            index=None,
            key=key,
            placeholder="Choose one",
            on_change=lambda: portfolio_files.look_at(state.widget_value(key)),
        )
