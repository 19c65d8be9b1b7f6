"""What each kind of task asks of the desk, where it is done, and what may come of it, in words.

Here: one table. Not here: what a kind is made of (task_kind.py), those about instructors and registers
(instructor_task_words.py, register_task_words.py), what an outcome does (worklist.py, waiting_calls.py).
A kind that is not in the table is shown under its own name and can be closed.
"""

from __future__ import annotations

from datetime import date

from accounts.permissions import Permission
from frontend.views.desk.answer_task_words import ANSWER_KINDS
from frontend.views.desk.instructor_task_words import INSTRUCTOR_KINDS
from frontend.views.desk.joining_task_words import JOINING_KINDS
from frontend.views.desk.register_task_words import KEPT, REGISTER_KINDS
from frontend.views.desk.task_kind import (
    AGREED_OTHERWISE,
    ANSWERED,
    BETTER,
    BRINGS_SOMEBODY,
    CALLED_OFF,
    DECLINES,
    DONE,
    GAVE_UP,
    HEARD,
    HELPED,
    INTERPRETER_BOOKED,
    LEFT_MESSAGE,
    LEFT_WORD,
    LOOKING,
    NO_ANSWER,
    NOT_NEEDED,
    PASS_BY,
    POSTED,
    POSTED_BY_HAND,
    REACHED,
    SENT_SO,
    SPOKE,
    SPOKE_ONLY,
    TAKES_PLACE,
    THINKS,
    TRIED,
    WENT_THROUGH_IT,
    WRONG_DETAILS,
    Kind,
    Outcome,
    PageOf,
)
from frontend.wording import count, day
from messaging import worklist
from messaging.models import Task

CALLED = (REACHED, LEFT_MESSAGE, POSTED, NO_ANSWER, WRONG_DETAILS, GAVE_UP, NOT_NEEDED)
WAITING_CALL = "waiting_call"
ABOUT_A_PLACE = (
    WAITING_CALL,
    "place_in_doubt",
    "place_taken_back",
    "book_interpreter",
    "call_off_interpreter",
    "cover_own_sex",
)  # the call sheet shows the class
MESSAGE_PAGE = ("desk:message", "What became of this message")

