"""One vocabulary: what a reader sees says "as drafted" and "as amended", and no word of an earlier vocabulary for the two."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OLD = re.compile(
    r"\b(drafted|amended) text\b|\b(both|either|neither|each|one|two|this) texts?\b|\bregimes?\b"
    r"|\bwith (IJM's|the) (\w+ )?recommendations\b(?! (of|that))|\bunder both\b",
    re.IGNORECASE,
)
SENTENCES = {"scoring/score/because.py"}
"""The sentences of a scorecard's file, which stay as they are."""
SHOWN = [
    path
    for folder in ("scoring", "questionnaire")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".toml", ".j2", ".js") and str(path.relative_to(ROOT)) not in SENTENCES
]


def said(path: Path) -> Iterator[str]:
    """What a file may show: of code the texts in it that have a blank and are no docstring, of any other file each line that is no comment."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield from (line for line in text.splitlines() if not line.lstrip().startswith(("#", "/*", "{#")))
        return
    tree = ast.parse(text)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
            and " " in node.value
        ):
            yield node.value


def test_no_reader_meets_two_words_for_one_result() -> None:
    old = [
        (str(path.relative_to(ROOT)), line)
        for path in SHOWN
        for line in said(path)
        if OLD.search(re.sub(r"{[{%].*?[%}]}", "", line))
    ]
    assert old == []


@pytest.mark.parametrize("line", ["Neither text is the law", "with IJM's nine recommendations", "under both texts", "the amended regime"])  # fmt: skip
def test_the_words_of_an_earlier_vocabulary_are_known_again(line: str) -> None:
    assert OLD.search(line)
