"""A safeguarding concern on pages: sent by anybody of staff, read by safeguarding leads, known to nobody else."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.models import AccessLog, ContactPoint, Membership
from accounts.permissions import Role
from classes.models import Concern, ConcernNote, ConcernReading
from classes.safeguarding import task_of
from messaging.delivery import give_up
from messaging.models import Message, Task
from participants.models import Supporter
from tests.factories.accounts import someone
from tests.factories.classes import BookingFactory, GuestFactory, SessionFactory

pytestmark = pytest.mark.django_db
CANARY = "Zanzibella said her son takes her money"


@pytest.fixture
def session(programme, ines, pat):
    session = SessionFactory(programme=programme, leader=ines)
    BookingFactory(session=session, participant=pat)
    return session


def text_of(answer):
    return answer.content.decode()


def typed(**differs):
    return {"id": str(uuid4()), "in_danger": "no", "words": CANARY} | differs


def send_from_class(browser, session, **differs):
    return browser.post(reverse("teach:raise_concern", args=[session.pk]), typed(**differs))


def send_from_desk(browser, pat, **differs):
    return browser.post(reverse("desk:raise_concern", args=[pat.pk]), typed(**differs))


def test_an_instructor_gets_a_receipt_and_reads_it_no_more(session, ines, sadie, sign_in, pat):
    teacher = sign_in(ines.person.user)
    line = f"b{session.bookings.get().pk}"
    answer = send_from_class(teacher, session, who=line)
    concern = Concern.objects.get()
    assert (concern.participant, concern.session, concern.reported_by) == (pat, session, ines.person)
    receipt = text_of(teacher.get(answer["Location"]))
    assert concern.reference in receipt and "What happens next" in receipt and CANARY not in receipt
    assert teacher.get(reverse("desk:concern", args=[concern.pk])).status_code == 404


def test_a_guest_who_is_only_a_name_stands_in_front_of_the_words(session, ines, sadie, sign_in):
    teacher, guest = sign_in(ines.person.user), GuestFactory(session=session, name="Walter Walkin")
    send_from_class(teacher, session, who=f"g{guest.pk}", words="He was bruised.")
    concern = Concern.objects.get()
    assert concern.words == "About: Walter Walkin, who came without booking.\nHe was bruised."
    assert concern.participant is None
    long = send_from_class(teacher, session, who=f"g{guest.pk}", words="a" * 4000)
    assert long.status_code == 422 and "Write less" in text_of(long) and Concern.objects.count() == 1


def test_the_receipt_is_no_way_to_ask_whether_there_is_one(sign_in, ines, session):
    teacher = sign_in(ines.person.user)
    assert teacher.get(reverse("teach:concern_sent", args=["0000-0000"])).status_code == 200
    assert teacher.get(reverse("teach:concern_sent", args=["anything"])).status_code == 404


def test_a_lead_reads_it_writes_down_what_was_done_and_closes_it(session, dee, sadie, sign_in, pat):
    send_from_desk(sign_in(dee), pat, in_danger="yes")
    lead, concern = sign_in(sadie), Concern.objects.get()
    assert concern.reference in text_of(lead.get(reverse("desk:concerns")))
    page = reverse("desk:concern", args=[concern.pk])
    assert CANARY in text_of(lead.get(page)) and ConcernReading.objects.get().by == sadie.person
    assert lead.post(page, {"step": "closed", "words": ""}).status_code == 422
    lead.post(page, {"step": "passed_on", "words": "Told the council."})
    lead.post(page, {"step": "closed", "words": "They have it."})
    assert [note.step for note in ConcernNote.objects.order_by("id")] == ["passed_on", "closed"]
    assert task_of(concern) is None and "Told the council." in text_of(lead.get(page))
    assert not AccessLog.objects.filter(by=sadie.person).exists()


def test_its_task_leads_the_lead_to_it(dee, sadie, sign_in, pat):
    send_from_desk(sign_in(dee), pat)
    lead = sign_in(sadie)
    concern = Concern.objects.get()
    task = reverse("desk:task", args=[task_of(concern).pk])
    assert reverse("desk:concern", args=[concern.pk]) in text_of(lead.get(task))
    assert task in text_of(lead.get(reverse("desk:people")))  # it cannot wait, which every page says


def test_nobody_else_meets_its_words_or_that_there_is_one(
    session, programme, dee, clare, ada, ines, sam, pat, sadie, sign_in
):
    sign_in(dee).get("/")  # the numbers below are of the desk as it was
    before = {user: snapshot(sign_in(user), pat, session) for user in (dee, clare)}
    others = {user: outside(sign_in(user), session) for user in (ada, ines.person.user, sam, pat.person.user)}
    send_from_desk(sign_in(sadie), pat)
    alert = Message.objects.get(kind="alert")
    give_up(alert)
    concern, tasks = Concern.objects.get(), list(Task.objects.all())
    assert len(tasks) == 2  # the concern, and the message that did not arrive
    for user, pages in before.items():
        browser = sign_in(user)
        assert snapshot(browser, pat, session) == pages
        for task in tasks:
            for name in ("desk:task", "desk:take_task", "desk:give_back_task"):
                method = browser.get if name == "desk:task" else browser.post
                assert method(reverse(name, args=[task.pk])).status_code == 404
        assert browser.get(reverse("desk:message", args=[alert.pk])).status_code == 404
        assert browser.get(reverse("desk:concern", args=[concern.pk])).status_code == 404
        assert browser.get(reverse("desk:concerns")).status_code == 403
        assert browser.get(reverse("desk:concern_sent", args=[concern.reference])).status_code == 200
    for user, pages in others.items():
        assert outside(sign_in(user), session) == pages
    assert not AccessLog.objects.filter(what__icontains="concern").exists()


TOKENS = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"|nonce="[^"]*"|value="[0-9a-f-]{36}"')


def read(browser, paths):
    return [TOKENS.sub("", text_of(browser.get(path))) for path in paths]


def snapshot(browser, pat, session):
    """Every page of the desk that could tell, as it is drawn."""
    paths = [reverse(f"desk:{name}") for name in ("worklist", "messages", "incidents", "on_call", "letters", "people")]
    paths += [reverse(f"desk:{name}", args=[pat.pk]) for name in ("person", "timeline", "stop", "raise_concern")]
    paths += [f"{reverse('desk:worklist')}?kind=safeguarding_concern", reverse("desk:safety_summary")]
    found = browser.post(reverse("desk:people"), {"said": "Zanzibella"})
    return [*read(browser, paths), TOKENS.sub("", text_of(found))]


def outside(browser, session):
    names = ("me:home", "me:details", "me:supporters", "teach:sessions", "content:overview", "own-record")
    return read(browser, [*(reverse(name) for name in names), reverse("teach:session", args=[session.pk])])


def test_somebody_named_in_it_who_reads_concerns_does_not_read_this_one(programme, dee, sadie, pat, sign_in):
    saul = someone("Saul Safeguard", Role.SAFEGUARDING_LEAD, programme=programme)
    send_from_desk(sign_in(dee), pat, names=[str(sadie.person_id)])
    concern = Concern.objects.get()
    named, other = sign_in(sadie), sign_in(saul)
    assert named.get(reverse("desk:concern", args=[concern.pk])).status_code == 404
    assert concern.reference not in text_of(named.get(reverse("desk:concerns")))
    task = reverse("desk:task", args=[task_of(concern).pk])
    assert named.get(task).status_code == 404
    assert task not in text_of(named.get(reverse("desk:worklist"))) + text_of(named.get(reverse("desk:people")))
    assert "Sadie Safeguard" in text_of(other.get(reverse("desk:concern", args=[concern.pk])))
    assert list(Message.objects.values_list("person", flat=True)) == [saul.person_id]


def test_a_supporter_can_be_named_at_the_desk_and_nothing_reaches_them(dee, sadie, sam, pat, sign_in):
    desk = sign_in(dee)
    page = text_of(desk.get(reverse("desk:raise_concern", args=[pat.pk])))
    assert "Sam Helper" in page and "Sadie Safeguard" in page
    send_from_desk(desk, pat, names=[str(sam.person_id)])
    assert not Message.objects.filter(person__in=[sam.person_id, pat.person_id]).exists()
    assert Supporter.objects.get(participant=pat).status == "active"


def test_an_instructor_does_not_read_who_helps_somebody(session, ines, sam, sadie, sign_in):
    page = text_of(sign_in(ines.person.user).get(reverse("teach:raise_concern", args=[session.pk])))
    assert "Sam Helper" not in page and "Sadie Safeguard" in page


def test_with_nobody_to_read_it_the_desk_and_the_form_say_so_loudly_beforehand(dee, pat, session, ines, sign_in):
    desk = sign_in(dee)
    assert "Nobody may read a safeguarding concern in SafeFit Wessex." in text_of(desk.get(reverse("desk:worklist")))
    form = text_of(desk.get(reverse("desk:raise_concern", args=[pat.pk])))
    assert "Nobody at SafeFit may read this at the moment." in form
    sent = send_from_desk(desk, pat)
    assert "Phone adult social care at the council now" in text_of(desk.get(sent["Location"]))
    teacher = sign_in(ines.person.user)
    sent = send_from_class(teacher, session)
    assert "Phone adult social care at the council now" in text_of(teacher.get(sent["Location"]))
    assert Concern.objects.count() == 2


def test_where_all_who_read_are_named_the_reporter_hears_that_nobody_reads_it(dee, sadie, pat, sign_in):
    desk = sign_in(dee)
    assert "Nobody may read" not in text_of(desk.get(reverse("desk:worklist")))
    told = text_of(desk.get(send_from_desk(desk, pat)["Location"]))
    assert "leads are told now" in told and "council now" not in told
    page = text_of(desk.get(send_from_desk(desk, pat, names=[str(sadie.person_id)])["Location"]))
    assert "Phone adult social care at the council now" in page and "leads are told now" not in page


def test_who_loses_the_role_reads_it_no_more(dee, sadie, pat, sign_in):
    send_from_desk(sign_in(dee), pat)
    lead, concern = sign_in(sadie), Concern.objects.get()
    Membership.objects.filter(user=sadie).update(role=Role.COORDINATOR.value)
    assert lead.get(reverse("desk:concern", args=[concern.pk])).status_code == 404


def test_sent_twice_it_is_one_and_what_is_wrong_keeps_what_was_typed(dee, sadie, pat, sign_in):
    desk, id = sign_in(dee), str(uuid4())
    for _ in range(2):
        send_from_desk(desk, pat, id=id)
    assert Concern.objects.count() == 1
    other = send_from_desk(desk, pat, id=id, words="Other words")
    assert other.status_code == 422 and "Other words" in text_of(other)
    wrong = send_from_desk(desk, pat, in_danger="")
    assert wrong.status_code == 422 and CANARY in text_of(wrong)


def test_an_alert_names_nobody_and_no_reason(dee, sadie, pat, sign_in):
    send_from_desk(sign_in(dee), pat)
    alert = Message.objects.get(kind="alert")
    assert alert.context == {"on_call": False} and alert.person == sadie.person
    assert ContactPoint.objects.filter(person=sadie.person).exists()
