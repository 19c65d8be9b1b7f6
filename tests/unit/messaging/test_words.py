import datetime as dt
import itertools
import re
from pathlib import Path

import pytest
from django.conf import settings
from jinja2 import DictLoader, Environment
from jinja2.exceptions import UndefinedError

from messaging import words
from messaging.gsm7 import BASIC, MOST_PARTS, parts
from messaging.kinds import kinds
from messaging.neutral import neutral, neutral_place, telling_words
from messaging.words import TooLong, draw, draw_text, words_now
from tests.unit.messaging.conftest import KIND

TEMPLATES = Path(settings.BASE_DIR) / "frontend" / "jinja2" / "messages"
STARTS = dt.datetime(2027, 7, 1, 17, 30, tzinfo=dt.UTC)
PLACE = {
    "name": "Una",
    "texts_are_read": True,
    "site": "https://safefit.example",
    "what": "Chair class",
    "starts_at": STARTS,
    "ends_at": STARTS + dt.timedelta(minutes=45),
    "online": False,
    "by_phone": False,
    "called": "class",
    "where": "Hall, Poole",
    "entrance": "Blue door",
    "getting_there": "Bus 20",
    "bring": "Water",
    "companion": True,
    "covered_by": "Ivor",
    "waiting_only": False,
    "by_oneself": False,
    "of": "booked",
    "for_whom": "Pat",
    "step": "answer",
    "referred_back": False,
    "freed_from": STARTS - dt.timedelta(days=1),
    "review_by": STARTS,
    "may_book_again": True,
    "link": "https://safefit.example/me/bookings/1/check/",
    "leave": "https://safefit.example/me/bookings/1/cancel/",
    "until": STARTS,
    "answered": False,
    "reply_link": "https://safefit.example/reply/MTI6c2lnbmVk/",
    "check_first": True,
    "tomorrow": False,
    "check_link": "https://safefit.example/me/bookings/1/check/",
    "join_link": "https://safefit.example/me/bookings/1/join/",
}
OTHERS = {
    "registered": {
        "reference": "SF-1",
        "review_by": STARTS,
        "signs_in": True,
        "noted": {
            "name": "Una Example",
            "called": "Una",
            "ways": [("email", "una@example.org")],
            "things_that_help": 0,
        },
    },
    "clearance_decided": {"may_book": True},
    "health_due": {"until": STARTS.date()},
    "needs_due": {},
    "summary_out": {"link": "https://safefit.example/partner/summaries/1/"},
    "role_ends": {"until": STARTS.date()},
    "credential_runs_out": {"until": STARTS.date(), "is_over": False, "waits_to_be_checked": False},
    "talk_before_exercise": {"until": STARTS},
    "programme_ends_soon": {"until": STARTS.date(), "next": "/me/what-next/"},
    "programme_extended": {"until": STARTS.date()},
    "programme_ended": {
        "onward": {"words": "Go on.", "places": [{"name": "A walk", "what": "Near you.", "link": "https://x.example"}]},
        "next": "/me/what-next/",
    },
    "letter_sent": {"at": "/me/letters/1/"},
    "contact_changed": {},
    "sign_in_changed": {},
    "erasure_code": {"code": "123456"},
    "erasure_begun": {},
    "alert": {"task_at": "/desk/tasks/1/", "on_call": True},
    "paused": {"until": STARTS.date()},
    "pause_review": {"until": STARTS.date()},
    "resumed": {},
    "supporter_invited": {"inviter": "Pat", "link": "https://safefit.example/help/x/", "answer_by": STARTS},
    "supporter_accepted": {
        "helper": "Sid Son",
        "invited": "Sid Son",
        "scopes": ["book and cancel classes"],
        "at": "/me/supporters/",
    },
    "referred": {"link": "https://safefit.example/join/return/x/"},
    "referral_joined": {"reference": "RF-1"},
    "return_link": {"reference": "SF-1", "link": "https://safefit.example/join/return/x/"},
    "questionnaire_due": {
        "first_name": "Una",
        "minutes": 5,
        "closes_on": STARTS,
        "once_more": True,
        "url": "https://safefit.example/me/progress/",
    },
    "study_invitation": {"closes_on": STARTS, "url": "https://safefit.example/me/studies/1/"},
    "questionnaire_reminder": {
        "first_name": "Una",
        "minutes": 1,
        "closes_on": STARTS,
        "once_more": True,
        "url": "https://safefit.example/me/progress/",
        "last": True,
    },
}
A_CHANGE = {
    **{name: PLACE[name] for name in ("what", "starts_at", "ends_at", "online", "where", "waiting_only")},
    "new": ("time", "place", "link", "what"),
    "was_start": STARTS,
    "was_end": STARTS,
    "was_where": "Old hall, Poole",
    "was_what": "Standing class",
    "given_up": False,
    "waited": False,
    "asked_first": False,
}
OTHERS["class_changed"] = {
    "classes": [A_CHANGE],
    "asked": True,
    "link": "https://safefit.example/me/bookings/changes/1/",
}
OTHERS["classes_cancelled"] = {"classes": [PLACE, PLACE]}
A_DATE = {name: PLACE[name] for name in ("what", "starts_at", "ends_at", "online", "where", "entrance", "bring")}
A_DATE["notes"] = ["Please use the side door."]
PLACE["notes"] = ["Please use the side door.", "The car park is closed."]
PLACE["that_day"] = [A_DATE | {"leave": PLACE["leave"]}]
OTHERS["dates_booked"] = {
    "booked": [A_DATE, A_DATE],
    "waiting": [A_DATE | {"entrance": "", "bring": "", "notes": [], "leave": PLACE["leave"]}],
    "refused": [
        A_DATE | {"code": code}
        for code in ("overlaps", "weekly_limit", "not_eligible", "session_full", "too_late", "session_not_open")
    ],
    "companion": True,
    "for_whom": "",
    "by_oneself": False,
}
OTHERS["dates_cancelled"] = {"classes": [PLACE, PLACE], "by_oneself": False, "for_whom": ""}
OTHERS["booking_moved"] = {"old": A_DATE, "new": A_DATE, "companion": True, "by_oneself": False, "for_whom": ""}
OTHERS["class_note"] = {
    **{name: PLACE[name] for name in ("what", "starts_at", "ends_at", "online", "where", "link", "leave")},
    "waiting_only": False,
    "offered": False,
    "about": "bring",
    "words": "Please bring a coat.",
    "in_full": True,
}
OTHERS["credential_sent_back"] = {}
OTHERS["number_try"] = {}
OTHERS["cover_found"] = {"covers": "Ivor Coach"}
OTHERS["running_late"] = {"minutes": 10, "begins_at": STARTS + dt.timedelta(minutes=10)}
OTHERS["leader_changed"] = {"leads": "Ivor", "classes": [PLACE, PLACE]}
OTHERS["class_covered"] = {"leads": "Ivor"}
TO_STAFF = {"alert"}  # who do not ring the desk with their questions: they are the desk
TURNS = [
    {},
    {"by_phone": True, "called": "one-to-one", "where": "By telephone: we ring you", "entrance": ""},
    {
        "online": True,
        "that_day": [],
        "companion": False,
        "covered_by": "",
        "entrance": "",
        "getting_there": "",
        "bring": "",
        "by_oneself": True,
        "of": "waiting",
    },
    {
        "waiting_only": True,
        "may_book_again": False,
        "of": "cancelled",
        "review_by": None,
        "noted": None,
        "may_book": False,
        "closes_on": "",
        "once_more": False,
        "link": "",
        "step": "wait",
    },
    {"step": "wait", "tomorrow": True, "about": "getting_there", "in_full": False, "waits_to_be_checked": True},
    {"is_over": True},
    {"step": "choose", "online": True},
    {"step": "wait", "referred_back": True},
    {"step": "wait", "tomorrow": True, "about": "getting_there", "in_full": False},
    {"step": "choose", "online": True, "offered": True, "notes": []},
    {"step": "talk", "leave": ""},
    {
        "booked": [A_DATE],
        "waiting": [A_DATE | {"leave": PLACE["leave"]}],
        "refused": [],
        "classes": [A_CHANGE | {"given_up": True}],
    },
    {"booked": [], "refused": [], "companion": False, "by_oneself": True},
    {"booked": [A_DATE], "waiting": [], "for_whom": "Pat"},
    {"new": None, "old": A_DATE, "booked": [], "companion": False, "for_whom": "Pat"},
    {
        "classes": [
            A_CHANGE | {"new": ("link",), "online": True, "waiting_only": True, "waited": True, "asked_first": True},
            A_CHANGE | {"new": ("what",), "given_up": True},
        ],
        "asked": False,
    },
]


