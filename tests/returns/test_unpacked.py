"""A zip is opened within its limits; what is wrong with one of its files is said of that file, and stops no other."""

import io
import random
import struct
import time
import zipfile

import pytest
from sent import NOW, RULES, bomb, packed, saved, workbook

from scoring.returns.received import receive
from scoring.returns.unpacked import ZipRefused, is_zip, unpacked

GOOD = {"a.json": b"{}", "folder/b.csv": b"service\n"}


def opened(data: bytes) -> dict[str, bytes | str]:
    """The files of a zip by name: the bytes of each, or why it is refused."""
    return {one.name: one.refused or one.data for one in unpacked("sent.zip", data)}


def with_entry(name: str, data: bytes = b"x", **more: object) -> bytes:
    """A zip with a file of which the entry says something that an honest one does not."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        entry = zipfile.ZipInfo(name)
        for field, value in more.items():
            setattr(entry, field, value)
        archive.writestr(entry, data)
        archive.writestr("good.csv", b"good")
    return made.getvalue()


def protected(data: bytes) -> bytes:
    """The same zip, of which the first file says that it has a password."""
    made = bytearray(data)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.index(sign) + place
        made[at : at + 2] = struct.pack("<H", struct.unpack("<H", made[at : at + 2])[0] | 1)
    return bytes(made)


def test_the_files_of_a_zip_come_under_its_name_without_folders_and_without_what_systems_leave_behind() -> None:
    litter = {
        "__MACOSX/._a.json": b"x",
        ".DS_Store": b"x",
        "folder/Thumbs.db": b"x",
        "folder/": b"",
        "._b.csv": b"x",
        "folder/~$c.xlsx": b"x",
    }
    assert opened(packed(litter | GOOD)) == {f"sent.zip/{name}": data for name, data in GOOD.items()}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (with_entry("../../etc/passwd"), "has a place outside the zip's own folder"),
        (with_entry("folder/..\\..\\a.csv"), "has a place outside the zip's own folder"),
        (with_entry("/etc/passwd"), "has a place outside the zip's own folder"),
        (with_entry("C:\\a.csv"), "has a place outside the zip's own folder"),
        (with_entry("link.csv", b"/etc/passwd", external_attr=0o120777 << 16), "is a link to another file"),
        (with_entry("a.csv", compress_type=zipfile.ZIP_BZIP2), "is packed in a way that is not known here"),
        (with_entry("inner.zip", packed(GOOD)), "is a zip in a zip, which is not opened"),
        (with_entry("inner.dat", packed(GOOD)), "is a zip in a zip, which is not opened"),
        (protected(with_entry("a.csv")), "is protected with a password"),
        (with_entry("a.csv", b"x" * 100).replace(b"x" * 100, b"y" * 100), "is damaged or not whole"),
        (with_entry("a.csv", b"0" * 20_000_001), "is 20 MB; allowed: 20 MB"),
    ],
    ids=["up", "up, with backslashes", "absolute", "drive", "link", "bzip2", "zip", "zip by another name", "password", "damaged", "large"],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_named_with_why_and_the_others_are_taken(data: bytes, said: str) -> None:
    bad, good = unpacked("sent.zip", data)
    assert bad.refused.startswith(said) and bad.data == b""
    assert (good.name, good.data, good.refused) == ("sent.zip/good.csv", b"good", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and no more", "is damaged or not whole"),
        (packed(GOOD)[:-30], "is damaged or not whole"),
        (packed({".DS_Store": b"x"}), "has no files in it"),
        (packed({}), "has no files in it"),
        (packed({f"{number}.csv": b"" for number in range(2_001)}), "has 2,001 files; allowed: 2,000"),
        (bomb(10_000_000_000), "is 10,000 MB when it is unpacked; allowed: 200 MB"),
        (b"PK\x03\x04" + b"PK\x01\x02" * 50_001, "has more than 2,000 files"),
    ],
    ids=["nonsense", "cut off", "litter alone", "empty", "too many files", "bomb", "a directory without end"],
)  # fmt: skip
def test_a_zip_that_is_refused_whole_says_why_before_anything_is_unpacked(data: bytes, said: str) -> None:
    assert is_zip(data)
    with pytest.raises(ZipRefused) as refused:
        next(unpacked("sent.zip", data))
    assert str(refused.value).startswith(said)


def test_a_zip_that_is_spoilt_anywhere_is_refused_in_words() -> None:
    chance = random.Random(15)
    for base in (packed({"a.json": saved(), "é.csv": b"x"}), workbook(saved())):
        for _ in range(150):
            data = bytearray(base)
            for place in (chance.randrange(len(data)), len(data) - 1 - chance.randrange(min(len(data), 300))):
                data[place] = chance.choice((0, 1, 127, 128, 255))
            del data[chance.randrange(len(data)) : chance.choice((0, len(data)))]
            assert [one.kind for one in receive("sent", bytes(data), RULES, NOW)]


def test_a_bomb_that_says_it_is_small_is_unpacked_no_further_than_it_says() -> None:
    before = time.process_time()
    assert opened(bomb(1_000_000))["sent.zip/card.csv"].startswith("is damaged")  # type: ignore[union-attr]
    assert time.process_time() - before < 2


@pytest.mark.parametrize("data", [workbook(saved()), b"{}", b"", b"PK"], ids=["workbook", "json", "nothing", "two letters"])  # fmt: skip
def test_what_is_zipped_and_no_packed_folder_is_no_zip(data: bytes) -> None:
    assert not is_zip(data)
