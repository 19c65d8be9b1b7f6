import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from accounts.history import System
from accounts.models import ContactPoint, Organisation, Programme
from messaging import delivery
from messaging.models import Message, Task
from messaging.senders import SENDERS
from messaging.words import words_now
from participants import access, content, details, health, health_content, notices
from participants.models import ClearanceState, ConsentText, Phase, Timepoint
from participants.registering import intake
from participants.rules.admission import Reason
from participants.taking_part import life
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db


# --- contact, name, emergency, needs -----------------------------------------


def change(pat, contacts, preferred="", may_leave_message=False):
    details.change_contact(
        person=pat.person, contacts=contacts, preferred=preferred, may_leave_message=may_leave_message, by=pat.person
    )
    return {p.channel: p for p in details.contact_points_of(pat.person)}


def test_ways_to_reach_somebody_are_replaced_and_the_old_ones_kept_as_ended(pat):
    points = change(pat, {"email": "new@example.org", "phone": "+441632960777", "text": " "}, "phone", True)
    assert set(points) == {"email", "phone"}
    assert points["phone"].preferred and points["phone"].may_leave_message and not points["email"].may_leave_message
    assert ContactPoint.objects.filter(person=pat.person, value="pat@example.org", ended_at__isnull=False).exists()


def test_an_email_address_that_ends_is_told_there_once_and_nobody_else_is(pat, mailoutbox, monkeypatch):
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)
    change(pat, {"phone": "+441632960777"})
    (message,) = Message.objects.filter(kind="contact_changed")
    delivery.deliver(claimed(message))
    (sent,) = mailoutbox
    assert sent.to == ["pat@example.org"]
    assert "not to this address" in sent.body and "phone us at once" in sent.body
    change(pat, {"phone": "+441632960888"})  # nobody is called about a number that ended
    assert Message.objects.filter(kind="contact_changed").count() == 1


def test_a_mobile_number_that_ends_is_told_by_text_where_somebody_carries_texts(pat, monkeypatch):
    sent = []
    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)
    change(pat, {"text": "+447700900333"})
    change(pat, {"text": "+447700900444"})
    assert Message.objects.filter(kind="contact_changed").count() == 1, "nobody carries texts: the email address alone"
    monkeypatch.setitem(SENDERS, "text", lambda outgoing: sent.append(outgoing) or "T-1")
    change(pat, {"text": "+447700900555"})
    delivery.deliver(claimed(Message.objects.filter(kind="contact_changed").latest("pk")))
    assert [one.to for one in sent] == ["+447700900444"] and "phone us at once" in sent[0].words.body


def test_an_address_that_is_theirs_again_is_told_nothing(pat):
    change(pat, {"phone": "+441632960777"})
    change(pat, {"email": "Pat@example.org"})
    assert words_now(Message.objects.get(kind="contact_changed")) is None


def test_an_earlier_address_that_is_dead_is_tried_and_then_left_without_work_for_anybody(pat, monkeypatch):
    def down(outgoing):
        raise OSError("no route to host")

    monkeypatch.setattr("messaging.delivery.quiet_until", lambda at: None)
    monkeypatch.setattr("messaging.delivery.SENDERS", {"email": down})
    change(pat, {"phone": "+441632960777"})
    message = Message.objects.get(kind="contact_changed")
    for _ in range(delivery.MOST_ATTEMPTS):
        assert message.state == "queued"
        delivery.deliver(claimed(message))
        message.refresh_from_db()
    assert (message.state, message.last_error) == ("failed", "OSError")
    assert not Task.objects.exists()


def claimed(message):
    """As a worker takes it: one attempt further."""
    message.attempts += 1
    message.save()
    return message


def test_who_takes_part_in_no_programme_is_told_nothing(nell):
    details.change_contact(
        person=nell.person, contacts={"phone": "+441632960777"}, preferred="", may_leave_message=False, by=nell.person
    )
    assert not Message.objects.exists()


def test_a_way_that_stays_keeps_its_row(pat):
    before = details.contact_points_of(pat.person)[0]
    points = change(pat, {"email": "pat@example.org", "phone": "+441632960777"}, "post")
    assert points["email"].pk == before.pk and points["email"].preferred


def test_somebody_must_stay_reachable(pat):
    with pytest.raises(details.NoWayLeft):
        change(pat, {"email": " "})


def test_what_somebody_is_called_changes(pat):
    assert details.change_name(person=pat.person, known_as=" Patty ", by=pat.person).first_name == "Patty"


# --- doors -------------------------------------------------------------------


