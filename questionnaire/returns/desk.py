"""Returns: what providers sent, one file or many, each verified; what most of them lack; services by requirements; each by itself."""

from functools import partial

import streamlit as st

from questionnaire.page_parts import adoption, exchange, frame
from questionnaire.returns import arrivals, every_file, one_return
from questionnaire.session import state
from questionnaire.session.steps import COMPARE, PORTFOLIO, RETURNS
from questionnaire.tool_pages import compare, portfolio_files, verify
from scoring.documents import html_table, words
from scoring.files.messages import isolated, printable
from scoring.files.text_in import JSON
from scoring.returns.files_out import returns_csv, returns_workbook, services_csv
from scoring.returns.lacking import lacking, matrices
from scoring.returns.received import Received
from scoring.returns.returned import Returns
from scoring.returns.returns_picture import HOW, lacking_picture, lacking_table, matrix_table, returns_page, title_of
from scoring.returns.round_in import RoundIn
from scoring.rules.model import Rules

RESULT = "The result"
WORST, PAGE = 10, 50
"""Services that a table of services by requirements shows at first, and at a time where all are asked for."""
_WHAT = "Scorecards, saved answers, filled questionnaires, or a zip of them"
_CANNOT_TELL = (
    "What it cannot tell: whether what it starts from is true. The name, the date, the profile, the grades and the "
    "notes are the provider's own. Nor does a match show who made the file: anybody can make one that matches."
)
_MEND = (
    "**What to do:** ask whoever sent it for the scorecard as it was downloaded, the CSV or the workbook (.xlsx), or for the saved answers. Or open the file in your spreadsheet program, mend the "
    "cell if one is named above (row 1 is the first row of the sheet), and save it as an Excel workbook (.xlsx), which keeps every letter and sign."
)


@frame.page(RETURNS, arrivals.TITLE, wide=True, several=True)
def show() -> None:
    """Draw the page."""
    rules = state.rules()
    received = arrivals.received(rules)
    opened = arrivals.opened(received)
    if opened and opened.read:
        with st.container(horizontal=True):
            st.button(
                "Back to all returns",
                key="returns.back",
                on_click=arrivals.open_one,
                args=(None, every_file.TITLE if len(received) > 1 else arrivals.TITLE),
            )
            st.button(
                "Take this return out",
                key="returns.out",
                on_click=arrivals.take_out,
                args=((opened.mark.hex(),), every_file.TITLE),
            )
            rounds = [one.read for one in arrivals.returns(rules).rounds_of(opened) if one.read]
            if len(rounds) > 1:
                what = f"Compare the {len(rounds)} rounds of this service"
                st.button(what, key="returns.compare", on_click=_compare, args=(rounds,))
        one_return.draw(opened.read, opened.mark.hex())
    elif not received:
        _nothing_yet()
    elif len(received) == 1:
        _one(received[0])
    else:
        _many(rules, received)
    frame.not_law()


def _nothing_yet() -> None:
    st.markdown(
        "Drop in one scorecard or many files at once: scorecards (CSV or Excel), saved answers, filled questionnaires, or a zip of any of these. Each scorecard is computed again from its own "
        "profile, grades and notes, and you learn whether every figure is what the rules give, and which cells are not. Of several files you also see what most services lack. "
        "Your own answers are not touched."
    )
    if arrivals.are_gone():
        st.warning(
            "Files were open at this address. A reload takes them away, and an address carries nothing of them: please choose them again."
        )
    arrivals.take_in(_WHAT)
    st.markdown(_CANNOT_TELL)
    st.markdown(
        "What you bring stays in this session's memory until you remove it, or reload or close the page: it is not stored, and no other user sees it."
    )


