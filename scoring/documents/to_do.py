"""What to do as a CSV file: the gaps that a scorecard has, in the order in which to close them."""

from scoring.documents import words
from scoring.files.table_out import BOM, csv_line
from scoring.score.gaps import NextSteps

COLUMNS = ("rank", "list", "requirement", "title", "points", "why", "source")


def to_do_csv(steps: NextSteps) -> bytes:
    """A row a gap: UTF-8 with BOM, header row, LF line ends. Gaps that one control closes have one rank.

    Nothing of it is typed by a user, and no sentence of the rules begins as a formula does.
    """
    rows = (
        (
            str(action.rank),
            words.in_which_case(action.in_any_case),
            gap.requirement.id,
            gap.requirement.title,
            str(gap.points_missing),
            gap.because,
            f"{gap.where} ({gap.basis})",
        )
        for action in steps.actions
        for gap in action.gaps
    )
    return (BOM + "".join(map(csv_line, [COLUMNS, *rows]))).encode()
