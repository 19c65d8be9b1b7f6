"""How deprived an area is, from a list that is loaded: read whole or not at all, and everybody follows it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from accounts.history import System, acting
from participants.fifths import BadList, place_in_fifths, read_fifths
from participants.models import AreaFifth, Equality
from participants.tasks import place_people_in_fifths
from tests.factories.participants import ParticipantFactory

GOOD = "postcode,fifth,place\nbh15 1aa,2,Poole\nPO30 1AB, 5 ,Newport\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "must name the columns postcode and fifth"),
        ("postcode,decile\nBH15 1AA,2\n", "must name the columns"),
        ("postcode,fifth\n", "There is no postcode in it"),
        ("postcode,fifth\nBH15 1AA,2\nNOWHERE,3\n", "Line 3: 'NOWHERE' is not a full UK postcode"),
        ("postcode,fifth\nBH15 1AA,6\n", "Line 2: '6' is not a fifth"),
        ("postcode,fifth\nBH15 1AA\n", "Line 2: '' is not a fifth"),
    ],
)
def test_a_list_that_cannot_be_read_names_its_line(text, said):
    with pytest.raises(BadList, match=said):
        read_fifths(text.splitlines(keepends=True))


def test_a_list_is_read_whatever_else_stands_in_it():
    assert read_fifths(GOOD.splitlines(keepends=True)) == {"BH15 1AA": 2, "PO30 1AB": 5}


@pytest.mark.django_db
def test_everybody_follows_the_list_and_the_next_one(tmp_path, capsys):
    poole, newport, elsewhere = (ParticipantFactory(postcode=code) for code in ("BH15 1AA", "PO30 1AB", ""))
    Equality.objects.create(participant=newport, sex="male")
    file = tmp_path / "fifths.csv"

    def loaded(text):
        file.write_text(text)
        call_command("load_fifths", str(file))
        return dict(Equality.objects.values_list("participant", "deprivation_quintile"))

    assert loaded(GOOD) == {poole.pk: 2, newport.pk: 5}
    assert "2 postcodes. The fifth of 2 people" in capsys.readouterr().out
    assert loaded("postcode,fifth\nPO30 1AB,4\n") == {poole.pk: None, newport.pk: 4}
    elsewhere.postcode = "PO30 1AB"
    elsewhere.save()
    place_people_in_fifths()
    assert elsewhere.equality.deprivation_quintile == 4
    with acting(System.WORKER, "participants.place_in_fifths"):
        assert place_in_fifths() == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("bytes_of", "said"), [(b"postcode,fifth\nx,1\n", "not a full UK postcode"), (b"\xff\xfe\x00", "was not loaded")]
)
def test_a_bad_file_changes_nothing(tmp_path, bytes_of, said):
    AreaFifth.objects.create(postcode="BH15 1AA", fifth=1)
    file = tmp_path / "bad.csv"
    file.write_bytes(bytes_of)
    with pytest.raises(CommandError, match=said):
        call_command("load_fifths", str(file))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_fifths", str(tmp_path / "missing.csv"))
    assert AreaFifth.objects.count() == 1
