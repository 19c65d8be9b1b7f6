"""The world of the journeys: the demonstration's staff and places, and the few people a journey is about.

People join here by the same action as everybody. Not here: the nine months of
history of the whole demonstration (safefit/demo), which one journey loads.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core import mail
from django.utils import timezone

from accounts.history import System, acting
from accounts.models import Organisation, Programme, User
from classes.models import ClassType, Session, Venue
from instructors.models import Instructor
from messaging.delivery import deliver_due
from participants import support
from participants.consents import current_texts
from participants.content import install
from participants.models import Participant, Source, SupporterScope
from participants.registering import intake
from participants.rules.questions import CURRENT
from safefit.demo import cast, places
from safefit.demo.people import EMERGENCY, WELL
from tests.factories.classes import SessionFactory

AREAS = ["Dorset", "Hampshire", "Isle of Wight"]
HALL = "Hamworthy Demo Hall"


@dataclass(frozen=True)
class World:
    programme: Programme
    staff: dict[str, User]
    instructors: dict[str, Instructor]
    class_types: dict[str, ClassType]
    venues: dict[str, Venue]

    def someone(self, name: str, *, health: dict[str, Any] | None = None, needs: Iterable[str] = ()) -> Participant:
        """Somebody who has registered by themselves and signs in by the first name in small letters."""
        given, _, family = name.partition(" ")
        draft = intake.start_registration(programme=self.programme, source=Source.SELF)
        consents = {text.kind: {"given": True, "text": text.pk} for text in current_texts(self.programme)}
        about = {
            "given_name": given, "family_name": family, "born": "1958-03-14", "area": "Dorset", "cancer": "confirmed",
            "email": f"{given.lower()}@{cast.DOMAIN}", "preferred": "email", **EMERGENCY, "consents": consents,
        }  # fmt: skip
        helps = {"needs": list(needs), "share_needs": True}
        asked = {"health_version": CURRENT, "health": {**WELL, **(health or {})}}
        for page, values in (("about", about), ("needs", helps), ("health", asked)):
            intake.save_page(registration=draft, page=page, values=values)
        return intake.submit_registration(registration=draft)

    def helper(self, name: str, participant: Participant) -> User:
        """Somebody who may book for `participant`, and nothing else."""
        with acting(System.COMMAND, "tests.helper"):
            user = cast.make_login(name.split()[0].lower(), cast.make_person(name, dt.date(1972, 4, 4)))
        support.verify_supporter(
            participant=participant,
            person=user.person,
            relationship="daughter",
            scopes=[SupporterScope.BOOK],
            by=self.staff["dee"].person,
        )
        return user

    def a_class(
        self, name: str = "Balance and breathing", *, starts_at: dt.datetime | None = None, **fields: Any
    ) -> Session:
        """A class of Ines in the hall, in three days at half past six unless told otherwise."""
        venue = self.venues[HALL]
        session: Session = SessionFactory(
            programme=self.programme,
            class_type=self.class_types[name],
            starts_at=starts_at or evening_in(days=3),
            leader=self.instructors["ines"],
            **{"venue": venue, "room": venue.rooms.get(), "capacity": 12, **fields},
        )
        return session


def evening_in(*, days: int) -> dt.datetime:
    return timezone.localtime().replace(hour=18, minute=30, second=0, microsecond=0) + dt.timedelta(days=days)


def make_world() -> World:
    with acting(System.COMMAND, "tests.world"):
        body = Organisation.objects.create(slug="safefit", name="SafeFit Demo Partnership")
        programme = Programme.objects.create(
            name="SafeFit Wessex", slug="wessex", run_by=body, areas=AREAS, areas_served=AREAS
        )
        install(programme, System.COMMAND)
        staff = cast.make_staff(programme, cast.make_organisations(programme))
        return World(
            programme=programme,
            staff=staff,
            instructors={
                slug: cast.make_instructor(staff[slug], programme, verified_by=staff["dee"].person)
                for slug in ("ines", "ivor")
            },
            class_types=places.make_class_types(programme),
            venues=places.make_venues(programme),
        )


class Post:
    """What leaves the house: emails, in the order in which they were sent."""

    def deliver(self) -> None:
        """The worker's function, called once."""
        deliver_due()

    def newest_to(self, address: str) -> mail.EmailMessage:
        return [message for message in mail.outbox if address in message.to][-1]

    def subjects_to(self, address: str) -> list[str]:
        return [str(message.subject) for message in mail.outbox if address in message.to]
