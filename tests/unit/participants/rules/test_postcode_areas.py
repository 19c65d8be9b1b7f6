import pytest

from participants.rules.postcode_areas import AREAS, WITHIN, area_of


@pytest.mark.parametrize(
    ("postcode", "area"),
    [
        ("BH15 1AA", "Dorset"),
        ("DT1 1AA", "Dorset"),
        ("SO14 2AA", "Hampshire"),
        ("PO1 2AA", "Hampshire"),
        ("BH25 5AA", "Hampshire"),
        ("PO30 1AA", "Isle of Wight"),
        ("BH24 1AA", ""),
        ("SP5 1AA", ""),
        ("PO19 1AA", ""),
        ("M1 1AA", "elsewhere"),
        ("EC1A 1BB", "elsewhere"),
        ("", ""),
    ],
)
def test_the_first_half_suggests_an_area_and_says_nothing_on_a_border(postcode, area):
    assert area_of(postcode) == area


def test_no_first_half_lies_in_two_areas():
    assert len(AREAS) == sum(len(numbers) for districts in WITHIN.values() for numbers in districts.values())
