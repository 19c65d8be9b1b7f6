"""What a kind of task is made of: its words, where it is done, what may come of it.

Not here: the kinds themselves (task_words.py, instructor_task_words.py).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from accounts.permissions import Permission
from messaging import worklist


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
    KEY = enum.auto()  # the key that stands in its context: of a row whose key is no number
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
WENT_THROUGH_IT = Outcome("went_through_it", "I went through it with them")
IS_THERE = Outcome("is_there", "Somebody leads it, or is on the way")
CALLED_OFF = Outcome("called_off", "It was cancelled")
TRIED = Outcome("tried", "Tried, not done yet", "The task stays open.", closes=False)
HELPED = Outcome("has_help", "I spoke with them, and they are getting help")
BETTER = Outcome("no_help_needed", "I spoke with them, and they need no help now")
SPOKE = Outcome("spoke", "I spoke with them", "The task stays open until it is decided.", closes=False)
SPOKE_ONLY = Outcome("spoke_only", "I spoke with them, without answers", "The task stays open.", closes=False)

LOOKING = Outcome("goes_on", "I am looking into it", "The task stays open, and is yours.", closes=False)
ANSWERED = Outcome("answered", "I answered them")
HEARD = Outcome("heard", "I spoke with them", "Note what would help them, in one line. No diagnosis.")
LEFT_WORD = Outcome(
    "left_word", "I left a message", "Only where it says that you may. The task stays open.", closes=False
)

POSTED_BY_HAND = Outcome("written", "I have written to the family")

REGISTERS_ALONE = Outcome(
    "registers_alone", "They will register by themselves", "The link we sent them goes on working."
)
TOLD_REFERRER = Outcome("told_referrer", "I told them that the person joined, and nothing else")

RATHER_NOT = Outcome("rather_not", "They would rather not answer", "Nobody asks again about these questions.")
ANSWERS_ALONE = Outcome("answers_alone", "They will answer by themselves", "We do not write or call about it again.")

INTERPRETER_BOOKED = Outcome("interpreter_booked", "Booked", "Write who, and their number, in the note.")
BRINGS_SOMEBODY = Outcome("brings_somebody", "They bring somebody of their own")
AGREED_OTHERWISE = Outcome("agreed_otherwise", "Nobody can be found, and we agreed what happens", "Write what.")

TAKES_PLACE = Outcome("takes_place", "They take the place", "It is booked for them at once.")
DECLINES = Outcome("declines", "They do not want it", "They leave the waiting list, and the next person is asked.")
PASS_BY = Outcome("pass_by", "Cannot be reached", "The next person is asked. This person keeps their turn.")
THINKS = Outcome(
    "thinks",
    "They want to think about it",
    "A place that is kept for them stays so for 4 hours from now; from 8pm to 8am the clock stands still. Say until "
    "when they can phone us, or that anybody can book the place meanwhile when it is not kept.",
    closes=False,
)
