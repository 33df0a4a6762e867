"""A comparison of rounds as a workbook: About, Totals and Changes. Source: contracts, "Compare output"."""

from collections.abc import Iterator

from scoring.files.guard import guarded
from scoring.files.workbook_out import NewWorkbook, fitting
from scoring.follow_up.compare import CAUSES, Comparison, Step
from scoring.follow_up.comparison_file import SUMS, TOGETHER, texts
from scoring.rules.model import AMENDED, DRAFTED, Rules
from scoring.workbooks.about import about

_KIND = {"fact": "Fact", "answer": "Answer", "rule": "Rule"}


def comparison_workbook(rules: Rules, comparison: Comparison) -> bytes:
    """The comparison as the bytes of an .xlsx; with more than two rounds each row says of which step it is.

    A text that is too long for a cell is cut, and says so: the CSV has it whole.
    """
    last = comparison.rounds[-1]
    said = " ".join(step.sentence for step in comparison.steps)
    what = f"What moved between {len(comparison.rounds)} rounds of {last.service or 'a service without a name'}. {said}"
    lines = [
        *about(rules, what, comparison.steps[-1].after.regimes.adopted, last.day),
        ("Rounds", "\n".join(f"{one.day}: {one.name}, rules {one.rulebook}" for one in comparison.rounds)),
        *((("To be known" if not place else ""), notice) for place, notice in enumerate(comparison.notices)),
    ]
    book = NewWorkbook("Comparison: MCM Scorecard", [(name, fitting(text)) for name, text in lines])
    names = comparison.steps[-1].after.names
    sums = [f"{name}: {title.lower()}" for title in SUMS.values() for name in names.values()]
    several = len(comparison.steps) > 1

    def table(sheet: str, columns: list[str], rows: Iterator[tuple[Step, list[object]]]) -> None:
        listed = ([f"{step.earlier.day} to {step.later.day}", *row] if several else row for step, row in rows)
        book.table(sheet, ["Step", *columns] if several else columns, listed)

    table("Totals", ["What", *sums], ((step, row) for step in comparison.steps for row in _totals(step)))
    columns = ["What", "Title", "Id", "Earlier", "Later", *(f"{name}: points moved" for name in names.values())]
    table("Changes", columns, ((step, row) for step in comparison.steps for row in _changes(rules, step)))
    return book.finished()


def _totals(step: Step) -> Iterator[list[object]]:
    """Both results of the earlier round, what each cause moved, and both results of the later round."""
    ends = [
        [
            f"{one.day}: {one.name}",
            *(getattr(getattr(card, regime).sums, name) for name in SUMS for regime in (DRAFTED, AMENDED)),
        ]
        for one, card in ((step.earlier, step.before), (step.later, step.after))
    ]
    yield ends[0]
    for title, causes in [*((title, (cause,)) for cause, title in CAUSES.items()), (TOGETHER, ())]:
        moved = step.moved(*causes)
        yield [title, *(float(getattr(moved[regime], name)) for name in SUMS for regime in (DRAFTED, AMENDED))]
    yield ends[1]


def _changes(rules: Rules, step: Step) -> Iterator[list[object]]:
    """What a user typed is guarded, for whoever saves the sheet as CSV."""
    for change in step.changes:
        points = (float(change.moved[regime].points) for regime in (DRAFTED, AMENDED))
        yield [_KIND[change.what], change.title, change.id, *map(fitting, map(guarded, texts(change, rules))), *points]
    for one in step.beside:
        yield ["Beside the answers", one.part, "", fitting(guarded(one.before)), fitting(guarded(one.now)), 0.0, 0.0]
