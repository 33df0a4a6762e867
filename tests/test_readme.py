"""README's commands are there, what it names exists, and its layout is that of the folders; the change log has the newest first."""

import re
import tomllib
from datetime import datetime
from pathlib import Path

from test_architecture import FOLDERS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", README, re.S) for line in block.splitlines()]


def test_readme_has_one_line_that_starts_the_app_and_one_that_runs_the_tests() -> None:
    start, test = (line for line in COMMANDS if line.startswith("python3 -m venv"))
    assert start.endswith("/streamlit run app.py")
    assert "/python -m pytest" in test


def test_the_one_command_checks_format_lint_and_types_before_it_runs_every_test() -> None:
    (test,) = (line for line in COMMANDS if line.startswith("python3 -m venv") and "pytest" in line)
    steps = [step.removeprefix(".venv-test/bin/") for step in test.split(" && ")]
    wanted = ("ruff format --check", "ruff check", "mypy", "python -m pytest")
    assert [step.startswith(start) for step, start in zip(steps[-4:], wanted, strict=True)] == [True] * 4, steps
    assert " -m " not in steps[-1].removeprefix("python -m pytest"), "it is to leave no test out"


def test_the_commands_for_fewer_tests_leave_out_by_marks_that_there_are() -> None:
    marks = [entry.partition(":")[0] for entry in _pyproject()["pytest"]["ini_options"]["markers"]]
    left_out = {mark for line in COMMANDS for mark in re.findall(r"\bnot (\w+)", "".join(re.findall(r'"(.*?)"', line)))}
    assert left_out == set(marks)


def test_every_file_that_readme_names_exists() -> None:
    named = set(
        re.findall(r"`((?:(?:scoring|questionnaire|tests|\.streamlit|\.ci)/[\w./]*|[\w.-]+\.(?:md|txt|py)))`", README)
    )
    assert len(named) > 10
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_layout_in_readme_has_each_folder_in_the_order_in_which_they_may_use_one_another() -> None:
    (layout,) = re.findall(r"```\n(scoring/.*?)```", README, re.S)
    lines = [line.split("/", 1) for line in layout.splitlines()]
    folders: dict[str, list[str]] = {}
    for name, what in lines:
        assert what.strip(), f"README's layout does not say what {name.strip()}/ is for"
        if name.startswith(" "):
            folders[[*folders][-1]].append(name.strip())
        else:
            folders[name] = []
    assert folders == {wing: [*names] for wing, names in FOLDERS.items()}, (
        'README\'s layout is not that of the folders; give each a line under "To work on it"'
    )


def test_the_change_log_has_what_is_unreleased_and_then_the_newest_first() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, re.M)
    days = [datetime.strptime(heading, "%d %B %Y") for heading in headings[headings[0] == "Unreleased" :]]
    assert days and days == sorted(days, reverse=True)


def _pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
