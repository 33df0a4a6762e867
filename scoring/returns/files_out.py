"""What is written of many files: their table as CSV, and the services of it as a file of services. Source: contracts, "Returns output"."""

from scoring.files.guard import guarded
from scoring.files.table_out import csv_file
from scoring.returns.returned import COLUMNS, Returns, services_frame
from scoring.rules.model import Rules


def returns_csv(returns: Returns) -> bytes:
    """The table as CSV, a row a file."""
    rows = ([_cell(value) for value in line.cells] for line in returns.lines)
    return csv_file([COLUMNS, *rows])


def _cell(value: object) -> str:
    """A cell as the portfolio's output has it: a share with four decimals, nothing where there is none, and text guarded."""
    if value is None:
        return ""
    return f"{value:.4f}" if isinstance(value, float) else guarded(str(value))


def services_csv(rules: Rules, returns: Returns) -> bytes:
    """The services that count as a file of services, which Portfolio takes."""
    reads = {place: returns.lines[place].received.read for place in returns.counted}
    frame = services_frame(rules, {place: read.round for place, read in reads.items() if read}, returns.names())
    return csv_file([tuple(frame.columns), *frame.itertuples(index=False, name=None)])
