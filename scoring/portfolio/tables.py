"""The portfolio outputs as CSV, and the rows that were refused with the reason.

UTF-8 with BOM, LF line ends. What somebody else wrote is guarded against spreadsheet formulas as in a scorecard: a service's
name, and every cell of a refused row with the reason that quotes it.
"""

import io
from collections.abc import Mapping
from itertools import chain
from typing import BinaryIO

import numpy as np
import pandas as pd

from scoring.files.guard import guarded, meant
from scoring.files.table_in import SURPLUS, Source
from scoring.files.table_out import csv_file, csv_line
from scoring.portfolio.check import Checked
from scoring.portfolio.columns import REASON, SERVICE
from scoring.portfolio.read import Progress, Reading
from scoring.portfolio.score import by_measure as measure_rows
from scoring.portfolio.score import by_service as service_rows
from scoring.portfolio.score import score
from scoring.rules.model import Regimes, Rules

_RISKY = r"""^[=+@\-＝＋－＠'\t\r]|[;,"\t\r\n]"""
"""What may have to be guarded or quoted."""


def csv_lines(table: pd.DataFrame) -> str:
    """A table of scores as lines of CSV without the header. Rows that differ in the name alone are put into words once."""
    if table.empty:
        return ""
    names, figures = table[SERVICE].tolist(), table.drop(columns=SERVICE)
    numbers = [
        column.cat.codes if column.dtype == "category" else pd.factorize(column, use_na_sentinel=False)[0]
        for _, column in figures.items()
    ]
    kind, _ = pd.factorize(np.ravel_multi_index(numbers, [int(column.max()) + 1 for column in numbers]))
    first = figures[~pd.Series(kind, figures.index).duplicated()]
    lines = first.to_csv(header=False, index=False, float_format="%.4f", lineterminator="\n").splitlines()
    words = np.array([f",{line}\n" for line in lines], dtype=object)[kind].tolist()
    for place in np.flatnonzero(table[SERVICE].str.contains(_RISKY)):
        names[place] = csv_line([guarded(names[place])])[:-1]
    return "".join(chain.from_iterable(zip(names, words, strict=True)))


def _rejected_lines(rows: pd.DataFrame, checked: Checked) -> str:
    """The rows that were refused, with the reasons behind them; and then the cells that no column of the header was for."""
    reasons: dict[int, list[str]] = {}
    for problem in checked.problems:
        reasons.setdefault(problem.row, []).append(problem.in_words())
    lines = []
    for row, *given in rows[rows.index.isin(reasons)].itertuples(name=None):
        surplus = rows.attrs.get(SURPLUS, {}).get(row, ())
        cells = [*map(meant, given), " | ".join(reasons[row]), *map(meant, surplus)]
        lines.append(csv_line([*map(guarded, cells)]))
    return "".join(lines)


def write_portfolio(
    rules: Rules,
    source: Source,
    out: BinaryIO,
    regimes: Regimes | None = None,
    by_measure: bool = False,
    rejects: BinaryIO | None = None,
    progress: Progress | None = None,
    matched: Mapping[str, str] | None = None,
) -> Reading:
    """Score a file of services and write the lines to `out`, an empty file. matched: as `expected` takes it.

    rejects: where the bad rows go, trimmed and guarded, with the reason behind them; read again, they mean what they
    meant. The good ones are written all the same. Raises PortfolioRefused where there are bad rows and no `rejects`, and
    PortfolioError for a file that cannot be read at all; what `out` then holds is of no use.
    """
    reading = Reading(rules, source, regimes, matched or {})
    for rows, checked in reading.pieces(progress, bad_rows_left_out=rejects is not None):
        if rejects is not None:
            header = b"" if rejects.tell() else csv_file([[*reading.columns, REASON]])
            rejects.write(header + _rejected_lines(rows, checked).encode())
        services, owed = checked.services, reading.owed
        table = measure_rows(services, owed) if by_measure else service_rows(score(services, owed))
        out.write((b"" if out.tell() else csv_file([list(table.columns)])) + csv_lines(table).encode())
    return reading


def portfolio_csv(
    rules: Rules,
    source: Source,
    regimes: Regimes | None = None,
    by_measure: bool = False,
    bad_rows_left_out: bool = False,
    matched: Mapping[str, str] | None = None,
) -> bytes:
    """The output as bytes, for a page. Raises as `write_portfolio` does; with `bad_rows_left_out`, bad rows are passed over."""
    out, rejects = io.BytesIO(), io.BytesIO() if bad_rows_left_out else None
    write_portfolio(rules, source, out, regimes, by_measure, rejects, matched=matched)
    return out.getvalue()


def rejected_csv(rules: Rules, source: Source, matched: Mapping[str, str] | None = None) -> bytes:
    """The bad rows with the reason behind them, as `write_portfolio` writes them: bytes of a CSV file, for a page."""
    rejects = io.BytesIO()
    write_portfolio(rules, source, io.BytesIO(), rejects=rejects, matched=matched)
    return rejects.getvalue()


def file_name(rules: Rules, regimes: Regimes, what: str = "", ending: str = "csv") -> str:
    """What to call what is made of a portfolio: by what it is, and by the recommendations that make the amended text."""
    ids = [recommendation.id for recommendation in regimes.adopted]
    regime = "all" if len(ids) == len(rules.recommendations) else "-".join(ids) or "none"
    return "-".join(filter(None, ("portfolio", what, f"{regime}.{ending}")))
