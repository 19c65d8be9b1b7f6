"""A letter to somebody's clinical team: its words as things are now, its paper, and what pages say of those sent.

Here: filling in the words that content gives, what the last letter adds (classes, parts of the programme,
and how their own answers moved where the person agreed to that), and what the desk writes by hand. Not here:
which letter is due and the log (participants/clinical_letters.py), how paper looks (letters.py). No answer,
no number of a questionnaire, no decision and no note goes into a letter by itself.
"""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Channel
from classes.adherence import adherence_of
from frontend.letters import Letter, address_lines, draw_letter
from frontend.views.me.progress_words import progress_in_words
from frontend.wording import count, joined, plain_date
from messaging.words import Words
from outcomes.answering.recording import own_forms
from outcomes.counting.attendance import states_of
from participants.consents import agreed_to
from participants.course import course_of, newest_enrolment, with_course
from participants.health_content import letter_text
from participants.models import ClinicalContact, ClinicalLetter, ConsentKind, LetterWay, Participant
from participants.rules.letter_rules import LetterKind

LETTER_WORDS = {
    LetterKind.START: "They have started",
    LetterKind.REFERRED_BACK: "A question about exercise",
    LetterKind.END: "Their programme has ended",
}
OF_ANSWERS = "Of their answers to our wellbeing check, which is no clinical measure, they read:"
WAY_WORDS = {LetterWay.POSTED: "By post", LetterWay.EMAILED: "By secure email", LetterWay.TOLD: "Read out by phone"}


def letter_words(participant: Participant, kind: LetterKind, by_hand: str = "") -> Words:
    """What the letter says at this moment, with what the desk wrote `by_hand` after it."""
    participant = with_course(participant)
    subject, body = letter_text(kind).filled(_values(participant))
    parts = [body, *(_of_the_end(participant) if kind is LetterKind.END else ()), by_hand.strip()]
    return Words(subject, "\n\n".join(part for part in parts if part))


def letter_file(contact: ClinicalContact, words: Words) -> bytes:
    """The PDF, with the address where they are reached by post. Raises letters.CannotBeDrawn."""
    to, *more = [line for line in (contact.name, contact.organisation) if line]
    address = address_lines(contact.value) if contact.channel == Channel.POST else ()
    return draw_letter(Letter(to, (*more, *address), words, timezone.localdate()))


def sent_line(letter: ClinicalLetter) -> tuple[str, str]:
    """What it was about, and to whom, when and how it went."""
    way = WAY_WORDS[LetterWay(letter.way)]
    words = f"To {letter.contact.title}, {plain_date(letter.sent_at)}. {way}."
    return LETTER_WORDS[LetterKind(letter.kind)], words


def _values(participant: Participant) -> dict[str, str]:
    person, enrolment = participant.person, newest_enrolment(participant)
    born = f", born on {plain_date(person.date_of_birth)}" if person.date_of_birth else ""
    values = {"name": person.full_name, "person": f"{person.full_name}{born}", "started": "", "ended": ""}
    if enrolment is not None:
        course = course_of(participant)
        ended = enrolment.ends_on or (course.position.ends_on if course else None) or timezone.localdate()
        values |= {"started": plain_date(enrolment.starts_on), "ended": plain_date(ended)}
    return values


def _of_the_end(participant: Participant) -> list[str]:
    """The parts of the programme, the classes that were come to, and how their answers moved, if they agreed."""
    phases = [phase.name for phase in participant.programme.phases.all()]
    said = [f"The programme had {count(len(phases), 'part')}: {joined(phases)}."] if phases else []
    classes = adherence_of(states_of(participant))
    if classes.due:
        said.append(f"They came to {classes.attended} of the {count(classes.due, 'class', 'classes')} they had booked.")
    return [*said, *_own_changes(participant)]


def _own_changes(participant: Participant) -> list[str]:
    """In the very sentences that the person reads on their own page."""
    if participant.pk not in agreed_to(ConsentKind.OWN_CHANGES, [participant]):
        return []
    forms = own_forms(participant)
    progress = progress_in_words(forms) if len(forms) > 1 else None
    sentences = [*progress.up, progress.same, *progress.down] if progress else []
    told = " ".join(sentence for sentence in sentences if sentence)
    return (
        [f"Of their answers to our wellbeing check, which is no clinical measure, they read: “{told}”"] if told else []
    )