def every_kind():
    return sorted(path.stem for path in TEMPLATES.glob("*.txt") if path.stem != "base" and path.stem[0] != "_")


def test_every_registered_kind_has_its_words():
    assert {kind for kind in kinds() if kind != KIND} <= set(every_kind())


@pytest.mark.parametrize("kind", every_kind())
def test_each_message_is_whole_plain_and_tells_nobody_why(kind):
    for turn in TURNS:
        drawn = draw(kind, {**PLACE, **OTHERS.get(kind, {}), **turn})
        assert drawn.subject and "\n" not in drawn.subject
        assert telling_words(drawn.subject + drawn.body) == []
        assert ("18001" in drawn.body and settings.PHONE in drawn.body) is (kind not in TO_STAFF)
        assert "\n\n\n" not in drawn.body and "{" not in drawn.body and "&amp;" not in drawn.body
        assert drawn.body.startswith(("Hello Una,\n\n", "Hello,\n\n"))


LONG = "“Łucja’s” Wilhelmina-Konstantinopoulou Featherstonehaugh-Cholmondeley of the Hall by the Old Mill, Poole"
LENGTHY = {
    "name": LONG,
    "what": LONG,
    "where": LONG,
    "entrance": LONG,
    "bring": LONG,
    "for_whom": LONG,
    "inviter": LONG,
    "site": "https://a-long-name-of-a-programme.safefit.example",
    "starts_at": dt.datetime(2027, 10, 31, 1, 30, tzinfo=dt.UTC),  # the second 1:30 of the night, in so many words
    "reply_link": f"https://a-long-name-of-a-programme.safefit.example/reply/{'x' * 45}/",
    "link": f"https://a-long-name-of-a-programme.safefit.example/help/{'x' * 43}/",
}
TELLING = {"where": "Oncology Gym, Royal Hospital, Poole", "was_where": "Chemotherapy Suite"}
ONLY_BY_EMAIL = {"referral_joined"}  # to an address, whatever the person's ways are


