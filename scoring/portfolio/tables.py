"""The portfolio outputs as CSV: a pair of lines a service, or a line a service and measure; and the rows that were refused.

A file has few distinct results. Each is put into words once, and a line is the service's name with one of them behind
it. UTF-8 without BOM, LF line ends. What somebody else wrote is guarded against spreadsheet formulas as in a scorecard:
a service's name, and every cell of a refused row with the reason that quotes it.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from scoring.files.guard import guarded, meant
from scoring.files.table_out import csv_line
from scoring.kinds.grid import mixed_radix
from scoring.kinds.obligations import Obligations, obligations
from scoring.portfolio.file_in import Columns, Piece, PortfolioError, Problem, Source, records
from scoring.portfolio.score import Progress, Reading, Scored, Totals, read_whole
from scoring.rules.model import AMENDED, DRAFTED, Regimes, Rules
from scoring.score.tally import FULL, STATUSES
from scoring.score.verdict import CHANGES

if TYPE_CHECKING:
    import pyarrow as pa

SERVICE_COLUMNS = (
    "service",
    "code",
    "regime",
    "measures_applying",
    "measures_met",
    "points",
    "out_of",
    "unanswered",
    "shortfall",
    "score_low",
    "score_high",
)
MEASURE_COLUMNS = (
    "service",
    "measure",
    "drafted_status",
    "drafted_points",
    "drafted_out_of",
    "drafted_unanswered",
    "amended_status",
    "amended_points",
    "amended_out_of",
    "amended_unanswered",
    "change",
)
REASON = "reason"
"""The column that the refused rows have behind those of the file."""


class PortfolioRefused(PortfolioError):
    """A file with bad rows, of which nothing is written. `problems`: the first of them; `count`: how many there are."""

    def __init__(self, problems: tuple[Problem, ...], count: int) -> None:
        super().__init__(f"{count:,} error{'' if count == 1 else 's'}; {problems[0].in_words()}")
        self.problems, self.count = problems, count


@dataclass(frozen=True)
class Endings:
    """The ends of lines, behind the service's name, by the number of the result that they tell; put into words once each."""

    sizes: tuple[int, ...]
    in_words: Callable[[Sequence[int]], str]
    _known: dict[int, str] = field(default_factory=dict)

    def of(self, digits: np.ndarray, there: np.ndarray | None = None) -> "pa.StringArray":
        """The ends of lines for results given as columns of digits below `sizes`; nothing where not `there`."""
        from scoring.portfolio import arrow

        distinct = arrow.array(mixed_radix(digits, self.sizes)).dictionary_encode()
        numbers = arrow.numbers(distinct.dictionary)
        for number, *each in zip(
            numbers.tolist(), *(digit.tolist() for digit in np.unravel_index(numbers, self.sizes)), strict=True
        ):
            if number not in self._known:
                self._known[number] = self.in_words(each)
        words = arrow.texts([self._known[number] for number in numbers.tolist()])
        places = distinct.indices if there is None else arrow.array(arrow.numbers(distinct.indices), there)
        return words.take(places)


@dataclass(frozen=True)
class Lines:
    """How results become lines: `header`, and the bytes of a scored piece."""

    header: bytes
    of: Callable[[Scored], memoryview | bytes]


def service_lines(found: Obligations) -> Lines:
    """A drafted line, then an amended one, for each service."""
    measures, requirements = len(found.measures) + 1, len(found.requirements) + 1
    sizes = (len(found.grid.codes), 2, measures, measures, FULL * requirements, requirements, requirements)

    def in_words(digits: Sequence[int]) -> str:
        code, regime, applying, met, points, half, unanswered = digits
        out_of = FULL * half
        figures = (applying, met, points, out_of, unanswered, out_of - points - FULL * unanswered)
        low = f"{points / out_of:.4f}" if out_of else ""
        high = f"{(points + FULL * unanswered) / out_of:.4f}" if out_of else ""
        return f",{found.grid.codes[code]},{(DRAFTED, AMENDED)[regime]},{','.join(map(str, figures))},{low},{high}\n"

    endings = Endings(sizes, in_words)

    def of(scored: Scored) -> memoryview | bytes:
        def ends(regime: int, totals: Totals) -> "pa.StringArray":
            half = totals.out_of // FULL
            return endings.of(
                np.array(
                    [
                        scored.code,
                        np.full_like(half, regime),
                        totals.measures_applying,
                        totals.measures_met,
                        totals.points,
                        half,
                        totals.unanswered,
                    ]
                )
            )

        names = cells(scored.services.names)
        return _run_together([names, ends(0, scored.drafted), names, ends(1, scored.amended)])

    return Lines(_header(SERVICE_COLUMNS), of)


