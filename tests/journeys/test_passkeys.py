"""A passkey in a real browser: added on the telephone, and the way in from then on."""

from __future__ import annotations

from collections.abc import Callable

from allauth.mfa.models import Authenticator

from tests.journeys.visitor import PHONE, Visitor
from tests.journeys.world import World

Window = Callable[..., Visitor]
LOCKED_WITH_A_FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_added_and_opens_the_login_from_then_on(open_window: Window, world: World) -> None:
    pat = world.someone("Pat Example")
    visitor = open_window(width=PHONE)
    device = visitor.context.new_cdp_session(visitor.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": LOCKED_WITH_A_FINGER})

    visitor.sign_in("pat")
    visitor.goto("/account/security/passkeys/add/")
    visitor.page.get_by_label("A name for it").fill("My phone")
    visitor.press("Add a passkey")
    visitor.sees("Your passkey is saved")
    assert Authenticator.objects.get(type="webauthn").user == pat.person.user

    visitor.goto("/me/")
    visitor.press("Sign out")
    visitor.goto("/account/sign-in/")
    visitor.look("sign-in-with-a-passkey")
    visitor.press("Sign in with a passkey")
    visitor.sees("Hello Pat")
