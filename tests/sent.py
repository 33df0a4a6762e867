"""Files as providers might send them: good, edited, foreign, broken, hostile, the same twice, two rounds of one service."""

import io
import json
import random
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scoring.form.questionnaire_out import questionnaire
from scoring.portfolio.one_service import example_csv
from scoring.returns.received import Received, receive
from scoring.rules.load import load
from scoring.score.assessment_file import FORMAT, from_json
from scoring.score.scorecard import scorecard
from scoring.score.scorecard_file import csv_bytes
from scoring.workbooks.scorecard_workbook import scorecard_workbook

RULES = load()
NOW = "2026-11-27T09:00:00+11:00"
SAVED = Path(__file__).parent / "assessments"
RECORD = "messenger_with_record"


def saved(sample: str = "encrypted_messenger", **changed: Any) -> bytes:
    """A saved assessment, with some of its keys changed."""
    return json.dumps(json.loads((SAVED / f"{sample}.json").read_bytes()) | {"format": FORMAT} | changed).encode()


def card(assessment: bytes) -> bytes:
    """Its scorecard as CSV."""
    return csv_bytes(scorecard(RULES, from_json(assessment, RULES)))


def edited(assessment: bytes) -> bytes:
    """Its scorecard, of which one cell is not what the rules give."""
    return card(assessment).replace(b",all,v2.0", b",none,v2.0", 1)


def workbook(assessment: bytes) -> bytes:
    """Its scorecard as a workbook."""
    known = from_json(assessment, RULES)
    return scorecard_workbook(RULES, scorecard(RULES, known), known)


def filled(assessment: bytes) -> bytes:
    """The questionnaire with its answers."""
    return questionnaire(RULES, from_json(assessment, RULES))


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def bomb(claimed: int, name: str = "card.csv") -> bytes:
    """A zip with a file of 10 GB of blanks; claimed: what it says of its size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    tenth = packer.compress(b" " * 10_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(name, tenth * 1000 + packer.flush())
        entry = archive.getinfo(name)
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, claimed
    return made.getvalue()


def mixed(count: int = 200) -> dict[str, bytes]:
    """So many files as a regulator might get them."""
    chance, samples = random.Random(15), [path.stem for path in sorted(SAVED.glob("*.json"))]
    made: dict[str, bytes] = {"bomb.zip": bomb(10_000_000_000), "bomb that lies.zip": bomb(1_000_000)}
    made |= {
        "broken.json": saved()[:500],
        "broken.xlsx": workbook(saved())[:3_000],
        "broken.zip": b"PK\x03\x04 and no more",
    }
    made |= {
        "services.csv": example_csv(),
        "letter.pdf": b"%PDF-1.7 a letter",
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(999),
    }
    made |= {"empty.csv": b"", "old.xls": b"\xd0\xcf\x11\xe0" + bytes(4_000)}
    made["once.json"] = made["once more.json"] = saved(service_name="Sent twice")
    for number, day in enumerate(("2026-03-03", "2026-11-20")):
        made[f"round {number}.json"] = saved(service_name="Two rounds", saved_at=f"{day}T10:00:00+00:00")
    kinds = (saved, saved, card, card, edited, workbook, filled)
    while len(made) < count:
        number = len(made)
        assessment = saved(chance.choice(samples), service_name=f"Service {number}")
        make = kinds[number % len(kinds)]
        made[f"return {number}"] = assessment if make is saved else make(assessment)  # type: ignore[operator]
    return made


def taken(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> tuple[Received, ...]:
    """The files, received one after another."""
    every = files.items() if isinstance(files, Mapping) else files
    return tuple(one for name, data in every for one in receive(name, data, RULES, NOW))
