"""A zip becomes the files in it, or a sentence says what is wrong with it, or with one of them. Source: contracts, "Returns output".

Nothing is written anywhere: no file of a zip ever has a place. What the zip says of its sizes is looked at before anything is unpacked, and
none of its files is unpacked beyond what it said.
"""

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from scoring.files.workbook_in import DAMAGED, LARGEST_FILE, is_document

MOST_FILES = 2_000
MOST_UNPACKED = 200_000_000  # bytes
_MOST_ENTRIES = 50_000
"""Entries of a zip, by the sign that each begins with. Each takes memory as soon as a zip is opened, whatever it is."""
_ENTRY, _ZIP = b"PK\x01\x02", (b"PK\x03\x04", b"PK\x05\x06")
_WINDOW = 1_000_000  # bytes that are unpacked at a time; all at once, a file that says less than it holds would take memory without end
_LITTER = {".ds_store", "thumbs.db", "desktop.ini"}
_LITTER_BEGINS = ("._", "~$", ".~lock.")
"""How the names begin of what systems leave beside a file, and office programs beside one that is open."""
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_REGULAR = (0, stat.S_IFREG)
"""The types of file that are read; 0 is what programs write that know of no types."""
_UNPACK = "unpack it and choose the files that are in it"
_DAMAGED = "is damaged or not whole, and cannot be unpacked"


class ZipRefused(ValueError):
    """A zip of which nothing is taken; the message goes on after its name."""


@dataclass(frozen=True)
class Unpacked:
    """A file of a zip: its name behind the zip's, and its bytes; or, where it is refused, why, which goes on after the name."""

    name: str
    data: bytes = b""
    refused: str = ""


def is_zip(data: bytes) -> bool:
    """Whether a file is a packed folder, and no workbook or other document, which are zipped too."""
    if not data.startswith(_ZIP):
        return False
    if data.count(_ENTRY) > _MOST_ENTRIES:
        return True
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return not is_document(archive.namelist())
    except DAMAGED:
        return b"[Content_Types].xml" not in data  # which a damaged workbook has too


def unpacked(name: str, data: bytes) -> Iterator[Unpacked]:
    """The files of a zip, one at a time, without folders and what systems leave behind in them. name: what to call the zip.

    A file that cannot be taken stops no other. Raises ZipRefused, before anything is unpacked, where the zip is over a limit, damaged or has no files.
    """
    if data.count(_ENTRY) > _MOST_ENTRIES:
        raise ZipRefused(f"has more than {MOST_FILES:,} files, the most that a zip may have: make several of it")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except DAMAGED:
        raise ZipRefused(f"{_DAMAGED}: make it again, or choose the files themselves") from None
    with archive:
        entries = [
            entry for entry in archive.infolist() if not (entry.filename.endswith("/") or is_litter(entry.filename))
        ]
        if not entries:
            raise ZipRefused("has no files in it")
        if len(entries) > MOST_FILES:
            raise ZipRefused(f"has {len(entries):,} files; allowed: {MOST_FILES:,}: make several of it")
        size = sum(entry.file_size for entry in entries)
        if size > MOST_UNPACKED:
            limit = MOST_UNPACKED // 1_000_000
            raise ZipRefused(
                f"is {size // 1_000_000:,} MB when it is unpacked; allowed: {limit} MB. Nothing of it was unpacked: make several of it"
            )
        for entry in entries:
            yield _read(archive, entry, f"{name}/{entry.filename}")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> Unpacked:
    refused = _refused(entry)
    if refused:
        return Unpacked(name, refused=refused)
    try:
        with archive.open(
            entry
        ) as file:  # it gives no more than the entry says that there is, and what is not as it says is damaged
            data = b"".join(iter(lambda: file.read(_WINDOW), b""))
    except DAMAGED:
        return Unpacked(name, refused=f"{_DAMAGED}: ask for it again")
    if is_zip(data):
        return Unpacked(name, refused=f"is a zip in a zip, which is not opened: {_UNPACK}")
    return Unpacked(name, data)


def _refused(entry: zipfile.ZipInfo) -> str:
    """Why a file of a zip is not unpacked; empty where it is."""
    if entry.file_size > LARGEST_FILE:
        return f"is {entry.file_size // 1_000_000:,} MB; allowed: {LARGEST_FILE // 1_000_000} MB, as for the largest file that is taken, a workbook"
    path = entry.filename.replace("\\", "/")
    parts = path.split("/")
    if path.startswith("/") or ".." in parts or parts[0][1:2] == ":":
        return "has a place outside the zip's own folder: it is not unpacked"
    if stat.S_IFMT(entry.external_attr >> 16) not in _REGULAR:
        return "is a link to another file, or no file: it is not followed"
    if entry.flag_bits & _ENCRYPTED:
        return "is protected with a password: pack it again without one"
    if entry.compress_type not in _METHODS:
        return "is packed in a way that is not known here: pack it again as an ordinary zip"
    return ""


def is_litter(filename: str) -> bool:
    """Whether a system or a program left it behind, and nobody meant to send it."""
    path = PurePosixPath(filename.replace("\\", "/"))
    return "__MACOSX" in path.parts or path.name.lower() in _LITTER or path.name.startswith(_LITTER_BEGINS)