def measure_lines(found: Obligations) -> Lines:
    """A line for each service and measure of its code in either rulebook."""
    most = max(len(each.requirements) for each in found.measures) + 1
    sizes = (len(found.measures), len(CHANGES), *(len(STATUSES), FULL * most, most, most) * 2)

    def in_words(digits: Sequence[int]) -> str:
        place, change, *results = digits
        told = ",".join(
            f"{STATUSES[status]},{points},{FULL * half},{unanswered}"
            for status, points, half, unanswered in (results[:4], results[4:])
        )
        return f",{found.measures[place].id},{told},{CHANGES[change]}\n"

    endings = Endings(sizes, in_words)

    def of(scored: Scored) -> memoryview | bytes:
        from pyarrow import compute

        from scoring.portfolio import arrow

        count = len(scored.code)
        names = cells(scored.services.names)
        columns = []
        for slot in range(max((len(code.measures) for code in scored.codes), default=0)):
            digits = np.zeros((len(sizes), count), dtype=np.int64)
            there = np.zeros(count, dtype=bool)
            for code in scored.codes:
                if slot < len(code.measures):
                    each = code.measures[slot]
                    there[code.services] = True
                    digits[:, code.services] = [
                        np.full(len(code.services), each.place),
                        each.change,
                        each.drafted_status,
                        each.drafted.points,
                        each.drafted.out_of // FULL,
                        each.drafted.unanswered,
                        each.amended_status,
                        each.amended.points,
                        each.amended.out_of // FULL,
                        each.amended.unanswered,
                    ]
            columns += [
                names if there.all() else compute.if_else(arrow.flags(there), names, arrow.missing(count)),
                endings.of(digits, None if there.all() else there),
            ]
        return _run_together(columns)

    return Lines(_header(MEASURE_COLUMNS), of)


def _header(columns: Sequence[str]) -> bytes:
    return (",".join(columns) + "\n").encode()


def _run_together(columns: Sequence["pa.StringArray"]) -> memoryview | bytes:
    """The text of all columns, row after row, with nothing between; what is missing is left out."""
    from pyarrow import compute

    from scoring.portfolio import arrow

    if not columns or not len(columns[0]):
        return b""
    joined = compute.binary_join_element_wise(*columns, arrow.text(""), null_handling="skip")
    _, offsets, data = joined.buffers()
    places = np.frombuffer(offsets, dtype=np.int32)[joined.offset : joined.offset + len(joined) + 1]
    return memoryview(data.slice(int(places[0]), int(places[-1] - places[0])))


_RISKY_BEGINNINGS = np.frombuffer(b"=+-@\t\r'\xef", dtype=np.uint8)
"""The first bytes of names that may have to be guarded, the last one for the full-width signs."""


def cells(names: "pa.StringArray") -> "pa.StringArray":
    """Service names as cells of a CSV file: guarded against formulas, and in quotation marks where they need them."""
    from pyarrow import compute

    from scoring.portfolio import arrow

    data, places = arrow.buffers(names)
    text = bytes(data[places[0] : places[-1]])
    risky_inside = any(sign in text for sign in (b";", b"\t", b"\r", b"\n"))
    if risky_inside or np.isin(data.take(places[:-1][np.diff(places) > 0]), _RISKY_BEGINNINGS).any():
        risky = compute.match_substring_regex(names, "^[=+@'\\t\\r＝＋－＠-]|[;\\t\\r\\n]")
        safe = arrow.texts([guarded(name) for name in names.filter(risky).to_pylist()])
        names = compute.replace_with_mask(names, risky, safe)
    if any(sign in text for sign in (b'"', b",", b"\r", b"\n")):
        special = compute.match_substring_regex(names, '[",\\r\\n]')
        doubled = compute.replace_substring(names.filter(special), '"', '""')
        names = compute.replace_with_mask(
            names, special, compute.binary_join_element_wise(arrow.text('"'), doubled, arrow.text('"'), arrow.text(""))
        )
    return names


