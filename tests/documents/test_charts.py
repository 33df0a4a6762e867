"""The charts draw the table: every figure in them, and their alternative text, is held against the scorecard."""

import re
from html.parser import HTMLParser
from pathlib import Path

import plotly.graph_objects as go
import pytest

from scoring.documents import charts, portfolio_charts, words
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


class Picture(HTMLParser):
    """What a picture of HTML says, and each bar in it: its name, its width in percent and its numbers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.bars: list[tuple[str, float, list[int]]] = []
        self.said, self.inside = "", False
        self.feed(html.partition("</style>")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        self.inside = tag in ("div", "span") and (self.inside or about.get("role") == "img")
        if about.get("role") == "img":
            width = re.search(r"width: ([\d.]+)%", about["style"] or "")
            assert width
            self.bars.append((about["aria-label"] or "", float(width[1]), []))

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "div"

    def handle_data(self, data: str) -> None:
        if self.inside and data.strip():
            self.bars[-1][2].append(int(data))
        self.said += data


@pytest.mark.parametrize("name", CASES)
def test_the_picture_draws_the_bars(name: str, rules: Rules) -> None:
    card = card_of(name, rules)
    drawn = Picture(charts.points_picture(card)).bars
    expected = [bar.points for bar in charts.bars(card) if any(bar.points)]
    longest = max(map(sum, expected), default=2)
    assert [numbers for *_, numbers in drawn] == [[count for count in points if count] for points in expected]
    assert [width for _, width, _ in drawn] == pytest.approx([100 * sum(points) / longest for points in expected])
    assert [said for said, *_ in drawn] == [words.parts(points) for points in expected]


def test_the_two_results_stand_side_by_side_on_one_scale(rules: Rules) -> None:
    picture = Picture(charts.results_picture(card_of("encrypted_messenger", rules)))
    assert picture.bars == [
        ("As drafted: 3 points partly met, 3 points missing", 37.5, [3, 3]),
        ("As amended: 3 points partly met, 13 points missing", 100, [3, 13]),
    ]
    said = " ".join(picture.said.split())
    assert "3 gaps, 3 of 6 points missing" in said and "Measures: 1 of 4 owed, 0 fully met." in said
    assert "8 gaps, 13 of 16 points missing" in said and "Measures: 4 of 4 owed, 0 fully met." in said


def test_a_result_that_owes_nothing_or_is_not_answered_says_so(rules: Rules) -> None:
    assert "Nothing is owed" in charts.results_picture(card_of("cloud_drive", rules))
    unanswered = from_json((SAVED / "encrypted_messenger.json").read_bytes(), rules).model_copy(update={"answers": {}})
    said = charts.results_picture(scorecard(rules, unanswered))
    assert "No gap so far" in said and "8 requirements unanswered: this may still change." in said


def test_plotly_finds_no_fault_with_any_figure(rules: Rules) -> None:
    """The pages do not have it checked, for that takes ten times as long as to draw it."""
    sides = [portfolio(rules, EXAMPLE).distribution(regime) for regime in ("drafted", "amended")]
    figure = portfolio_charts.distribution_figure(*sides, name="As amended")
    assert go.Figure(figure.to_dict()).to_dict() == figure.to_dict()


def test_a_fault_in_a_figure_would_be_found() -> None:
    with pytest.raises(ValueError, match="orientatoin"):
        go.Figure(go.Figure([{"type": "bar", "orientatoin": "h"}], {}, _validate=False).to_dict())


@pytest.mark.parametrize("name", CASES)
def test_each_step_of_the_waterfall_begins_where_the_one_before_ends(name: str, rules: Rules) -> None:
    shares = attribution(rules, card_of(name, rules))
    html = charts.waterfall_picture(shares).partition("</style>")[2]
    steps = [
        (float(start), float(width)) for start, width in re.findall(r"margin-left: ([\d.]+)%; width: ([\d.]+)%", html)
    ]
    scale = 70 / max(2, shares.amended_shortfall, shares.drafted_shortfall)
    assert steps[0] == pytest.approx((0, shares.drafted_shortfall * scale))
    assert steps[-1] == pytest.approx((0, shares.amended_shortfall * scale))
    level = steps[0][1]
    for start, width in steps[1:-1]:
        assert start == pytest.approx(level)
        level += width
    assert level == pytest.approx(steps[-1][1])


def test_the_waterfall_says_what_each_step_is(rules: Rules) -> None:
    said = " ".join(
        Picture(charts.waterfall_picture(attribution(rules, card_of("encrypted_messenger", rules)))).said.split()
    )
    assert said == (
        "As drafted 3 Cover CSEM as well as CSAM (IJM-RES-1) +2 Bind encrypted and closed communication services (IJM-RES-2) +5 "
        "Not capable only with eSafety's approval (IJM-RES-3) +3 As amended 13"
    )
