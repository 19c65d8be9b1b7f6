"""What every carrier of our messages does alike; and GOV.UK Notify in particular, through its real client."""

import logging
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from messaging.notify import Notify, NotifyRefused
from messaging.outgoing import Became, NoSuchAddress, Outgoing
from messaging.senders import send_email, senders, text_gateway
from messaging.text_folder import Folder
from messaging.words import Words
from tests.notify import BROKEN, BUSY, KEY, SPENT, TEMPLATE, notify_server, refusal

WORDS = Words("", "SafeFit for Una: A reminder of your class:\nCafé £5. Call us: 01632 960 000")
NUMBER = "+447700900111"


@pytest.fixture
def notify(settings):
    with notify_server() as server:
        settings.NOTIFY_URL, settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE = server.url, KEY, TEMPLATE
        yield server


# --- every carrier -----------------------------------------------------------


@pytest.fixture(params=["email", "folder", "notify"])
def carrier(request, settings, tmp_path):
    """A sender, an address that it knows, and `taken()`: to whom, and with which words, it has taken something."""
    if request.param == "email":
        return send_email, "una@example.org", lambda: [(m.to[0], m.body) for m in mail.outbox]
    if request.param == "folder":
        settings.TEXT_FILE_PATH = tmp_path / "texts"
        read = lambda: [file.read_text() for file in (tmp_path / "texts").glob("*")]  # noqa: E731
        return Folder().send, NUMBER, lambda: [(w[4:].partition("\n")[0], w.partition("\n\n")[2]) for w in read()]
    server = request.getfixturevalue("notify")
    return Notify().send, NUMBER, lambda: [(text["phone_number"], text["body"]) for text in server.texts.values()]


def test_a_carrier_takes_the_words_as_they_are_to_one_address(carrier):
    send, address, taken = carrier
    assert isinstance(send(Outgoing(address, "class_reminder:1", WORDS)), str)
    assert taken() == [(address, WORDS.body)]


@pytest.mark.parametrize(
    "address", ["", "una", "a@b.c, d@e.f", "07700 900111, 07700 900222", "+447700900111\n+44", "+0"]
)
def test_a_carrier_takes_nothing_to_what_is_not_exactly_one_address(carrier, address):
    send, _, taken = carrier
    with pytest.raises(ValidationError):
        send(Outgoing(address, "class_reminder:1", WORDS))
    assert taken() == []


@pytest.fixture(params=["folder", "notify"])
def gateway(request, settings, tmp_path):
    if request.param == "folder":
        settings.TEXT_FILE_PATH = tmp_path
        return Folder(), lambda status: None
    return Notify(), request.getfixturevalue("notify").becomes


def test_a_carrier_of_texts_says_when_one_has_arrived_and_knows_nothing_of_others(gateway):
    carrier, becomes = gateway
    sent_as = carrier.send(Outgoing(NUMBER, "class_reminder:1", WORDS))
    becomes("delivered")
    assert sent_as and carrier.became_of(sent_as) is Became.ARRIVED
    with pytest.raises(LookupError):
        carrier.became_of("00000000-0000-0000-0000-000000000000")


@pytest.mark.parametrize(
    ("named", "kind"), [("messaging.notify.Notify", Notify), ("messaging.text_folder.Folder", Folder)]
)
def test_the_carrier_of_texts_is_the_one_that_the_settings_name(settings, named, kind):
    settings.TEXT_GATEWAY = named
    assert isinstance(text_gateway(), kind)


def test_without_a_carrier_nothing_is_texted(settings):
    settings.TEXT_GATEWAY = ""
    assert text_gateway() is None
    assert set(senders(None)) == {"email"}
    assert set(senders(Folder())) == {"email", "text"}


# --- Notify ------------------------------------------------------------------


def test_notify_is_told_a_number_the_words_and_a_reference_that_says_nothing(notify):
    Notify().send(Outgoing(NUMBER, "place_in_doubt:1", WORDS))
    Notify().send(Outgoing(NUMBER, "place_in_doubt:1", WORDS))
    first, again = notify.texts.values()
    assert first["reference"] == again["reference"] and "doubt" not in first["reference"]
    assert set(first) == {"id", "reference", "phone_number", "type", "status", "created_at", "body"}


@pytest.mark.parametrize("status", ["created", "sending", "delivered"])
def test_a_text_whose_answer_was_lost_is_not_sent_twice(notify, status):
    notify.trouble, notify.trouble_after = BROKEN, True
    with pytest.raises(NotifyRefused):
        Notify().send(Outgoing(NUMBER, "class_reminder:1", WORDS))
    notify.trouble = None
    notify.becomes(status)
    [there] = notify.texts
    assert Notify().send(Outgoing(NUMBER, "class_reminder:1", WORDS, again=True)) == there
    assert len(notify.texts) == 1


@pytest.mark.parametrize(
    ("status", "number", "key"),
    [
        ("temporary-failure", NUMBER, "class_reminder:1"),
        ("permanent-failure", NUMBER, "class_reminder:1"),
        ("delivered", "+447700900222", "class_reminder:1"),
        ("delivered", NUMBER, "class_reminder:2"),
    ],
)
def test_what_came_back_went_elsewhere_or_was_another_text_does_not_stand_for_this_one(notify, status, number, key):
    Notify().send(Outgoing(NUMBER, "class_reminder:1", WORDS))
    notify.becomes(status)
    Notify().send(Outgoing(number, key, WORDS, again=True))
    assert len(notify.texts) == 2