# ------------------------------------------------------------------------------------------------------- writing
def write_portfolio(
    rules: Rules,
    source: Source,
    out: BinaryIO,
    regimes: Regimes | None = None,
    by_measure: bool = False,
    rejects: BinaryIO | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Score a file of services and write the lines to `out`, an empty file that can be read and cut.

    rejects: where the bad rows go, trimmed and guarded, with the reason behind them; read again, they mean what they
    meant. The good ones are written all the same. Raises PortfolioRefused where there are bad rows and no `rejects`, and
    PortfolioError for a file that cannot be read at all; what `out` then holds is of no use.
    """
    found = obligations(rules, regimes)
    lines = (measure_lines if by_measure else service_lines)(found)

    def start() -> None:
        for file in (out, rejects):
            if file is not None:
                file.seek(0)
                file.truncate()
        out.write(lines.header)

    def make(piece: Piece, columns: Columns, result: Scored) -> tuple[memoryview | bytes, list[tuple[int, list[str]]]]:
        wrong = {each.row for each in result.services.problems} if rejects is not None else set()
        refused = (
            [(row, cells) for row, cells in enumerate(records(piece.data), start=1) if row in wrong] if wrong else []
        )
        return lines.of(result), refused

    def take(reading: Reading, result: Scored, made: tuple[memoryview | bytes, list[tuple[int, list[str]]]]) -> None:
        text, refused = made
        if rejects is not None:
            if not rejects.tell():
                rejects.write(csv_line([*reading.columns.names, REASON]).encode())
            above = reading.rows - result.services.height
            reasons: dict[int, list[str]] = {}
            for each in result.services.problems:
                reasons.setdefault(each.row, []).append(
                    Problem(each.row + above, each.column, each.value, each.allowed).in_words()
                )
            width = len(reading.columns.names)
            for row, given in refused:
                padded = [*given[:width], *[""] * (width - len(given))]
                line = (*map(meant, padded), " | ".join(reasons[row]), *map(meant, given[width:]))
                rejects.write(csv_line([*map(guarded, line)]).encode())
        if rejects is not None or not reading.problem_count:
            out.write(text)

    start()
    reading = read_whole(rules, source, found, make, take, start, progress)
    if reading.problem_count and rejects is None:
        raise PortfolioRefused(tuple(reading.problems), reading.problem_count)
    return reading


def portfolio_csv(
    rules: Rules,
    source: Source,
    regimes: Regimes | None = None,
    by_measure: bool = False,
    bad_rows_left_out: bool = False,
) -> bytes:
    """The output as bytes, for a page. Raises as `write_portfolio` does; with `bad_rows_left_out`, bad rows are passed over."""
    out = io.BytesIO()
    write_portfolio(rules, source, out, regimes, by_measure, io.BytesIO() if bad_rows_left_out else None)
    return out.getvalue()


def file_name(rules: Rules, regimes: Regimes, by_measure: bool = False) -> str:
    """What to call the output: by what it is, and by the recommendations that make the amended text."""
    ids = [each.id for each in regimes.adopted]
    regime = "all" if len(ids) == len(rules.recommendations) else "-".join(ids) or "none"
    return f"portfolio-by-{'measure' if by_measure else 'service'}-{regime}.csv"


def rejected_csv(rules: Rules, source: Source) -> bytes:
    """The bad rows with the reason behind them, as `write_portfolio` writes them: bytes of a CSV file, for a page."""
    rejects = io.BytesIO()
    write_portfolio(rules, source, io.BytesIO(), rejects=rejects)
    return rejects.getvalue()
