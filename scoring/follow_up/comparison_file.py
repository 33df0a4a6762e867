"""A comparison as a CSV file, and what changed as text. Source: contracts, "Compare output"."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, pairwise

from scoring.files.guard import guarded
from scoring.files.table_out import csv_file
from scoring.follow_up.compare import CAUSES, Change, Comparison, Step
from scoring.follow_up.differences import GRADE, parts
from scoring.rules.model import AMENDED, DRAFTED, Rules
from scoring.score.assessment import Answer

COLUMNS = ("what", "id", "title", "earlier", "later", "drafted_points", "amended_points")
STEP = "step"
"""The column before all others where there are more than two rounds: 1 from the first to the second, and so on."""
SUMS = {"points": "Points", "shortfall": "Points missing"}
"""The sums whose movement is divided: what the column `what` says of their rows, and what they are called."""
ALL = "all"
TOGETHER = "Together"
"""What the row is called that has what all three causes moved."""
_PLACES = Decimal("0.0001")
_NONE = "none"


def comparison_csv(comparison: Comparison) -> bytes:
    """UTF-8 with BOM, header row, LF line ends: a row for each fact, answer and rule that differs, then four rows of totals for the points and four for
    the points missing: by cause, and all together with both results.

    What moved is written with at most four decimals; the last is rounded such that the rows of a step add up to its totals.
    """
    several = len(comparison.steps) > 1
    lines: list[Sequence[str]] = [(STEP, *COLUMNS) if several else COLUMNS]
    for number, step in enumerate(comparison.steps, start=1):
        lines += ((str(number), *row) if several else row for row in _rows(step))
    return csv_file(lines)


def _rows(step: Step) -> Iterator[tuple[str, ...]]:
    by_regime = [_written([change.moved[regime].points for change in step.changes]) for regime in (DRAFTED, AMENDED)]
    moved = list(zip(*by_regime, strict=True))
    for change, points in zip(step.changes, moved, strict=True):
        yield change.what, change.id, change.title, *map(guarded, texts(change)), *map(_plain, points)
    for name, title in SUMS.items():
        totals = [
            _written([getattr(step.moved(cause)[regime], name) for cause in CAUSES]) for regime in (DRAFTED, AMENDED)
        ]
        for cause, cells in zip(CAUSES, zip(*totals, strict=True), strict=True):
            yield name, cause, f"{title}: {CAUSES[cause].lower()}", "", "", *map(_plain, cells)
        yield (
            name,
            ALL,
            f"{title}: together",
            *_results(step, name),
            *(_plain(sum(cells, Decimal())) for cells in totals),
        )


def _results(step: Step, name: str) -> tuple[str, str]:
    """A sum in both rounds, under both regimes, each with its day."""
    earlier, later = (
        f"{one.assessed_on}: {getattr(card.drafted.sums, name)} as drafted, {getattr(card.amended.sums, name)} as amended"
        for one, card in ((step.earlier, step.before), (step.later, step.after))
    )
    return guarded(earlier), guarded(later)


def _written(numbers: Sequence[Fraction]) -> list[Decimal]:
    """Numbers as decimals that add up to their sum, rounded once: each is the difference of two rounded sums."""
    sums = (Decimal(total.numerator) / total.denominator for total in accumulate(numbers, initial=Fraction(0)))
    return [after - before for before, after in pairwise(total.quantize(_PLACES) for total in sums)]


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}" if number else "0"


# -------------------------------------------------------------------------------------------------- what changed, as text
def texts(change: Change, rules: Rules | None = None) -> tuple[str, str]:
    """What was and what is, each as text: values by their ids, or by their names where the rules are given. Of an answer the grade, and what else differs."""
    return _text(change.id, change.earlier, change.later, rules), _text(change.id, change.later, change.earlier, rules)


def _text(id_: str, value: str | Answer, other: str | Answer, rules: Rules | None) -> str:
    if isinstance(value, str) or isinstance(other, str):
        return (rules.labels.get((id_, str(value)), str(value)) or "Not asked") if rules else str(value)
    before, now = parts(other), parts(value)
    lines = [now[GRADE] if rules else value.grade or "unanswered"]
    return "\n".join(
        lines + [f"{part}: {now[part] or _NONE}" for part in now if part != GRADE and now[part] != before[part]]
    )
