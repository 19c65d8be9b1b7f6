"""What a file is that somebody sends as evidence, judged by what is in it. PURE: no Django.

Here: telling a PDF, a JPEG and a PNG from everything else, and how large a picture would be
once it is drawn, read from its head alone: nothing is unpacked. Not here: keeping the file
(checking.py), serving it (pages). Its name and what a browser says of it are never asked.
"""

from __future__ import annotations

import enum
import struct

MOST_BYTES = 5 * 1024 * 1024
MOST_ON_A_SIDE = 12_000  # pixels: a page at 1,000 dots to the inch
MOST_PIXELS = 50_000_000
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"

_PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # markers of a JPEG that say how large it is
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length


class WhyNot(enum.StrEnum):
    EMPTY = "empty"
    TOO_BIG = "too_big"
    OTHER_TYPE = "other_type"
    BROKEN = "broken"
    TOO_MANY_PIXELS = "too_many_pixels"


class NotEvidence(Exception):
    """The file cannot be kept; `why`."""

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why)
        self.why = why


def media_type_of(content: bytes) -> str:
    """PDF, JPEG or PNG. Raises NotEvidence."""
    if not content:
        raise NotEvidence(WhyNot.EMPTY)
    if len(content) > MOST_BYTES:
        raise NotEvidence(WhyNot.TOO_BIG)
    if content.startswith(b"%PDF-"):
        if b"%%EOF" not in content[-2048:]:
            raise NotEvidence(WhyNot.BROKEN)
        return PDF
    if content.startswith(_PNG_BEGINS):
        _check_size(*_size_of_png(content))
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        _check_size(*_size_of_jpeg(content))
        return JPEG
    raise NotEvidence(WhyNot.OTHER_TYPE)


def _check_size(width: int, height: int) -> None:
    if not width or not height:
        raise NotEvidence(WhyNot.BROKEN)
    if max(width, height) > MOST_ON_A_SIDE or width * height > MOST_PIXELS:
        raise NotEvidence(WhyNot.TOO_MANY_PIXELS)


def _size_of_png(content: bytes) -> tuple[int, int]:
    """From its first part; the file must be whole, part after part, and end where it says that it ends."""
    at, size, name = len(_PNG_BEGINS), (0, 0), b""
    while at + 12 <= len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        if at == len(_PNG_BEGINS):
            if (name, length) != (b"IHDR", 13):
                raise NotEvidence(WhyNot.BROKEN)
            size = struct.unpack_from(">II", content, at + 8)
        at += 12 + length
        if name == b"IEND":
            break
    if name != b"IEND" or at != len(content):
        raise NotEvidence(WhyNot.BROKEN)
    return size


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    """From the first part that tells it. Telephones put things behind the picture: what follows it is not read."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _SIZES:
            height, width = struct.unpack_from(">HH", content, at + 5)
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    raise NotEvidence(WhyNot.BROKEN)
