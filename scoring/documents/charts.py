"""What pages and documents show as pictures: HTML that follows the theme of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from scoring.documents import words
from scoring.documents.colours import RESULT
from scoring.documents.html_table import Cell, Table, environment, rows
from scoring.follow_up.compare import CAUSES, Step
from scoring.follow_up.comparison_file import SUMS
from scoring.follow_up.plan import Outlook
from scoring.rules.model import Measure
from scoring.score.assessment import day_in_words
from scoring.score.attribution import Attribution
from scoring.score.scorecard import RegimeResult, Row, Scorecard
from scoring.score.tally import POINTS, STATUSES, Sums


@dataclass(frozen=True)
class Bar:
    """One measure under one regime: its points by part, in the order of PARTS; all 0 where nothing is owed."""

    measure: str
    regime: str
    points: tuple[int, int, int, int]
    status: str


def bars(card: Scorecard) -> tuple[Bar, ...]:
    """For each measure and regime: points from requirements met and partly met, points missing, points unanswered."""
    return tuple(
        _bar(measure, regime, result, [row for row in card.rows if row.measure == measure.id])
        for measure in card.measures
        for regime, result in zip(words.REGIME, (card.drafted, card.amended), strict=True)
    )


def _bar(measure: Measure, regime: str, result: RegimeResult, rows: list[Row]) -> Bar:
    line = result.line(measure.id)
    met = sum(getattr(row, f"{regime}_points") or 0 for row in rows if row.grade == next(iter(POINTS)))
    sums = line.sums
    points = (met, sums.points - met, sums.shortfall, sums.highest - sums.points)
    return Bar(measure.title, regime, points, line.status)


def picture(name: str, *given: object) -> str:
    """A picture of pictures.html.j2 as HTML, with its style."""
    macros: Any = environment().get_template("pictures.html.j2").module
    return f"{macros.style()}{getattr(macros, name)(*given)}"


def sides(card: Scorecard, drawn_bars: Sequence[Bar]) -> list[tuple[str, str, str, RegimeResult, str, tuple[int, ...]]]:
    """Both results: what each is called and is, its colour, the result, what is said of it, and its points by part, in the order of PARTS."""
    return [
        (
            card.names[regime],
            words.WHAT[regime],
            RESULT[regime],
            getattr(card, regime),
            words.result(getattr(card, regime), card.amended.measures),
            _whole(drawn_bars, regime),
        )
        for regime in words.REGIME
    ]


def _whole(drawn_bars: Sequence[Bar], regime: str) -> tuple[int, int, int, int]:
    """The points of one result by part, in the order of PARTS: those of all its bars."""
    parts = zip(*(bar.points for bar in drawn_bars if bar.regime == regime), strict=True)
    met, partly, missing, unanswered = map(sum, parts)
    return met, partly, missing, unanswered


def results_picture(card: Scorecard) -> str:
    """Both results side by side, in words and each as a bar of its points. The bars have one scale, so that the difference is seen."""
    return picture("results", sides(card, bars(card)))


def points_picture(card: Scorecard) -> str:
    """Two bars a measure, drafted above amended: points met, partly met, missing and unanswered."""
    return picture("by_measure", bars(card), card.names)


def waterfall_picture(attribution: Attribution) -> str:
    """The way from the points missing as drafted to those as amended: a bar a stage, each beginning where the one above it ends."""
    return picture("waterfall", attribution.waterfall())


# -------------------------------------------------------------------------------------------------------------- a plan
@dataclass(frozen=True)
class Column:
    """A stage of a plan under one regime as a column: how wide it is, in days, and the sums; apart: whether it has no day."""

    days: int
    sums: Sums
    apart: bool


def course_picture(outlook: Outlook) -> str:
    """The points over time as the plan has them: a panel a regime on one scale, a column a stage, as wide as the days to the next."""
    stages = outlook.stages
    dated = [date.fromisoformat(stage.day) for stage in outlook.course]
    last = max((dated[-1] - dated[0]).days // 6, 1)
    widths = [*((after - before).days for before, after in pairwise(dated)), last, last]
    names = stage_names(outlook)
    panels = []
    for regime, colour in RESULT.items():
        sums = [getattr(stage, regime) for stage in stages]
        said = "; ".join(f"{name}: {words.points(here)}" for name, here in zip(names, sums, strict=True))
        columns = [Column(days, here, not stage.day) for days, here, stage in zip(widths, sums, stages, strict=False)]
        panels.append((outlook.names[regime], colour, said, columns))
    dates = len(outlook.course)
    last_ones = ", ".join((*names[1:dates][-1:], *(name.lower() for name in names[dates:])))
    return picture("course", panels, (names[0], last_ones))


def stage_names(outlook: Outlook) -> list[str]:
    """What each stage of a plan is called: today, then the days, then the end without one."""
    return ["Today", *(day_in_words(stage.day) or "When all is done" for stage in outlook.stages[1:])]


def course_table(outlook: Outlook) -> Table:
    """The picture of a plan's course as a table: when, what is done then, and the points under each regime."""
    cells = []
    for place, (name, stage) in enumerate(zip(stage_names(outlook), outlook.stages, strict=True)):
        titles = tuple(f"{line.requirement.title}{' (overdue)' * line.overdue}" for line in outlook.new_at(place))
        points = (Cell(words.points(getattr(stage, regime))) for regime in words.REGIME)
        cells.append((Cell(name), Cell(lines=titles), *points))
    names = tuple(outlook.names[regime] for regime in words.REGIME)
    return Table("The points on each day on which something is due", ("When", "What is done then", *names), rows(cells))


# ----------------------------------------------------------------------------------------------- rounds of one service
def movement_picture(step: Step) -> str:
    """What moved with each cause under either result: points, and points missing. What is gained or no longer missing has the colour of what is met."""
    moved = {cause: step.moved(cause) for cause in CAUSES}
    sides = []
    for regime, name in step.after.names.items():
        sums = []
        for sum_, title in SUMS.items():
            then, now = (
                getattr(getattr(card, regime).sums, "counted" if sum_ == "points" else sum_)
                for card in (step.before, step.after)
            )
            causes = [(what, getattr(moved[cause][regime], sum_)) for cause, what in CAUSES.items()]
            longest = max(abs(getattr(under[one], sum_)) for under in moved.values() for one in words.REGIME)
            sums.append((title, f"{then} then, {now} now", sum_ == "points", causes, max(float(longest), 1.0)))
        sides.append((name, RESULT[regime], sums))
    return picture("movement", sides)


def rounds_picture(cards: Sequence[tuple[str, Scorecard]]) -> str:
    """Rounds one below the other, each with two bars: points met, partly met, missing and unanswered. cards: what to call a round, and its scorecard."""
    drawn = [
        Bar(title, regime, _whole(bars(card), regime), STATUSES[0]) for title, card in cards for regime in words.REGIME
    ]
    return picture("by_measure", drawn, cards[-1][1].names)
