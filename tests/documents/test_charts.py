"""The charts draw the table: every figure in them, and their alternative text, is held against the scorecard."""

from pathlib import Path

import plotly.graph_objects as go
import pytest

from scoring.documents import charts
from scoring.portfolio.one_service import EXAMPLE
from scoring.portfolio.summary import portfolio
from scoring.rules.model import Rules
from scoring.score.assessment_file import from_json
from scoring.score.attribution import attribution
from scoring.score.scorecard import Scorecard, scorecard

SAVED = Path(__file__).parents[1] / "assessments"
CASES = ["encrypted_messenger", "cloud_drive", "large_social_network", "small_forum", "website_with_live_video"]


def card_of(name: str, rules: Rules) -> Scorecard:
    return scorecard(rules, from_json((SAVED / f"{name}.json").read_bytes(), rules))


@pytest.mark.parametrize("name", CASES)
def test_the_parts_of_a_bar_are_the_points_of_its_measure(name: str, rules: Rules) -> None:
    card = card_of(name, rules)
    found = charts.bars(card)
    assert len(found) == 2 * len(card.measures)
    for bar, line in zip(
        found, [line for pair in zip(card.drafted.lines, card.amended.lines, strict=True) for line in pair], strict=True
    ):
        met, partly, missing, unanswered = bar.points
        assert (bar.measure, bar.status) == (line.measure.title, line.status)
        assert (met + partly, missing, unanswered, sum(bar.points)) == (
            line.sums.points,
            line.sums.shortfall,
            2 * line.sums.unanswered,
            line.sums.out_of,
        )


def test_the_points_met_and_partly_met_are_told_apart(rules: Rules) -> None:
    bars = {(bar.measure, bar.regime): bar.points for bar in charts.bars(card_of("encrypted_messenger", rules))}
    assert bars["Disrupt and deter CSAM", "drafted"] == (0, 3, 3, 0)
    assert bars["Disrupt and deter CSAM", "amended"] == (0, 3, 5, 0)
    bars = {(bar.measure, bar.regime): bar.points for bar in charts.bars(card_of("cloud_drive", rules))}
    assert bars["Ongoing investment to detect and act on known CSAM", "amended"] == (6, 0, 4, 0)
    assert bars["Ongoing investment to detect and act on known CSAM", "drafted"] == (0, 0, 0, 0)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", CASES)
def test_the_figure_draws_the_bars(name: str, dark: bool, rules: Rules) -> None:
    card = card_of(name, rules)
    figure = charts.shortfall_figure(card, dark=dark)
    assert [list(trace.x) for trace in figure.data] == [
        [bar.points[place] for bar in charts.bars(card)] for place in range(4)
    ]
    assert len({tuple(trace.y) for trace in figure.data}) == 1
    notes = [each.text for each in figure.layout.annotations]
    assert notes.count("nothing owed") == sum(not any(bar.points) for bar in charts.bars(card))
    assert [note.replace("<br>", " ") for note in notes if note.startswith("<b>")] == [
        f"<b>{measure.title}</b>" for measure in card.measures
    ]


def test_plotly_finds_no_fault_with_any_figure(rules: Rules) -> None:
    """The pages do not have it checked, for that takes ten times as long as to draw it."""
    figures = []
    for card in (card_of(name, rules) for name in CASES):
        figures += [charts.shortfall_figure(card), charts.waterfall_figure(attribution(rules, card))]
    sides = [portfolio(rules, EXAMPLE).distribution(regime) for regime in ("drafted", "amended")]
    figures.append(charts.distribution_figure(*sides, name="As amended"))
    for figure in figures:
        checked = go.Figure(figure.to_dict())
        assert checked.to_dict() == figure.to_dict()


def test_a_fault_in_a_figure_would_be_found() -> None:
    with pytest.raises(ValueError, match="orientatoin"):
        go.Figure(charts.drawn([{"type": "bar", "orientatoin": "h"}], {}).to_dict())


def test_the_alternative_text_gives_every_figure(rules: Rules) -> None:
    assert charts.shortfall_alt(card_of("encrypted_messenger", rules)) == (
        "Bar chart of points by measure. Act on breaches of terms: class 1A material, as drafted: nothing is owed. "
        "Act on breaches of terms: class 1A material, as amended: 2 missing. Detect and remove known CSAM, as drafted: nothing is owed. "
        "Detect and remove known CSAM, as amended: 4 missing. Disrupt and deter CSAM, as drafted: 3 partly met, 3 missing. "
        "Disrupt and deter CSAM, as amended: 3 partly met, 5 missing. Act on breaches of terms: class 1B material, as drafted: nothing is owed. "
        "Act on breaches of terms: class 1B material, as amended: 2 missing."
    )


@pytest.mark.parametrize("name", CASES)
def test_each_step_of_the_waterfall_begins_where_the_one_before_ends(name: str, rules: Rules) -> None:
    card = card_of(name, rules)
    found = attribution(rules, card)
    drafted, steps, amended = charts.waterfall_figure(found).data
    assert (*drafted.x, *amended.x) == (card.drafted.sums.shortfall, card.amended.sums.shortfall)
    level = drafted.x[0]
    for base, length in zip(steps.base, steps.x, strict=True):
        assert base == pytest.approx(level)
        level += length
    assert level == pytest.approx(amended.x[0])


def test_the_waterfall_is_told_in_words(rules: Rules) -> None:
    assert charts.waterfall_alt(attribution(rules, card_of("encrypted_messenger", rules))) == (
        "Waterfall chart of points missing. As drafted 3; Cover CSEM as well as CSAM +2; Bind encrypted and closed communication services +5; "
        "Not capable only with eSafety's approval +3; as amended 13."
    )
