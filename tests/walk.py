"""Walks through the app without a browser: what a user presses, chooses, types, opens and saves, and what they see.

Widgets are found by what they are about (the fact, requirement or technology in their key) or by the words on them, never by position.
"""

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

import pandas as pd
from html_tables import Read, html_tables
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.testing.v1 import AppTest, app_test

ROOT = Path(__file__).parent.parent
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(
    logging.ERROR
)  # AppTest sets it off itself
STEP = re.compile(r"Step (\d+)(?: of (\d+))?: ")


class Walk:
    """One user in one session of the app, from its start page on."""

    def __init__(self) -> None:
        self.app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        self.media = MemoryMediaFileStorage("/media")
        self._run()

    @classmethod
    def opened_at(cls, address: str) -> "Walk":
        """A new session that begins at an address, as by a link to it."""
        walk = cls()
        walk.visit(address)
        return walk

    def _run(self) -> None:
        self.media = MemoryMediaFileStorage("/media")
        with patch.object(app_test, "MemoryMediaFileStorage", lambda prefix: self.media):
            self.app.run()
        failed = [each.value for each in self.app.exception]
        assert not failed, failed
        assert self.title, "a page without a title"

    # ------------------------------------------------------------------------------------------ what is seen
    @property
    def title(self) -> str:
        return self.app.title[0].value if self.app.title else ""

    @property
    def step(self) -> tuple[int, int | None]:
        """The step that the page says it is, and of how many; the second is None where it does not say yet."""
        found = STEP.search(self.around)
        assert found, f"{self.title} is no step"
        return int(found[1]), int(found[2]) if found[2] else None

    @property
    def around(self) -> str:
        """What stands around the page: the product's name, the steps with what is done, and that a sample is one."""
        return "\n".join(
            re.sub(r"<[^>]+>", "", re.sub(r"</(?:li|p|summary)>", "\n", element.proto.body))
            for element in self.app.get("html")
            if not element.proto.body.startswith("<style")
        )

    def jumps(self) -> list[str]:
        """The addresses of the steps that the list of steps has a link to."""
        return [
            address
            for element in self.app.get("html")
            for address in re.findall(r'data-step="([\w-]+)"', element.proto.body)
        ]

    def shown(self) -> list[str]:
        """Everything that the page says, in the order in which it says it."""
        return [_unescaped(node.type, said) for node in self.app.main for said in _said(node) if said]

    @property
    def text(self) -> str:
        return "\n".join(self.shown())

    def visible(self) -> list[tuple[str, str]]:
        """The same as it is written, Markdown's escapes and all, each with the kind of element that says it."""
        return [(node.type, said) for node in self.app.main for said in _said(node) if said]

    def messages(self, kind: str) -> list[str]:
        """What the page's boxes of a kind say: "success", "info", "warning" or "error"."""
        return [_unescaped(kind, each.value) for each in self.app.get(kind)]

    def unfold(self) -> None:
        """Unfold every part of a scorecard, which is drawn only then."""
        for page in ("scorecard", "portfolio"):
            for part in ("to_do", "points", "shares", "why", "counting"):
                self.app.session_state[f"{page}.{part}"] = True
        self._run()

    def open_fold(self, key: str) -> None:
        """Open a fold that is drawn only then."""
        self.app.session_state[key] = True
        self._run()

    def html_table(self, about: str) -> list[list[Read]]:
        """The rows of a table of our own, without its headings. about: how what it is about begins."""
        every = [table for node in self.app.get("html") for table in html_tables(node.proto.body).items()]
        return next(rows[1:] for said, rows in every if said.startswith(about))

    def summary(self) -> dict[str, tuple[str, str]]:
        """The scorecard's figures: what it is -> as drafted, and as amended."""
        self.unfold()
        table = next(as_read(each.value) for each in self.app.table if "Points" in set(each.value.iloc[:, 0]))
        return {row[0]: (str(row[1]), str(row[2])) for row in table.itertuples(index=False)}

    # ------------------------------------------------------------------------------------------ what is given
    def value(self, about: str) -> str | bool | None:
        """What a widget shows; about: "fact.tier", "grade.RES-MCM8.a", "note.RES-MCM8.a", "examined.safer", "reason.safer" or "name"."""
        return self._widget(about).value

    def is_asked(self, about: str) -> bool:
        return any(_is_about(each, about) for each in self._widgets())

    def asked(self, kind: str) -> list[str]:
        """What is asked of a kind ("fact", "grade", "note", "examined", "reason"), in the order of the page."""
        return [
            about.removeprefix(f"{kind}.") for each in self._widgets() if (about := _about(each)).startswith(f"{kind}.")
        ]

    def choices(self, about: str) -> list[str]:
        return list(self._widget(about).options)

    def give(self, about: str, value: str | bool | None) -> None:
        """Choose, tick or type."""
        self._widget(about).set_value(value)
        self._run()

    def give_all(self, kind: str, values: Mapping[str, str]) -> None:
        """Give those of the values that this page asks for, from its top to its foot, one after another as they appear."""
        given: set[str] = set()
        while left := [each for each in self.asked(kind) if each in values and each not in given]:
            self.give(f"{kind}.{left[0]}", values[left[0]])
            given.add(left[0])

    def press(self, label: str) -> None:
        """Press the one button that has this label."""
        found = [each for each in self.app.button if _plain(each.label) == label]
        assert len(found) == 1, f"{len(found)} buttons {label!r} among {self.buttons()}"
        found[0].click()
        self._run()

    def next(self) -> None:
        """Press the button that leads on, whatever it is called here."""
        self._press_key("next.")

    def back(self) -> None:
        self._press_key("back.")

    def has_button(self, label: str) -> bool:
        return label in self.buttons()

    def buttons(self) -> list[str]:
        return [_plain(each.label) for each in self.app.button]

    def downloaded(self, what: str) -> bytes:
        """The bytes behind a download button: "csv" or "json"."""
        button = next(each for each in self.app.get("download_button") if each.key == what)
        return self.media.get_file(button.proto.url.rpartition("/")[2]).content

    def upload(self, content: bytes, name: str = "saved.json") -> None:
        """Give a file to the start page's uploader."""
        self.app.file_uploader[0].set_value((name, content, "application/json"))
        self._run()

    def resume(self, content: bytes) -> None:
        """Open a saved file, on the start page."""
        self.upload(content)
        self.press("Open this file")

    # ------------------------------------------------------------------------------------------ ways
    def to_start(self) -> None:
        """Go back until there is no further back."""
        while any(each.key.startswith("back.") for each in self.app.button):
            self.back()

    def visit(self, address: str) -> None:
        """Open a page by its address in this session, as the browser's back button does."""
        registered = self.app._registered_pages  # AppTest.switch_page opens files alone, and these pages are functions
        self.app._page_hash = next(page for page, about in registered.items() if about["url_pathname"] == address)
        self._run()
        self.app._page_hash = ""

    def go_to(self, title: str) -> None:
        """Go on until a step has this title."""
        seen = [self.title]
        while self.title != title:
            self.next()
            assert self.title not in seen, (
                f"{title!r} does not come after {seen}; the page says {self.messages('error')}"
            )
            seen.append(self.title)

    def open_sample(self, title: str) -> None:
        self.press(f"Open sample: {title}")

    def _press_key(self, beginning: str) -> None:
        found = [each for each in self.app.button if (each.key or "").startswith(beginning)]
        assert len(found) == 1, f"{len(found)} buttons {beginning!r} on {self.title!r}"
        found[0].click()
        self._run()

    def _widgets(self) -> Iterator:
        return (node for node in self.app.main if node.type in ("radio", "text_area", "text_input", "checkbox"))

    def _widget(self, about: str):
        found = [each for each in self._widgets() if _is_about(each, about)]
        assert len(found) == 1, (
            f"{len(found)} widgets about {about!r} on {self.title!r}, which asks {list(map(_about, self._widgets()))}"
        )
        return found[0]


