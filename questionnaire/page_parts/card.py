"""A scorecard on a page: both results side by side, a line a measure, what to do first; and below, folded, all that is behind it."""

from collections.abc import Callable
from fractions import Fraction

import streamlit as st

from questionnaire.page_parts import figures, gaps
from questionnaire.page_parts import trace as trace_part
from questionnaire.session import state
from scoring.documents import charts, words
from scoring.documents.colours import PARTS
from scoring.files.messages import isolated
from scoring.rules.in_words import in_short
from scoring.rules.model import AMENDED, DRAFTED, Rules
from scoring.score.attribution import attribution, sentence, signed
from scoring.score.gaps import NextSteps
from scoring.score.scorecard import RegimeResult, Scorecard
from scoring.score.trace import trace

_LESSON = (
    "Where two recommendations bring the same point, it is divided between them: a **share** is what a recommendation adds, averaged over every order in which those "
    "that are adopted could be adopted. The shares add up exactly. **Alone** is what it would bring if it were the only one adopted, **last** what it adds to all the others."
)
_LET_OUT = {
    "exempt": "Exempt: an exemption lets the service out.",
    "not_applicable": "Not covered: the measure is not for such a service.",
}
"""What a status means under which nothing is owed, which is said where it stands."""


def results(card: Scorecard) -> None:
    """Both results side by side: the difference is seen before it is read."""
    st.html(charts.results_picture(card))


def owes_nothing(card: Scorecard) -> bool:
    """Whether no measure is owed, as drafted or as amended."""
    return not (card.drafted.measures_applying or card.amended.measures_applying)


def measures(card: Scorecard, steps: NextSteps) -> None:
    """A line a measure with both results, and what to do first; or why nothing is owed."""
    if owes_nothing(card):
        st.markdown("There is nothing to do, and so there is no score.")
        for measure in card.measures:
            st.markdown(figures.whole_ids(f"**{measure.title}** ({measure.id})\n\n{_both(card, measure.id)}"))
        return
    left, right = st.columns([3, 2])
    with left:
        figures.table(
            {
                "Measure": [measure.title for measure in card.measures],
                **{
                    card.names[regime]: [words.cell(line) for line in getattr(card, regime).lines]
                    for regime in words.REGIME
                },
            },
            about="Each measure, as drafted and as amended",
        )
        said = {line.status for side in (card.drafted, card.amended) for line in side.lines}
        st.markdown(" ".join(meaning for status, meaning in _LET_OUT.items() if status in said))
    with right:
        gaps.first(steps)


def folds(card: Scorecard, rules: Rules, steps: NextSteps, page: str) -> None:
    """All that is behind the result, each part folded and drawn when it is opened. page: the address of the page."""
    if owes_nothing(card):
        return
    _fold(f"{page}.to_do", "What to do", lambda: gaps.draw(steps))
    _fold(f"{page}.points", "Points by measure", lambda: _points(card))
    _fold(f"{page}.shares", "What each recommendation brings", lambda: _attribution(card, rules))
    _fold(f"{page}.why", "Every requirement, and why", lambda: _requirements(card, rules))
    _fold(f"{page}.counting", "How is this counted?", lambda: _counting(card))


def _fold(name: str, title: str, draw: Callable[[], None]) -> None:
    fold = st.expander(title, key=name, on_change="rerun")
    if fold.open:
        with fold:
            draw()


def _points(card: Scorecard) -> None:
    """The points by measure as a picture, and as a table without columns of zeros."""
    st.html(charts.points_picture(card))
    columns: dict[str, list[str]] = {"Measure": [measure.title for measure in card.measures]}
    bars = charts.bars(card)
    for regime, name in card.names.items():
        of_regime = [bar.points for bar in bars if bar.regime == regime]
        for place, part in enumerate(PARTS):
            if any(points[place] for points in of_regime):
                columns[f"{name}: {part.name.lower()}"] = [
                    str(points[place]) if any(points) else "" for points in of_regime
                ]
    if len(columns) > 1:
        figures.table(columns, about="Points by measure, as drafted and as amended", numbers=True)


