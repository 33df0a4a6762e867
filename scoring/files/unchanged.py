"""Whether a file stayed as it was while it was read: by its size and the time of its last change."""

import os
import stat
from typing import BinaryIO

CHANGED = "was changed while it was being read; allowed: a file that nobody writes to meanwhile"


def state(file: BinaryIO) -> tuple[int, int] | None:
    """What changes when an open file is written to. None for what is no file on a disk: a pipe, or bytes in memory."""
    try:
        status = os.fstat(file.fileno())
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else None
