"""How a person in a browser answers each page of registering, and gets some of them wrong first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from tests.journeys.visitor import Visitor

Answer = Callable[[Visitor], None]
BORN = date(1958, 3, 14)
EMAIL = "jo@example.org"


def choosing(*words: str) -> Answer:
    def answer(visitor: Visitor) -> None:
        for one in words:
            visitor.choose(one)

    return answer


def _name(given: str, family: str) -> Answer:
    def answer(visitor: Visitor) -> None:
        visitor.fill("First name", given)
        visitor.fill("Last name", family)

    return answer


def _email(address: str) -> Answer:
    def answer(visitor: Visitor) -> None:
        visitor.choose("Email")
        visitor.fill("Your email address", address)

    return answer


def _phone(visitor: Visitor) -> None:
    visitor.choose("Phone call")
    visitor.fill("Your phone number", "01632 960 222")
    visitor.choose("Yes")


def _emergency(visitor: Visitor) -> None:
    visitor.fill("Their name", "Emer Invented")
    visitor.fill("Who they are to you", "sister")
    visitor.fill("Their phone number", "01632 960 111")


def _nothing(visitor: Visitor) -> None:
    """The page is left as it is."""


ANSWERS: dict[str, Answer] = {
    "name": _name("Jo", "Invented"),
    "born": lambda visitor: visitor.fill_date("born", BORN),
    "area": choosing("Dorset"),
    "postcode": lambda visitor: visitor.fill("What is your postcode?", "bh241aa"),
    "agree-service": choosing("Yes"),
    "agree-health": choosing("Yes"),
    "cancer": choosing("Yes, I have cancer or have had it"),
    "contact": _email(EMAIL),
    "needs": choosing("Lip-reads", "More time"),
    "share-needs": choosing("Yes"),
    "emergency": _emergency,
    "nhs-number": lambda visitor: visitor.fill("What is your NHS number?", "943 476 5919"),
    "health-bones": choosing("My bones are thin (osteoporosis)"),
    "health-heart-lungs": choosing("No"),
    "health-surgery": choosing("No"),
    "health-blood": choosing("No"),
    "health-symptoms": choosing("No"),
    "health-falls": choosing("No, neither of these"),
    "health-devices": choosing("No, none of these"),
    "health-swelling": choosing("No"),
    "health-treatment": choosing("No"),
    "health-moving": choosing("Getting down to the floor and up again"),
    "more": lambda visitor: visitor.fill("Is there anything else", "I am nervous about falling."),
    "agree-instructors": choosing("Yes"),
    "agree-summaries": choosing("Yes"),
    "agree-research": choosing("No"),
    "agree-studies": choosing("No"),
    "agree-recording": choosing("No"),
}
BY_PHONE = ANSWERS | {
    "name": _name("Phyllis", "Sample"),
    "born": lambda visitor: visitor.fill_date("born", date(1941, 12, 5)),
    "contact": _phone,
    "needs": choosing("More time"),
    "nhs-number": _nothing,
    "health-bones": choosing("No, none of these"),
    "health-moving": choosing("No, none of these"),
    "more": _nothing,
}
WRONG: dict[str, tuple[Answer, str]] = {  # what is done, and what the page then says
    "name": (_nothing, "Enter your first name"),
    "born": (lambda visitor: visitor.fill_date("born", ("31", "2", "1958")), "real date"),
    "area": (_nothing, "Select where you live"),
    "postcode": (lambda visitor: visitor.fill("What is your postcode?", "nowhere"), "Enter a full UK postcode"),
    "agree-health": (_nothing, "Select yes if you agree, or no if you do not"),
    "contact": (_email("jo at example"), "Enter an email address in the correct format"),
    "needs": (_nothing, "select that you do not need any of these"),
    "emergency": (lambda visitor: visitor.fill("Their phone number", "12"), "Enter a phone number"),
    "nhs-number": (lambda visitor: visitor.fill("What is your NHS number?", "943 476"), "has 10 figures"),
    "health-bones": (_nothing, "Select the ones that are true for you"),
}


def page_of(visitor: Visitor) -> str:
    """The name of the page in the address."""
    return visitor.page.url.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]


def answer_pages(
    visitor: Visitor,
    answers: dict[str, Answer],
    *,
    until: str,
    wrong: dict[str, tuple[Answer, str]] | None = None,
    look_as: str = "",
) -> list[str]:
    """Answer page after page until the page `until`, looking at each if asked to; the names of the pages met."""
    met: list[str] = []
    while (name := page_of(visitor)) != until:
        met.append(name)
        if look_as:
            visitor.look(f"{look_as}-{name}")
        if wrong and name in wrong:
            do, says = wrong[name]
            do(visitor)
            visitor.press("Save and continue")
            visitor.sees(says)
            visitor.look(f"{look_as}-{name}-error", error=True)
        answers[name](visitor)
        visitor.press("Save and continue")
    return met
