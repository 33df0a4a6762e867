"""Hostile files: good ones spoilt at a place that is known, or anywhere at all. The same ones in each run, and no two of a batch alike."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from scoring.files.header import BLANKS

HERE = Path(__file__).parent
SAVED = tuple(path.read_bytes() for path in sorted((HERE / "assessments").glob("*.json")))
CARDS = tuple(path.read_bytes() for path in sorted((HERE / "golden").glob("*.csv")))
SERVICES = (HERE.parent / "scoring" / "portfolio" / "example_services.csv").read_bytes()
FREE_TEXT = (
    "service_name",
    "note",
    "technologies",
    "provider",
    "what",
    "where",
    "action",
    "owner",
    "approved_by",
    "comment",
)
NO_TEXT = ("\x00", "\x01", "\x08", "\x0b", "\x0c", "\x1b", "\x1f", "\x7f", "\ud800", "\udfff", "\ufffe", "\uffff")
"""Characters that no saved file may hold."""
TEXTS = (
    "",
    " ",
    "\u3000",
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    "<!--",
    "]]>",
    "&lt;b&gt;&#0;",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "$\\LaTeX$",
    "![x](http://x.invalid/x.png)",
    "[x](javascript:alert(1))",
    "`",
    "**b**",
    ":red[x]",
    "=1+1",
    '=HYPERLINK("http://x.invalid","y")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    "''=1",
    "'",
    "＝1",
    "=cmd|' /C calc'!A0",
    "\u202etxt.exe\u202c",
    "\u2066x\u2069",
    "\u200b",
    "\ufeff",
    "\u2028",
    "\x85",
    "\x9b31m",
    "\u0301" * 60,
    "\U000e0041" * 120,
    "🙂",
    "ﬀ",
    "İ",
    "Zoë",
    "null",
    "true",
    "NaN",
    "1e999",
    "-0",
    "0x10",
    "met",
    "Met",
    "met ",
    "not_feasible",
    "tier_1",
    "tier_1\u200b",
    "yes;no",
    "a,b",
    '"',
    '""',
    '","',
    '"\n"',
    "a\nb",
    "a\r\nb",
    "a\rb",
    ";",
    "../../etc/passwd",
    "%00",
    "\\",
    "\\u0000",
    "x" * 3000,
    "\u202e" * 300,
)
KEYS = (
    "colour",
    "",
    " ",
    "Format",
    "format ",
    "tier\u200b",
    "\u202ekey",
    "__proto__",
    "constructor",
    "a.b",
    "'",
    '"',
    "\n",
    "k" * 5000,
    "\U000e0041" * 500,
    "\ud800",
    "a\x00",
    "0",
    "null",
    "grade",
    "note",
    "profile",
    "tier",
)


@dataclass(frozen=True)
class Case:
    """A file. what: what was done to it. names: what its refusal has to name. refused: whether it must be. cell, text: the one cell that was changed, and what is in it."""

    data: bytes
    what: str
    names: tuple[str, ...] = ()
    refused: bool = False
    cell: tuple[int, str] | None = None
    text: str = ""

    @property
    def as_shown(self) -> str:
        """The text that was put in a cell as a message shows it, or the beginning of it."""
        return repr(self.text.strip(BLANKS))[1:-1][:15] or "empty"


def many(count: int, make: Callable[[Random], Case]) -> Iterator[Case]:
    """So many cases, no two with the same bytes."""
    seen: set[bytes] = set()
    for number in range(5 * count):
        case = make(Random(f"{make.__name__} {number}"))
        if case.data not in seen:
            seen.add(case.data)
            yield case
            if len(seen) == count:
                return
    raise AssertionError(f"{make.__name__} makes {len(seen)} different cases, and {count} are wanted")


# ---------------------------------------------------------------------------------------- anything at any place
TOKENS = (
    b'"',
    b"'",
    b",",
    b"\n",
    b"\r",
    b"\r\n",
    b"\t",
    b" ",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\\ud83d\\ude00",
    b"\\x",
    b"\x00",
    b"\x1b[31m",
    b"\x7f",
    b"\xff",
    b"\xc3",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xe2\x80\xae",
    b"\xef\xbf\xbf",
    b"null",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-",
    b"9" * 400,
    b"9" * 5000,
    b"true",
    b"=1+1",
    b'""',
    b'"":1,',
    b"met",
    b"not_feasible",
    b"tier_1",
    b"[" * 2000,
    b'{"a":' * 300,
    b"x" * 2000,
    b",,,,",
    b"/*x*/",
    b"#",
    b";",
)


def _flip(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :]


def _cut_out(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.choice((1, 1, 2, 5, 40, 400)) :]


def _cut_off(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))] if chance.random() < 0.5 else data[: -chance.randint(1, 6)]


def _put_in(data: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(TOKENS) + data[at:]


def _put_in_place(data: bytes, chance: Random) -> bytes:
    """In the place of a word of the file, so that its shape stays."""
    words = sorted(set(data.replace(b'"', b",").replace(b"\n", b",").split(b",")) - {b""})
    return data.replace(chance.choice(words), chance.choice(TOKENS), 1) if words else data


def _repeat(data: bytes, chance: Random) -> bytes:
    at, length = chance.randrange(len(data)), chance.choice((1, 3, 30, 300))
    return data[:at] + data[at : at + length] * chance.choice((2, 3, 20)) + data[at + length :]


def _swap(data: bytes, chance: Random) -> bytes:
    one, two, three = sorted(chance.randint(0, len(data)) for _ in range(3))
    return data[:one] + data[two:three] + data[one:two] + data[three:]


def _put_in_bytes(data: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.randbytes(chance.choice((1, 2, 4, 16))) + data[at:]


def _encode_otherwise(data: bytes, chance: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    return text.encode(
        chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7", "utf-8-sig", "cp037")), "replace"
    )


def _other_line_ends(data: bytes, chance: Random) -> bytes:
    return data.replace(b"\n", chance.choice((b"\r", b"\r\n", b"\n\n", b"\xe2\x80\xa8")), chance.choice((-1, 1, 3)))


_ANYWHERE = {
    _flip: 4,
    _cut_out: 2,
    _cut_off: 1,
    _put_in: 3,
    _put_in_place: 6,
    _repeat: 2,
    _swap: 1,
    _put_in_bytes: 1,
    _encode_otherwise: 1,
    _other_line_ends: 1,
}
"""What is done, and how often: most files are to get past the first look at them."""


def spoilt(goods: Sequence[bytes], chance: Random) -> Case:
    """A file with one to three places spoilt, or the beginning of one with the end of another."""
    data = chance.choice(goods)
    done = []
    if chance.random() < 0.05:
        other = chance.choice(goods)
        data, done = data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :], ["splice"]
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        (change,) = chance.choices([*_ANYWHERE], [*_ANYWHERE.values()])
        done.append(change.__name__)
        data = change(data, chance) if data else chance.choice(TOKENS)
    return Case(data, " ".join(done))


# ------------------------------------------------------------------------------------------- a saved assessment
Content = dict[str, Any]
_RAW = {
    "9" * 5000: "5,000 digits",
    "-" + "8" * 4301: "4,302 digits",
    "NaN": "NaN",
    "-Infinity": "-Infinity",
    "1e999": "",
    "-0.0": "",
    "[" * 3000 + "]" * 3000: "",
    '{"a":' * 500 + "1" + "}" * 500: "",
}
_VALUES = (0, -1, 10**300, 1.5, True, False, None, [], ["x"], [[[]]], {}, {"grade": "met"}, {"": None})


def wrong_in_saved(chance: Random) -> Case:
    """A saved assessment with one thing wrong at a place that is known."""
    content: Content = json.loads(chance.choice(SAVED))
    return chance.choice(
        (
            _other_value,
            _other_value,
            _other_text,
            _other_text,
            _raw_value,
            _unknown_key,
            _missing_key,
            _key_twice,
            _no_text,
        )
    )(content, chance)


def _ways(content: Content | list, way: tuple[Any, ...] = (), *, lists: bool = False) -> list[tuple[Any, ...]]:
    """The way to each value, those of objects among them; lists: also into lists, by place."""
    found = []
    for key, value in content.items() if isinstance(content, dict) else enumerate(content):
        inner = isinstance(value, dict) or (lists and isinstance(value, list))
        found += [(*way, key), *(_ways(value, (*way, key), lists=lists) if inner else [])]
    return found


def _named(way: Sequence[Any]) -> str:
    return ".".join(map(str, way))


def _at(content: Content, way: Sequence[str]) -> Any:
    for step in way:
        content = content[step]
    return content


def _file(content: Content) -> bytes:
    return json.dumps(content).encode()


def _put(content: Content, way: Sequence[str], value: object) -> Content:
    _at(content, way[:-1])[way[-1]] = value
    return content


def _other_value(content: Content, chance: Random) -> Case:
    way, value = chance.choice(_ways(content, lists=True)), chance.choice(_VALUES)
    alike = isinstance(value, (dict, list)) and isinstance(_at(content, way), type(value))
    return Case(_file(_put(content, way, value)), f"{way} is {value!r}", (_named(way),), not alike)


def _other_text(content: Content, chance: Random) -> Case:
    way = chance.choice([way for way in _ways(content, lists=True) if isinstance(_at(content, way), str)])
    text = chance.choice(TEXTS) + chance.choice(("", "", chance.choice(TEXTS)))
    return Case(_file(_put(content, way, text)), f"{way} is {text[:50]!r}", (_named(way),), way == ("format",))


def _raw_value(content: Content, chance: Random) -> Case:
    way, (raw, named) = chance.choice(_ways(content)), chance.choice([*_RAW.items()])
    data = _file(_put(content, way, "@raw@")).replace(b'"@raw@"', raw.encode())
    return Case(data, f"{way} is {raw[:20]}", (named,), True)


def _unknown_key(content: Content, chance: Random) -> Case:
    level = chance.choice([(), *(way for way in _ways(content) if isinstance(_at(content, way), dict))])
    key = chance.choice(
        [
            each
            for each in KEYS
            if each not in _at(content, level) and (each not in ("note", "profile", "tier") or not level)
        ]
        or ["other"]
    )
    value = chance.choice((*_VALUES, *TEXTS))
    known = key in {"grade", "note"} if level[:1] == ("answers",) and len(level) == 2 else key in ("tier", "profile")
    return Case(
        _file(_put(content, (*level, key), value)),
        f"{level} has {key[:30]!r}",
        () if known and level else (repr(key)[1:-1][:20],),
        not (known and level),
    )


def _missing_key(content: Content, chance: Random) -> Case:
    way = chance.choice(_ways(content))
    del _at(content, way[:-1])[way[-1]]
    needed = len(way) == 1 and way[0] not in ("technologies", "answers", "provider", "sign_off", "review")
    return Case(_file(content), f"{way} is missing", (f"'{way[0]}' is missing",) if needed else (), needed)


def _key_twice(content: Content, chance: Random) -> Case:
    way = chance.choice(_ways(content))
    data = _file(_put(content, (*way[:-1], "@twice@"), chance.choice((_at(content, way), *TEXTS, *_VALUES)))).replace(
        b"@twice@", way[-1].encode()
    )
    return Case(data, f"{way} twice", (f"'{way[-1]}' is there twice",), True)


def _no_text(content: Content, chance: Random) -> Case:
    way = chance.choice(
        [
            way
            for way in _ways(content, lists=True)
            if isinstance(_at(content, way), str) and (way[0] in FREE_TEXT or way[-1] in FREE_TEXT)
        ]
    )
    sign, text = chance.choice(NO_TEXT), chance.choice([each for each in TEXTS if "\x85" not in each])
    at = chance.randint(0, len(text))
    return Case(
        _file(_put(content, way, text[:at] + sign + text[at:])),
        f"{way} holds {sign!r}",
        (f"'{_named(way)}'", f"U+{ord(sign):04X}"),
        True,
    )


def saved_anyhow(chance: Random) -> Case:
    """A saved assessment spoilt anywhere."""
    return spoilt(SAVED, chance)


# ------------------------------------------------------------------------------------------------------- tables
@cache
def table(data: bytes) -> tuple[tuple[str, ...], ...]:
    """The cells of a CSV file."""
    return tuple(map(tuple, csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))))


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Cells as a CSV file. Half a character is written as it would be if it could be."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)  # so that a cell that holds either line end is quoted
    return text.getvalue().encode(errors="surrogatepass")


def wrong_in_table(good: bytes, chance: Random) -> Case:
    """A CSV file with one cell, row or column that is wrong, at a place that is known; `cell` where it is one cell: its row, the header being row 1."""
    rows = [list(row) for row in table(good)]
    row, place = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
    column = rows[0][place]
    kind = chance.choice(
        ("cell", "cell", "cell", "cell", "cell", "many cells", "ragged", "header", "no column", "column twice")
    )
    names: tuple[str, ...] = ()
    if kind == "cell":
        text = chance.choice((*TEXTS, *NO_TEXT)) + chance.choice(("", "", chance.choice(TEXTS)))
        if text == rows[row][place]:
            text += "?"
        rows[row][place] = text
        return Case(
            as_csv(rows), f"row {row + 1}, {column} is {text[:50]!r}", (column,), cell=(row + 1, column), text=text
        )
    if kind == "many cells":
        for each in range(1, len(rows)):
            rows[each][place] = chance.choice(TEXTS)
    elif kind == "ragged":
        names = (f"row {row + 1}",)
        if chance.random() < 0.5:
            rows[row] = rows[row][: chance.randint(1, len(rows[row]) - 1)]
            kind = "short"  # what is missing is empty, which may do
        else:
            rows[row] += chance.choices([text for text in TEXTS if text.strip(BLANKS)], k=chance.randint(1, 3))
            names += (f"{len(rows[row])} cell",)
    elif kind == "header":
        rows[0][place] = chance.choice(KEYS[:-5]) + chance.choice(TEXTS[:30])
        names = (column,)
    elif kind == "no column":
        rows = [[*each[:place], *each[place + 1 :]] for each in rows]
        names = (column,)
    else:
        rows = [[*each, each[place]] for each in rows]
        names = (column,)
    return Case(as_csv(rows), f"{kind}: row {row + 1}, {column}", names, kind in ("ragged", "header", "column twice"))