def test_drafts_are_reached_by_their_desk_alone(ready, dee, pat):
    draft = intake.start_registration(programme=ready)
    assert set(access.drafts_at_desk_of(dee)) == {draft}
    assert not access.drafts_at_desk_of(pat.person.user)
    assert access.draft_of_caller(dee, reference=draft.reference.lower() + " ", born=None) == draft
    assert access.draft_of_caller(dee, reference="SF-NONE", born=None) is None
    intake.save_page(registration=draft, page="born", values={"born": "1958-03-14"})
    assert access.draft_of_caller(dee, reference=draft.reference, born=None) is None
    assert access.draft_of_caller(dee, reference=draft.reference, born=dt.date(1958, 3, 14)) == draft
    assert list(access.programmes_at_desk_of(dee)) == [ready]
    assert not access.programmes_at_desk_of(pat.person.user)


def test_whoever_has_just_joined_is_found_by_their_session(pat):
    assert access.just_joined(pat.pk) == pat
    assert access.just_joined(None) is None and access.just_joined(0) is None
    assert access.own_record(pat.person.user) == pat
    assert not access.at_desk_of(pat.person.user)


# --- messages ----------------------------------------------------------------


def test_the_first_message_says_until_when_somebody_reads_the_answers(draft):
    participant = intake.submit_registration(registration=draft(health=HEALTH | {"surgery": "yes"}))
    words = words_now(Message.objects.get(kind="registered"))
    assert participant.reference in words.body and "We will be in touch by" in words.body
    assert "cancer" not in (words.subject + words.body).lower()


def test_the_first_message_says_that_one_can_book(draft):
    intake.submit_registration(registration=draft())
    assert "You can book now" in words_now(Message.objects.get(kind="registered")).body


def test_only_the_latest_decision_is_told(pat, clare):
    for state in ("not_suitable", "cleared"):
        health.decide_clearance(participant=pat, reviewed=health.clearance_of(pat), state=state, by=clare.person)
    first, second = Message.objects.filter(kind="clearance_decided").order_by("pk")
    assert words_now(first) is None
    assert "You can book now" in words_now(second).body


def test_somebody_for_whom_it_is_not_suitable_is_called(pat, clare):
    health.decide_clearance(participant=pat, reviewed=health.clearance_of(pat), state="not_suitable", by=clare.person)
    assert "We will call you" in words_now(Message.objects.get(kind="clearance_decided")).body
    assert health.clearance_of(pat).state == ClearanceState.NOT_SUITABLE


def test_who_has_left_meanwhile_is_not_told_that_they_can_book(pat, clare):
    health.decide_clearance(participant=pat, reviewed=health.clearance_of(pat), state="cleared", by=clare.person)
    life.withdraw(participant=pat, by=pat.person)
    assert words_now(Message.objects.get(kind="clearance_decided")) is None


def test_messages_about_rows_that_are_gone_are_not_wanted(pat):
    message = Message(kind="registered", person=pat.person, programme=pat.programme, subject_id=0)
    assert notices._registered(message) is None
    assert notices._clearance_decided(message) is None
    assert notices._supporter_invited(message) is None


# --- content and setting up --------------------------------------------------


def test_content_is_installed_once(ready):
    content.install(ready, System.COMMAND)
    assert Phase.objects.filter(programme=ready).count() == 3
    assert ConsentText.objects.filter(programme=ready).count() == 9
    assert list(
        Timepoint.objects.filter(programme=ready).values_list("code", "day", "opens_before", "closes_after")
    ) == [
        ("start", 0, 28, 7),
        ("m1", 28, 7, 14),
        ("w12", 84, 21, 21),
        ("w26", 182, 28, 28),
    ]


@pytest.mark.django_db
def test_every_reason_has_words_and_somewhere_to_go():
    for signpost in health_content.signposts(list(Reason)):
        assert signpost.words and signpost.places
        assert all(place.name and place.what for place in signpost.places)
        assert all(place.link.startswith("https://") for place in signpost.places if place.link)


def test_a_programme_is_set_up_by_one_command(db, capsys):
    call_command("setup_programme", "SafeFit Trial", "trial", "--organisation", "Body Trust", "--area", "Dorset")
    programme = Programme.objects.get(slug="trial")
    assert programme.run_by.name == "Body Trust" and programme.areas_served == ["Dorset"]
    assert ConsentText.objects.filter(programme=programme).count() == 9
    assert "not signed off" in capsys.readouterr().out
    call_command("setup_programme", "Second", "second", "--organisation", "Body Trust")
    assert Organisation.objects.count() == 1
    assert Programme.objects.get(slug="second").areas_served == ["Dorset", "Hampshire", "Isle of Wight"]


@pytest.mark.parametrize("slug", ["wessex", "Not A Slug"])
def test_a_short_name_that_cannot_be_used_is_explained(programme, slug):
    with pytest.raises(CommandError):
        call_command("setup_programme", "X", slug, "--organisation", "Y")


def test_the_return_link_is_mailed_in_neutral_words(mailoutbox):
    notices.mail_return_link(email="jo@example.org", link="https://safefit.example/join/return/x/", reference="SF-X")
    sent = mailoutbox[0]
    assert sent.to == ["jo@example.org"] and sent.subject == "Your SafeFit registration is saved"
    assert "https://safefit.example/join/return/x/" in sent.body and "SF-X" in sent.body