def as_read(table: pd.DataFrame) -> pd.DataFrame:
    """A table as it is read: without the marks that keep an id or a sign and its word on one line."""
    return table.map(lambda cell: str(cell).replace("`", "").replace("\N{NO-BREAK SPACE}", " "))


def _plain(label: str) -> str:
    """What a label says, without the marks around what is only heard."""
    return label.replace("*", "")


def _about(widget) -> str:
    """A widget's key without the generation in front of it."""
    return (widget.key or "").partition(".")[2]


def _is_about(widget, about: str) -> bool:
    return _about(widget) == about


def _unescaped(kind: str, said: str) -> str:
    """What a reader sees of Markdown in which signs are escaped."""
    return (
        re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", said)
        if kind in ("markdown", "success", "info", "warning", "error")
        else said
    )


def _said(node) -> Iterator[str]:
    """What one element says, in its own order."""
    kind = getattr(node, "type", None)
    if kind == "html":  # the style sheet, what stands around the page, or tables of our own
        for about, rows in html_tables(node.proto.body).items():
            yield about
            for row in rows:
                yield " | ".join(" ".join((*cell.signs, cell.said, *cell.why)).strip() for cell in row)
        return
    if kind == "table":
        yield "\n".join(map(str, node.value.columns))
        for row in as_read(node.value).itertuples(index=False):
            yield " | ".join(map(str, row))
        return
    if kind == "progress":
        yield node.text
        return
    yield str(getattr(node, "label", "") or "")
    for option in getattr(node, "options", None) or ():
        yield str(option)
    if kind in (
        "markdown",
        "text",
        "title",
        "header",
        "subheader",
        "text_area",
        "text_input",
        "success",
        "info",
        "warning",
        "error",
        "caption",
    ):
        yield str(node.value or "")
    yield str(getattr(getattr(node, "proto", None), "alt", "") or "")


def opened(**said: str) -> Walk:
    """The Obligations page, opened by a link with these words in its address."""
    walk = Walk()
    for name, value in said.items():
        walk.app.query_params[name] = value
    walk.visit("obligations")
    return walk