def lengthened(facts, longer):
    return {**facts, **{name: value for name, value in longer.items() if name in facts}}


LONGER = [{}, LENGTHY, TELLING, LENGTHY | {"online": True, "where": "Online"}]


@pytest.mark.parametrize("kind", sorted(set(every_kind()) - ONLY_BY_EMAIL))
def test_each_text_is_short_whole_and_tells_nobody_why(kind):
    for turn, longer in itertools.product(TURNS, LONGER):
        facts = {**PLACE, **OTHERS.get(kind, {}), **longer, **turn}
        for name in ("classes", "booked", "waiting", "refused"):
            facts[name] = [lengthened(one, longer) for one in facts.get(name, [])]
        for name in ("old", "new"):
            facts[name] = lengthened(facts[name], longer) if isinstance(facts.get(name), dict) else facts.get(name)
        drawn = draw_text(kind, facts)
        assert drawn.subject == ""
        assert telling_words(drawn.body) == []
        assert parts(drawn.body) <= MOST_PARTS
        assert set(drawn.body) <= BASIC
        assert drawn.body.startswith("SafeFit for ") and "{" not in drawn.body and "&amp;" not in drawn.body
        assert ("18001" in drawn.body and settings.PHONE in drawn.body) is (kind not in TO_STAFF)
        assert all(link.rstrip("/") + "/" == link for link in re.findall(r"https://\S+", drawn.body))


def test_every_link_of_a_reminder_stands_whole_in_its_text():
    text = draw_text("class_reminder", PLACE | {"reply_link": LENGTHY["reply_link"]}).body
    assert f" {LENGTHY['reply_link']}\n" in text


def test_a_text_that_would_not_fit_is_not_sent_without_its_end():
    with pytest.raises(TooLong):
        draw_text("class_reminder", PLACE | {"reply_link": "https://safefit.example/" + "x" * 400})


def test_a_class_changed_text_says_old_and_new():
    text = draw_text("class_changed", PLACE | OTHERS["class_changed"]).body
    assert "Before: 6:30pm, Thursday 1 July." in text and "Before: Old hall, Poole." in text


@pytest.mark.parametrize("kind", ["waiting_joined", "passed_by", "dates_booked"])  # pitfalls 2
def test_whoever_is_told_that_they_wait_is_told_how_to_leave(kind):
    assert f"To leave the waiting list: go to {PLACE['leave']}" in draw(kind, PLACE | OTHERS.get(kind, {})).body


def test_many_cancelled_classes_are_named_as_far_as_a_text_goes():
    text = draw_text("classes_cancelled", PLACE | {"classes": [PLACE] * 6}).body
    assert text.count("Thursday 1 July") == 4 and "And 2 more:" in text


