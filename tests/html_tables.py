"""The product's own HTML tables, read as a reader sees them: what each is about, and row by row its cells with what opens in them."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Read:
    """A cell: what it says, what it is marked with, and what opens at a press."""

    said: str = ""
    signs: list[str] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    changed: bool = False


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: dict[str, list[list[Read]]] = {}
        self.rows: list[list[Read]] = []
        self.cell: Read | None = None
        self.beside, self.left = Read(), 0  # the cell that stands beside rows, and how many of those are still to come
        self.into = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.rows = self.tables.setdefault(given["aria-label"], [])
        elif tag == "tr":
            self.rows.append([self.beside] if self.left else [])
            self.left = max(0, self.left - 1)
        elif tag in ("td", "th"):
            self.cell = Read(changed="changed" in given.get("class", ""))
            self.rows[-1].append(self.cell)
            if "rowspan" in given:
                self.beside, self.left = self.cell, int(given["rowspan"]) - 1
        elif self.cell and tag == "p":
            self.into = "why"
            self.cell.why.append("")
        elif self.cell and tag == "a":
            self.cell.links.append(given["href"])
        elif given.get("class") == "sign":
            self.into = "sign"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "span"):
            self.into = ""
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data: str) -> None:
        said = " ".join(data.split())
        if not said or not self.cell:
            return
        if self.into == "why":
            self.cell.why[-1] += said
        elif self.into == "sign":
            self.cell.signs.append(said)
        else:
            self.cell.said = f"{self.cell.said} {said}".strip()


def html_tables(html: str) -> dict[str, list[list[Read]]]:
    """What each table is about -> its rows, the headings first; a cell that stands beside several rows is in each of them."""
    reader = _Reader()
    reader.feed(
        re.sub(r'<span style="white-space:nowrap">(.*?)</span>', r"\1", html)
    )  # an id that is not broken over lines
    return reader.tables
