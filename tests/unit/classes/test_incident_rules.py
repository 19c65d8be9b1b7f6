"""How soon somebody must look at what went wrong."""

import datetime as dt

import pytest

from classes.incident_rules import Harm, IncidentKind, fits, response_to

HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("harm", "called_999", "at_once", "within", "days"),
    [
        (Harm.NONE, False, False, 0 * HOUR, 5),
        (Harm.LOW, False, False, 0 * HOUR, 2),
        (Harm.MODERATE, False, True, 4 * HOUR, 0),
        (Harm.SEVERE, False, True, 1 * HOUR, 0),
        (Harm.FATAL, False, True, 0 * HOUR, 0),
        (Harm.NONE, True, True, 1 * HOUR, 0),
        (Harm.LOW, True, True, 1 * HOUR, 0),
        (Harm.MODERATE, True, True, 1 * HOUR, 0),
        (Harm.SEVERE, True, True, 1 * HOUR, 0),
        (Harm.FATAL, True, True, 0 * HOUR, 0),
    ],
)
def test_by_harm_and_by_whether_999_was_called(harm, called_999, at_once, within, days):
    response = response_to(harm, called_999=called_999)
    assert (response.at_once, response.within, response.working_days) == (at_once, within, days)


def test_what_did_harm_was_no_near_miss():
    assert {harm for harm in Harm if fits(IncidentKind.NEAR_MISS, harm)} == {Harm.NONE}
    assert all(fits(kind, harm) for kind in (IncidentKind.INCIDENT, IncidentKind.ADVERSE_EVENT) for harm in Harm)
