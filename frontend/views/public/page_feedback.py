"""Was this page helpful? The page on which it is answered, with or without a word.

Here: the form. Not here: which pages ask (frontend/page_feedback.py), the desk's inbox (desk/page_feedback.py).
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.signin import public_page
from accounts.tries import may_send
from frontend import forms
from frontend.page_feedback import ONE_OF_MANY, pages_that_ask
from messaging.page_feedback import LONGEST_WORDS, say_of_page
from participants import access

WHOLE_SITE = "/"  # somebody opened this without coming from a page
THANKS = "Thank you. Somebody at the SafeFit office reads what people say about our pages."
TOO_OFTEN = f"We cannot take any more from here for now. Wait an hour, or call us on {settings.PHONE_IN_WORDS}."


class HelpfulForm(forms.Form):
    helpful = forms.YesNoField(label="Was the page helpful?", missing="Select yes if the page was helpful")
    words = forms.LongTextField(
        label="What could be better, or what was good?",
        hint="Please leave out names, and anything about your health. We do not know who you are, so we cannot answer.",
        called="what you write",
        max_length=LONGEST_WORDS,
        rows=4,
        required=False,
    )


@public_page
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page_feedback(request: HttpRequest) -> HttpResponse:
    """GET shows what was chosen under the page, and keeps nothing."""
    page = request.GET.get("page", WHOLE_SITE)
    if page != WHOLE_SITE and page not in pages_that_ask():
        raise Http404
    helpful = {"yes": True, "no": False}.get(request.GET.get("helpful", ""))
    form = HelpfulForm(forms.posted(request), initial={"helpful": helpful})
    about = {"page": page if ONE_OF_MANY not in page else ""}  # the way back
    if not form.is_valid():
        return forms.render_form(request, "frontend/public/page_feedback.html", about, form)
    if not may_send(request, action="page_feedback"):
        form.add_error(None, TOO_OFTEN)
        return forms.render_form(request, "frontend/public/page_feedback.html", about, form, status=429)
    own = access.own_record(request.user)
    say_of_page(
        page=page,
        helpful=form.cleaned_data["helpful"],
        words=form.cleaned_data["words"],
        programme=own.programme if own else None,
    )
    messages.success(request, THANKS)
    return redirect("start" if request.user.is_authenticated else "home")


urlpatterns = [path("was-this-helpful/", page_feedback, name="page_feedback")]
