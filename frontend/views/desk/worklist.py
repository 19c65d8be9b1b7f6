"""The worklist: one queue of what people at the desk must do, and the page of one task.

Here: the queue, the call sheet (access needs first), taking a task, keeping what
came of it. Not here: what a kind asks for (task_words.py), the decisions that
have a page of their own (clearance.py). Every call sheet opened is logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.history import log_read
from accounts.models import Person
from accounts.permissions import Permission, allows
from accounts.signin import requires
from classes.listing import with_classes
from classes.models import Booking
from classes.safeguarding import programmes_without_reader
from classes.telling.notices import SAME_DAY_CHECK
from classes.waiting_list.offers import open_offers
from frontend import forms
from frontend.class_words import where_led
from frontend.needs import words_of
from frontend.on_the_phone import Line
from frontend.reading_out import read_out_in_call
from frontend.signed_in import user_of
from frontend.views.desk.caller_form import line_context
from frontend.views.desk.letters import PRINTED
from frontend.views.desk.same_person import both_named
from frontend.views.desk.task_kind import Kind, PageOf
from frontend.views.desk.task_words import (
    ABOUT_A_PLACE,
    KINDS,
    WAITING_CALL,
    counted_words,
    dates_of,
    kind_of,
    outcome_words,
    subject_of,
)
from frontend.views.desk.waiting_calls import ACTIONS, act_on
from frontend.views.desk.wording import overdue_label, told_words
from frontend.wording import Label
from messaging.access import (
    late_at_desk_of,
    message_of,
    open_kinds_at_desk_of,
    received_text_of,
    shifts_at_desk_of,
    tasks_at_desk_of,
    unanswered_at_desk_of,
)
from messaging.alerts import told_so_far
from messaging.models import Message, Task, TaskQuerySet, TaskState
from messaging.words import words_now
from messaging.worklist import (
    FORMAT_WANTED,
    TakenBySomebody,
    TaskIsClosed,
    close_task,
    give_back_task,
    record_attempt,
    take_task,
)
from participants import access, details, needs
from participants.models import Participant
from records.matching import SAME_PERSON

at_desk = requires(Permission.WORK_AT_DESK)
PER_PAGE = 50
MINE = Label("Mine", "ok")
CANNOT_WAIT = Label("Cannot wait", "alert")
OWN, FREE, OVERDUE = "own", "free", "overdue"


class ShowForm(forms.FilterForm):
    show = forms.SelectField(
        label="Show",
        empty="Everything to do",
        options=((OVERDUE, "What is overdue"), (OWN, "What I have taken"), (FREE, "What nobody has taken")),
    )
    kind = forms.SelectField(label="Kind", empty="Every kind")

    def __init__(self, data: Any, kinds: Mapping[str, int]) -> None:
        """`kinds`: those of which there is something to do, and how much. One that was just done can still be asked."""
        super().__init__(data)
        asked = data.get("kind", "")
        offered = {**({asked: 0} if asked in KINDS else {}), **kinds}
        named = sorted((kind_of(kind).words, kind, number) for kind, number in offered.items())
        self.fields["kind"].offer([(kind, f"{words} ({number})") for words, kind, number in named])  # type: ignore[attr-defined]


class OutcomeForm(forms.Form):
    outcome = forms.RadiosField(label="What came of it?", missing="Select what came of it")
    note = forms.LongTextField(
        label="Note", hint="Only what the next person needs to know.", required=False, rows=3, max_length=500
    )

    def __init__(self, data: Any, kind: Kind) -> None:
        super().__init__(data)
        offered = [forms.Choice(outcome.value, outcome.words, outcome.hint) for outcome in kind.outcomes]
        self.fields["outcome"].offer(offered)  # type: ignore[attr-defined]
        self.closing = {outcome.value for outcome in kind.outcomes if outcome.closes}


@require_safe
@at_desk
def worklist(request: HttpRequest) -> HttpResponse:
    filters = ShowForm(request.GET, open_kinds_at_desk_of(request.user))
    chosen = filters.cleaned_data if filters.is_valid() else {"show": "", "kind": ""}
    by, now = _person(request), timezone.now()
    page = Paginator(_narrowed(request, chosen, by, now), PER_PAGE).get_page(request.GET.get("page"))
    pressing = set(unanswered_at_desk_of(request.user).values_list("pk", flat=True))
    told = told_so_far([task for task in page if task.pk in pressing])
    context = {
        "nobody_reads": programmes_without_reader(request.user),
        "may_read_concerns": allows(request.user, Permission.READ_SAFEGUARDING),
        "page": page,
        "rows": [
            (
                task,
                subject_of(task),
                _label(task, by, pressing=task.pk in pressing),
                told_words(told.get(task.pk, [])) if task.pk in pressing else "",
            )
            for task in page
        ],
        "chosen": chosen,
        "unsent": late_at_desk_of(request.user).count(),
        "narrowed": any(chosen.values()),
        "on_call": shifts_at_desk_of(request.user).at(now).of_those_who(Permission.WORK_AT_DESK).order_by("line"),
    }
    return render(request, "frontend/desk/worklist.html", {**context, "filters": filters, "by": by})


def _narrowed(request: HttpRequest, chosen: Mapping[str, str], by: Person, now: datetime) -> TaskQuerySet:
    tasks = tasks_at_desk_of(request.user).to_do().most_pressing_first()
    if chosen["kind"]:
        tasks = tasks.filter(kind=chosen["kind"])
    by_show = {OWN: Q(owner=by), FREE: Q(owner=None), OVERDUE: Q(due_at__lt=now)}
    return tasks.filter(by_show.get(chosen["show"], Q()))


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """The call sheet of one task; posting keeps what came of it."""
    shown = get_object_or_404(tasks_at_desk_of(request.user), pk=pk)
    form = OutcomeForm(request.POST if request.method == "POST" else None, kind_of(shown.kind))
    if not form.is_valid():
        return _sheet(request, shown, form)
    outcome, note = form.cleaned_data["outcome"], form.cleaned_data["note"]
    try:
        refused = _keep(request, shown, outcome, note, closes=outcome in form.closing)
    except TaskIsClosed as closed:
        refused = f"This task was closed before: “{outcome_words(closed.task.outcome or closed.task.state)}”."
    if refused:
        form.add_error(None, refused)
        return _sheet(request, get_object_or_404(tasks_at_desk_of(request.user), pk=pk), form, status=409)
    messages.success(request, f"Kept: “{outcome_words(outcome)}”.")
    if shown.kind == WAITING_CALL and read_out_in_call(request):
        return redirect("desk:read_out")  # what they have just agreed to, while they are still on the phone
    return redirect("desk:worklist" if outcome in form.closing else reverse("desk:task", args=[pk]))


@require_POST
@at_desk
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task, or take it over from the person whom the page named."""
    shown = get_object_or_404(tasks_at_desk_of(request.user), pk=pk)
    named = shown.owner if str(shown.owner_id) == request.POST.get("instead_of") else None
    try:
        take_task(task=shown, by=_person(request), instead_of=named)
    except TakenBySomebody as taken:
        messages.error(request, f"{taken.owner.full_name} has just taken this task.")
    except TaskIsClosed:
        messages.error(request, "This task was closed before.")
    else:
        messages.success(request, "This task is yours now.")
    return redirect("desk:task", pk=pk)


