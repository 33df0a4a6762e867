"""What every test may ask for: the rules as they stand, and an edited copy of the rulebook files."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scoring.load import HERE, load
from scoring.model import Rules


@pytest.fixture(scope="session")
def rules() -> Rules:
    """The rules as they stand."""
    return load()


@pytest.fixture
def edited_rulebook(tmp_path: Path) -> Callable[..., Path]:
    """Make a copy of the rulebook files with one more edit in it each time it is called, and say where the copy is.

    The first `replace` that follows the first `after` is taken out of the file and `text` put there; without `replace`,
    `text` is added at the end of the file.
    """
    folder = tmp_path / "rulebook"
    folder.mkdir()
    for file in HERE.glob("*.toml"):
        shutil.copy(file, folder)

    def edit(name: str, text: str, replace: str = "", after: str = "") -> Path:
        content = (folder / name).read_text(encoding="utf-8")
        if replace:
            start = content.index(replace, content.index(after))
            content = content[:start] + text + content[start + len(replace):]
        else:
            content += text
        (folder / name).write_text(content, encoding="utf-8")
        return folder

    return edit
