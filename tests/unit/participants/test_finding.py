import datetime as dt

import pytest

from accounts.models import AccessLog
from participants.finding import find_people
from participants.rules.said import Said, read
from tests.factories.accounts import ContactPointFactory
from tests.factories.participants import ParticipantFactory

pytestmark = pytest.mark.django_db


def found(user, line):
    return list(find_people(user, read(line, today=dt.date(2027, 2, 3))))


def named(programme, given, family, **changes):
    return ParticipantFactory(programme=programme, person__given_name=given, person__family_name=family, **changes)


def test_a_search_needs_something_to_look_for(dee, pat):
    assert not find_people(dee, Said())


def test_everything_that_is_said_must_fit(dee, pat, quinn):
    ContactPointFactory(person=quinn.person, channel="phone", value="+441632960444", preferred=False)
    assert found(dee, "a 14.3.1958") == [pat, quinn]
    assert found(dee, "a 1958") == [pat, quinn]
    assert found(dee, "a 1959") == []
    assert found(dee, "a 01632 960 444") == [quinn]
    assert found(dee, f"quinn {pat.reference}") == []
    assert not AccessLog.objects.exists()


@pytest.mark.parametrize("written", ["Jose Munoz", "josé muñoz", "MUÑOZ", "jos noz"])
@pytest.mark.parametrize("kept", ["José Muñoz", "Jose\u0301 Mun\u0303oz", "JOSÉ MUÑOZ"])
def test_an_accent_makes_no_difference_on_either_side(dee, programme, kept, written):
    one = named(programme, *kept.split())
    assert found(dee, written) == [one]


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("Siobhán O’Brien", "siobhan obrien"),
        ("Siobhan O'Brien", "O’Brien"),
        ("Ann Smith-Jones", "smith jones"),
        ("Ann Smith Jones", "smith jones"),
        ("Łukasz Groß", "lukasz gross"),
        ("Bjørn Ægir", "bjorn aegir"),
        ("100% Percent", "100%"),
    ],
)
def test_a_name_is_found_however_it_is_written(dee, programme, kept, written):
    one = named(programme, *kept.split(" ", 1))
    named(programme, "Somebody", "Else")
    assert found(dee, written) == [one]


def test_what_somebody_is_called_counts_as_a_name(dee, programme):
    one = named(programme, "Elizabeth", "Madeup", person__known_as="Betty")
    assert found(dee, "bett made") == [one]


def test_a_postcode_is_found_where_it_was_given_or_in_the_address(dee, programme):
    lives = named(programme, "Ann", "Madeup", postcode="BH15 1AA")
    letters = named(programme, "Ben", "Madeup", postcode="BH1 5AA")
    ContactPointFactory(person=letters.person, channel="post", value="1 Made Up Road\nPoole\nBH15 1AA")
    assert found(dee, "bh151aa") == [lives, letters]
    assert found(dee, "ann BH15") == [lives]
    assert found(dee, "BH1") == [letters]
    assert found(dee, "ben BH15") == [letters]
    ContactPointFactory(person=lives.person, channel="post", value="2 Made Up Road, Poole, BH151AA")
    assert found(dee, "ann BH1") == [] and found(dee, "ann bh15 1aa") == [lives]


def test_a_reference_is_found_whole_or_in_part(dee, programme):
    one = named(programme, "Ann", "Madeup", reference="SF-2K4M-7PQR")
    for said in ("SF-2K4M-7PQR", "sf2k4m7pqr", "2k4m", "7pqr ann"):
        assert found(dee, said) == [one]


def test_an_old_number_and_the_start_of_an_email_address_find_nobody(dee, pat):
    ContactPointFactory(
        person=pat.person, channel="phone", value="+441632960444", preferred=False, ended_at=dt.datetime.now(dt.UTC)
    )
    assert found(dee, "01632960444") == []
    assert found(dee, "PAT@example.org") == [pat] and found(dee, "at@example.org") == []


def test_nobody_is_found_without_a_desk(pat, sam, omar):
    for user in (pat.person.user, sam, omar, None):
        assert not found(user, "Pat")
