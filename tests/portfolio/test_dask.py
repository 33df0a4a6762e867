"""README's example of a register that outgrows a machine is run as it stands there, on a file in several partitions."""

import re
from pathlib import Path

import pytest
from services import MESSENGER, NETWORK, as_file

from scoring.portfolio.tables import portfolio_csv
from scoring.rules.load import load

ROOT = Path(__file__).parents[2]
EXAMPLE = re.search(
    r"### Under Dask\n.*?```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
)


@pytest.mark.filterwarnings("default")
def test_the_example_for_dask_gives_what_the_command_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert EXAMPLE
    rows = [
        (MESSENGER if number % 3 else NETWORK)
        | {"service": f"Service {number}", "RES-MCM10.a": "partly", "SMS-MCM10.a": "met"}
        for number in range(3_000)
    ]
    data = as_file(rows)
    (tmp_path / "register.csv").write_bytes(data)
    monkeypatch.chdir(tmp_path)
    made: dict[str, object] = {}
    exec(EXAMPLE[1].replace("64MB", "64KB"), made)
    assert made["services"].npartitions > 3  # type: ignore[attr-defined]
    written = b"".join(path.read_bytes() for path in sorted(tmp_path.glob("scores-*.csv")))
    header, _, lines = portfolio_csv(load(), data).removeprefix(b"\xef\xbb\xbf").partition(b"\n")
    assert written.replace(header + b"\n", b"") == lines
