import datetime as dt

import pytest

from participants.rules.said import NoSuchDate, Said, as_written, folded, read

TODAY = dt.date(2027, 2, 3)
FEBRUARY = dt.date(1950, 2, 1)


def said(line):
    return read(line, today=TODAY)


@pytest.mark.parametrize(
    "line",
    [
        "1.2.1950",
        "01/02/1950",
        "01/02/50",
        "1-2-50",
        "01 02 1950",
        "1950-02-01",
        "1 Feb 1950",
        "1st February 1950",
        "1st of feb. 1950",
        "01 FEBRUARY, 1950",
        "1-Feb-1950",
        "1 feb 50",
    ],
)
def test_a_date_of_birth_is_read_in_the_spellings_in_use(line):
    assert said(line) == Said(born=FEBRUARY)


def test_a_year_in_two_figures_is_that_of_somebody_of_age():
    assert said("1/2/05").born == dt.date(2005, 2, 1)
    assert said("1/2/09").born == dt.date(2009, 2, 1)
    assert said("1/2/10").born == dt.date(1910, 2, 1)


@pytest.mark.parametrize("line", ["31.2.1950", "1/13/1950", "1950-02-30", "31 Feb 1950"])
def test_a_date_that_does_not_exist_is_said_to_be_none(line):
    with pytest.raises(NoSuchDate) as wrong:
        said(f"pat {line}")
    assert wrong.value.text == line


@pytest.mark.parametrize(
    "line",
    [
        "01632960001",
        "01632 960 001",
        "(01632) 960001",
        "01632-960-001",
        "+44 1632 960001",
        "+44 (0)1632 960 001",
        "0044 1632 960001",
        "1632 960001",
    ],
)
def test_a_telephone_number_is_read_in_any_spacing_with_or_without_the_country(line):
    assert said(line) == Said(phone="1632960001")


def test_the_end_of_a_number_and_one_from_abroad_are_read_too():
    assert said("pat 960001") == Said(names=("pat",), phone="960001")
    assert said("+33 6 12 34 56 78").phone == "33612345678"
    assert said("31 2 1950").phone == "3121950"  # no date is written so, and a number may be
    assert said("12 3").phone == ""


@pytest.mark.parametrize("line", ["SF-2K4M-7PQR", "sf2k4m7pqr", "sf 2k4m 7pqr"])
def test_a_reference_is_read_with_and_without_hyphens(line):
    assert said(line) == Said(references=("SF2K4M7PQR",))
    assert as_written(line) == as_written("2k4m 7pqr") == "SF-2K4M-7PQR"
    assert as_written("sfkm 7pqr") == "SF-SFKM-7PQR"  # its own letters begin so


def test_a_postcode_is_read_whole_or_its_first_half():
    assert said("bh151aa") == said("BH15 1AA") == Said(postcode="BH15 1AA")
    assert said("bh15 pat") == Said(names=("pat",), codes=("BH15",))


def test_part_of_a_reference_may_stand_alone():
    assert said("2k4m-7pqr") == Said(codes=("2K4M7PQR",))


def test_everything_together_is_told_apart_in_any_order():
    together = said("1.2.50 BH15 1AA José, pat@Example.org 07700 900 982 SF-2K4M-7PQR")
    assert together == Said(
        names=("jose",),
        born=FEBRUARY,
        phone="7700900982",
        references=("SF2K4M7PQR",),
        postcode="BH15 1AA",
        email="pat@example.org",
    )
    assert said("pat 1950") == Said(names=("pat",), year=1950)
    assert said("10 January Smith").names == ("10", "january", "smith")
    assert said("5 weeks 50").names == ("5", "weeks", "50")


@pytest.mark.parametrize("nothing", ["", "  ", "-", ", ’"])
def test_nothing_is_nothing(nothing):
    assert not said(nothing)


@pytest.mark.parametrize(
    ("written", "alike"),
    [("José", "jose"), ("O’Brien", "obrien"), ("Smith-Jones", "smithjones"), ("Łukasz Groß", "lukasz gross")],
)
def test_letters_are_compared_without_their_marks(written, alike):
    assert folded(written) == alike
