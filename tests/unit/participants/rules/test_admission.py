import datetime as dt
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants.rules.admission import MAY_BE_OVERRIDDEN, Applicant, Reason, Rules, age_on, reasons_against

RULES = Rules(minimum_age=18, areas_served=("Dorset", "Hampshire"))
ON = dt.date(2026, 11, 24)
FINE = Applicant(dt.date(1958, 3, 14), "confirmed", "Dorset", True)


def test_somebody_who_fits_has_nothing_against_them():
    assert FINE.complete and reasons_against(FINE, RULES, ON) == ()


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (dt.date(2008, 11, 24), ON, 18),
        (dt.date(2008, 11, 25), ON, 17),
        (dt.date(2008, 11, 23), ON, 18),
        (dt.date(2008, 2, 29), dt.date(2026, 2, 28), 17),
        (dt.date(2008, 2, 29), dt.date(2026, 3, 1), 18),
        (dt.date(2008, 2, 29), dt.date(2028, 2, 29), 20),
        (dt.date(2008, 3, 1), dt.date(2026, 2, 28), 17),
        (dt.date(2008, 2, 28), dt.date(2026, 2, 28), 18),
        (dt.date(2026, 11, 24), ON, 0),
    ],
)
def test_age_is_complete_on_the_birthday(born, on, age):
    assert age_on(born, on) == age
    too_young = Reason.TOO_YOUNG in reasons_against(Applicant(date_of_birth=born), RULES, on)
    assert too_young == (age < 18)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2026, 11, 24)), st.integers(0, 130))
def test_age_never_falls_and_rises_by_one_a_year(born, years):
    on = dt.date(born.year + years, 12, 31)
    assert age_on(born, on) == years
    assert age_on(born, on + dt.timedelta(days=1)) in (years, years + 1)


@pytest.mark.parametrize(("cancer", "fits"), [("confirmed", True), ("suspected", True), ("no", False), ("", False)])
def test_cancer_counts_when_it_is_confirmed_or_suspected(cancer, fits):
    against = reasons_against(Applicant(cancer=cancer), RULES, ON)
    assert against == (() if fits else (Reason.NO_CANCER,))


@pytest.mark.parametrize(
    ("area", "served", "fits"),
    [
        ("Dorset", ("Dorset",), True),
        ("Hampshire", ("Dorset",), False),
        ("elsewhere", ("Dorset",), False),
        ("elsewhere", (), True),
    ],
)
def test_the_area_is_one_of_those_served_or_any(area, served, fits):
    against = reasons_against(Applicant(area=area), Rules(18, served), ON)
    assert against == (() if fits else (Reason.OUTSIDE_AREA,))


@pytest.mark.parametrize(("agrees", "against"), [(True, ()), (False, (Reason.DOES_NOT_AGREE,)), (None, ())])
def test_nobody_joins_without_agreeing(agrees, against):
    assert reasons_against(Applicant(agrees=agrees), RULES, ON) == against


def test_what_is_not_known_is_no_reason_but_not_complete():
    assert reasons_against(Applicant(), RULES, ON) == ()
    assert not Applicant().complete


@pytest.mark.parametrize("answers", list(product([True, False], repeat=4)))
def test_every_reason_is_given_and_no_other(answers):
    old, ill, near, agrees = answers
    applicant = Applicant(
        dt.date(1958, 1, 1) if old else dt.date(2020, 1, 1),
        "suspected" if ill else "no",
        "Hampshire" if near else "Kent",
        agrees,
    )
    expected = [
        reason
        for reason, fits in zip(
            (Reason.TOO_YOUNG, Reason.NO_CANCER, Reason.OUTSIDE_AREA, Reason.DOES_NOT_AGREE), answers, strict=True
        )
        if not fits
    ]
    assert list(reasons_against(applicant, RULES, ON)) == expected


def test_age_is_the_one_thing_nobody_can_set_aside():
    assert set(Reason) - MAY_BE_OVERRIDDEN == {Reason.TOO_YOUNG}
