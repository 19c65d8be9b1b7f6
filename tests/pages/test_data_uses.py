from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agreement, Organisation, Programme, User
from outcomes.comments import say
from outcomes.models import CommentSummary, DataUseComment, Release, ReleaseState
from tests.factories.accounts import ProgrammeFactory
from tests.factories.outcomes import ReleaseFactory, release_with_figures

pytestmark = pytest.mark.django_db
REGISTER, SAY = "/how-information-is-used/", "/how-information-is-used/have-your-say/"


def _text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_anybody_reads_who_got_what_and_why_in_pages(programme: Programme, alliance: Organisation) -> None:
    browser = Client()
    assert "Nothing has been given to anybody yet" in _text(browser.get(REGISTER))
    for number in range(1, 22):
        ReleaseFactory(
            programme=programme, organisation=alliance, number=number, state=ReleaseState.PUBLISHED, sha256="0" * 64,
            published_at=timezone.now(), purpose="To plan classes.", said="<b>Say</b> more.",
        )  # fmt: skip
    first, second, past = (_text(browser.get(REGISTER, {"page": page})) for page in ("1", "2", "99"))
    assert "21 uses so far" in first and "Summary 21 of SafeFit Wessex" in first and "Summary 1 of" not in first
    assert "Wessex Alliance" in first and "To plan classes." in first and "&lt;b&gt;Say" in first
    assert "Summary 1 of SafeFit Wessex" in second and "Page 2 of 2" in second
    assert past == second
    assert REGISTER in browser.get("/privacy/").content.decode()


def test_somebody_has_their_say_without_a_name_and_the_desk_reads_it(
    programme: Programme, dee: User, sign_in: Any
) -> None:
    browser = Client()
    empty = browser.post(SAY, {"words": " "})
    assert (empty.status_code, "Enter what you think" in _text(empty)) == (422, True)
    sent = browser.post(SAY, {"words": "Tell us <i>more</i>.", "said_as": "carer"}, follow=True)
    assert "Somebody at the SafeFit office will read what you wrote" in _text(sent)
    desk = sign_in(dee)
    assert "What people say (1 to read)" in _text(desk.get(reverse("desk:releases")))
    page = desk.get(reverse("desk:data_use_comments"))
    assert "A carer, relative or friend" in _text(page) and "&lt;i&gt;more" in page.content.decode()
    assert "Put away all" not in _text(page)
    comment = DataUseComment.objects.get()
    desk.post(reverse("desk:put_away_comment", args=[comment.pk]))
    assert "There is nothing to read" in _text(desk.get(reverse("desk:data_use_comments")))
    assert "Put away by Dee Desk" in _text(desk.get(reverse("desk:data_use_comments"), {"put-away": "yes"}))


def test_the_desk_puts_away_a_page_of_them_at_once_and_none_that_it_has_not_seen(
    programme: Programme, dee: User, sign_in: Any
) -> None:
    elsewhere = say(programme=ProgrammeFactory(), words="Of another desk.")
    for number in range(3):
        say(programme=programme, words=f"Word {number}.")
    desk, page = sign_in(dee), reverse("desk:data_use_comments")
    shown = re.search(r'name="shown" value="([\d ]+)"', desk.get(page).content.decode())
    assert shown
    say(programme=programme, words="Since then.")
    desk.post(reverse("desk:put_away_comments"), {"shown": f"{shown[1]} {elsewhere.pk} x ٣ {'9' * 40}"})
    left = DataUseComment.objects.unread()
    assert {comment.words for comment in left} == {"Of another desk.", "Since then."}
    desk.post(reverse("desk:put_away_comments"))
    assert left.count() == 2
    assert "Put away all" not in _text(desk.get(page))


def test_where_there_are_several_programmes_one_is_chosen_and_where_none_is_one_calls(db: None) -> None:
    assert "Nothing can be sent here yet" in _text(Client().get(SAY))
    ProgrammeFactory(), ProgrammeFactory(name="The other one")
    assert "Select a programme" in _text(Client().post(SAY, {"words": "Hello."}))
    chosen = Programme.objects.get(name="The other one")
    Client().post(SAY, {"words": "Hello.", "programme": str(chosen.pk)})
    assert DataUseComment.objects.get().programme == chosen


def test_from_one_place_only_so_much_is_taken_in_an_hour(programme: Programme) -> None:
    answers = [Client().post(SAY, {"words": f"Once more, {number}."}) for number in range(11)]
    assert [answer.status_code for answer in answers] == [302] * 10 + [429]
    assert "Wait an hour" in _text(answers[-1]) and "Once more, 10." in _text(answers[-1]), "what was typed is kept"
    assert DataUseComment.objects.count() == 10


def test_nothing_is_published_before_it_is_written_down_what_for_and_what_people_said_goes_along(
    programme: Programme, alliance: Organisation, dee: User, omar: User, sign_in: Any
) -> None:
    Agreement.objects.update(purpose="")
    release = release_with_figures(ReleaseState.BUILT, programme=programme, organisation=alliance)
    desk, publish = sign_in(dee), reverse("desk:publish_release", args=[release.pk])
    refused = desk.post(publish)
    assert refused.status_code == 409 and "Write it down first" in _text(refused)
    form = reverse("desk:agreement_purpose", args=[Agreement.objects.get().pk])
    assert form in refused.content.decode()
    assert "Enter what they use summaries for" in _text(desk.post(form, {"purpose": "  "}))
    assert "To plan halls." in _text(desk.post(form, {"purpose": "To plan halls."}, follow=True))
    say(programme=programme, words="How long is it kept?", said_as="carer")
    sum_up = _text(desk.post(reverse("desk:sum_up_comments"), {"words": ""}))
    assert "Enter what people said" in sum_up and "How long is it kept?" in sum_up, "what is summed up stands beside"
    desk.post(reverse("desk:sum_up_comments"), {"words": "Two people asked how long it is kept."})
    assert CommentSummary.objects.get().by == dee.person
    say(programme=programme, words="Who reads it?")
    sum_up = _text(desk.get(reverse("desk:sum_up_comments")))
    assert "Who reads it?" in sum_up and "How long is it kept?" not in sum_up, "what came since the last time"
    assert "Two people asked how long it is kept." in _text(desk.get(publish))
    desk.post(publish)
    release = Release.objects.get()
    assert (release.purpose, release.said) == ("To plan halls.", "Two people asked how long it is kept.")
    for page in (Client().get(REGISTER), sign_in(omar).get(reverse("partner:release", args=[release.pk]))):
        assert "To plan halls." in _text(page) and "Two people asked how long it is kept." in _text(page)
    figures = sign_in(omar).get(f"/api/v1/releases/{release.pk}/").json()
    assert (figures["purpose"], figures["said"]) == (release.purpose, release.said)
