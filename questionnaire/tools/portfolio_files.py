"""The files that the Portfolio page gives: to start from, and the scores. Each is made when it is asked for."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from questionnaire.session import state
from questionnaire.tools import turns
from scoring.files.workbook_out import MEDIA_TYPE
from scoring.portfolio.one_service import example_csv, template_csv
from scoring.portfolio.summary import Portfolio
from scoring.portfolio.tables import file_name, portfolio_csv
from scoring.rules.model import Regimes, Rules

_MOST_IN_A_WORKBOOK = 20_000
"""Services, as `portfolio_workbook` takes them, which is not loaded for a page that is only looked at."""


def to_start_from(rules: Rules) -> None:
    """The example and the template, as CSV and as workbooks with drop-downs."""
    made = (("an example", "example", example_csv()), ("a template", "template", template_csv(rules)))
    for what, name, data in made:
        st.download_button(
            f"Download {what} (CSV)",
            data,
            f"services-{name}.csv",
            "text/csv",
            on_click="ignore",
            key=f"portfolio.{name}",
        )
        st.download_button(
            f"Download {what} (Excel)",
            partial(_services_workbook, data),
            f"services-{name}.xlsx",
            MEDIA_TYPE,
            on_click="ignore",
            key=f"portfolio.{name}.xlsx",
        )


def downloads(rules: Rules, data: bytes, found: Portfolio, regimes: Regimes) -> None:
    """The scores by service and by measure as CSV, and both as a workbook where it can hold them. data: the file of services."""
    out = bool(found.problem_count)
    with st.container(horizontal=True):
        for by_measure, by in ((False, "service"), (True, "measure")):
            st.download_button(
                f"Download the scores by {by} (CSV)",
                partial(made, portfolio_csv, rules, data, regimes, by_measure, out),
                file_name(rules, regimes, by_measure),
                "text/csv",
                on_click="ignore",
                key=f"portfolio.{by}s",
            )
        if len(found) <= _MOST_IN_A_WORKBOOK:
            st.download_button(
                "Download the scores (Excel)",
                partial(made, _portfolio_workbook, rules, data, regimes, out),
                file_name(rules, regimes).replace("-by-service", "").replace(".csv", ".xlsx"),
                MEDIA_TYPE,
                on_click="ignore",
                key="portfolio.xlsx",
            )
    if len(found) > _MOST_IN_A_WORKBOOK:
        st.markdown(f"A workbook takes up to {_MOST_IN_A_WORKBOOK:,} services; the CSV takes any number.")


def made(make: Callable[..., bytes], rules: Rules, data: bytes, *how: object) -> bytes:
    """A file that is made of the portfolio, when its turn has come."""
    with turns.turn(len(data)):
        return make(rules, data, *how)


def _services_workbook(services: bytes) -> bytes:
    from scoring.workbooks.services_workbook import services_workbook

    return services_workbook(state.rules(), services)


def _portfolio_workbook(rules: Rules, data: bytes, regimes: Regimes, bad_rows_left_out: bool) -> bytes:
    from scoring.workbooks.portfolio_workbook import portfolio_as_workbook

    return portfolio_as_workbook(rules, data, regimes, bad_rows_left_out)[0]
