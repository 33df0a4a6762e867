"""The scorecard: the sentence, both texts side by side, the chart with its table, every requirement, downloads."""

import re
from functools import partial

import streamlit as st

from questionnaire import frame, state
from questionnaire.parts import attribution as attribution_part
from questionnaire.parts import gaps as gaps_part
from questionnaire.parts import trace as trace_part
from questionnaire.steps import CHECK, SCORECARD, SERVICE
from scoring import words
from scoring.assessment import LARGEST_FILE, Assessment, to_json, version_notice
from scoring.explain import trace
from scoring.gaps import next_steps
from scoring.model import Rules
from scoring.scorecard import Scorecard, csv_bytes, scorecard, sentence

TITLE = "Scorecard"


def show() -> None:
    """Draw the page."""
    frame.begin(SCORECARD, TITLE)
    rules, now = state.rules(), state.assessment()
    if now.missing(rules):
        frame.nothing_yet("There is no scorecard yet. First tell us about your service: a few facts decide which measures apply.", "Go to your service", SERVICE)
    else:
        card = scorecard(rules, now)
        st.text(now.service_name or "A service without a name")
        notice = version_notice(now, rules)
        if notice:
            st.warning(notice)
        _summary(card)
        _chart(card)
        attribution_part.draw(card, rules)
        gaps_part.draw(next_steps(rules, card))
        _requirements(card)
        _downloads(card)
        frame.back_and_next(SCORECARD)
    frame.end(SCORECARD, TITLE)


def _summary(card: Scorecard) -> None:
    for said in sentence(card).split(". "):
        st.markdown(f"**{said.rstrip('.')}.**")
    if not (card.drafted.sums.out_of or card.amended.sums.out_of):
        st.info("Neither text asks anything of a service like this one. That is not a score of 0 or of 100: there is nothing to score.")
    sides = (card.drafted, card.amended)
    st.table(
        {
            "": ["Measures that apply", "Measures met", "Points", "Requirements unanswered", "Points known to be missing", "Score"],
            **{
                words.REGIME[regime]: [words.measures(each), str(each.measures_met), words.points(each.sums), str(each.sums.unanswered), str(each.sums.shortfall), words.score(each.sums)]
                for regime, each in zip(words.REGIME, sides, strict=True)
            },
        },
        hide_index=True,
        alt="The result under both texts, side by side",
    )
    if card.drafted.sums.out_of != card.amended.sums.out_of and card.drafted.sums.out_of:
        st.markdown(f"The two scores have different bases: {card.drafted.sums.out_of} points as drafted, {card.amended.sums.out_of} with the recommendations. A percentage can move for that reason alone.")
    st.markdown("Not legal advice. The drafted text is a draft of March 2023 as IJM's submission reports it; the other is IJM's proposal. Neither is the law.")


def _chart(card: Scorecard) -> None:
    from scoring import charts  # plotly is slow to import, and only this page draws

    st.header("Points by measure", anchor=False)
    if card.amended.sums.out_of or card.drafted.sums.out_of:
        st.plotly_chart(charts.shortfall_figure(card, dark=st.context.theme.type == "dark"), alt=charts.shortfall_alt(card), config={"displayModeBar": False, "staticPlot": True}, theme=None, key="shortfall")
    names = [part.name for part in charts.PARTS]
    found = charts.bars(card)
    st.table(
        {
            "Measure": [bar.measure for bar in found],
            "Text": [charts.SHORT[bar.regime] for bar in found],
            "Status": [words.STATUS[bar.status] for bar in found],
            **{name: [str(bar.points[place]) for bar in found] for place, name in enumerate(names)},
        },
        hide_index=True,
        alt="Points by measure under both texts",
    )


def _requirements(card: Scorecard) -> None:
    st.header("Every requirement, and why", anchor=False)
    rules = state.rules()
    traces = {each.measure.id: each for each in trace(rules, card.facts)}
    titles = {each.id: each.title for measure in card.measures for each in measure.requirements}
    for measure in card.measures:
        st.subheader(f"{measure.title} ({measure.id})", anchor=False)
        drafted, amended = card.drafted.line(measure.id), card.amended.line(measure.id)
        st.markdown(f"**As drafted: {words.STATUS[drafted.status]}.** {drafted.because}\n\n**With IJM's recommendations: {words.STATUS[amended.status]}.** {amended.because}")
        rows = [row for row in card.rows if row.measure == measure.id]
        st.table(
            {
                "Requirement": [titles[row.requirement] for row in rows],
                "Your answer": [words.answer(row) for row in rows],
                "As drafted": [words.owed_points(row, "drafted") for row in rows],
                "With IJM's recommendations": [words.owed_points(row, "amended") for row in rows],
                "Difference": [words.CHANGE[row.change] for row in rows],
                "Source": [f"{row.source} ({row.basis})" for row in rows],
            },
            hide_index=True,
            alt=f"Requirements of {measure.title}",
        )
        for row in rows:
            if row.note.strip():
                st.text(f"Your note on “{titles[row.requirement]}”: {row.note}")
        with st.expander(f"Why, rule by rule: {measure.title}"):
            trace_part.draw(traces[measure.id], rules, card.facts)


def _report(rules: Rules, now: Assessment) -> bytes:
    """Made when it is asked for, on a thread without the session."""
    from scoring.report import report

    return report(rules, now)


def _downloads(card: Scorecard) -> None:
    st.header("Take it with you", anchor=False)
    now = state.assessment()
    saved = to_json(now, state.rules())
    name = re.sub(r"[^a-z0-9]+", "-", now.service_name.lower()).strip("-")[:60] or "service"
    st.download_button("Download the scorecard (CSV)", csv_bytes(card), f"{name}-scorecard.csv", "text/csv", on_click="ignore", key="csv", type="primary")
    st.markdown("One row a requirement, both texts side by side. It opens in a spreadsheet.")
    st.download_button("Download the report (HTML)", partial(_report, state.rules(), now), f"{name}-report.html", "text/html", on_click="ignore", key="report")
    st.markdown("Everything on one page that prints: result, charts, gaps, every answer with its note, sources. It needs no network.")
    st.download_button("Save your answers (JSON)", saved, f"{name}-assessment.json", "application/json", on_click="ignore", key="json")
    st.markdown("Open it on the start page to go on another day. It holds everything that you typed: keep it as you would any confidential paper.")
    if len(saved) > LARGEST_FILE:
        st.warning("Your answers are too long to be opened again: a saved file may have 1 MiB. Shorten some notes first.")
    if st.button("Check or change your answers", key="to_check"):
        frame.go(CHECK)