@require_POST
@at_desk
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever has the task cannot do it after all."""
    shown = get_object_or_404(tasks_at_desk_of(request.user), pk=pk)
    try:
        give_back_task(task=shown, by=_person(request))
    except TakenBySomebody as taken:
        messages.error(request, f"{taken.owner.full_name} has this task, so it is not yours to give back.")
    except TaskIsClosed:
        messages.error(request, "This task was closed before.")
    else:
        messages.success(request, "Given back: anybody at the desk can take it now.")
    return redirect("desk:task", pk=pk)


def _keep(request: HttpRequest, shown: Task, outcome: str, note: str, *, closes: bool) -> str:
    """Empty when it is done, else why not."""
    by = _person(request)
    if shown.kind == WAITING_CALL and outcome in ACTIONS:
        record_attempt(task=shown, outcome=outcome, note=note, by=by)  # stands even when the place has gone
        booking = _booking_of(_participant_of(request, shown), shown)
        return act_on(booking, outcome, by) if booking else "This booking is gone. Close the task as not needed."
    if closes:
        close_task(task=shown, outcome=outcome, note=note, by=by)
    else:
        record_attempt(task=shown, outcome=outcome, note=note, by=by)
    return ""


def _sheet(request: HttpRequest, shown: Task, form: OutcomeForm, *, status: int | None = None) -> HttpResponse:
    by, about = _person(request), shown.about
    if about is not None:
        log_read(target=about, purpose="desk", what="call sheet", by=by)
    message, participant = message_of(shown), _participant_of(request, shown)
    words = words_now(message) if message and shown.state == TaskState.OPEN else None
    kind = kind_of(shown.kind)
    pressing = bool(shown.urgent_for) and unanswered_at_desk_of(request.user).filter(pk=shown.pk).exists()
    booking = _booking_of(participant, shown) if shown.kind in ABOUT_A_PLACE else None
    rings = participant is not None and kind.by_phone and shown.state == TaskState.OPEN
    context = line_context(request, participant, shown) if rings and participant else {"line": Line(), "asks": None}
    context |= {
        "rings": rings,
        "task": shown,
        "kind": kind,
        "decide_at": _page_of(request, shown, participant, booking),
        "title": subject_of(shown),
        "counted": counted_words(shown),
        "label": _label(shown, by, pressing=pressing),
        "pressing": pressing,
        "told": told_words(told_so_far([shown]).get(shown.pk, [])) if shown.urgent_for else "",
        "open": shown.state == TaskState.OPEN,
        "mine": shown.owner == by,
        "participant": participant,
        "needs": words_of(details.current_needs_of(about)) if about else [],
        "others": list(access.contactable_for(participant)) if rings and participant else [],
        "contacts": details.contact_points_of(about) if about else [],
        "wanted": _wanted(shown, message),
        "letter": reverse("desk:letter", args=[shown.pk]) if shown.kind in PRINTED and words else "",
        "message": message,
        "received": received_text_of(shown),
        "dates": dates_of(shown),
        "both": both_named(request.user, shown) if shown.kind == SAME_PERSON else [],
        "check_at": _check_of(request, message) if message and shown.state == TaskState.OPEN else "",
        "words": words,
        "booking": booking,
        "where": where_led(booking.session) if booking else "",
        "offer": open_offers([booking]).get(booking.pk) if booking else None,
        "attempts": [(row, outcome_words(row.outcome)) for row in shown.attempts.select_related("by").order_by("id")],
        "closed_as": outcome_words(shown.outcome or shown.state),
    }
    return forms.render_form(request, "frontend/desk/task.html", context, form, status=status)


def _wanted(shown: Task, message: Message | None) -> list[str]:
    """What the message lacks by the way it would have gone, in words; as noted now."""
    if shown.kind != FORMAT_WANTED or message is None or shown.about is None:
        return []
    return words_of(needs.wanted_for(shown.about, message.channel))


def _label(shown: Task, by: Person, *, pressing: bool) -> Label | None:
    if shown.state != TaskState.OPEN:
        return None
    if pressing:
        return CANNOT_WAIT
    if (late := timezone.now() - shown.due_at) > timedelta(0):
        return overdue_label(late)
    return MINE if shown.owner_id == by.pk else None


def _page_of(request: HttpRequest, shown: Task, participant: Participant | None, booking: Booking | None) -> str:
    """Where one goes on with this kind, for who may; empty otherwise, and where the row has gone."""
    kind = kind_of(shown.kind)
    if not kind.page or not allows(request.user, kind.permission, programme_id=shown.programme_id):
        return ""
    if kind.page_of is PageOf.NOTHING:
        return reverse(kind.page)
    keys = {
        PageOf.SUBJECT: shown.subject_id,
        PageOf.PARTICIPANT: participant.pk if participant else None,
        PageOf.ABOUT: shown.about_id,
        PageOf.KEY: shown.context.get("key"),
        PageOf.CLASS: booking.session_id if booking else None,
    }
    key = keys[kind.page_of]
    return reverse(kind.page, args=[key]) if key else ""


def _check_of(request: HttpRequest, message: Message) -> str:
    """Where the same-day check that a message asks for is done on the telephone."""
    if message.kind != SAME_DAY_CHECK:
        return ""
    booking = Booking.objects.at_desk_of(request.user).filter(pk=message.subject_id or 0).first()
    return reverse("desk:safety_check", args=[booking.pk]) if booking else ""


def _participant_of(request: HttpRequest, shown: Task) -> Participant | None:
    """Their part in the task's programme; a supporter has none."""
    return access.at_desk_of(request.user).filter(person=shown.about_id, programme=shown.programme_id).first()


def _booking_of(participant: Participant | None, shown: Task) -> Booking | None:
    return with_classes(participant.bookings.filter(pk=shown.subject_id or 0)).first() if participant else None


def _person(request: HttpRequest) -> Person:
    person: Person = user_of(request).person
    return person


urlpatterns = [
    path("", worklist, name="worklist"),
    path("tasks/<int:pk>/", task, name="task"),
    path("tasks/<int:pk>/take/", take, name="take_task"),
    path("tasks/<int:pk>/give-back/", give_back, name="give_back_task"),
]
