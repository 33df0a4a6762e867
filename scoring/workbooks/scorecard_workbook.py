"""The scorecard as a workbook. Source: contracts, "Workbooks"."""

from collections.abc import Iterator

from scoring.documents import words
from scoring.documents.charts import bars
from scoring.documents.colours import PARTS
from scoring.files.guard import guarded
from scoring.files.workbook_out import NewWorkbook
from scoring.rules.model import Rules
from scoring.score.assessment import ANSWER, STATUS, Assessment
from scoring.score.attribution import attribution
from scoring.score.gaps import Gap, next_steps
from scoring.score.scorecard import COLUMNS, Scorecard, sentence
from scoring.score.scorecard_file import SHEET, row_values
from scoring.workbooks.about import about

_MEASURED = 8  # the first column of the table of measures that the charts draw


def scorecard_workbook(rules: Rules, card: Scorecard, assessment: Assessment) -> bytes:
    """The scorecard as the bytes of an .xlsx: About, Summary with charts, Requirements, Gaps, Recommendations.

    assessment: whose scorecard it is, for the plan beside each gap. Raises TextTooLong for a note or a plan that no cell can hold.
    """
    name = card.service or "a service without a name"
    what = f"The scorecard of {name} under the {card.code.title}. {sentence(card)}"
    dated = card.rows[0].assessed_on if card.rows else ""
    book = NewWorkbook("Scorecard: MCM Scorecard", about(rules, what, card.regimes.adopted, dated))
    _summary(book, card)
    book.table(SHEET, COLUMNS, map(row_values, card.rows))
    _gaps(book, rules, card, assessment)
    sums = ("Share of the points missing", "Alone", "Last", "Share of owed requirements")
    shares = (
        (
            share.recommendation.title,
            share.recommendation.id,
            *(float(share.shortfall.share), share.shortfall.alone, share.shortfall.last, float(share.owed.share)),
        )
        for share in attribution(rules, card).shares
    )
    book.table("Recommendations", ("Recommendation", "Id", *sums), shares)
    return book.finished()


def _summary(book: NewWorkbook, card: Scorecard) -> None:
    """Both regimes side by side, in total and by measure, and a chart of the points by measure under each."""
    named = (("drafted", card.drafted), ("amended", card.amended))
    columns = ["Measure", "Id"]
    for regime, _ in named:
        columns += [f"{card.names[regime]}: {what}" for what in ("status", "points", "out of")]
    for regime, _ in named:
        columns += [f"{card.names[regime]}: {part.name.lower()}" for part in PARTS]
    measures = list(_measures(card))
    totals: list[str | int | None] = ["All measures", None]
    for _, result in named:
        met = f"{result.measures_met} of {result.measures_applying} met"
        totals += [met, result.sums.points, result.sums.out_of]
    totals += [sum(int(row[place] or 0) for row in measures) for place in range(_MEASURED, len(columns))]
    book.table("Summary", columns, [*measures, totals])
    for number, (regime, _) in enumerate(named):
        first = _MEASURED + len(PARTS) * number
        series = [(first + place, part.colour) for place, part in enumerate(PARTS)]
        title = f"Points by measure: {card.names[regime]}"
        book.chart("Summary", title, series, (1, len(measures)), f"A{len(measures) + 4 + 20 * number}")


def _measures(card: Scorecard) -> Iterator[list[str | int | None]]:
    points = iter(bars(card))
    for drafted, amended in zip(card.drafted.lines, card.amended.lines, strict=True):
        row: list[str | int | None] = [amended.measure.title, amended.measure.id]
        for line in (drafted, amended):
            row += [words.STATUS[line.status], line.sums.points, line.sums.out_of]
        yield [*row, *next(points).points, *next(points).points]


def _gaps(book: NewWorkbook, rules: Rules, card: Scorecard, assessment: Assessment) -> None:
    """The gaps in their order, each with its plan; what a user typed in it is guarded as on the sheet of the requirements."""
    of_gap = ("Rank", "Requirement", "Id", "Measure", "Answer", "Points missing", "When", "Why", "Basis", "Source")
    of_plan = ("Action", "Owner", "Due", "Status", "Answer when done")

    def row(rank: int, gap: Gap) -> list[str | int | None]:
        plan = assessment.answer(gap.requirement.id).plan
        return [
            rank,
            gap.requirement.title,
            gap.requirement.id,
            gap.measure.title,
            ANSWER[gap.grade],
            gap.points_missing,
            words.in_which_case(gap.in_any_case),
            gap.because,
            words.basis(gap.requirement.basis),
            gap.requirement.where,
            guarded(plan.action),
            guarded(plan.owner),
            plan.due,
            STATUS.get(plan.status),
            ANSWER.get(plan.grade),
        ]

    actions = next_steps(rules, card).actions
    rows = (row(action.rank, gap) for action in actions for gap in action.gaps)
    book.table("Gaps", (*of_gap, *of_plan), rows)
