"""Erasing what is held about somebody, as pages ask for it: what each refusal means, and its next step. For me/, desk/.

Not here: when it is refused (records/erasing/asking.py), what goes and what stays (preview.py).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Person
from accounts.signin import signed_in_at
from classes.judging.refusals import TryAgain
from frontend import forms
from frontend.signed_in import user_of
from frontend.wording import count
from records.elsewhere import TakesPartElsewhere
from records.erasing import asking
from records.erasing.preview import preview
from records.just_now import NotSignedInJustNow, is_just_now

CALL_US = "We cannot do this on a page at the moment. Please call us: a person looks at it with you."
CHANGED = "Something was added or changed since you looked. Nothing was deleted. Please look again."
SIGN_IN_AGAIN = "Please sign in again first. This keeps somebody else from doing it on your phone or computer."
ASKED_TOO_OFTEN = (
    "Nothing was deleted. No more codes are sent today. Use the newest one that you have, try again tomorrow, "
    f"or call us on {settings.PHONE_IN_WORDS} and a person does it with you."
)
NO_TRIES = (
    "That code does not work any more. Nothing was deleted. Go back and ask for a new one, or call us on "
    f"{settings.PHONE_IN_WORDS} and a person does it with you."
)
NO_TRIES_AT_DESK = (
    "That is not right, and no tries are left. Nothing was deleted. Find out who is on the line, and try in an hour."
)
WHO_IS_THERE = "Find out first who is on the line: only they can ask for it. Nothing was deleted."
BUSY = "Many people are booking just now. Nothing was deleted. Press the button again."


class SeenForm(forms.Form):
    """What was shown to whoever presses the button."""

    seen = forms.HiddenField()


class CodeForm(forms.Form):
    code = forms.TextField(
        label="Your code", hint="The 6 digits that we sent you", called="the code", autocomplete="one-time-code",
        inputmode="numeric", max_length=20, width=10,
    )  # fmt: skip


class ReferenceForm(SeenForm):
    code = forms.TextField(
        label="The reference that they tell you",
        called="the reference",
        hint="It stands in their letters, like SF-AB12-CD34",
        max_length=20,
        width=20,
    )


def erase_context(request: HttpRequest, person: Person) -> dict[str, Any]:
    """What goes and what stays, what stands against it, and whether they signed in just now."""
    refused = asking.why_not(person, user_of(request).person)
    return {
        "preview": preview(person),
        "refused": refused is not None,
        "elsewhere": isinstance(refused, TakesPartElsewhere),
        "not_theirs": isinstance(refused, asking.NotTheirsToDecide),
        "fresh": is_fresh(request),
    }


def is_fresh(request: HttpRequest) -> bool:
    return is_just_now(signed_in_at(request))


def done(form: forms.Form, action: Callable[[], object]) -> bool:
    """Whether `action` was done; otherwise the form says why not."""
    try:
        action()
    except asking.WrongCode as wrong:
        left = f"That is not right. You have {count(wrong.left, 'try', 'tries')} left."
        used_up = NO_TRIES_AT_DESK if isinstance(form, ReferenceForm) else NO_TRIES
        form.add_error("code", left if wrong.left else used_up)
    except asking.AskedTooOften:
        form.add_error(None, ASKED_TOO_OFTEN)
    except asking.ChangedMeanwhile:
        form.add_error(None, CHANGED)
    except NotSignedInJustNow:
        form.add_error(None, SIGN_IN_AGAIN)
    except asking.NotOnTheLine:
        form.add_error(None, WHO_IS_THERE)
    except (asking.SomethingIsOpen, asking.WorksHere, asking.NotTheirsToDecide, TakesPartElsewhere):
        form.add_error(None, CALL_US)
    except TryAgain:
        form.add_error(None, BUSY)
    return not form.errors
