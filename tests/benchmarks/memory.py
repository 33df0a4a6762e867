"""What large portfolios take of the server's memory, and that it comes back when their sessions end.

    python tests/benchmarks/memory.py [MEGABYTES [AT_ONCE [ROUNDS]]]

In each round so many users upload a portfolio of that size at once, see it scored and close the window. Printed are
the server's memory before, at its peak, and when all sessions have ended. In a round before the others, one is alone.
"""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(Path(__file__).parent)]

import portfolio as files
import wire
from browser import Server, served
from wire import User

wire.PATIENCE = 1800
AWAY = 4
"""Seconds after which a session without a connection ends here."""
SETTLED = 20
"""Seconds that a server is given to end them and their downloads."""


def megabytes(server: Server, what: str = "VmRSS") -> float:
    """What the server's process has now, or had at most (VmHWM) since the peak was last forgotten."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024


def forget_peak(server: Server) -> None:
    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")


async def one(address: str, data: bytes) -> None:
    user = await User(address).open("portfolio")
    await user.upload("portfolio.upload.0", "services.csv", data)
    assert "bound by at least one measure" in user.text, user.text[:2000]
    await user.close()


async def round_of(server: Server, data: bytes, at_once: int) -> float:
    """The seconds that it took them."""
    start = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(one(server.address, data))
    return time.perf_counter() - start


def data_of(size: int) -> bytes:
    """A portfolio of so many megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "services.csv")
        files.services(10_000, path)
        files.services(int(10_000 * size * 2**20 / path.stat().st_size), path)
        return path.read_bytes()


def main() -> None:
    size, at_once, rounds = (int(given) for given in (*sys.argv[1:], *("150", "4", "5")[len(sys.argv) - 1 :]))
    data = data_of(size)
    services = data.count(b"\n") - 1
    print(f"{len(data) / 2**20:.0f} MiB a file, {services:,} services")
    with served("--server.disconnectedSessionTTL", str(AWAY)) as server:
        print(f"at first: {megabytes(server):.0f} MiB")
        for number, users in enumerate([1, *[at_once] * rounds]):
            forget_peak(server)
            before = megabytes(server)
            seconds = asyncio.run(round_of(server, data, users))
            peak = megabytes(server, "VmHWM")
            time.sleep(AWAY + SETTLED)
            print(f"round {number}, {users} at once: {before:.0f} MiB before, {peak:.0f} at most, ", end="")
            print(f"{megabytes(server):.0f} after; {seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
