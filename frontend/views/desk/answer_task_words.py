"""What the desk reads of tasks about questions that people are asked: those left open, answers that worry,
answers that researchers hold, what partners read, studies, and what people say of that.

Here: words. Not here: the shape of a kind (task_kind.py), the other kinds (task_words.py, which holds all of them).
"""

from __future__ import annotations

from accounts.permissions import Permission
from frontend.views.desk.task_kind import (
    ANSWERS_ALONE,
    BETTER,
    HELPED,
    LEFT_WORD,
    NO_ANSWER,
    NOT_NEEDED,
    RATHER_NOT,
    TRIED,
    WRONG_DETAILS,
    Kind,
    PageOf,
)

ANSWER_KINDS = {
    "comments_to_read": Kind(
        "Read what people say about data uses",
        "Somebody wrote on the public page what they think of how information is used. Read it and put it away; sum "
        "up, without names, what partners should hear. Nobody is answered. The task closes itself with the last one.",
        (NOT_NEEDED,),
        page="desk:data_use_comments",
        page_words="Read what people wrote",
        page_of=PageOf.NOTHING,
        permission=Permission.BUILD_RELEASES,
        in_writing=True,
    ),
    "extract_expires": Kind(
        "Data for research runs out",
        "Somebody holds data of a research project, and their time with it is nearly over. Write to them: they destroy "
        "it and send a certificate, or ask for longer. The task closes itself when the certificate is recorded.",
        (TRIED, NOT_NEEDED),
        page="desk:research_project",
        page_words="Look at the project",
        permission=Permission.HANDLE_EXTRACTS,
        in_writing=True,
    ),
    "licence_ends": Kind(
        "A licence runs out",
        "The licence under which a questionnaire is asked is nearly over, or has ended. Nothing stops by itself: renew "
        "it and record the new licence, or ask the questionnaire of nobody any more, on its page. The task closes "
        "itself in the night after the new licence is recorded, or once nobody is asked any more.",
        (TRIED, NOT_NEEDED),
        page="desk:questionnaire",
        page_words="Look at the questionnaire",
        permission=Permission.PUBLISH_FOR_ANYONE,
        in_writing=True,
    ),
    "agreement_ends": Kind(
        "An agreement with a partner ends",
        "After its last day the partner and its connected systems read nothing any more. Ask them whether it goes on. "
        "If it does, change its last day; if not, leave it. The task closes itself when the day is changed or over.",
        (TRIED, NOT_NEEDED),
        page="desk:agreement",
        page_words="Look at the agreement",
        permission=Permission.BUILD_RELEASES,
        in_writing=True,
    ),
    "system_ends": Kind(
        "A connected system ends",
        "After its last day a partner’s system gets no summary any more, and says so to nobody here. Ask the partner "
        "whether they still want it. If they do, connect it once more, with a later day, and give them the new number "
        "and secret before the old ones end. The task closes itself when the day is over or the system is revoked.",
        (TRIED, NOT_NEEDED),
        page="desk:connected_system",
        page_words="Look at the system",
        permission=Permission.BUILD_RELEASES,
        in_writing=True,
    ),
    "summary_waits": Kind(
        "Look at a summary for a partner",
        "A summary was made by itself, as after each quarter. Read it as its partner will, then publish it; if it is "
        "not safe to publish or could not be made, its page says why. After the day of this task it is too old, and "
        "the partner gets none. The task closes itself when the summary is published or a later one is made.",
        (NOT_NEEDED,),
        page="desk:release",
        page_words="Look at the summary",
        permission=Permission.BUILD_RELEASES,
        in_writing=True,
    ),
    "study_over": Kind(
        "Close a study",
        "The last day of a study has passed: nobody is told or answers any more. Close it, then tell the study team "
        "how many were told and how many are interested. The task closes itself with the study.",
        (NOT_NEEDED,),
        page="desk:study",
        page_words="Look at the study",
        permission=Permission.BUILD_RELEASES,
        in_writing=True,
    ),
    "questions_call": Kind(
        "Offer to go through questions",
        "We have written to them about a few questions, and they have not answered. Call once and offer to go through "
        "them on the phone, now or another day. It closes itself when the answers are sent, and when the time for "
        "them is over. Nobody writes or calls about these questions after this.",
        (ANSWERS_ALONE, RATHER_NOT, LEFT_WORD, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:wellbeing_checks",
        page_words="Go through the questions",
        page_of=PageOf.PARTICIPANT,
        script=(
            "Say who you are, and ask whether it is a good moment.",
            "“We have a few questions about how you are getting on. Would you like to go through them with me?”",
            "If not: “That is quite all right.” Nothing depends on the answers.",
            "If they would rather have it on paper, print the questions from their page and post them.",
            "If they have filled in a paper form, ask them to post it, or to read their answers to you.",
        ),
    ),
    "worrying_answer": Kind(
        "Call about an answer that worries",
        "Somebody gave an answer that may mean that they need help. Read it first, alone, then call them today. Out of "
        "hours nobody has promised them a call. If they need help now: 999, or NHS 111.",
        (HELPED, BETTER, LEFT_WORD, NO_ANSWER, WRONG_DETAILS),
        page="desk:worrying_answer",
        page_words="Read the answer",
        script=(
            "Ask whether they can speak freely, and whether somebody is with them.",
            "“You answered some questions for us. One answer made us want to ask how you are.” Then listen.",
            "Ask plainly whether they are safe today. If not: stay on the line, and call 999 on another one.",
            "Do not promise to keep it to yourself. Say whom you will tell, and ask whether their own team knows.",
            "Give the numbers: 111 at any hour, Samaritans 116 123. Agree when you speak again.",
        ),
    ),
}
