"""An invitation to help somebody: /help/<token>/, opened from an email.

Here: the page that says who asks and for what, and the yes. Not here: ending or
changing it (me/supporters.py, desk/people.py).
"""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from accounts.signin import public_page
from frontend.signed_in import user_of
from frontend.views.me.wording import SCOPE_WORDS
from participants import support
from participants.models import Supporter, SupporterScope
from participants.refusals import NotPossibleNow


@public_page
@never_cache
def help_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Signed in: say yes. Not signed in: sign in with the invited address first, and come back."""
    supporter = support.invitation_behind(token)
    if supporter is None:
        return render(request, "frontend/public/help_invitation_gone.html", status=404)
    if request.method == "POST" and not request.user.is_authenticated:
        support.open_login_for(supporter)
        back = urlencode({"next": reverse("public:help_invitation", args=[token])})
        return redirect(f"{reverse('account_login')}?{back}")
    if request.method == "POST":
        return _accept(request, supporter)
    words = [SCOPE_WORDS[SupporterScope(scope)] for scope in supporter.scopes]
    return render(request, "frontend/public/help_invitation.html", {"supporter": supporter, "scopes": words})


def _accept(request: HttpRequest, supporter: Supporter) -> HttpResponse:
    person = user_of(request).person
    if person == supporter.participant.person:
        messages.error(request, "You cannot help yourself. Sign in as the person who was invited.")
        return redirect(request.path)
    try:
        support.accept_invitation(supporter=supporter, by=person)
    except support.AlreadyHelps:
        messages.info(request, "You help this person already.")
    except (support.NoLongerInvited, NotPossibleNow):
        return render(request, "frontend/public/help_invitation_gone.html", status=409)
    else:
        messages.success(request, f"You can now help {supporter.participant.person.first_name}.")
    return redirect("me:supporters")


urlpatterns = [path("help/<str:token>/", help_invitation, name="help_invitation")]
