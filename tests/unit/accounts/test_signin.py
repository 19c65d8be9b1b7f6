"""The declarations that views carry: who comes in, who is sent to sign in, who gets 403 or 404."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views import View
from rest_framework.test import APIRequestFactory, force_authenticate
from rest_framework.views import APIView

from accounts.models import Programme, User
from accounts.permissions import Permission, Role
from accounts.sessions import SessionStore
from accounts.signin import PUBLIC, SIGNED_IN, must_hold, needs, public_page, requires, signed_in_page
from tests.factories.accounts import ProgrammeFactory, someone

pytestmark = pytest.mark.django_db
SIGN_IN = "/account/sign-in/?next="


@requires(Permission.WORK_AT_DESK, Permission.TEACH)
def desk(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    return HttpResponse("desk")


@requires(Permission.WORK_AT_DESK, Permission.TEACH)
class Desk(View):
    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        return HttpResponse("desk")

    post = get


@signed_in_page
def home(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


def request_by(user: Any, method: str = "get", path: str = "/desk/people/?q=a", **headers: str) -> HttpRequest:
    request: HttpRequest = getattr(RequestFactory(headers=headers), method)(path)
    request.user = user
    request.session = SessionStore()
    return request


@pytest.fixture(params=["function", "class"])
def view(request: pytest.FixtureRequest) -> Any:
    return desk if request.param == "function" else Desk.as_view()


def test_a_holder_of_one_of_the_permissions_comes_in(view: Any, dee: User, ines: Any) -> None:
    assert view(request_by(dee)).content == b"desk"
    assert view(request_by(ines.person.user), pk=3).content == b"desk"


def test_somebody_not_signed_in_is_sent_to_sign_in_and_back(view: Any) -> None:
    answer = view(request_by(AnonymousUser()))
    assert (answer.status_code, answer.url) == (302, f"{SIGN_IN}/desk/people/%3Fq%3Da")


@pytest.mark.parametrize(
    ("sent_from", "back_to"),
    [
        ("http://testserver/desk/people/3/?tab=2#top", "/desk/people/3/%3Ftab%3D2"),
        ("https://evil.example/desk/", "/"),
        ("", "/"),
    ],
)
def test_after_a_form_sent_too_late_the_way_leads_back_to_its_page(view: Any, sent_from: str, back_to: str) -> None:
    answer = view(request_by(AnonymousUser(), "post", "/desk/people/3/close/", Referer=sent_from))
    assert answer.url == f"{SIGN_IN}{back_to}"


def test_the_wrong_role_is_403_where_no_object_is_named(view: Any, nell: User) -> None:
    with pytest.raises(PermissionDenied):
        view(request_by(nell))


def test_the_wrong_role_is_404_where_an_object_is_named(view: Any, nell: User) -> None:
    with pytest.raises(Http404):
        view(request_by(nell), pk=3)


def test_a_page_for_anybody_signed_in(nell: User) -> None:
    assert home(request_by(nell)).content == b"home"
    assert home(request_by(AnonymousUser())).status_code == 302


def test_a_further_permission_on_an_object_in_scope_is_403(dee: User, programme: Programme) -> None:
    must_hold(dee, Permission.BUILD_RELEASES, programme_id=programme.pk)
    for permission, where in (
        (Permission.DECIDE_CLEARANCE, programme.pk),
        (Permission.BUILD_RELEASES, ProgrammeFactory().pk),
    ):
        with pytest.raises(PermissionDenied):
            must_hold(dee, permission, programme_id=where)


def test_views_say_whom_they_are_for() -> None:
    wanted = frozenset({Permission.WORK_AT_DESK, Permission.TEACH})
    assert desk.audience == Desk.audience == Desk.as_view().audience == wanted  # type: ignore[attr-defined]
    assert home.audience == SIGNED_IN  # type: ignore[attr-defined]
    assert public_page(lambda request: HttpResponse()).audience == PUBLIC  # type: ignore[attr-defined]


def test_a_declaration_without_a_permission_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one"):
        requires()
    with pytest.raises(ValueError, match="at least one"):
        needs()


# --- API ---------------------------------------------------------------------


class Endpoint(APIView):
    permission_classes = [needs(Permission.WORK_AT_DESK)]

    def get(self, request: Any, pk: int | None = None) -> HttpResponse:
        return HttpResponse("desk")


def call(user: User | None, **kwargs: int) -> int:
    request = APIRequestFactory().get("/api/v1/x")
    if user:
        force_authenticate(request, user)
    return Endpoint.as_view()(request, **kwargs).status_code


def test_the_api_answers_like_the_pages(programme: Programme, nell: User) -> None:
    dee = someone("Dee Again", Role.COORDINATOR, programme=programme)
    assert (call(dee), call(dee, pk=3)) == (200, 200)
    assert (call(nell), call(nell, pk=3)) == (403, 404)
    assert (call(None), call(None, pk=3)) == (403, 403)
    assert needs(Permission.TEACH).audience == {Permission.TEACH}  # type: ignore[attr-defined]
