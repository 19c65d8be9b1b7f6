import io
import json
from urllib.parse import urlsplit

import pytest
from django.urls import resolve
from pypdf import PdfReader

from accounts.models import Programme
from frontend import leaflets
from frontend.leaflets import draw_leaflet, draw_poster

WESSEX = Programme(name="SafeFit Wessex", minimum_age=18, areas_served=["Dorset", "Hampshire", "Isle of Wight"])


def text_of(pdf):
    pages = PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())


def test_the_leaflet_says_what_who_what_next_and_every_way_to_get_in_touch(settings):
    pdf = draw_leaflet([WESSEX])
    said = text_of(pdf)
    for words in (
        "You live in Dorset, Hampshire or Isle of Wight", "You do not need to prove it", "What happens next",
        f"Phone: {settings.PHONE}, {settings.PHONE_HOURS}", f"dial 18001, then {settings.PHONE}",
        "Email: hello@safefit.example", f"Post: {settings.POSTAL_ADDRESS}", "/join", "call 999",
    ):  # fmt: skip
        assert words in said, words
    reader = PdfReader(io.BytesIO(pdf))
    assert len(reader.pages) == 2 and reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert b"pdfuaid" in pdf, "a screen reader can read it"


def test_the_poster_is_one_side_with_a_code_that_leads_to_registering(settings):
    pdf = draw_poster([WESSEX])
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1 and b"pdfuaid" in pdf
    assert settings.PHONE in text_of(pdf) and "do not need a letter from your doctor" in text_of(pdf)
    address = f"{settings.PUBLIC_URL}/join/"
    assert resolve(urlsplit(address).path).view_name == "public:join"
    assert leaflets._facts([WESSEX])["code"] == leaflets._code(address)


@pytest.mark.parametrize(
    ("programmes", "says"), [([], "No programme is open at the moment"), ([Programme()], "18 or over")]
)
def test_without_a_programme_or_an_area_it_still_says_whom_to_call(programmes, says, settings):
    settings.POSTAL_ADDRESS = ""
    said = text_of(draw_leaflet(programmes))
    assert says in said and "Post:" not in said and "You live in" not in said


def test_for_the_same_facts_it_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(
        leaflets.typst,
        "compile",
        lambda *args, **rest: drawn.append(json.loads(rest["sys_inputs"]["facts"])) or b"%PDF",
    )
    leaflets._drawn.cache_clear()
    try:
        for _ in range(2):
            draw_leaflet([WESSEX])
        assert len(drawn) == 1 and drawn[0]["code"].startswith("<svg")
    finally:
        leaflets._drawn.cache_clear()
