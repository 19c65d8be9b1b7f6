"""What somebody is called, how to reach them and whom to call, changed by telephone."""

import pytest

from accounts.models import AccessLog, Channel, ContactPoint
from messaging.models import Message
from participants import details
from participants.models import StopKind
from participants.taking_part.stops import Notice, stop_everything
from tests.factories.accounts import ContactPointFactory, ProgrammeFactory
from tests.factories.participants import ParticipantFactory, SupporterFactory
from tests.factories.registering import PAGES

pytestmark = pytest.mark.django_db
LONG = "Wilhelmina-Konstantinopoulou Featherstonehaugh-Cholmondeley"
PAGES_OF_DESK = ("name", "home", "contact", "emergency")


@pytest.fixture
def desk(dee, sign_in):
    return sign_in(dee)


@pytest.fixture
def page(pat):
    return f"/desk/people/{pat.pk}/"


def text_of(answer):
    return answer.content.decode()


def test_the_page_of_a_person_leads_to_each_change(desk, page):
    shown = text_of(desk.get(page))
    for name in PAGES_OF_DESK:
        assert f'href="{page}{name}/"' in shown


def test_what_somebody_is_called_changes_by_phone(desk, page):
    assert "Say it back" in text_of(desk.post(f"{page}name/", {"known_as": LONG}, follow=True))
    assert LONG in text_of(desk.get(page)) and f'value="{LONG}"' in text_of(desk.get(f"{page}name/"))
    assert desk.post(f"{page}name/", {"known_as": "x" * 101}).status_code == 422


def test_where_somebody_lives_changes_by_phone_and_is_told_in_what_happened(desk, pat, page):
    assert "Read each question aloud" in text_of(desk.get(f"{page}home/"))
    desk.post(f"{page}home/", {"postcode": "SO14 1AA", "area": pat.programme.areas[0]})
    assert "Where they live changed" in text_of(desk.get(f"{page}timeline/"))
    assert "SO14 1AA" in text_of(desk.get(page))


def test_a_lost_mailbox_ends_and_a_telephone_number_takes_its_place(desk, dee, pat, page):
    lost = pat.person.contact_points.get(ended_at=None)
    assert f'value="{lost.value}"' in text_of(desk.get(f"{page}contact/"))
    sent = {"ways": ["phone"], "phone": "01632 960777", "may_leave_message": "no", "preferred": "email"}
    refused = desk.post(f"{page}contact/", sent)
    assert refused.status_code == 422 and "Choose a way that you have selected above" in text_of(refused)
    assert "01632 960777" in text_of(refused)
    desk.post(f"{page}contact/", sent | {"preferred": "phone"})
    points = details.contact_points_of(pat.person)
    assert [(p.channel, p.value, p.preferred, p.may_leave_message) for p in points] == [
        ("phone", "+441632960777", True, False)
    ]
    lost.refresh_from_db()
    assert lost.ended_at is not None and pat.person.user.email == "pat@example.org"
    happened = text_of(desk.get(f"{page}timeline/"))
    assert "How to reach them changed" in happened and "Dee Desk for Pat" in happened


def test_somebody_stays_reachable_in_some_way(desk, pat, page):
    refused = desk.post(f"{page}contact/", {"preferred": "phone"})
    assert refused.status_code == 422 and "Select at least one way to reach you" in text_of(refused)
    assert details.contact_points_of(pat.person)


def test_a_way_is_added_beside_those_that_stay(desk, pat, page):
    kept = ContactPointFactory(person=pat.person, channel=Channel.PHONE, value="+441632960444", preferred=False)
    sent = {"ways": ["phone", "post"], "phone": "01632 960444", "may_leave_message": "yes", "address": "1 High Street"}
    desk.post(f"{page}contact/", sent | {"preferred": "post"})
    assert {p.channel: p.preferred for p in details.contact_points_of(pat.person)} == {"post": True, "phone": False}
    assert ContactPoint.objects.get(channel=Channel.PHONE, ended_at=None) == kept


