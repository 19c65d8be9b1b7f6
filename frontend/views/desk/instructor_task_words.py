"""Tasks about instructors: what they hold, what they lead, and who covers for them. In words."""

from __future__ import annotations

from accounts.permissions import Permission
from frontend.views.desk.task_kind import (
    CALLED_OFF,
    DONE,
    IS_THERE,
    LEFT_MESSAGE,
    NO_ANSWER,
    NOT_NEEDED,
    REACHED,
    TRIED,
    WRONG_DETAILS,
    Kind,
    PageOf,
)

INSTRUCTOR_KINDS = {
    "leader_lacks_credential": Kind(
        "Somebody leads without what is needed",
        "They are to lead these dates, and do not hold on that day what the class needs, or they teach no more. Their "
        "page says what is missing. Check what they have sent, find somebody else, or cancel the dates. The task "
        "closes itself when that is done.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:instructor",
        page_words="What is missing, and for which dates",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "leads_soon_without": Kind(
        "A class is near, and whoever leads it may not",
        "It is in less than 48 hours. Nobody is told by itself: ask for cover, give the class to somebody else, or "
        "cancel it. The task closes itself when that is done.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:change_session",
        page_words="Look at the class",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "cover_not_found": Kind(
        "Nobody covers a class",
        "Whoever leads it cannot, and nobody has taken it yet, or nobody may. Its page names who may: ring them, and "
        "give the class to one of them. If nobody can, cancel it, so that nobody comes in vain. It closes itself.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:cover",
        page_words="Who may cover it",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "leader_missing": Kind(
        "Is somebody there to lead a class?",
        "It has begun, people have booked, and nothing shows that anybody leads it: nobody has said that they are "
        "there, opened the register or marked anybody. In a hall without signal that may be all there is to it. Ring "
        "them. If they cannot come, give it to somebody else, or cancel it. It closes itself when they turn up, unless "
        "somebody who waits in the class has told us that nobody is there.",
        (IS_THERE, CALLED_OFF, TRIED, NOT_NEEDED),
        page="desk:leader_missing",
        page_words="Who leads it, and who could",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "cover_own_sex": Kind(
        "Call: somebody else leads their class",
        "They told us that they need an instructor of their own sex, and we do not note of whom that is so. They were "
        "sent the first name, and all dates that it is about. Call them, say who leads, and ask whether they still "
        "want to come. It is not held against them if they do not.",
        (REACHED, LEFT_MESSAGE, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:person",
        page_words="Look at their page",
        page_of=PageOf.PARTICIPANT,
    ),
    "credential_to_check": Kind(
        "Check what an instructor has sent",
        "Look at it, or at the paper itself: is it theirs, what it says it is, and until when? Until somebody has seen "
        "it, it does not count. The task closes itself.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:instructor",
        page_words="What they have sent",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
    "credential_runs_out": Kind(
        "Something an instructor holds runs out",
        "They were told as well. Ask them for the new one in time: after that day they cannot lead classes that need "
        "it. The task closes itself once somebody has seen the new one.",
        (DONE, TRIED, NOT_NEEDED),
        page="desk:instructor",
        page_words="What they hold, and until when",
        permission=Permission.PUBLISH_FOR_ANYONE,
    ),
}
