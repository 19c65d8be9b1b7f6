"""What stands on a letter, and that the file says to a screen reader what it shows."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
from pypdf import PdfReader

from frontend.letters import USUAL_SIZE, CannotBeDrawn, Letter, address_lines, draw_letter, draw_letters
from messaging.neutral import telling_words
from messaging.words import Words

LONG_NAME = "Wilhelmina-Konstantinopoulou Featherstonehaugh-Cholmondeley"
MILLIMETRE = 72 / 25.4
FIELD = (20, 57, 100, 82)  # what a window shows however the sheet lies: from the left, from the top, to
SEEN = (10, 46, 110, 93)  # what it can show at all


def letter(name: str = "Pat Example", *, body: str = "Hello Pat,\n\nYour class is on.\n", **rest: Any) -> Letter:
    address = rest.pop("address", ("1 Made Up Street", "Anytown", "AN1 1AA"))
    subject = rest.pop("subject", "Your SafeFit class")
    return Letter(name, address, Words(subject, body), dt.date(2027, 2, 3), **rest)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in read(pdf).pages).replace("\u00a0", " ").split())


def placed(pdf: bytes) -> list[tuple[float, float, float, str]]:
    """Each piece of text of the first page: millimetres from the left and from the top, its points, its words."""
    page, found = read(pdf).pages[0], []

    def note(text: str, matrix: list[float], _: Any, __: Any, size: float) -> None:
        if text.strip():
            x, y = matrix[4], float(page.mediabox.height) - matrix[5]
            found.append((x / MILLIMETRE, y / MILLIMETRE, size, text.strip()))

    page.extract_text(visitor_text=note)
    return found


def test_a_letter_says_who_writes_when_to_whom_and_the_words(settings):
    settings.POSTAL_ADDRESS = "12 Sample Street, Anytown, AN2 2BB"
    said = text_of(draw_letter(letter()))
    for part in ("SafeFit", "12 Sample Street", "AN2 2BB", settings.PHONE, "18001", "3 February 2027", "Pat Example"):
        assert part in said
    for part in ("1 Made Up Street", "AN1 1AA", "Your SafeFit class", "Hello Pat,", "Your class is on.", "Page 1 of 1"):
        assert part in said


def test_a_letter_is_tagged_in_british_english_and_has_a_title():
    pdf = read(draw_letter(letter()))
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is not None and bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata is not None and pdf.metadata.title == "Your SafeFit class"
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert {"/H1", "/P"} <= kinds_of_tags(root["/StructTreeRoot"])


def kinds_of_tags(node: Any) -> set[str]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return {kind for child in node for kind in kinds_of_tags(child)}
    if not isinstance(node, dict):
        return set()
    return {str(node.get("/S", ""))} | (kinds_of_tags(node["/K"]) if "/K" in node else set())


@pytest.mark.parametrize("size", [16, 18, 32])
def test_the_words_are_as_large_as_the_person_reads_and_never_smaller_than_large_print(size):
    found = placed(draw_letter(letter(size=size)))
    below = [(points, words) for _, top, points, words in found if 95 < top < 270]
    assert {points for points, words in below if words != "Your SafeFit class"} == {size}
    assert len(below) == 4 and min(points for points, _ in below) == size
    outside = [points for left, top, points, _ in found if not (left < 100 and FIELD[1] < top < FIELD[3])]
    assert min(outside) == USUAL_SIZE == 16


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Pat Example", ("1 Made Up Street",)),
        (LONG_NAME, ("Flat 3, The Old Rectory House", "27 Upper Made-Up Street", "Little Sampleton", "AN1 1AA")),
        (LONG_NAME, ("Flat 3", "The Old Rectory House", "27 Made-Up Street", "Little Sampleton", "Dorset", "AN1 1AA")),
    ],
)
def test_the_window_shows_the_address_and_nothing_else(name, address):
    found = placed(draw_letter(letter(name, address=address, subject="A subject", size=32)))
    seen = [one for one in found if SEEN[0] <= one[0] <= SEEN[2] and SEEN[1] <= one[1] <= SEEN[3]]
    shown = " ".join(words for *_, words in seen)
    assert shown.replace("- ", "-") == " ".join((name, *address))
    for left, top, points, _ in seen:
        assert FIELD[0] <= left <= FIELD[2] and FIELD[1] <= top <= FIELD[3]
        assert points >= 8


def test_nothing_above_the_words_says_why_somebody_gets_the_letter():
    above = " ".join(words for _, top, _, words in placed(draw_letter(letter())) if top < 95)
    assert "SafeFit" in above and telling_words(above) == []


def test_what_somebody_wrote_is_printed_and_never_obeyed():
    code = (
        '#eval("1+1") #panic("x") *bold* $x^2$ `raw` @nobody <label> // not a comment /* nor this \\u{41} #read("/etc")'
    )
    said = text_of(draw_letter(letter(code, address=(code,), subject=code, body=f"{code}\n\n= Heading\n- {code}\n")))
    assert said.replace(" ", "").count(code.replace(" ", "")) == 5
    assert "= Heading" in said


def test_each_letter_of_several_begins_on_its_own_sheet_and_counts_its_own_pages():
    long = letter("Quinn Sample", body="\n\n".join(f"Paragraph {n} of many." for n in range(60)))
    pages = [page.extract_text() for page in read(draw_letters([letter(), long, letter("Sam Helper")])).pages]
    numbers = [" ".join(re.findall(r"Page \d of \d", page)) for page in pages]
    assert numbers == ["Page 1 of 1", "", "Page 1 of 3", "Page 2 of 3", "Page 3 of 3", "", "Page 1 of 1"]
    names = [[name for name in ("Pat Example", "Quinn Sample", "Sam Helper") if name in page] for page in pages]
    assert names == [["Pat Example"], [], ["Quinn Sample"], [], [], [], ["Sam Helper"]]


def test_letters_that_our_type_lacks_are_refused_rather_than_printed_as_boxes():
    with pytest.raises(CannotBeDrawn):
        draw_letter(letter(body="Hello 日本\n"))


@pytest.mark.parametrize("name", ["Zoë Żółć", "Nguyễn Văn", "Ωmega Жук", "محمد"])
def test_names_of_many_alphabets_are_printed(name):
    assert draw_letter(letter(name))


def test_a_letter_is_set_in_the_typeface_of_the_pages():
    fonts: Any = read(draw_letter(letter())).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    names = {str(fonts[key].get_object()["/BaseFont"]) for key in fonts}
    assert names and all("AtkinsonHyperlegibleNext" in name for name in names)


def test_our_telephone_number_is_not_torn_apart(settings):
    pdf = draw_letter(letter(body=f"Phone us on {settings.PHONE}, Monday to Friday.\n"))
    assert settings.PHONE.replace(" ", "\u00a0") in read(pdf).pages[0].extract_text()


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("1 Made Up Street\nAnytown\nAN1 1AA", ("1 Made Up Street", "Anytown", "AN1 1AA")),
        ("Flat 3, The Hall\n\n  Anytown, \n", ("Flat 3, The Hall", "Anytown")),
        ("1 Made Up Close, Nowhere-on-Sea", ("1 Made Up Close", "Nowhere-on-Sea")),
        ("12, High Street,  Anytown", ("12 High Street", "Anytown")),
        ("12a, High Street", ("12a High Street",)),
        ("12", ("12",)),
        ("", ()),
    ],
)
def test_an_address_is_cut_into_the_lines_of_an_envelope(typed, lines):
    assert address_lines(typed) == lines
