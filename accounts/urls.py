"""The addresses of signing in, under the names allauth looks for. Nothing else of allauth is served."""

from django.urls import path, re_path

from accounts import entrance_pages as pages
from accounts import own_sign_in, passkeys

urlpatterns = [
    path("sign-in/", pages.AskForCode.as_view(), name="account_login"),
    path("sign-in/", pages.AskForCode.as_view(), name="account_request_login_code"),
    path("sign-in/code/", pages.EnterCode.as_view(), name="account_confirm_login_code"),
    path("sign-in/password/", pages.PasswordLogin.as_view(), name="account_password_login"),
    path("sign-in/second-step/", pages.SecondStep.as_view(), name="mfa_authenticate"),
    path("sign-in/passkey/", passkeys.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("sign-in/passkey/ask/", passkeys.ask_for_passkey, name="ask_for_passkey"),
    path("sign-in/start-again/", pages.start_again, name="account_start_again"),
    path("stay/", own_sign_in.stay, name="stay_signed_in"),
    path("not-sent-yet/", own_sign_in.unsent_page, name="unsent"),
    path("sign-out/", pages.SignOut.as_view(), name="account_logout"),
    path("closed/", pages.Closed.as_view(), name="account_inactive"),
    path("password/forgotten/", pages.ForgottenPassword.as_view(), name="account_reset_password"),
    path("password/forgotten/sent/", pages.ForgottenPasswordSent.as_view(), name="account_reset_password_done"),
    path("password/new/saved/", pages.NewPasswordSaved.as_view(), name="account_reset_password_from_key_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        pages.NewPassword.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/change/", pages.ChangePassword.as_view(), name="account_change_password"),
    path("password/again/", pages.PasswordAgain.as_view(), name="account_reauthenticate"),
    path("security/", pages.Security.as_view(), name="mfa_index"),
    path("security/mobile/", own_sign_in.mobile, name="account_mobile"),
    path("security/mobile/code/", own_sign_in.mobile_code, name="account_mobile_code"),
    path("security/mobile/remove/", own_sign_in.remove_mobile, name="account_remove_mobile"),
    path("security/passkeys/add/", passkeys.add_passkey, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/remove/", passkeys.remove_passkey, name="mfa_remove_webauthn"),
    path("security/lost-device/", pages.lost_device, name="lost_device"),
    path("security/set-up/", pages.SetUp.as_view(), name="mfa_activate_totp"),
    path("security/remove/", pages.Remove.as_view(), name="mfa_deactivate_totp"),
    path("security/needed/", pages.second_factor_missing, name="second_factor_missing"),
    path("security/backup-codes/", pages.BackupCodes.as_view(), name="mfa_view_recovery_codes"),
    path("security/backup-codes/new/", pages.NewBackupCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("security/backup-codes/download/", pages.BackupCodesFile.as_view(), name="mfa_download_recovery_codes"),
]
