"""Two of the staff decide one review at the same moment, through the page, as two people at two desks do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from accounts.permissions import Role
from messaging.models import Message, Task
from participants import health
from participants.models import Clearance
from tests.concurrency.racers import Racers
from tests.factories.accounts import ProgrammeFactory, someone
from tests.factories.participants import ParticipantFactory
from tests.factories.registering import HEALTH

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_decisions_at_once_one_stands_and_the_other_reads_whose_it_was(
    sign_in: Any,
) -> None:  # pitfalls 21
    programme = ProgrammeFactory()
    leads = [someone(name, Role.CLINICAL_LEAD, programme=programme) for name in ("Clare One", "Cora Two")]
    browsers = [sign_in(lead) for lead in leads]
    with Racers(2) as racers:
        for _ in range(5):
            somebody = ParticipantFactory(programme=programme, clearance=False)
            health.update_health(participant=somebody, answers=HEALTH | {"surgery": "yes"}, by=somebody.person)
            shown = health.clearance_of(somebody)
            page = f"/desk/people/{somebody.pk}/clearance/"

            def decide(browser: Any, state: str, page: str = page, shown: Any = shown) -> Callable[[], Any]:
                return lambda: browser.post(page, {"reviewed": shown.pk, "state": state, "note": "Spoke with them"})

            answers = racers.run([decide(browsers[0], "cleared"), decide(browsers[1], "not_suitable")])
            by_status = {answer.status_code: number for number, answer in enumerate(answers)}
            assert sorted(by_status) == [302, 409], [answer.status_code for answer in answers]
            first: User = leads[by_status[302]]
            late = answers[by_status[409]].content.decode()
            assert f"{first.person.full_name} decided" in late
            decision = Clearance.objects.get(participant=somebody, decided_by__isnull=False)
            assert decision.decided_by == first.person
            assert Message.objects.filter(person=somebody.person, kind="clearance_decided").count() == 1
            assert Task.objects.get(kind="review_clearance", subject_id=somebody.pk).state == "done"
