"""What a file is, by what is in it: three types, whole, and not too large, whatever it calls itself."""

from __future__ import annotations

import struct
import zlib

import pytest

from instructors.evidence import JPEG, MOST_BYTES, MOST_ON_A_SIDE, PDF, PNG, NotEvidence, WhyNot, media_type_of


def png(width: int = 2, height: int = 3, *, after: bytes = b"", first: bytes = b"IHDR") -> bytes:
    def part(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(first, head) + part(b"IDAT", b"x") + part(b"IEND", b"") + after


def jpeg(width: int = 2, height: int = 3, *, before: bytes = b"", marker: int = 0xC0) -> bytes:
    frame = struct.pack(">BBHBHHB", 0xFF, marker, 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x04JF" + before + frame + b"\xff\xd9"


A_PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (A_PDF, PDF),
        (png(), PNG),
        (jpeg(), JPEG),
        (jpeg(marker=0xC2), JPEG),
        (jpeg(before=b"\xff\xc4\x00\x04ab"), JPEG),
        (jpeg(before=b"\xff\xff\xff\x01\xff\xd0"), JPEG),
    ],
)
def test_each_type_is_known_by_its_content(content, media_type):
    assert media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", WhyNot.EMPTY),
        (A_PDF + b" " * MOST_BYTES, WhyNot.TOO_BIG),
        (b"<html><script>alert(1)</script>", WhyNot.OTHER_TYPE),
        (b"PK\x03\x04 a workbook", WhyNot.OTHER_TYPE),
        (b"GIF89a", WhyNot.OTHER_TYPE),
        (b"\n" + A_PDF, WhyNot.OTHER_TYPE),
        (A_PDF[:12], WhyNot.BROKEN),
        (png()[:-1], WhyNot.BROKEN),
        (png(after=b"<script>"), WhyNot.BROKEN),
        (png(first=b"IDAT"), WhyNot.BROKEN),
        (png()[:8], WhyNot.BROKEN),
        (png(0, 3), WhyNot.BROKEN),
        (jpeg(2, 0), WhyNot.BROKEN),
        (b"\xff\xd8\xff\xe0\x00\x04JF", WhyNot.BROKEN),
        (b"\xff\xd8\xff\xe0\x00\x02and no marker follows", WhyNot.BROKEN),
        (png(MOST_ON_A_SIDE + 1, 1), WhyNot.TOO_MANY_PIXELS),
        (png(11_000, 11_000), WhyNot.TOO_MANY_PIXELS),
        (jpeg(65_535, 65_535), WhyNot.TOO_MANY_PIXELS),
    ],
)
def test_what_is_none_of_them_broken_or_too_large_is_refused_and_nothing_is_unpacked(content, why):
    with pytest.raises(NotEvidence) as refused:
        media_type_of(content)
    assert refused.value.why is why