def _attribution(card: Scorecard, rules: Rules) -> None:
    """Which recommendation brings which of the points missing and which owed requirements."""
    shares_of = state.following("attribution", card.rows, lambda: attribution(rules, card))
    if all(share.changes_nothing for share in shares_of.shares):
        st.markdown(
            "No recommendation that is adopted changes anything for this service: it owes the same with them and without them."
        )
        return
    open_ = card.amended.sums.unanswered
    if open_ and not shares_of.amended_shortfall:
        st.markdown(
            "Nothing is known to be missing yet. Answer some requirements to see what each recommendation brings."
        )
        return
    known = f"Known so far, with {words.count(open_, 'requirement')} unanswered: " if open_ else ""
    st.markdown(
        f"{known}{words.count(shares_of.drafted_shortfall, 'point')} missing as drafted, {words.count(shares_of.amended_shortfall, 'point')} as amended."
    )
    st.html(charts.waterfall_picture(shares_of))
    columns: dict[str, list[Fraction] | list[int]] = {
        "Share of the points missing": [share.shortfall.share for share in shares_of.shares],
        "Alone": [share.shortfall.alone for share in shares_of.shares],
        "Last": [share.shortfall.last for share in shares_of.shares],
        "Share of the owed requirements": [share.owed.share for share in shares_of.shares],
    }
    figures.table(
        {
            "Recommendation": [in_short(share.recommendation) for share in shares_of.shares],
            **{name: list(map(signed, numbers)) for name, numbers in columns.items() if any(numbers)},
        },
        about="What each recommendation brings",
        numbers=True,
    )
    with st.expander("In words, recommendation by recommendation"):
        st.markdown(figures.whole_ids("\n".join(f"- {sentence(share)}" for share in shares_of.shares)))


def _requirements(card: Scorecard, rules: Rules) -> None:
    """Every requirement of the code, measure by measure, with its reason, its source and the trace behind it."""
    traces = {traced.measure.id: traced for traced in trace(rules, card.facts, card.regimes)}
    for measure in card.measures:
        st.subheader(f"{measure.title} ({measure.id})", anchor=False)
        st.markdown(figures.whole_ids(_both(card, measure.id)))
        rows = [row for row in card.rows if row.measure == measure.id]
        figures.table(
            {
                "Requirement": [f"{rules.titles[row.requirement]} ({row.source}; {row.basis})" for row in rows],
                "Answer": [words.answer(row) for row in rows],
                card.names[DRAFTED]: [words.owed_points(row, DRAFTED) for row in rows],
                card.names[AMENDED]: [f"{words.owed_points(row, AMENDED)}{words.difference(row)}" for row in rows],
            },
            about=f"Requirements of {measure.title}",
        )
        for row in rows:
            if row.note.strip():
                st.text(f"Note on “{rules.titles[row.requirement]}”: {isolated(row.note)}")
        with st.expander(f"Why, rule by rule: {measure.title}"):
            trace_part.draw(traces[measure.id], rules, card.facts)


def _both(card: Scorecard, measure: str) -> str:
    """Where a measure stands in either result, and why; said once where that is the same."""
    drafted, amended = (
        f"{words.STATUS[line.status][2:]}.** {words.reason(line.because)}"
        for line in (card.drafted.line(measure), card.amended.line(measure))
    )
    if drafted == amended:
        return f"**As drafted and as amended: {drafted}"
    return f"**{card.names[DRAFTED]}: {drafted}\n\n**{card.names[AMENDED]}: {amended}"


def _counting(card: Scorecard) -> None:
    """What the figures mean, and all of them in one table."""
    st.markdown(
        "A requirement that is met is worth 2 points, one that is partly met 1, each out of 2. One that is not feasible or appropriate, with the reason written down, "
        "counts on neither side. What is unanswered counts as neither met nor missing: it leaves a range.\n\n"
        "A **gap** is an owed requirement that has points missing. Where one control closes several gaps of a measure, they are one thing to do."
    )
    if card.drafted.sums.out_of and card.drafted.sums.out_of != card.amended.sums.out_of:
        st.markdown(
            f"The two results have different bases: {card.drafted.sums.out_of} points as drafted, {card.amended.sums.out_of} as amended. "
            "A percentage is one of its own base alone and can move for that reason: compare the gaps and the points missing."
        )
    for regime, name in card.names.items():
        st.markdown(f"{name}: {words.score(getattr(card, regime).sums)}")
    rows: dict[str, Callable[[RegimeResult], object]] = {
        "Measures owed": words.measures,
        "Measures met": lambda result: result.measures_met,
        "Points": lambda result: words.points(result.sums),
        "Requirements unanswered": lambda result: result.sums.unanswered,
        "Gaps": lambda result: result.gaps,
        "Points known to be missing": lambda result: result.sums.shortfall,
    }
    sides = {card.names[regime]: [str(say(getattr(card, regime))) for say in rows.values()] for regime in words.REGIME}
    figures.table({"Result": [*rows], **sides}, about="Both results, side by side", numbers=True)
    st.markdown(_LESSON)
