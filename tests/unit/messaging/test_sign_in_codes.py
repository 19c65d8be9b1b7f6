"""A code to sign in, as the worker sends it: once, at once, and never when it is worth nothing."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from django.test import override_settings
from django.utils import timezone

from accounts.fields import encrypt
from messaging import tasks
from messaging.gsm7 import parts
from messaging.neutral import telling_words
from messaging.outgoing import Outgoing
from messaging.sign_in_codes import GOOD_FOR, NEW_WAY_IN_WORDS, WORDS, send_code

FOLDER = "messaging.text_folder.Folder"


def note(code: str = "123456", *, number: str = "+447700900123", age: timedelta = timedelta()) -> str:
    said = WORDS.format(code=code) if code else ""
    return encrypt(json.dumps([number, said, (timezone.now() - age).isoformat()]))


def sent(tmp_path: Path) -> list[str]:
    return [path.read_text() for path in tmp_path.iterdir()]


def test_the_worker_sends_the_code_once_however_often_it_tries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "require_a_right_clock", lambda: None)
    sealed = note()
    with override_settings(TEXT_GATEWAY=FOLDER, TEXT_FILE_PATH=tmp_path):
        for attempts in (0, 1):
            tasks.send_sign_in_code.func(SimpleNamespace(job=SimpleNamespace(attempts=attempts)), sealed)
    assert [text.partition("\n\n")[2] for text in sent(tmp_path)] == [WORDS.format(code="123456")]


@pytest.mark.parametrize(
    ("sealed", "gateway"),
    [(note(""), FOLDER), (note(age=GOOD_FOR + timedelta(seconds=1)), FOLDER), (note(), "")],
    ids=["for nobody", "too late", "nobody carries it"],
)
def test_what_is_worth_nothing_is_not_sent(sealed: str, gateway: str, tmp_path: Path) -> None:
    with override_settings(TEXT_GATEWAY=gateway, TEXT_FILE_PATH=tmp_path):
        send_code(sealed, again=False)
    assert sent(tmp_path) == []


def test_a_second_try_says_so_and_a_number_that_leads_nowhere_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tried: list[bool] = []

    class Gateway:
        def send(self, outgoing: Outgoing) -> str:
            tried.append(outgoing.again)
            raise ValidationError("not one telephone number")

    monkeypatch.setattr("messaging.sign_in_codes.text_gateway", Gateway)
    send_code(note(), again=False)
    send_code(note(), again=True)
    assert tried == [False, True]


def test_the_text_is_one_part_and_says_nothing_of_why() -> None:
    for words in (WORDS.format(code="123456"), NEW_WAY_IN_WORDS.format(phone="01632 960 000")):
        assert parts(words) == 1
        assert not telling_words(words) and not [word for word in ("class", "exercise", "health") if word in words]
