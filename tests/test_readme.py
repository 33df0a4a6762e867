"""README's commands are there, and what it names exists."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_has_one_line_that_starts_the_app_and_one_that_runs_the_tests() -> None:
    commands = [line for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()]
    start, test = (line for line in commands if line.startswith("python3 -m venv"))
    assert start.endswith("/streamlit run app.py")
    assert "/python -m pytest" in test


def test_every_file_that_readme_names_exists() -> None:
    named = set(re.findall(r"`((?:scoring|questionnaire|tests|\.streamlit)/[\w./]+)`", README))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
