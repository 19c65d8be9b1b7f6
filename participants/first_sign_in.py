"""Whether whoever reads the messages of an address is the person who gave it: asked once, by the date of birth.

Here: who is asked, the action, and what the desk does when three answers were wrong. Not here: the code that was
sent (accounts/entrance*.py), what a login keeps of it (accounts/logins.py), the step and its page
(frontend/views/public/first_sign_in.py). An address that was misheard, or typed wrongly, is somebody else's: without
this question they would read the whole record.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from django.utils import timezone

from accounts.history import System, acting
from accounts.logins import is_proved, prove
from accounts.models import User
from accounts.permissions import needs_second_factor
from messaging.worklist import raise_task
from participants.models import Participant

ADDRESS_IN_DOUBT: Final = "address_in_doubt"  # kind of the desk's task; its subject is the participant
MOST_WRONG: Final = 3  # of all that anybody gave for this login, from however many places
CALLED_WITHIN: Final = timedelta(days=1)


class AddressShut(Exception):
    """So many wrong dates were given that no address opens this login until the desk has set it with the person."""


def asks_for_birth(user: User, address: str) -> bool:
    """Not of staff, who have a password; nor where no date is known, as of who only helps somebody."""
    return not (is_proved(user, address) or needs_second_factor(user)) and user.person.date_of_birth is not None


def is_shut(user: User) -> bool:
    """Whether it takes a call before an address that is not proved opens this login."""
    return user.wrong_births >= MOST_WRONG


def show_birth(*, user: User, address: str, born: date) -> bool:
    """Whether it is right: then `address` is the person's, and nobody asks again. Raises AddressShut.

    Answers given at once wait for each other, so that no more than three are ever looked at.
    """
    shut = False
    with acting(System.PUBLIC, "participants.show_birth", on_behalf_of=user.person):
        login = User.objects.select_for_update(of=("self",)).select_related("person").get(pk=user.pk)
        if is_shut(login):
            raise AddressShut
        if born == login.person.date_of_birth:
            prove(login, address)
            return True
        login.wrong_births += 1
        login.save(update_fields=["wrong_births"])
        if shut := is_shut(login):
            _have_called(login)
    if shut:
        raise AddressShut
    return False


def _have_called(login: User) -> None:
    """By the desk of the programme which they joined last: not where they are not to be written to or called."""
    parts = Participant.objects.filter(person=login.person, person__contact_stopped_at=None)
    participant = parts.select_related("programme").order_by("-registered_at").first()
    if participant is not None:
        raise_task(
            programme=participant.programme,
            kind=ADDRESS_IN_DOUBT,
            due_at=timezone.now() + CALLED_WITHIN,
            about=login.person,
            subject_id=participant.pk,
            dedupe_key=f"{ADDRESS_IN_DOUBT}:{participant.pk}",
            by=System.PUBLIC,
        )