def _bar(said: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.text(f"Open here: {said}")
        st.button("Remove", key="returns.remove", on_click=arrivals.remove)


def _name(one: Received) -> str:
    return isolated(printable(one.file))


# ------------------------------------------------------------------------------------------------- one file
def _one(one: Received) -> None:
    """A single file: what came of verifying it, or why that cannot be."""
    _bar(_name(one))
    if one.read is None:
        elsewhere = None if one.elsewhere in ("", JSON) else (PORTFOLIO, "Portfolio: many services at once")
        why = f"{_name(one)}: {one.why}"
        exchange.not_taken(arrivals.take_in(_WHAT), "This file cannot be verified.", why, _MEND, elsewhere)
        return
    if one.read.verification:
        verify.result(_name(one), one.read.verification)
        st.markdown(_CANNOT_TELL)
    else:
        (st.error if one.why else st.success)(
            "✗ It was read, and something in it is wrong." if one.why else "✓ It was read, and nothing in it is wrong."
        )
        st.text(f"{isolated(one.read.round.service) or 'A service without a name'} ({_name(one)})")
        st.text(isolated(one.why))
    if arrivals.can_open(one):
        st.button(
            "Open this return and mark its answers",
            key="returns.look",
            on_click=arrivals.open_one,
            args=(one.mark.hex(), one_return.TITLE),
        )
    st.header("More files", anchor=False)
    arrivals.take_in(_WHAT)


# ------------------------------------------------------------------------------------------------- many files
def _many(rules: Rules, received: tuple[Received, ...]) -> None:
    """Many files: how many hold, what most services lack, every file, and services by requirements."""
    _bar(f"{len(received):,} files")
    adoption.switches(rules, RETURNS)
    returns = arrivals.returns(rules)
    st.header(RESULT, anchor=False)
    st.markdown(f"**{returns.sentence}**")
    _downloads(rules, returns)
    every_file.problems(returns)
    if returns.counted:
        _lacking(returns)
    every_file.draw(rules, returns)
    if returns.counted:
        _pictures(rules, returns)
    st.header("More files", anchor=False)
    arrivals.take_in(_WHAT)


def _downloads(rules: Rules, returns: Returns) -> None:
    page = partial(returns_page, rules, returns, state.today())
    files = (
        ("Download the picture (HTML, to print)", page, "returns.html"),
        ("Download the table (CSV)", partial(returns_csv, returns), "returns.csv"),
        ("Download all of it (Excel)", partial(returns_workbook, rules, returns), "returns.xlsx"),
        ("Download a file for Portfolio (CSV)", partial(services_csv, rules, returns), "services.csv"),
    )
    with st.container(horizontal=True):
        if returns.counted:
            st.button(
                "Go on to Portfolio",
                key="returns.portfolio",
                type="primary",
                on_click=_go_on,
                args=(rules, returns),
            )
        for label, make, name in files:
            exchange.download(label, make, name, f"returns.{name}")
    arrivals.hide_switch()


def _go_on(rules: Rules, returns: Returns) -> None:
    """Open the services under Portfolio, with the same recommendations adopted."""
    adoption.adopt(PORTFOLIO, adoption.adopted(RETURNS))
    portfolio_files.take_over("services of Returns", services_csv(rules, returns))
    state.head_for(PORTFOLIO)


def _compare(rounds: list[RoundIn]) -> None:
    """Open the rounds of one service on the page that compares them."""
    compare.hold(rounds)
    state.head_for(COMPARE)


def _lacking(returns: Returns) -> None:
    st.header("What most of them lack", anchor=False)
    several = lacking(returns)
    if not several:
        st.markdown("No service lacks anything that it owes and has answered.")
        return
    st.markdown(HOW)
    st.html(lacking_picture(several))
    with st.expander("Every requirement that a service lacks"):
        st.html(html_table.html(lacking_table(several)))


def _pictures(rules: Rules, returns: Returns) -> None:
    st.header("Services by requirements", anchor=False)
    st.markdown(
        "The services with the most gaps first. Blue is a gap in any case, orange only as amended. What is unanswered is no gap: nothing is known of it."
    )
    for matrix in matrices(returns):
        st.subheader(title_of(rules, matrix), anchor=False)
        if matrix.owing_nothing:
            several = [returns.lines[place].service or returns.lines[place].file for place in matrix.owing_nothing]
            names = ", ".join(isolated(printable(name)) for name in several[: every_file.LISTED])
            others = " and others" if several[every_file.LISTED :] else ""
            st.text(f"{words.count(len(several), 'service')} owing nothing: {names}{others}")
        if not matrix.places:
            continue
        count, first, most = len(matrix.places), 0, WORST
        if count > WORST and st.checkbox(f"Show all {count:,} services", key=f"returns.all.{matrix.code}"):
            pages, most = -(-count // PAGE), PAGE
            if pages > 1:
                page = st.number_input(f"Page, of {pages:,}", 1, pages, 1, key=f"returns.page.{matrix.code}")
                first = (int(page) - 1) * PAGE
        st.html(html_table.html(matrix_table(rules, returns, matrix, first, most)))
