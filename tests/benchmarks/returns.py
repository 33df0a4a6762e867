"""What it costs to take in 200 mixed files that were sent: good, edited, foreign, broken, zip bombs, the same twice, two rounds of one service.

    python tests/benchmarks/returns.py [COUNT]

The command goes through them as a process of its own: seconds, by the clock and of the processors, and peak memory, start-up included
(wanted: 5 s and 500 MB).
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sent import mixed


def main() -> None:
    count = int(sys.argv[1]) if sys.argv[1:] else 200
    with tempfile.TemporaryDirectory() as folder:
        for name, data in mixed(count).items():
            Path(folder, name).write_bytes(data)
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "scoring", "returns", folder, "--out", f"{folder}-out.xlsx", "--portfolio", f"{folder}-services.csv"],
            capture_output=True, text=True, check=False, cwd=ROOT,
        )  # fmt: skip
        seconds = time.perf_counter() - start
        for path in (f"{folder}-out.xlsx", f"{folder}-services.csv"):
            Path(path).unlink()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy, peak = used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6
    print(f"{seconds:.2f} s ({busy:.2f} s of a processor), {peak:.0f} MB at most: {done.stderr.splitlines()[0]}")


if __name__ == "__main__":
    main()
