"""What a file is that is called CSV and is none: told by its first bytes."""

_KINDS = (
    (b"PK\x03\x04", "an Excel workbook (or another zipped file)", "open it in a spreadsheet and save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook of an old kind", "open it in a spreadsheet and save it as CSV UTF-8"),
    (b"%PDF", "a PDF file", "a PDF cannot be read as a table"),
)
LENGTH = max(len(start) for start, _, _ in _KINDS)
"""Bytes that tell."""


def not_csv(start: bytes) -> str | None:
    """What the file is and what to do, where it is plainly no CSV; start: its first bytes."""
    for beginning, what, advice in _KINDS:
        if start.startswith(beginning):
            return f"this is {what}, not a CSV: {advice}"
    return None
