"""Tasks about people who are on their way in: referred, or to be told of. Part of the table in task_words.py."""

from __future__ import annotations

from frontend.views.desk.task_kind import (
    DONE,
    LEFT_WORD,
    NO_ANSWER,
    NOT_NEEDED,
    REGISTERS_ALONE,
    SPOKE_ONLY,
    TOLD_REFERRER,
    TRIED,
    WRONG_DETAILS,
    Kind,
    PageOf,
)

JOINING_KINDS = {
    "referred": Kind(
        "Get in touch with somebody who was referred",
        "A professional asked us to get in touch with somebody, and says that they agreed. Call or write to them in "
        "the way they like best. Do not say to anybody else why you call. If they want to join, register them "
        "together, or let them do it by themselves. The task closes itself when they have joined.",
        (REGISTERS_ALONE, LEFT_WORD, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:referral",
        page_words="Who it is, and how to reach them",
        page_of=PageOf.KEY,
    ),
    "address_in_doubt": Kind(
        "Check the address with which they sign in",
        "Somebody who reads messages sent there gave a wrong date of birth three times, so it opens nothing now. "
        "Perhaps we wrote the address down wrongly and it is a stranger's, or our date of birth is wrong. Call them by "
        "telephone, find out that it is them, and ask for both. The task closes itself when the address is saved.",
        (SPOKE_ONLY, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:signing_in",
        page_words="The address with which they sign in",
        page_of=PageOf.PARTICIPANT,
    ),
    "same_nhs_number": Kind(
        "Two people with one NHS number",
        "The NHS number that this person gave is kept for somebody else too. Ask them to read it again from a letter "
        "or the NHS App, and say nothing of the other person. If it is one person twice, compare both records "
        "from there and put them together. The task closes itself when the number is changed.",
        (DONE, SPOKE_ONLY, NO_ANSWER, WRONG_DETAILS, NOT_NEEDED),
        page="desk:nhs_number",
        page_words="The number, and who else has it",
        page_of=PageOf.PARTICIPANT,
    ),
    "tell_referrer": Kind(
        "Tell whoever referred somebody that they joined",
        "The person agreed that whoever referred them may hear that they have joined. Call, give the reference, and "
        "say that the person has joined. Say no name, and nothing about their health.",
        (TOLD_REFERRER, LEFT_WORD, NO_ANSWER, WRONG_DETAILS, TRIED, NOT_NEEDED),
        page="desk:referral",
        page_words="Whom to call, and the reference",
        page_of=PageOf.KEY,
    ),
}