def test_whom_to_call_changes_by_phone(desk, pat, page):
    refused = desk.post(f"{page}emergency/", {"emergency_name": LONG, "emergency_phone": "12"})
    assert refused.status_code == 422 and LONG in text_of(refused)
    desk.post(f"{page}emergency/", PAGES["emergency"])
    pat.refresh_from_db()
    assert pat.emergency_name == "Emer Invented" and "Emer Invented" in text_of(desk.get(page))
    assert "Emergency contact changed" in text_of(desk.get(f"{page}timeline/"))


def test_each_look_is_logged(desk, dee, pat, page):
    looks = AccessLog.objects.filter(what="details", by=dee.person, target=pat.person)
    for number, name in enumerate(PAGES_OF_DESK, start=1):
        assert text_of(desk.get(f"{page}{name}/")).count("<h1") == 1
        assert looks.count() == number, name


def test_once_all_contact_has_ended_nothing_is_changed(desk, dee, pat, page):
    stop_everything(participant=pat, notice=Notice(StopKind.NO_CONTACT), by=dee.person)
    shown = text_of(desk.get(page))
    sent = {"known_as": "Patty"} | PAGES["emergency"] | {"ways": ["phone"], "phone": "01632 960777"}
    for name in PAGES_OF_DESK:
        assert f'href="{page}{name}/"' not in shown
        assert "All contact with them has ended" in text_of(desk.post(f"{page}{name}/", sent, follow=True)), name
    pat.refresh_from_db()
    assert (pat.person.known_as, pat.emergency_name) == ("", "Emer Madeup")


# --- who helps somebody --------------------------------------------------------


def test_how_a_helper_is_reached_is_read_and_changed_by_phone_and_the_address_until_then_hears_of_it(
    desk, dee, pat, sam, page
):
    row = pat.supporters.get()
    theirs = f"{page}supporters/{row.pk}/contact/"
    assert f'href="{theirs}"' in text_of(desk.get(page))
    shown = text_of(desk.get(theirs))
    assert "How to reach Sam Helper" in shown and "sam@example.org" in shown
    assert desk.post(theirs, {"ways": ["phone"], "phone": "12", "preferred": "phone"}).status_code == 422
    sent = {"ways": ["phone"], "phone": "01632 960777", "may_leave_message": "no", "preferred": "phone"}
    assert "Say it back" in text_of(desk.post(theirs, sent, follow=True))
    assert details.number_of(sam.person) == "+441632960777" and sam.email == "sam@example.org"
    assert Message.objects.get(kind="contact_changed").person == sam.person
    assert AccessLog.objects.filter(what="details", by=dee.person, target=sam.person).exists()


def test_a_helper_who_takes_part_works_here_or_belongs_elsewhere_is_reached_by_their_own_record(
    desk, dee, pat, quinn, sam, nell, page
):
    helps, works = (SupporterFactory(participant=pat, person=one) for one in (quinn.person, dee.person))
    assert desk.get(f"{page}supporters/{helps.pk}/contact/")["Location"] == f"/desk/people/{quinn.pk}/contact/"
    SupporterFactory(participant=ParticipantFactory(programme=ProgrammeFactory()), person=sam.person)
    elsewhere = pat.supporters.get(person=sam.person)
    for row in (works, elsewhere):
        refused = desk.post(f"{page}supporters/{row.pk}/contact/", {"ways": ["phone"]}, follow=True)
        assert "they change it themselves" in text_of(refused)
    invited = SupporterFactory(participant=pat, person=nell.person, status="invited", starts_at=None)
    assert desk.get(f"{page}supporters/{invited.pk}/contact/").status_code == 404


def test_who_only_helps_changes_it_on_a_page_of_their_own_and_who_helps_nobody_does_not(sam, sign_in, pat):
    theirs = sign_in(sam)
    assert 'href="/me/details/contact/"' in text_of(theirs.get("/me/details/"))
    sent = {"ways": ["phone"], "phone": "01632 960777", "may_leave_message": "yes", "preferred": "phone"}
    assert theirs.post("/me/details/contact/", {"ways": []}).status_code == 422
    assert "01632 960777" in text_of(theirs.post("/me/details/contact/", sent, follow=True))
    assert details.number_of(sam.person) == "+441632960777"
    pat.supporters.all().delete()
    assert theirs.get("/me/details/contact/").status_code == 404
