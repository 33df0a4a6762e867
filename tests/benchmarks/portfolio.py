"""How long a portfolio takes, beside what pyarrow needs just to read the file and to write a table of the output's shape.

    python tests/benchmarks/portfolio.py [SERVICES ...]

For 1,000 to 1,000,000 services with all 33 columns, every cell checked. `whole` is the command as a process of its own, less
what it takes for a single service (its start-up); the best of several runs, as is the bare read and write between them.
The stages are timed one after another, though blocks of the file are read ahead meanwhile. All figures behind the times are ratios to the bare read and write together.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np
import pyarrow as pa
from pyarrow import csv

from scoring.files.table_in import open_table
from scoring.kinds.obligations import obligations
from scoring.portfolio.check import Checker
from scoring.portfolio.columns import NOTE, expected
from scoring.portfolio.score import by_service, score
from scoring.portfolio.tables import csv_lines
from scoring.rules.load import load
from scoring.score.assessment import all_requirements, allowed_grades

SIZES = (1_000, 10_000, 100_000, 300_000, 1_000_000)
RULES = load()


def services(count: int, path: Path) -> None:
    """A file of services of every kind: facts that are not asked are empty, a grade in four is not there."""
    chance = np.random.default_rng(count)
    found = obligations(RULES)
    profile = chance.integers(0, len(found.grid), count)
    columns = {"service": pa.array([f"Service {number:07d}" for number in range(count)])}
    for fact, values in zip(found.grid.facts, found.grid.values, strict=True):
        columns[fact.id] = pa.array(["", *fact.value_ids()]).take(pa.array(values[profile]))
    for requirement in all_requirements(RULES):
        grades = ["", *allowed_grades(requirement)]
        columns[requirement.id] = pa.array(grades).take(pa.array(chance.integers(0, len(grades), count)))
        if requirement.where_feasible:
            columns[requirement.id + NOTE] = pa.array(["", "Tried, and why it did not work"]).take(
                pa.array(chance.integers(0, 2, count))
            )
    csv.write_csv(pa.table(columns), path, csv.WriteOptions(quoting_style="needed"))


def bare(path: Path, table: pa.Table, out: Path) -> tuple[float, float]:
    start = time.perf_counter()
    csv.read_csv(path)
    read = time.perf_counter()
    csv.write_csv(table, out)
    return read - start, time.perf_counter() - read


def command(path: Path, out: Path) -> tuple[float, float]:
    """Seconds that the command takes as a process, and its peak memory in MiB."""
    code = "import sys; from scoring.__main__ import main; code = main(sys.argv[1:]); print(open('/proc/self/status').read()); sys.exit(code)"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, "portfolio", path, "--out", out],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    seconds = time.perf_counter() - start
    return seconds, int(
        re.search(r"VmHWM:\s+(\d+)", done.stdout)[1]
    ) / 1024  # ru_maxrss would have this program's peak in it


def stages(path: Path, out: Path) -> dict[str, float]:
    """Seconds to read, check, score and write, one after another, though blocks are read ahead."""
    found, seen = obligations(RULES), {}
    checker = Checker(RULES, found)
    taken = dict.fromkeys(("read", "check", "score", "write"), 0.0)

    def timed(stage: str) -> None:
        nonlocal last
        now = time.perf_counter()
        taken[stage] += now - last
        last = now

    with open_table(path, expected(RULES)) as table, out.open("wb") as written:
        last = time.perf_counter()
        for piece in table.pieces():
            timed("read")
            checked = checker.check(piece, seen)
            timed("check")
            scores = score(checked.services, found)
            timed("score")
            written.write(csv_lines(by_service(scores)).encode())
            timed("write")
    return taken


def main() -> None:
    sizes = [int(each.replace(",", "")) for each in sys.argv[1:]] or SIZES
    with tempfile.TemporaryDirectory() as folder:
        path, out, one = Path(folder, "services.csv"), Path(folder, "scores.csv"), Path(folder, "one.csv")
        services(1, one)
        print(
            f"{'services':>10}{'bare read':>11}{'write':>8}{'whole':>9}{'ratio':>8} |{'read':>7}{'check':>7}{'score':>7}{'write':>7} |{'peak MiB':>9}"
        )
        for count in sizes:
            services(count, path)
            command(path, out)
            table = csv.read_csv(out)
            plain, whole, starts, parts, peak = [], [], [], [], 0.0
            for _ in range(11 if count <= 100_000 else 4):
                plain.append(bare(path, table, Path(folder, "bare.csv")))
                seconds, memory = command(path, out)
                whole.append(seconds)
                starts.append(command(one, out)[0])  # beside each run, since the machine's speed drifts
                peak = max(peak, memory)
                parts.append(stages(path, out))
            read, write = (min(each[place] for each in plain) for place in (0, 1))
            base = read + write
            shares = "".join(f"{min(each[name] for each in parts) / base:7.2f}" for name in parts[0])
            net = min(whole) - min(starts)
            print(
                f"{count:>10,}{read:>11.3f}{write:>8.3f}{net:>9.3f}{net / base:>8.2f} |{shares} |{peak:>9.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