KINDS = {
    worklist.CALL: Kind(
        "Call with a message", "Call the person and tell them what the message says.", CALLED, *MESSAGE_PAGE
    ),
    worklist.LETTER: Kind(
        "Send a letter", "Write the message to the person and post it.", CALLED, *MESSAGE_PAGE, in_writing=True
    ),
    worklist.FORMAT_WANTED: Kind(
        "Tell them in the format they need",
        "What we send by itself does not reach this person. Get the message to them in the format that is named here. "
        "If that takes too long for what it says, reach them another way first, and send it all the same.",
        (SENT_SO, REACHED, NO_ANSWER, WRONG_DETAILS, TRIED, GAVE_UP, NOT_NEEDED),
        *MESSAGE_PAGE,
    ),
    worklist.NOT_REACHED: Kind(
        "Message not delivered",
        "An email or text message did not arrive. Tell the person another way.",
        CALLED,
        *MESSAGE_PAGE,
    ),
    WAITING_CALL: Kind(
        "Offer a free place",
        "A place is free. Call the person and ask if they want it.",
        (TAKES_PLACE, DECLINES, THINKS, NO_ANSWER, WRONG_DETAILS, PASS_BY),
        page="desk:waiting_list",
        page_words="The waiting list of this class",
        page_of=PageOf.CLASS,
    ),
    "book_interpreter": Kind(
        "Book an interpreter",
        "This person has a place in a class and needs somebody with them there: what they need stands on top. Book "
        "that professional for the class, with time to meet before it. If nobody can be found, call the person and "
        "agree what happens.",
        (INTERPRETER_BOOKED, BRINGS_SOMEBODY, TRIED, AGREED_OTHERWISE, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "call_off_interpreter": Kind(
        "Call off an interpreter",
        "A professional was booked for this person’s place in a class, and the place has ended or the class has moved. "
        "Call them off now: a late cancellation is charged.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "place_in_doubt": Kind(
        "Place in doubt",
        "This person has a place in a class that is not known to be safe for them. They have been told, and the place "
        "goes to somebody else 24 hours before the class unless they are cleared by then. See to what is still "
        "missing: their answers, or a decision.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "place_taken_back": Kind(
        "Call: their place is not kept",
        "The class is soon, and the person may not have read our message. Call them and say that they should not come, "
        "that it is not held against them, and what happens next.",
        (REACHED, LEFT_MESSAGE, NO_ANSWER, WRONG_DETAILS, GAVE_UP, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "review_clearance": Kind(
        "Read health answers",
        "The clinical lead reads the answers, and decides whether the person can start and with what changes.",
        (SPOKE, NO_ANSWER),
        page="desk:review_clearance",
        page_words="Read the answers and decide",
        permission=Permission.DECIDE_CLEARANCE,
    ),
    worklist.TEXT_RECEIVED: Kind(
        "Read a text message",
        "Somebody answered one of our texts, or wrote to us. Do what it asks, and tell them by a call or in the way "
        "they like. If they write that they want no more texts, change how to reach them.",
        (ANSWERED, TRIED, NO_ANSWER, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    worklist.WAY_FAILED: Kind(
        "Ask about an address that does not work",
        "Two messages to this person came back: the email address or number leads to nobody, and nothing is sent there "
        "any more. Reach them by another way, ask for the right one, and keep it. If what is noted is right after all, "
        "keep it as it is, and we try again. The task closes itself with what you keep.",
        (SPOKE_ONLY, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:contact",
        page_words="Note what they say",
        page_of=PageOf.PARTICIPANT,
    ),
    "welfare_call": Kind(
        "Call and ask how they are",
        "They missed two classes in a row, or one after a day on which they were not well, and nobody knows why. Call "
        "to ask how they are. It is never held against them. It closes itself when they come, or tell us something.",
        (HEARD, LEFT_WORD, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
        script=(
            "Say who you are, and ask whether it is a good moment.",
            "“We have missed you in class, and wanted to ask how you are.” Then listen.",
            "Do not ask for reasons, and do not count classes.",
            "If they are unwell, ask whether their own team knows. With chest pain, or if they cannot get their "
            "breath, they call 999 now.",
            "Ask what would make it easier: another time, an online class, help with the journey, or a break.",
            "If something about their health has changed, offer to go through the health questions with them.",
        ),
    ),
    "help_online": Kind(
        "Call: help with joining online",
        "They tried their camera and sound before their first class online, and would like help. Call and go through "
        "it with them. The task closes itself when they have tried it again and it works.",
        (WENT_THROUGH_IT, LEFT_WORD, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
        script=(
            "Ask which device they use, and have them open “Try your camera and sound” on it.",
            "When the browser asks for camera and microphone, they choose “Allow”.",
            "If it does not work: close other calls, start the device again, or use another browser.",
            "If it cannot work, offer the telephone number of the class, or a class in person.",
        ),
    ),
    "fewer_contacts": Kind(
        "Came less often than planned",
        "They have come less often than this part of the programme plans. Call to ask whether something would make it "
        "easier. The plan is a guide, and nothing is held against them. The task closes itself when they come to a "
        "class, begin a break or leave.",
        (HEARD, LEFT_WORD, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
        script=(
            "Say who you are, and ask whether it is a good moment.",
            "“I am calling to hear how you get on with the classes.” Then listen.",
            "Say no numbers, and do not ask why they were not there.",
            "Ask what would suit them better: another day, a class online, a gentler one, a lift, or company.",
            "Offer to look for a class together now, and to book it.",
            "If now is not the time for it, offer a break: their programme waits for them.",
        ),
    ),
    "write_to_family": Kind(
        "Write to the family",
        "Write a letter by hand, in your own words, to the family. Whom to write to stands on the page of the person: "
        "their emergency contact, and their address.",
        (POSTED_BY_HAND, TRIED, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "pause_review": Kind(
        "Ask after a break",
        "Their break was to last until today. Call them and ask how they are: whether they are ready to come back, or "
        "need longer. Both are fine. The task closes itself with what you note on the next page.",
        (SPOKE_ONLY, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:paused",
        page_words="Note what they say",
        page_of=PageOf.PARTICIPANT,
    ),
    "needs_review": Kind(
        "Ask what helps them",
        "From time to time we ask whether what helps somebody to read, hear or take part is still right. Our message "
        "does not reach this person, or they have not answered it. The task closes itself with what you note.",
        (SPOKE_ONLY, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:needs",
        page_words="Note what they say",
        page_of=PageOf.ABOUT,
    ),
    "emergency_review": Kind(
        "Ask who to call in an emergency",
        "Twice a year, or when an instructor hears that it has changed, we ask whether the contact for an emergency is "
        "still right. Read out who is noted, and their number. The task closes itself with what you note.",
        (SPOKE_ONLY, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:emergency_contact",
        page_words="Note what they say",
        page_of=PageOf.PARTICIPANT,
    ),
    "health_due_call": Kind(
        "Ask about their health again",
        "Their answers are soon too old, and they have not answered our messages. Call them and go through the "
        "questions with them. The task closes itself with their answers.",
        (SPOKE_ONLY, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:ask_health",
        page_words="Ask the questions",
        page_of=PageOf.PARTICIPANT,
    ),
    "forgotten_soon": Kind(
        "People from a list are soon forgotten",
        "Somebody brought in a list of people, and some of them have not been registered since. In the week after "
        "this task was made they begin to be forgotten. Call those who are left and register them. Whoever is "
        "forgotten can be brought in again with the same file.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:list",
        page_words="Who is left",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "date_not_published": Kind(
        "A date could not be published",
        "The room or the instructor is taken on this date, or the hall is closed. Publish it by hand, or leave it out.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:new_class",
        page_words="Publish a class by hand",
        page_of=PageOf.NOTHING,
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "few_booked": Kind(
        "Few have booked",
        "In two days there is a class that wants more people than have booked. Nothing happens by itself: decide with "
        "whoever leads it whether it goes ahead, and cancel it on the timetable if it does not.",
        (Outcome("goes_ahead", "It goes ahead"), CALLED_OFF, TRIED, NOT_NEEDED),
        page="desk:change_session",
        page_words="Look at the class",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "not_well_call": Kind(
        "Call: not well on the day",
        "Somebody was not well on the day of a class. Look at what they answered, then call and ask how they are, and "
        "who is with them. If they need help now: 999, the 24-hour line on their alert card, or NHS 111.",
        (HELPED, BETTER, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:safety_checks",
        page_words="What they answered, and their classes",
        page_of=PageOf.PARTICIPANT,
    ),
    "incident_review": Kind(
        "Look into what happened",
        "Something went wrong in a class. Read the report, speak with whoever sent it, and see that whoever was hurt "
        "is looked after. Write what you found and what was learned: with that it is closed.",
        (LOOKING,),
        page="desk:incident",
        page_words="Read the report",
        page_of=PageOf.KEY,
    ),
    "safeguarding_concern": Kind(
        "Safeguarding concern",
        "Somebody is worried about a person’s safety. Read it now, alone. Who is in danger today: 999, then the "
        "council. Speak of it with nobody whom it names.",
        (LOOKING,),
        page="desk:concern",
        page_words="Read the concern",
        page_of=PageOf.KEY,
        permission=Permission.READ_SAFEGUARDING,
    ),
    "refer_back": Kind(
        "Referred back: is exercise safe?",
        "Somebody is worried about exercise for this person. They book nothing and come to no class until you have "
        "decided. Call them, read what worries, then decide on their clearance: that closes the task.",
        (SPOKE, NO_ANSWER, WRONG_DETAILS),
        page="desk:referred_back",
        page_words="Read what worries, then decide",
        page_of=PageOf.KEY,
        permission=Permission.DECIDE_CLEARANCE,
    ),
    "same_person": Kind(
        "May be the same person",
        "Two records are alike. Compare them, and ring if you are not sure. Say nothing of the other record before you "
        "know who is on the line. Then say that they are two people, or put the records together.",
        (LOOKING,),
        page="desk:same_person",
        page_words="Compare both records",
        page_of=PageOf.KEY,
    ),
    "clinical_letter": Kind(
        "Write to their clinical team",
        "They agreed that we write to somebody of their clinical team, and a letter is due. Read it, add what is "
        "needed, send it, and keep on its page how it went: that closes the task.",
        (TRIED, NOT_NEEDED),
        page="desk:clinical_team",
        page_words="Their clinical team, and the letter",
        page_of=PageOf.PARTICIPANT,
    ),
    **ANSWER_KINDS,
    **JOINING_KINDS,
    **REGISTER_KINDS,
    **INSTRUCTOR_KINDS,
}


def kind_of(kind: str) -> Kind:
    name = kind.replace("_", " ").capitalize()
    return KINDS.get(kind) or Kind(name, "Do what is asked, then close the task.", (DONE, TRIED, NOT_NEEDED))


def subject_of(task: Task) -> str:
    """What is to be done, and about whom or what: the title of a task, and of the link to it."""
    words = kind_of(task.kind).words
    dates, people = task.context.get("dates", 0), task.context.get("people", 0)
    if kept := KEPT.get(task.context.get("kept", "")):
        words = f"{words}, {kept}"
    if task.about is not None:
        led = [count(dates, "date"), count(people, "person", "people")] if dates else []
        return _with(words, [task.about.full_name, *led])
    on = task.context.get("on", "")
    about = [
        task.context.get("class", ""),
        task.context.get("reference", ""),
        day(date.fromisoformat(on)) if on else "",
        count(dates, "date") if dates else "",
    ]
    return _with(words, [one for one in about if one])


def _with(words: str, about: list[str]) -> str:
    """A question ends by itself, anything else with a colon; nothing follows where there is nothing to name."""
    return f"{words}{'' if words.endswith('?') else ':'} {', '.join(about)}" if about else words


def dates_of(task: Task) -> list[str]:
    """The dates that a task is about, each with its class and how many people have a place."""
    led = task.context.get("led", [])
    return [f"{day(date.fromisoformat(on))}: {name}, {count(people, 'person', 'people')}" for on, name, people in led]


def counted_words(task: Task) -> str:
    """What was counted before the task was made, for whoever has it; empty where nothing was."""
    if "weeks" not in task.context:
        return ""
    came, planned, weeks = (task.context[fact] for fact in ("came", "planned", "weeks"))
    often = count(came, "time") if came else "not once"
    return (
        f"In the {count(weeks, 'week')} that were counted they came {often}, and the plan is {count(planned, 'time')} "
        "or more. Weeks of a break, weeks without clearance, their first week, and weeks in which we cancelled a class "
        "of theirs or a mark is missing are not among them."
    )


def outcome_words(value: str) -> str:
    """An outcome in words; one of another page stands under its own name."""
    known = {outcome.value: outcome.words for kind in KINDS.values() for outcome in kind.outcomes}
    return known.get(value, value.replace("_", " ").capitalize())
