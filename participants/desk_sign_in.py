"""With which address somebody signs in, set at the desk: by the person themselves on the line, who is told of it.

Here: the action, the message and whether it is still wanted. Not here: what a login is and whose address is taken
(accounts/logins.py), the person's own pages (accounts/own_sign_in.py), the page (frontend/views/desk/signing_in.py).
Whoever reads the messages of an address is let in by it: so nobody sets another's on a word that they were not asked
about, and whoever does not sign in yet hears of it where they are reached, by telephone too.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.history import acting
from accounts.logins import change_login, login_held_by
from accounts.models import Person, User
from messaging.calls import is_on_the_line
from messaging.kinds import Content, register_kind
from messaging.models import Message
from messaging.outbox import enqueue
from messaging.worklist import cancel_tasks
from participants.correcting import NotOnTheLine
from participants.details import contact_points_of
from participants.first_sign_in import ADDRESS_IN_DOUBT
from participants.models import Participant

SIGN_IN_CHANGED = "sign_in_changed"  # its subject is the login


def set_sign_in(*, participant: Participant, email: str | None, mobile: str | None, by: Person) -> User:
    """They sign in with these from now on. Where they signed in before is told by the caller, who has the words.

    Raises NotOnTheLine, and what `accounts.logins.change_login` raises.
    """
    person = participant.person
    with acting(by, "accounts.change_login", on_behalf_of=person):
        if not is_on_the_line(about=person, by=by):
            raise NotOnTheLine
        before = _addresses(login_held_by(person))
        login = change_login(person=person, programme=participant.programme, email=email, mobile=mobile, by=by)
        cancel_tasks(kinds=[ADDRESS_IN_DOUBT], subject_id=participant.pk, by=by)
        if _addresses(login) != before and not before & _reached_at(person):
            _tell(participant, login)
        return login


def register() -> None:
    """Called once, when the apps are ready."""
    register_kind(SIGN_IN_CHANGED, _still_told)


def _addresses(login: User | None) -> set[str]:
    return {str(one).lower() for one in (login.email, login.mobile) if one} if login is not None else set()


def _reached_at(person: Person) -> set[str]:
    return {point.value.lower() for point in contact_points_of(person)}


def _tell(participant: Participant, login: User) -> None:
    """By the way that they like best, a call where that is the telephone; each change once."""
    enqueue(
        programme=participant.programme,
        person=participant.person,
        kind=SIGN_IN_CHANGED,
        subject_id=login.pk,
        dedupe_key=f"{SIGN_IN_CHANGED}:{login.pk}:{timezone.now().isoformat()}",
    )


def _still_told(message: Message) -> Content | None:
    """Not once that login is closed: nobody comes in by it."""
    theirs = User.objects.filter(pk=message.subject_id or 0, person=message.person, is_active=True)
    return Content({}) if theirs.exists() else None
