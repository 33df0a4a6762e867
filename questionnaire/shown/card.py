"""A scorecard on a page: the result, the chart with its table, and every requirement with why."""

import streamlit as st

from questionnaire.shown import figures
from questionnaire.shown import trace as trace_part
from scoring.documents import colours, words
from scoring.files.messages import isolated
from scoring.rules.model import Rules
from scoring.score.scorecard import Scorecard, sentence
from scoring.score.trace import trace


def summary(card: Scorecard) -> None:
    """The sentence first, then both texts side by side as counts, points and range."""
    for said in sentence(card).split(". "):
        st.markdown(f"**{said.rstrip('.')}.**")
    if not (card.drafted.sums.out_of or card.amended.sums.out_of):
        st.info(
            "Neither text asks anything of a service like this one. That is not a score of 0 or of 100: there is nothing to score."
        )
    sides = (card.drafted, card.amended)
    figures.table(
        {
            "Result": [
                "Measures that apply",
                "Measures met",
                "Points",
                "Requirements unanswered",
                "Points known to be missing",
                "Score",
            ],
            **{
                words.REGIME[regime]: [
                    words.measures(each),
                    str(each.measures_met),
                    words.points(each.sums),
                    str(each.sums.unanswered),
                    str(each.sums.shortfall),
                    words.score(each.sums),
                ]
                for regime, each in zip(words.REGIME, sides, strict=True)
            },
        },
        about="The result under both texts, side by side",
    )
    if card.drafted.sums.out_of != card.amended.sums.out_of and card.drafted.sums.out_of:
        st.markdown(
            f"The two scores have different bases: {card.drafted.sums.out_of} points as drafted, {card.amended.sums.out_of} with the recommendations. A percentage can move for that reason alone."
        )
    st.markdown(
        "Not legal advice. The drafted text is a draft of March 2023 as IJM's submission reports it; the other is IJM's proposal. Neither is the law."
    )


def chart(card: Scorecard) -> None:
    """The points by measure as a chart, and the table that it draws."""
    from scoring.documents import charts  # plotly is slow to import, and only pages with charts need it

    st.header("Points by measure", anchor=False)
    if card.amended.sums.out_of or card.drafted.sums.out_of:
        figures.chart(
            charts.shortfall_figure(card, dark=figures.is_dark()), about=charts.shortfall_alt(card), key="shortfall"
        )
    names = [part.name for part in colours.PARTS]
    found = charts.bars(card)
    figures.table(
        {
            "Measure": [bar.measure for bar in found],
            "Text": [words.REGIME[bar.regime] for bar in found],
            "Status": [words.STATUS[bar.status] for bar in found],
            **{name: [str(bar.points[place]) for bar in found] for place, name in enumerate(names)},
        },
        about="Points by measure under both texts",
    )


def requirements(card: Scorecard, rules: Rules) -> None:
    """Every requirement of the code, measure by measure, with its reason, its source and the trace behind it."""
    st.header("Every requirement, and why", anchor=False)
    traces = {each.measure.id: each for each in trace(rules, card.facts, card.regimes)}
    for measure in card.measures:
        st.subheader(f"{measure.title} ({measure.id})", anchor=False)
        drafted, amended = card.drafted.line(measure.id), card.amended.line(measure.id)
        st.markdown(
            "\n\n".join(
                f"**{name}: {words.STATUS[line.status]}.** {words.reason(line.because)}"
                for name, line in zip(words.REGIME.values(), (drafted, amended), strict=True)
            )
        )
        rows = [row for row in card.rows if row.measure == measure.id]
        figures.table(
            {
                "Requirement": [rules.titles[row.requirement] for row in rows],
                "Answer": [words.answer(row) for row in rows],
                **{name: [words.owed_points(row, regime) for row in rows] for regime, name in words.REGIME.items()},
                "Difference": [words.CHANGE[row.change] for row in rows],
                "Source": [f"{row.source} ({row.basis})" for row in rows],
            },
            about=f"Requirements of {measure.title}",
        )
        for row in rows:
            if row.note.strip():
                st.text(f"Note on “{rules.titles[row.requirement]}”: {isolated(row.note)}")
        with st.expander(f"Why, rule by rule: {measure.title}"):
            trace_part.draw(traces[measure.id], rules, card.facts)
