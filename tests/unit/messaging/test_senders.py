import email
import email.policy

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from messaging.kinds import Attachment
from messaging.outgoing import NothingSent, Outgoing
from messaging.senders import message_id, send_email
from messaging.words import Words

WORDS = Words("Your class", "Hello\n")


def parsed():
    return email.message_from_bytes(mail.outbox[0].message().as_bytes(), policy=email.policy.default)


def test_an_email_is_plain_text_to_one_address_under_an_id_that_stays():
    send_email(Outgoing("una@example.org", "booking_confirmed:1", WORDS))
    sent = parsed()
    assert sent["To"] == "una@example.org" and sent["Subject"] == "Your class"
    assert sent["Message-ID"] == message_id("booking_confirmed:1") != message_id("booking_confirmed:2")
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "text/plain"


def test_a_file_keeps_the_parameters_of_its_type():
    file = Attachment("safefit.ics", "BEGIN:VCALENDAR\r\nSUMMARY:é\r\n", "text/calendar; method=CANCEL")
    send_email(Outgoing("una@example.org", "k", WORDS, (file,)))
    (part,) = parsed().iter_attachments()
    assert part.get_content_type() == "text/calendar"
    assert part["Content-Type"].params["method"] == "CANCEL"
    assert part.get_filename() == "safefit.ics"
    assert "é" in part.get_content()


@pytest.mark.parametrize(
    "address", ["una@example.org, eve@example.org", "una@example.org\nBcc: eve@example.org", "una", "", "a@b.c\r\n"]
)
def test_what_is_not_exactly_one_address_gets_nothing(address):
    with pytest.raises(ValidationError):
        send_email(Outgoing(address, "k", WORDS))
    assert not mail.outbox


def test_a_backend_that_sends_nothing_has_not_sent(monkeypatch):
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", lambda self, messages: 0)
    with pytest.raises(NothingSent):
        send_email(Outgoing("una@example.org", "k", WORDS))


def test_email_can_be_kept_as_files(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    send_email(Outgoing("una@example.org", "k", WORDS))
    (file,) = tmp_path.iterdir()
    assert b"To: una@example.org" in file.read_bytes()
