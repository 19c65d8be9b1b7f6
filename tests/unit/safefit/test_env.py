"""What is read from the environment is either usable or refused at the start, with words on how to set it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from outcomes.instruments import recipe_called
from safefit import env
from safefit.postgres import ROOT
from tests.production import PRODUCTION, start

NAME = "SAFEFIT_EXAMPLE"
GOOD_KEY = PRODUCTION["SAFEFIT_ENCRYPTION_KEYS"]


@pytest.mark.parametrize("weak", ["x", "x" * 60, "abc" * 20, "Kd8-20fjs83hf_Q"])
def test_a_secret_key_that_can_be_guessed_is_refused_with_a_way_to_make_one(
    weak: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(NAME, weak)
    with pytest.raises(ImproperlyConfigured, match=r"SAFEFIT_EXAMPLE.*at least 50.*secrets.token_urlsafe") as refusal:
        env.secret_key(NAME)
    assert not re.search(rf"\b{weak}\b", str(refusal.value))


@pytest.mark.parametrize("given", ["zzz", f"{GOOD_KEY},zzz", "é" * 44, GOOD_KEY[:-4]])
def test_what_is_no_fernet_key_is_refused_with_a_way_to_make_one(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, given)
    last = len(given.split(","))
    with pytest.raises(ImproperlyConfigured, match=rf"Key {last} of {last} in SAFEFIT_EXAMPLE.*os.urandom\(32\)"):
        env.encryption_keys(NAME)


def test_no_key_at_all_is_refused_with_a_way_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    with pytest.raises(ImproperlyConfigured, match=r"is not set.*secrets.token_urlsafe"):
        env.secret_key(NAME)
    with pytest.raises(ImproperlyConfigured, match=r"is not set.*os.urandom\(32\)"):
        env.encryption_keys(NAME)


def test_what_the_advice_makes_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for advice, read in ((env.MAKE_SIGNING_KEY, env.secret_key), (env.MAKE_FERNET_KEY, env.encryption_keys)):
        code = advice.removeprefix('python3 -c "').removesuffix('"')
        made = start("-c", code).stdout.strip()
        monkeypatch.setenv(NAME, made)
        assert made in read(NAME)
        assert advice in (ROOT / ".env.example").read_text()
    Fernet(made)


@pytest.mark.parametrize(
    ("said", "meant"), [("true", True), ("YES", True), ("1", True), ("on", True), ("false", False), ("No", False),
                        ("0", False), ("off", False), ("", True), (" ", True)],
)  # fmt: skip
def test_a_flag_is_what_it_says(said: str, meant: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, said)
    assert env.flag(NAME, default=True) is meant


@pytest.mark.parametrize("default", [True, False])
def test_a_flag_that_is_neither_yes_nor_no_is_refused(default: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "maybe")
    with pytest.raises(ImproperlyConfigured, match=rf"SAFEFIT_EXAMPLE is 'maybe'. Set it to true or false.*{default}"):
        env.flag(NAME, default=default)


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:secret@h/x", "postgres://u:secret@h:port/x"])
def test_an_address_that_names_no_postgresql_is_refused_without_its_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL.*postgres://USER:PASSWORD@HOST:5432/NAME") as refusal:
        env.database()
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(("said", "seconds"), [("4", 4.0), ("0.5", 0.5), ("0", 0.0)])
def test_how_long_the_database_may_be_silent_is_said_in_seconds(
    said: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u@h/x")
    monkeypatch.setenv("SAFEFIT_DATABASE_SILENCE", said)
    assert env.database()["OPTIONS"]["silence"] == seconds  # type: ignore[index]
    monkeypatch.setenv("SAFEFIT_DATABASE_SILENCE", "soon")
    with pytest.raises(ImproperlyConfigured, match="SAFEFIT_DATABASE_SILENCE is 'soon'. Set it to a number of seconds"):
        env.database()


def test_the_values_of_eq5d_are_those_of_a_set_that_its_recipe_has(monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = recipe_called("eq5d5l")
    assert settings.EQ5D_VALUE_SET == recipe.main, "where nothing is set"
    assert settings.EQ5D_VALUE_SETS == recipe.value_sets
    monkeypatch.setenv("SAFEFIT_X", "DSU_2020")
    with pytest.raises(ImproperlyConfigured, match="SAFEFIT_X is 'DSU_2020'. Set it to one of: UK_2026, ENG_2018."):
        env.one_of("SAFEFIT_X", known=recipe.value_sets, default=recipe.main)


@pytest.mark.parametrize("said", ["57% , Review 2023", "57%, Review 2023", "57 %,Review 2023"])
def test_a_share_from_elsewhere_has_its_source(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert env.share_from_elsewhere("SAFEFIT_X") == {}
    monkeypatch.setenv("SAFEFIT_X", said)
    assert env.share_from_elsewhere("SAFEFIT_X") == {"percent": 57, "source": "Review 2023"}


@pytest.mark.parametrize("said", ["57%", "57", "570%, Review", "57%, ", "Review 2023"])
def test_a_share_without_its_source_is_refused(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEFIT_X", said)
    with pytest.raises(ImproperlyConfigured, match="and its source, like 57%, Review 2023"):
        env.share_from_elsewhere("SAFEFIT_X")


def test_links_made_beside_a_running_copy_lead_to_where_it_runs(tmp_path: Path) -> None:
    (tmp_path / "address").write_text("http://127.0.0.1:8123\n")
    show = "from django.conf import settings; print(settings.PUBLIC_URL)"
    local = {"SAFEFIT_MODE": "local", "SAFEFIT_STATE": str(tmp_path)}
    assert start("-c", show, **local).stdout.strip() == "http://127.0.0.1:8123"
    assert start("-c", show, **local, SAFEFIT_PUBLIC_URL="http://elsewhere.example").stdout.strip().endswith("example")
    assert start("-c", show, SAFEFIT_STATE=str(tmp_path)).stdout.strip() == "https://safefit.example"
    assert env.written_address(tmp_path / "none") == "http://127.0.0.1:8000"


def test_a_command_ends_in_words_and_not_in_a_traceback() -> None:
    for wrong in ({"SAFEFIT_SECRET_KEY": "x"}, {"SAFEFIT_ENCRYPTION_KEYS": "zzz"}, {"SAFEFIT_BEHIND_PROXY": "maybe"}):
        done = start("manage.py", "migrate", **wrong)
        assert done.returncode == os.EX_CONFIG
        assert done.stderr.startswith("SafeFit: ") and "Traceback" not in done.stderr
        assert next(iter(wrong)) in done.stderr


@pytest.mark.parametrize("name", ["Dorset Cancer Exercise", "Macmillan and SafeFit", '"Oncology, Poole"'])
def test_a_sender_that_says_why_people_come_stops_the_start(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEFIT_FROM_EMAIL", f"{name} <hello@safefit.example>")
    with pytest.raises(ImproperlyConfigured, match="like SafeFit <hello@safefit.example>"):
        env.sender("SAFEFIT_FROM_EMAIL", default="SafeFit <hello@safefit.example>")


def test_a_sender_that_says_nothing_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEFIT_FROM_EMAIL", "Move Dorset <hello@safefit.example>")
    assert env.sender("SAFEFIT_FROM_EMAIL", default="") == "Move Dorset <hello@safefit.example>"


def test_spaces_around_commas_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "safefit.example, www.safefit.example ,")
    assert env.items(NAME, default=[]) == ["safefit.example", "www.safefit.example"]


@pytest.mark.parametrize(("value", "words"), [("", "is not set"), ("safefit.example,*", "lets any name in")])
def test_hosts_are_named(value: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=words):
        env.hosts(NAME, default=[])


def test_the_address_of_the_site_has_no_slash_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "https://safefit.example/")
    assert env.site_address(NAME, default="", secure=True) == "https://safefit.example"


@pytest.mark.parametrize(
    "value",
    [
        "http://safefit.example",
        "safefit.example",
        "https://",
        "https://.example",
        "https://a.example/x",
        "javascript:1",
    ],
)
def test_what_is_no_address_of_a_site_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match="like https://safefit.example"):
        env.site_address(NAME, default="", secure=True)


def test_a_copy_on_ones_own_computer_may_do_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "http://127.0.0.1:8000")
    assert env.site_address(NAME, default="", secure=False) == "http://127.0.0.1:8000"


# --- text messages -----------------------------------------------------------

NOTIFY = {
    NAME: "notify",
    "SAFEFIT_NOTIFY_KEY": "safefit-00000000-0000-0000-0000-000000000001-00000000-0000-0000-0000-000000000002",
    "SAFEFIT_NOTIFY_TEMPLATE": "00000000-0000-0000-0000-000000000003",
}


def texts(monkeypatch: pytest.MonkeyPatch, *, production: bool = True, **environment: str) -> env.Texts:
    for name in (*NOTIFY, "SAFEFIT_NOTIFY_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return env.texts(NAME, default="off", production=production)


def test_without_a_word_nothing_is_texted(monkeypatch: pytest.MonkeyPatch) -> None:
    assert texts(monkeypatch) == texts(monkeypatch, **{NAME: " "}) == env.Texts("")


def test_texts_go_through_notify_when_everything_that_it_wants_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = texts(monkeypatch, **NOTIFY)
    assert found.gateway == "messaging.notify.Notify"
    assert (found.key, found.template, found.address) == (*list(NOTIFY.values())[1:], "")


def test_a_folder_is_for_copies_with_invented_people(monkeypatch: pytest.MonkeyPatch) -> None:
    assert texts(monkeypatch, production=False, **{NAME: "folder"}).gateway == "messaging.text_folder.Folder"
    with pytest.raises(ImproperlyConfigured, match="reaches nobody"):
        texts(monkeypatch, **{NAME: "folder"})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({NAME: "twilio"}, "SAFEFIT_EXAMPLE is 'twilio'. Set it to 'notify'.*or to 'off'"),
        ({"SAFEFIT_NOTIFY_KEY": ""}, "SAFEFIT_NOTIFY_KEY is not set. Make an API key"),
        ({"SAFEFIT_NOTIFY_KEY": "secret"}, "SAFEFIT_NOTIFY_KEY is not an API key"),
        ({"SAFEFIT_NOTIFY_TEMPLATE": ""}, r"SAFEFIT_NOTIFY_TEMPLATE is not set.*\(\(body\)\)"),
        ({"SAFEFIT_NOTIFY_TEMPLATE": "reminder"}, "SAFEFIT_NOTIFY_TEMPLATE is not the ID"),
    ],
)
def test_half_of_what_notify_wants_stops_the_start_with_words_on_the_rest(
    wrong: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ImproperlyConfigured, match=words) as refusal:
        texts(monkeypatch, **{**NOTIFY, **wrong})
    assert "secret" not in str(refusal.value)


def test_notify_without_its_client_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(env, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match="extra 'texts'"):
        texts(monkeypatch, **NOTIFY)


@pytest.mark.parametrize("weak", ["x", "x" * 40, "abc" * 12])
def test_a_carriers_token_that_can_be_guessed_is_refused(weak: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, weak)
    with pytest.raises(ImproperlyConfigured, match="SAFEFIT_EXAMPLE can be guessed.*at least 32"):
        env.callback_token(NAME)
    monkeypatch.setenv(NAME, "")
    assert env.callback_token(NAME) == ""
    monkeypatch.setenv(NAME, good := "0123456789abcdefghijklmnopqrstuvwxyz")
    assert env.callback_token(NAME) == good


def test_mail_over_smtp_has_an_end_in_production() -> None:
    show = "from django.conf import settings; print(settings.EMAIL_BACKEND, repr(settings.TEXT_GATEWAY))"
    assert start("-c", show).stdout.split() == ["messaging.mailserver.EmailBackend", "''"]