def test_no_template_holds_a_telling_word_even_where_it_is_not_drawn():
    for path in TEMPLATES.rglob("*.txt"):
        assert telling_words(path.read_text()) == [], path.name


def test_the_walk_would_see_a_telling_word():
    assert telling_words("Your Cancer class after chemotherapy") == ["Cancer", "chemotherapy"]
    assert neutral("Breast-friendly yoga", "Exercise class") == "Exercise class"
    assert neutral("Chair yoga", "Exercise class") == "Chair yoga"
    assert neutral_place("Oncology Gym, 3 High Street, Poole") == "3 High Street, Poole"
    assert neutral_place("Oncology Gym") == ""


def test_a_hall_whose_name_tells_why_is_whole_in_an_email_and_left_out_of_a_text():
    facts = PLACE | {"where": "Oncology Gym, Poole"}
    assert "Where: Oncology Gym, Poole" in draw("booking_confirmed", facts).body
    assert "Chair class, Poole." in draw_text("booking_confirmed", facts).body
    assert "Chair class." in draw_text("booking_confirmed", PLACE | {"where": "Oncology Gym"}).body


def test_times_are_uk_times_in_words():
    assert "6:30pm to 7:15pm, Thursday 1 July 2027 (UK time)" in draw("booking_confirmed", PLACE).body


def test_a_confirmation_says_what_when_where_how_to_join_what_to_bring_and_how_to_cancel():
    body = draw("booking_confirmed", PLACE).body
    for words_of_it in ("Chair class", "1 July 2027", "Hall, Poole", "How to join", "Water", "If you cannot come"):
        assert words_of_it in body


def test_every_fact_stands_on_a_line_and_every_thought_in_a_paragraph():
    whole = draw("booking_confirmed", PLACE).body
    facts = "Where: Hall, Poole\nLed this time by: Ivor\nFor: you and one person with you\nWhich door: Blue door"
    assert f"\n{facts}\n" in whole
    bare = {**PLACE, "companion": False, "entrance": "", "getting_there": "", "bring": "", "by_oneself": True}
    about_classes = set(every_kind()) - set(OTHERS)
    for kind in about_classes:
        for facts in (PLACE, bare):
            body = draw(kind, facts).body
            for start in ("When:", "Any questions?", "SafeFit\n"):
                assert f"\n\n{start}" in body, (kind, start)
            for start in ("What:", "Where:", "With Relay UK"):
                assert f"\n{start}" in body, (kind, start)


def test_names_are_not_dressed_up_for_html():
    assert (
        "Hello O'Neill & Co <3,"
        in draw("clearance_decided", {**PLACE, "name": "O'Neill & Co <3", "may_book": True}).body
    )


def test_a_name_that_a_template_misses_is_an_error():
    with pytest.raises(UndefinedError):
        draw("registered", {"name": "Una", "site": ""})


@pytest.fixture
def templates(monkeypatch):
    def use(text):
        monkeypatch.setattr(words, "_plain_text", lambda: Environment(loader=DictLoader({"messages/odd.txt": text})))

    return use


def test_whatever_a_value_holds_the_subject_stays_one_line(templates):
    templates("Subject: Class with {{ name }}\n\nBody\n")
    drawn = draw("odd", {"name": "Eve\r\nBcc: all@example.org\x0b\u2028now"})
    assert drawn.subject == "Class with Eve Bcc: all@example.org now"
    assert drawn.body == "Body\n"


def test_a_template_without_a_subject_is_refused_with_what_to_do(templates):
    templates("Hello\n\nBody\n")
    with pytest.raises(ValueError, match="must begin with a line 'Subject:'"):
        draw("odd", {})


@pytest.mark.django_db
def test_the_desk_reads_the_words_of_this_moment(queue, news):
    message = queue()
    read = words_now(message)
    assert read is not None and read.body == "Hello Una\n"
    news(lambda message: None)
    assert words_now(message) is None


BY_TELEPHONE = PLACE | {"by_phone": True, "called": "one-to-one", "where": "By telephone: we ring you"}


@pytest.mark.parametrize("kind", ["running_late", "session_cancelled", "place_in_doubt", "place_freed"])
def test_whoever_is_rung_is_not_told_to_come_or_to_stay_away(kind):
    facts = BY_TELEPHONE | OTHERS.get(kind, {})
    for body in (draw(kind, facts).body, draw_text(kind, facts).body):
        assert "one-to-one" in body
        assert "Please do not come" not in body and "before you start" not in body and "whoever leads it" not in body
