"""The pages of registering, in order, as data.

Here: which page asks what, under which heading, and when it is asked at all. Not
here: the forms (join_forms.py), going from page to page (join_wizard.py).
Consent to hold health facts stands before the first question about health.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Programme
from frontend.views.public import join_forms as f
from frontend.views.public.join_forms import Answers, PageForm
from participants.consents import texts_on_joining
from participants.health_content import health_questions
from participants.models import ConsentText, Referrer
from participants.rules.questions import Question, QuestionSet

YOU, HEALTH, AGREE = "About you", "Your health", "What you agree to"


def always(answers: Answers) -> bool:
    return True


def several_ways(answers: Answers) -> bool:
    return sum(bool(answers.get(name)) for name in f.ContactForm.by_channel.values()) > 1


def has_needs(answers: Answers) -> bool:
    return bool(answers.get("needs"))


@dataclass(frozen=True)
class Page:
    """One page: its name in the address, what "check your answers" calls it, its part, form, and when it is asked."""

    name: str
    title: str
    part: str
    form: type[PageForm]
    shown: Callable[[Answers], bool] = always


ABOUT_YOU = (
    Page("name", "Your name", YOU, f.NameForm),
    Page("born", "Your date of birth", YOU, f.BornForm),
    Page("postcode", "Your postcode", YOU, f.PostcodeForm),
    Page("area", "Where you live", YOU, f.AreaForm),
)
CANCER = Page("cancer", "Cancer", HEALTH, f.CancerForm)
REACHING_YOU = (
    Page("contact", "How to reach you", YOU, f.ContactForm),
    Page("preferred", "The way you like best", YOU, f.PreferredForm, several_ways),
    Page("needs", "What helps you", YOU, f.NeedsForm),
    Page("share-needs", "Telling instructors what helps you", YOU, f.ShareNeedsForm, has_needs),
    Page("emergency", "In an emergency", YOU, f.EmergencyForm),
    Page("nhs-number", "Your NHS number", YOU, f.NhsNumberForm),
)
MORE = Page("more", "Anything else", HEALTH, f.MoreForm)

CONSENT_TITLES = {
    "service": "Using SafeFit",
    "health": "Asking about your health",
    "instructors": "Telling your instructors",
    "clinical_team": "Writing to your clinical team",
    "own_changes": "Telling your clinical team how you are doing",
    "summaries": "Summaries",
    "research": "Research",
    "studies": "Hearing of studies",
    "recording": "Photos and recordings",
}


def pages_of(programme: Programme) -> tuple[Page, ...]:
    """Every page of one programme, those that are not always asked included."""
    consents = [consent_page(text) for text in texts_on_joining(programme)]
    first = [page for page in consents if page.name in ("agree-service", "agree-health")]
    later = [page for page in consents if page not in first]
    questions = health_questions()
    health = [health_page(question, questions) for question in questions.asked_of_all]
    return (*ABOUT_YOU, *first, CANCER, *REACHING_YOU, *health, MORE, *later)


def referral_pages(referrer: Referrer | None) -> tuple[Page, ...]:
    """The page that only those are asked whom somebody referred."""
    return (Page("referrer", "Who asked us to get in touch", AGREE, f.referrer_form(referrer)),) if referrer else ()


def consent_page(text: ConsentText) -> Page:
    return Page(f"agree-{text.kind}", CONSENT_TITLES[text.kind], AGREE, f.consent_form(text))


def health_page(question: Question, questions: QuestionSet) -> Page:
    follow_ups = tuple(questions[option.asks] for option in question.options if option.asks)
    form = f.health_form(question, follow_ups, questions.version)
    return Page(f"health-{question.id.replace('_', '-')}", question.short, HEALTH, form)
