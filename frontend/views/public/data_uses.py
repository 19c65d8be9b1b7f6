"""How information is used: everything that was given to anybody, and a form to say what one thinks of it.

Here: the pages. Not here: the register (outcomes/data_uses.py), keeping and reading what is said
(outcomes/comments.py, desk/comments.py), how often something may be sent (accounts/tries.py).
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.signin import public_page
from accounts.tries import may_send
from frontend import forms
from frontend.about_programme import AboutProgramme
from frontend.comment_words import SAID_AS
from outcomes import comments
from outcomes.data_uses import data_uses as every_use
from participants.registering import intake

PER_PAGE = 20
THANKS = (
    "Thank you. Somebody at the SafeFit office will read what you wrote. We cannot answer you, as we do not know you."
)
TOO_OFTEN = (
    "We cannot take any more from here for now. Wait an hour and send it again, or call us on "
    f"{settings.PHONE_IN_WORDS}."
)


class SayForm(AboutProgramme):
    """What somebody thinks."""

    words = forms.LongTextField(
        label="What do you think?",
        hint="Please leave out names, and anything about your health.",
        missing="Enter what you think",
        called="what you write",
        max_length=comments.LONGEST_COMMENT,
        rows=6,
    )
    said_as = forms.RadiosField(
        label="I am", options=[*SAID_AS.items(), ("", "I would rather not say")], required=False, initial=""
    )


@public_page
@require_safe
def data_uses(request: HttpRequest) -> HttpResponse:
    """Every use, the newest first, in pages."""
    page = Paginator(every_use(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "frontend/public/data_uses.html", {"page": page})


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def have_your_say(request: HttpRequest) -> HttpResponse:
    programmes = list(intake.open_programmes())
    if not programmes:
        return render(request, "frontend/public/have_your_say_closed.html")
    form = SayForm(programmes, forms.posted(request))
    if not form.is_valid():
        return forms.render_form(request, "frontend/public/have_your_say.html", {}, form)
    if not may_send(request, action="have_your_say", key=str(form.about.pk)):
        form.add_error(None, TOO_OFTEN)
        return forms.render_form(request, "frontend/public/have_your_say.html", {}, form, status=429)
    comments.say(programme=form.about, words=form.cleaned_data["words"], said_as=form.cleaned_data["said_as"])
    messages.success(request, THANKS)
    return redirect("public:data_uses")


urlpatterns = [
    path("how-information-is-used/", data_uses, name="data_uses"),
    path("how-information-is-used/have-your-say/", have_your_say, name="have_your_say"),
]
