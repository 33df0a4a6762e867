"""What to do, with its plan, as a CSV file: the gaps that a scorecard has, in the order in which to close them."""

from scoring.documents import words
from scoring.files.guard import guarded
from scoring.files.table_out import csv_file
from scoring.follow_up.plan import Outlook, PlanLine

COLUMNS = ("rank", "list", "requirement", "title", "points", "why", "source", "action", "owner", "due", "status", "grade_intended", "overdue")  # fmt: skip


def to_do_csv(outlook: Outlook) -> bytes:
    """A row a gap, and behind them a row, without rank, points and why, for each unanswered requirement that has a plan.

    UTF-8 with BOM, header row, LF line ends. Gaps that one control closes have one rank. What a user typed is guarded against formulas;
    no sentence of the rules begins as a formula does. overdue: yes or no, empty where nothing is planned.
    """
    return csv_file([COLUMNS, *map(_cells, outlook.lines)])


def _cells(line: PlanLine) -> tuple[str, ...]:
    gap, plan = line.gap, line.plan
    return (
        str(line.rank or ""),
        words.in_which_case(line.in_any_case),
        line.requirement.id,
        line.requirement.title,
        str(gap.points_missing) if gap else "",
        gap.because if gap else "",
        f"{line.requirement.where} ({line.requirement.basis})",
        guarded(plan.action),
        guarded(plan.owner),
        plan.due,
        plan.status,
        plan.grade,
        ("yes" if line.overdue else "no") if line.planned else "",
    )