def test_after_a_return_only_what_was_taken_since_stands_for_the_new_one(notify):
    """The first was never heard of again; of the second the answer was lost."""
    Notify().send(Outgoing(NUMBER, "k", WORDS))
    since = datetime.now(UTC)
    assert len(notify.texts) == 1
    second = Notify().send(Outgoing(NUMBER, "k", WORDS, again=True, since=since))
    assert len(notify.texts) == 2
    assert Notify().send(Outgoing(NUMBER, "k", WORDS, again=True, since=since)) == second
    assert len(notify.texts) == 2


def test_a_number_that_notify_writes_in_its_own_way_is_the_same_number(notify):
    sent_as = Notify().send(Outgoing(NUMBER, "k", WORDS))
    notify.texts[sent_as]["phone_number"] = "07700 900111"
    assert Notify().send(Outgoing(NUMBER, "k", WORDS, again=True)) == sent_as


def test_while_notify_cannot_be_asked_nothing_is_sent_again(notify):
    notify.trouble = BUSY
    with pytest.raises(NotifyRefused):
        Notify().send(Outgoing(NUMBER, "k", WORDS, again=True))
    assert not notify.texts


@pytest.mark.parametrize(
    ("status", "became"),
    [
        ("created", Became.UNDERWAY),
        ("sending", Became.UNDERWAY),
        ("pending", Became.UNDERWAY),
        ("sent", Became.UNDERWAY),
        ("delivered", Became.ARRIVED),
        ("temporary-failure", Became.NOT_NOW),
        ("technical-failure", Became.NOT_NOW),
        ("permanent-failure", Became.NEVER),
    ],
)
def test_each_state_of_a_text_is_understood(notify, status, became):
    sent_as = Notify().send(Outgoing(NUMBER, "k", WORDS))
    notify.becomes(status)
    assert Notify().became_of(sent_as) is became


@pytest.mark.parametrize("trouble", [BUSY, SPENT, BROKEN, refusal(400, "BadRequestError", "Template not found")])
def test_what_notify_does_not_take_is_raised_by_its_code_alone(notify, trouble):
    notify.trouble = trouble
    for talk in (lambda: Notify().send(Outgoing(NUMBER, "k", WORDS)), lambda: Notify().became_of("x")):
        with pytest.raises(NotifyRefused, match=rf"^Notify answered {trouble[0]}$") as refused:
            talk()
        assert refused.value.status_code == trouble[0]
        assert refused.value.__suppress_context__


def test_a_number_that_notify_will_not_have_leads_to_nobody(notify):
    notify.trouble = refusal(400, "ValidationError", "phone_number Number is not valid")
    with pytest.raises(NoSuchAddress):
        Notify().send(Outgoing(NUMBER, "k", WORDS))


def test_an_answer_that_is_no_list_of_errors_is_a_refusal_like_any_other(notify):
    notify.trouble = (400, {"message": "phone_number"})
    with pytest.raises(NotifyRefused):
        Notify().send(Outgoing(NUMBER, "k", WORDS))


def test_a_clock_that_is_wrong_and_a_wrong_key_are_refused(notify, settings):
    notify.clock_ahead = 31
    with pytest.raises(NotifyRefused, match="403"):
        Notify().send(Outgoing(NUMBER, "k", WORDS))
    notify.clock_ahead, settings.NOTIFY_KEY = 0, KEY[:-1] + "9"
    with pytest.raises(NotifyRefused, match="403"):
        Notify().send(Outgoing(NUMBER, "k", WORDS))
    assert not notify.texts


def test_a_notify_that_is_not_there_is_a_refusal(settings):
    with notify_server() as gone:
        settings.NOTIFY_URL, settings.NOTIFY_KEY = gone.url, KEY
    with pytest.raises(NotifyRefused, match="503"):
        Notify().send(Outgoing(NUMBER, "k", WORDS))


def test_without_an_address_of_its_own_it_is_notify_itself(settings, monkeypatch):
    made = []

    class Client:
        def __init__(self, key, **given):
            made.append(given)
            raise ConnectionError

    settings.NOTIFY_URL, settings.NOTIFY_KEY = "", KEY
    monkeypatch.setattr("messaging.notify.NotificationsAPIClient", Client)
    with pytest.raises(ConnectionError):
        Notify().became_of("x")
    assert made == [{"timeout": settings.EMAIL_TIMEOUT / 2}], (
        "to connect and to answer: both in the time of one message"
    )


def test_no_log_holds_the_number_or_what_notify_said_of_it(notify, caplog):
    notify.trouble = refusal(400, "BadRequestError", f"{NUMBER} is not in the team")
    with pytest.raises(NotifyRefused):
        Notify().send(Outgoing(NUMBER, "k", WORDS))
    assert logging.getLogger("notifications_python_client.base").getEffectiveLevel() >= logging.CRITICAL
    assert NUMBER not in caplog.text
