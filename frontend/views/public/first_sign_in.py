"""The date of birth, asked once when somebody first signs in by a code to an address: the step, and its page.

Here: the step that allauth takes after the code (settings.SIGN_IN_STEPS), and /first-sign-in/. Not here: who is asked,
how often, and what follows (participants/first_sign_in.py).
"""

from __future__ import annotations

from typing import Any, Final

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginStage
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.entrance import login_of
from accounts.signin import CODE, public_page
from frontend import forms
from frontend.wording import today
from participants.first_sign_in import AddressShut, asks_for_birth, is_shut, show_birth

WRONG: Final = f"This is not the date of birth we have. Check it, or call us on {settings.PHONE_IN_WORDS}."
SHUT: Final = (
    f"We could not see that this is your record. Call us on {settings.PHONE_IN_WORDS}: we put it right while you are "
    "on the phone, and can do everything else for you by phone too."
)
CHANGED: Final = "How you sign in was changed just now. Ask for a new code."


class BirthForm(forms.Form):
    born = forms.DateField(
        label="What is your date of birth?",
        called="your date of birth",
        hint="For example, 31 3 1950",
        birthday=True,
        latest=today,
        page_heading=True,
    )


class FirstSignInStep(LoginStage):
    """Nobody is signed in before it is done. A code that went to an address which is no longer theirs opens nothing."""

    key = "first_sign_in"
    urlname = "public:first_sign_in"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        address = self.address
        if not address:
            return None, True
        if login_of(address) != self.login.user:
            messages.warning(self.request, CHANGED)
            return redirect("account_login"), False
        if not asks_for_birth(self.login.user, address):
            return None, True
        if is_shut(self.login.user):
            messages.error(self.request, SHUT)
            return redirect("account_login"), False
        return redirect(self.urlname), True

    @property
    def address(self) -> str:
        """To which the code went that was typed; "" where somebody comes in another way."""
        records = get_authentication_records(self.request, self.login.user)
        return next((one["email"] for one in reversed(records) if one["method"] == CODE and one.get("email")), "")


@public_page
@require_http_methods(["GET", "HEAD", "POST"])
@login_stage_required(stage=FirstSignInStep.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
def first_sign_in(request: HttpRequest) -> HttpResponse:
    """Three wrong answers, and it takes a call."""
    step: Any = request._login_stage  # type: ignore[attr-defined]  # put there by allauth
    form = BirthForm(forms.posted(request))
    if form.is_valid():
        try:
            if show_birth(user=step.login.user, address=step.address, born=form.cleaned_data["born"]):
                answer: HttpResponse = step.exit()
                return answer
        except AddressShut:
            messages.error(request, SHUT)
            ended: HttpResponse = step.abort()
            return ended
        form.add_error("born", WRONG)
    return forms.render_form(request, "frontend/public/first_sign_in.html", {}, form)


urlpatterns = [path("first-sign-in/", first_sign_in, name="first_sign_in")]
