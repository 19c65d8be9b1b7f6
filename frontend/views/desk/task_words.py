"""What each kind of task asks of the desk, where it is done, and what may come of it, in words.

Here: one table. Not here: what an outcome does (worklist.py, waiting_calls.py).
A kind that is not in the table is shown under its own name and can be closed.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from accounts.permissions import Permission
from frontend.wording import count, day
from messaging import worklist
from messaging.models import Task


@dataclass(frozen=True)
class Outcome:
    """`closes`: the task is done with it. Otherwise it is one more try."""

    value: str
    words: str
    hint: str = ""
    closes: bool = True


class PageOf(enum.Enum):
    """Whose key stands in the address of a task's page."""

    SUBJECT = enum.auto()
    PARTICIPANT = enum.auto()  # whom the task is about, as somebody who takes part
    ABOUT = enum.auto()  # the person, who may only help somebody
    CLASS = enum.auto()  # that of the booking which is the subject
    NOTHING = enum.auto()


@dataclass(frozen=True)
class Kind:
    """`page` names the page where one goes on with this kind, open to those who hold `permission`."""

    words: str
    asks: str
    outcomes: tuple[Outcome, ...]
    page: str = ""
    page_words: str = ""
    page_of: PageOf = PageOf.SUBJECT
    permission: Permission = Permission.WORK_AT_DESK
    script: tuple[str, ...] = ()  # what to say, and what not, in order
    in_writing: bool = False  # nobody is called

    @property
    def by_phone(self) -> bool:
        """Whether the sheet is one of a call: who answers is asked before anything is said."""
        return not self.in_writing and NO_ANSWER in self.outcomes

    @property
    def decided_there(self) -> bool:
        """Whether the page closes the task: nothing that can be kept on the task's own sheet does."""
        return not any(outcome.closes for outcome in self.outcomes)


NO_ANSWER = Outcome(worklist.NO_ANSWER, "No answer", "The task stays open.", closes=False)
WRONG_DETAILS = Outcome(
    worklist.WRONG_DETAILS, "Wrong number or address", "The task stays open. Try another way.", closes=False
)
REACHED = Outcome(worklist.REACHED, "I told them")
LEFT_MESSAGE = Outcome(worklist.LEFT_MESSAGE, "I left a message", "Only where it says that you may.")
POSTED = Outcome(worklist.POSTED, "I posted a letter")
SENT_SO = Outcome(worklist.IN_FORMAT, "I sent it in the format they need")
GAVE_UP = Outcome(worklist.GAVE_UP, "They cannot be reached", "The message is kept as not delivered.")
NOT_NEEDED = Outcome("not_needed", "Not needed any more")
DONE = Outcome("done", "Done")
TRIED = Outcome("tried", "Tried, not done yet", "The task stays open.", closes=False)
HELPED = Outcome("has_help", "I spoke with them, and they are getting help")
BETTER = Outcome("no_help_needed", "I spoke with them, and they need no help now")
SPOKE = Outcome("spoke", "I spoke with them", "The task stays open until it is decided.", closes=False)
SPOKE_ONLY = Outcome("spoke_only", "I spoke with them, without answers", "The task stays open.", closes=False)

ANSWERED = Outcome("answered", "I answered them")
HEARD = Outcome("heard", "I spoke with them", "Note what would help them, in one line. No diagnosis.")
LEFT_WORD = Outcome(
    "left_word", "I left a message", "Only where it says that you may. The task stays open.", closes=False
)

POSTED_BY_HAND = Outcome("written", "I have written to the family")

INTERPRETER_BOOKED = Outcome("interpreter_booked", "Booked", "Write who, and their number, in the note.")
BRINGS_SOMEBODY = Outcome("brings_somebody", "They bring somebody of their own")
AGREED_OTHERWISE = Outcome("agreed_otherwise", "Nobody can be found, and we agreed what happens", "Write what.")

TAKES_PLACE = Outcome("takes_place", "They take the place", "It is booked for them at once.")
DECLINES = Outcome("declines", "They do not want it", "They leave the waiting list, and the next person is asked.")
PASS_BY = Outcome("pass_by", "Cannot be reached", "The next person is asked. This person keeps their turn.")
THINKS = Outcome(
    "thinks",
    "They want to think about it",
    "The place is kept for 4 hours from now. From 8pm to 8am the clock stands still. Say until when they can phone us.",
    closes=False,
)

CALLED = (REACHED, LEFT_MESSAGE, POSTED, NO_ANSWER, WRONG_DETAILS, GAVE_UP, NOT_NEEDED)
WAITING_CALL = "waiting_call"
ABOUT_A_PLACE = (
    WAITING_CALL,
    "place_in_doubt",
    "place_taken_back",
    "book_interpreter",
    "call_off_interpreter",
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
        "They missed two classes in a row, and nobody knows why. Call to ask how they are. It is never held against "
        "them. The task closes itself when they come to a class.",
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
    "leader_lacks_credential": Kind(
        "Somebody leads without what is needed",
        "This kind of class now needs something that whoever leads these dates does not hold. Its page names each "
        "date. Find somebody who holds it, note what they do hold, or cancel the dates. Nobody is told by itself.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:kind",
        page_words="Which dates, and who leads them",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "few_booked": Kind(
        "Few have booked",
        "In two days there is a class that wants more people than have booked. Nothing happens by itself: decide with "
        "whoever leads it whether it goes ahead, and cancel it on the timetable if it does not.",
        (Outcome("goes_ahead", "It goes ahead"), Outcome("called_off", "It was cancelled"), TRIED, NOT_NEEDED),
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
    "mark_without_place": Kind(
        "Came without a place",
        "The register has a mark for somebody who had no place. Check what happened.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "marks_differ": Kind(
        "Marked differently by two devices",
        "Two devices marked the same person differently, and neither knew of the other. Both marks are kept, and the "
        "one that came last counts. Ask whoever led the class which is right; they can mark once more, or you can.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "marks_came_late": Kind(
        "Marks came late",
        "Marks were kept on a telephone without signal, and came after the register had closed, or from somebody who "
        "does not lead the class any more. They are recorded. Ask whether they are right.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:waiting_list",
        page_words="Look at the class",
    ),
    "mark_not_taken": Kind(
        "Marks could not be recorded",
        "Marks from a telephone that was without signal name nobody of this class, or came too late. They are still "
        "on that telephone: ask whoever led the class to read them out, and record what is right.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:waiting_list",
        page_words="Look at the class",
    ),
}


def kind_of(kind: str) -> Kind:
    name = kind.replace("_", " ").capitalize()
    return KINDS.get(kind) or Kind(name, "Do what is asked, then close the task.", (DONE, TRIED, NOT_NEEDED))


def subject_of(task: Task) -> str:
    """What is to be done, and about whom or what: the title of a task, and of the link to it."""
    words = kind_of(task.kind).words
    if task.about is not None:
        return f"{words}: {task.about.full_name}"
    on = task.context.get("on", "")
    dates = task.context.get("dates", 0)
    about = [
        task.context.get("class", ""),
        day(date.fromisoformat(on)) if on else "",
        count(dates, "date") if dates else "",
    ]
    return ": ".join([words, *([", ".join(filter(None, about))] if any(about) else [])])


def outcome_words(value: str) -> str:
    """An outcome in words; one of another page stands under its own name."""
    known = {outcome.value: outcome.words for kind in KINDS.values() for outcome in kind.outcomes}
    return known.get(value, value.replace("_", " ").capitalize())
