"""The register on paper, for a hall without signal and without a charged telephone: A4, to be marked by hand.

Here: the page that is printed. Not here: what is shown and when (classes/register/opening.py), the register that a
telephone keeps (offline.py). Opening it is logged as opening the register is.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from accounts.signin import requires
from classes import teaching
from classes.models import Mode
from classes.readiness import check_window
from classes.register import Entry, Register, open_register
from classes.same_day.symptoms import CheckWindow
from frontend.signed_in import user_of
from frontend.views.teach import wording
from frontend.views.teach.check_words import check_words
from frontend.whereabouts import where_words, with_words
from frontend.wording import sentence, telephone

MARKS = ("Attended", "In part", "Home unwell", "Told us", "Did not tell us")
NOT_CLEARED = "NOT CLEARED: do not start. Phone the desk."


@dataclass(frozen=True)
class Line:
    """`warnings` stand first and bold. `contact`: whom to call in an emergency."""

    name: str
    reference: str
    warnings: tuple[str, ...]
    know: tuple[str, ...]
    contact: str
    companion: bool


@require_safe
@requires(Permission.TEACH)
def paper_register(request: HttpRequest, pk: int) -> HttpResponse:
    """With `?initials=yes` no name stands on it, neither of people nor of whom to call."""
    session = get_object_or_404(teaching.classes_led_by(request.user), pk=pk)
    by = user_of(request).person
    opened, initials = open_register(session=session, by=by), request.GET.get("initials") == "yes"
    window = check_window(session)
    context = {
        "session": session,
        "register": opened,
        "initials": initials,
        "lines": [_line(entry, opened, window, initials) for entry in opened.entries],
        "marks": MARKS,
        "photos": wording.photo_words(
            [_initials(entry.name) if initials else entry.name for entry in opened.may_be_recorded], len(opened.entries)
        ),
        "by": by,
    }
    return render(request, "frontend/teach/paper_register.html", context)


def _line(entry: Entry, opened: Register, window: CheckWindow, initials: bool) -> Line:
    facts = entry.facts
    check = check_words(entry, opened, window)
    warnings = [] if facts is None or facts.cleared else [NOT_CLEARED]
    if entry.is_unknown:
        warnings = [wording.UNKNOWN]
    know = [*wording.need_words(entry), *wording.adaptation_words(entry), *wording.also_words(entry)]
    name = entry.first_name if not initials else _initials(entry.name)
    if check is not None:
        warnings += [check.alert.replace(entry.first_name, name)] if check.alert else []
        know.append(check.label.words)
    if facts is not None and opened.session.mode == Mode.REMOTE:
        today = facts.today
        know += [where_words(today), f"Ring {telephone(today.phone)}", with_words(today)] if today else []
        warnings += [] if today else ["Ask where they are before you start."]
    if facts is not None:
        know += [facts.note] if facts.note else []
        know += ["Ask before the class: did not agree to share health facts"] if facts.ask_first else []
    return Line(
        name=_initials(entry.name) if initials else entry.name,
        reference=entry.reference,
        warnings=tuple(warnings),
        know=tuple(sentence(words).removesuffix(".") for words in know),
        contact=_contact(entry, initials),
        companion=entry.with_companion,
    )


def _initials(name: str) -> str:
    return "".join(f"{word[0].upper()}." for word in name.split())


def _contact(entry: Entry, initials: bool) -> str:
    """ "" outside the window, and for a bare name."""
    if entry.facts is None:
        return ""
    contact = entry.facts.emergency
    if contact is None:
        return "Not given: ask before the class"
    who = contact.relationship if initials else f"{contact.name} ({contact.relationship})".replace(" ()", "")
    return f"{sentence(who) or 'Their contact'}, {telephone(contact.phone)}"


urlpatterns = [path("classes/<int:pk>/register/paper/", paper_register, name="paper_register")]
