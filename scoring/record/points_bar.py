"""A bar of points as a picture (PNG), drawn without a browser. It has no text: what it shows is said beside it and in its alternative text."""

import struct
import zlib
from collections.abc import Sequence

import numpy as np

from scoring.documents.colours import PARTS

_POINT, _HEIGHT = 60, 36  # pixels
_DARKER = 0.65


def points_bar(points: Sequence[int]) -> bytes:
    """A bar of at least one point, as the bytes of a PNG. points: by part, in the order of PARTS; each part has its colour and its pattern."""
    image = np.zeros((_HEIGHT, _POINT * sum(points), 3), dtype=np.uint8)
    down, across = np.indices(image.shape[:2])
    patterns = {
        "": np.zeros_like(down, dtype=bool),
        "/": (across + down) % 14 < 4,
        "x": ((across + down) % 12 < 2) | ((across - down) % 12 < 2),
        ".": (across % 10 - 5) ** 2 + (down % 10 - 5) ** 2 < 6,
    }
    start = 0
    for part, count in zip(PARTS, points, strict=True):
        end = start + _POINT * count
        image[:, start:end] = tuple(bytes.fromhex(part.colour[1:]))
        image[:, start:end][patterns[part.pattern][:, start:end]] = [
            int(_DARKER * light) for light in bytes.fromhex(part.colour[1:])
        ]
        start = end
    return _png(image)


def _png(image: np.ndarray) -> bytes:
    """An image, its rows of pixels of red, green and blue, as a PNG. Source: the PNG specification, sections 5 and 11."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    height, width, _ = image.shape
    unfiltered = b"".join(b"\x00" + row.tobytes() for row in image)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits each of red, green and blue
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(unfiltered)) + chunk(b"IEND", b"")
