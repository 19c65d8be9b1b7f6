"""Mail over SMTP itself, and every way in which a server fails: nothing is lost, and the desk hears of it."""

import datetime as dt
import smtplib

import pytest

from messaging.delivery import MARGIN, MOST_ATTEMPTS, WAITS, deliver_due
from messaging.kinds import Attachment, Content
from messaging.mailserver import EmailBackend
from messaging.models import Message, MessageState, Task
from messaging.senders import message_id
from tests.mailserver import Trouble, mail_server, port_where_nobody_listens
from tests.unit.messaging.conftest import NOON, reachable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon", "right_clock")]

REFUSED = "connection refused"
ERRORS = {
    REFUSED: "ConnectionRefusedError",
    Trouble.NOT_NOW: "SMTPRecipientsRefused 450",
    Trouble.NO_SUCH_PERSON: "SMTPRecipientsRefused 550",
    Trouble.FULL: "SMTPDataError 452",
    Trouble.SPAM: "SMTPDataError 554",
    Trouble.HANGS_UP: "SMTPServerDisconnected",
    Trouble.TAKES_IT_AND_HANGS_UP: "SMTPServerDisconnected",
    Trouble.TAKES_IT_AND_IS_SILENT: "SMTPServerDisconnected",
    Trouble.NEVER_COMES_TO_AN_END: "SMTPServerDisconnected",
}
TAKEN_ALL_THE_SAME = (Trouble.TAKES_IT_AND_HANGS_UP, Trouble.TAKES_IT_AND_IS_SILENT)

TAKE_TIME = (Trouble.TAKES_IT_AND_IS_SILENT, Trouble.NEVER_COMES_TO_AN_END)


@pytest.fixture
def server(settings):
    with mail_server() as running:
        settings.EMAIL_BACKEND = "messaging.mailserver.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield running


def in_trouble(server, trouble, settings):
    if trouble == REFUSED:
        settings.EMAIL_PORT = port_where_nobody_listens()
    else:
        server.trouble = trouble
    if trouble in TAKE_TIME:
        settings.EMAIL_TIMEOUT = 0.3


def mended(server, settings):
    server.trouble, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = None, server.port, 20


def test_a_message_arrives_at_one_mailbox_with_its_id_its_words_and_its_calendar_file(server, queue, news):
    file = Attachment("safefit.ics", "BEGIN:VCALENDAR\r\nSUMMARY:Café\r\n", "text/calendar; method=REQUEST")
    news(lambda message: Content({"name": "Ünal"}, attachments=(file,)))
    message = queue()
    deliver_due()
    ((envelope,), (arrived,)) = server.taken, server.messages
    assert envelope.rcpt_tos == ["una@example.org"]
    assert (arrived["To"], arrived["Cc"], arrived["Bcc"]) == ("una@example.org", None, None)
    assert arrived["Message-ID"] == message_id(message.dedupe_key)
    assert (arrived["Subject"], arrived["Auto-Submitted"]) == ("News", "auto-generated")
    assert arrived.get_body().get_content().splitlines() == ["Hello Ünal"]
    (calendar,) = arrived.iter_attachments()
    assert (calendar.get_content_type(), calendar["Content-Type"].params["method"]) == ("text/calendar", "REQUEST")
    assert "Café" in calendar.get_content()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.SENT, 1, "")


@pytest.mark.parametrize("trouble", ERRORS)
def test_after_a_failure_the_message_waits_and_then_arrives_with_at_most_one_copy(
    server, queue, noon, settings, trouble
):
    message = queue()
    in_trouble(server, trouble, settings)
    deliver_due()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.due_at) == (MessageState.QUEUED, 1, NOON + WAITS[0])
    assert message.last_error == ERRORS[trouble]
    mended(server, settings)
    assert deliver_due() == 0
    noon.shift(WAITS[0])
    deliver_due()
    message.refresh_from_db()
    assert message.state == MessageState.SENT
    assert len(server.taken) == (2 if trouble in TAKEN_ALL_THE_SAME else 1)
    assert {arrived["Message-ID"] for arrived in server.messages} == {message_id(message.dedupe_key)}


# pitfalls 62
@pytest.mark.parametrize("trouble", [trouble for trouble in ERRORS if trouble not in (*TAKEN_ALL_THE_SAME, *TAKE_TIME)])
def test_a_server_that_goes_on_failing_is_the_desks_within_the_hour(server, queue, noon, settings, trouble):
    message = queue()
    in_trouble(server, trouble, settings)
    for wait in (*WAITS, MARGIN):
        assert deliver_due() == 1
        noon.shift(wait)
    assert deliver_due() == 0
    message.refresh_from_db()
    assert (message.state, message.attempts) == (MessageState.FAILED, MOST_ATTEMPTS)
    assert message.last_error == ERRORS[trouble]
    task = Task.objects.get()
    assert (task.kind, task.subject_id) == ("not_reached", message.pk)
    assert message.finished_at - NOON < dt.timedelta(hours=1)
    assert not server.taken


def test_one_refused_mailbox_does_not_keep_the_others_waiting(server, queue, settings):
    settings.EMAIL_TIMEOUT = 20
    refused = queue(reachable(("email", "ulla@example.org")), key="refused")
    wanted = queue(key="wanted")

    async def handle_RCPT(talk, session, envelope, address, options):
        envelope.rcpt_tos.append(address)
        return "550 nobody" if address == "ulla@example.org" else "250 taken"

    server.handle_RCPT = handle_RCPT
    deliver_due()
    assert [arrived["To"] for arrived in server.messages] == ["una@example.org"]
    assert Message.objects.get(pk=wanted.pk).state == MessageState.SENT
    assert Message.objects.get(pk=refused.pk).last_error == "SMTPRecipientsRefused 550"


def test_a_talk_has_an_end_whether_or_not_it_is_encrypted_from_its_first_byte(settings):
    settings.EMAIL_USE_SSL = True
    encrypted = EmailBackend().connection_class
    settings.EMAIL_USE_SSL = False
    plain = EmailBackend().connection_class
    assert issubclass(encrypted, smtplib.SMTP_SSL) and issubclass(encrypted, plain)
    plain().close()  # one that never began has none
