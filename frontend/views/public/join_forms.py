"""The forms of registering: one class for each page that asks one thing.

Here: the questions, how an answer is kept in the draft, and how it is told back.
Not here: their order (join_pages.py), saving them (join_wizard.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings

from accounts.models import Channel, Programme
from frontend import forms
from frontend.choices import Offering
from frontend.needs import NeedsQuestions, need_words
from frontend.wording import ending_words, plain_date, sentence, telephone, today
from participants.models import ConsentText, Referrer
from participants.rules.application import NOTHING, needs_said
from participants.rules.nhs_number_rules import ending_of
from participants.rules.postcode_areas import area_of
from participants.rules.questions import Question

Answers = Mapping[str, Any]
ELSEWHERE = "elsewhere"
MOBILE_OPENS = (
    "You can sign in with this number, unless somebody else does already. "
    "Whoever reads its messages can then sign in as you."
)


class PageForm(forms.Form):
    """One page. `values` is what the draft keeps; `said` is how "check your answers" tells it back."""

    heading: ClassVar[str] = ""  # for a page of several fields; with one field its label is the heading
    paragraphs: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, answers: Answers, programme: Programme) -> None:
        self.answers, self.programme = answers, programme
        super().__init__(data, initial=self.fill(answers))
        self.prepare()

    def prepare(self) -> None:
        """Offer what depends on the programme or on earlier answers."""

    def fill(self, answers: Answers) -> dict[str, Any]:
        return {name: answers.get(name) for name in self.base_fields}

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

    def said(self) -> list[str]:
        """The kept answer in words, one line for each thing said; empty when nothing was."""
        return [words for name in self.fields for words in self._words(name, self.initial.get(name))]

    def _words(self, name: str, value: object) -> list[str]:
        if value in (None, "", []):
            return []
        field = self.fields[name]
        if isinstance(field, Offering):
            chosen = value if isinstance(value, list) else [field.prepare_value(value)]
            return [option.label for option in field.options if getattr(option, "value", None) in chosen]  # type: ignore[union-attr]
        return [plain_date(value) if isinstance(value, date) else str(value)]


class NameForm(PageForm):
    heading = "What is your name?"
    given_name = forms.TextField(
        label="First name", called="your first name", max_length=100, autocomplete="given-name"
    )
    family_name = forms.TextField(
        label="Last name", called="your last name", max_length=100, autocomplete="family-name"
    )
    known_as = forms.TextField(
        label="What we should call you", hint="If it is not your first name", max_length=100, required=False
    )

    def said(self) -> list[str]:
        known_as = self.initial["known_as"]
        return [f"{self.initial['given_name']} {self.initial['family_name']}"] + (
            [f"Call me {known_as}"] if known_as else []
        )


class BornForm(PageForm):
    born = forms.DateField(
        label="What is your date of birth?",
        called="your date of birth",
        hint="For example, 31 3 1950",
        birthday=True,
        earliest=date(1900, 1, 1),
        latest=today,
        page_heading=True,
    )

    def fill(self, answers: Answers) -> dict[str, Any]:
        return {"born": date.fromisoformat(answers["born"]) if answers.get("born") else None}

    def values(self) -> dict[str, Any]:
        return {"born": self.cleaned_data["born"].isoformat()}


class AreaForm(PageForm):
    """The postcode suggests an answer; the person's own counts, whatever the postcode is."""

    area = forms.RadiosField(label="Where do you live?", missing="Select where you live", page_heading=True)

    def prepare(self) -> None:
        options: list[Any] = [(area, area) for area in self.programme.areas]
        self.fields["area"].offer([*options, forms.Divider(), (ELSEWHERE, "Somewhere else")])  # type: ignore[attr-defined]
        if self._suggested(self.answers):
            self.fields["area"].hint = (  # type: ignore[attr-defined]
                "We chose this by your postcode. Change it if it is not right."
            )

    def fill(self, answers: Answers) -> dict[str, Any]:
        return {"area": answers.get("area") or self._suggested(answers)}

    def _suggested(self, answers: Answers) -> str:
        """Never “somewhere else”: who cannot join hears it after they have said so themselves."""
        guess = "" if answers.get("area") else area_of(str(answers.get("postcode") or ""))
        return guess if guess in self.programme.areas else ""


class PostcodeForm(PageForm):
    postcode = forms.PostcodeField(
        label="What is your postcode?",
        hint="You can leave this out. It helps us to find what is near you.",
        called="your postcode",
        required=False,
        page_heading=True,
    )


class HomeForm(AreaForm):
    """Both on one page, for whoever takes part already."""

    heading = "Where do you live?"
    field_order = ("postcode", "area")
    postcode = forms.PostcodeField(
        label="Your postcode",
        hint="You can leave this out. We ask for it to be sure who is on the phone.",
        called="your postcode",
        required=False,
    )
    area = forms.RadiosField(label="Which area is that in?", missing="Select the area where you live")

    def fill(self, answers: Answers) -> dict[str, Any]:
        return {"postcode": answers.get("postcode")} | super().fill(answers)


class NhsNumberForm(PageForm):
    """What was typed before is not shown again: a page may be read over a shoulder."""

    nhs_number = forms.NhsNumberField(
        label="What is your NHS number?",
        hint="You can leave this out. It is 10 figures, on letters from the NHS or in the NHS App.",
        called="your NHS number",
        required=False,
        page_heading=True,
    )
    take_out = forms.CheckboxesField(
        label="Or take it out",
        called="whether to take it out",
        required=False,
        options=(("yes", "Take my NHS number out"),),
    )

    def prepare(self) -> None:
        if kept := self.answers.get("nhs_number"):
            hint = f"We have one that ends in {ending_of(kept)}. Leave this blank to keep it, or enter another."
            self.fields["nhs_number"].hint = hint  # type: ignore[attr-defined]
            self.fields["take_out"].marks_optional = False  # type: ignore[attr-defined]
        else:
            del self.fields["take_out"]

    def fill(self, answers: Answers) -> dict[str, Any]:
        return {}

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data["nhs_number"]
        kept = "" if self.cleaned_data.get("take_out") else str(self.answers.get("nhs_number") or "")
        return {"nhs_number": typed or kept}

    def said(self) -> list[str]:
        kept = self.answers.get("nhs_number")
        return [ending_words(kept)] if kept else []


class CancerForm(PageForm):
    cancer = forms.RadiosField(
        label="Have you been told that you have cancer, or that you may have it?",
        missing="Select the answer that is true for you",
        hint="You do not need to prove it.",
        options=(
            ("confirmed", "Yes, I have cancer or have had it"),
            ("suspected", "I am having tests to find out"),
            ("no", "No"),
        ),
        page_heading=True,
    )


class ContactForm(PageForm):
    heading = "How can we reach you?"
    ways = forms.CheckboxesField(
        label="Choose every way that works for you",
        missing="Select at least one way to reach you",
        options=(
            forms.Choice("email", "Email", reveals=("email",)),
            forms.Choice("text", "Text message (SMS)", reveals=("mobile",)),
            forms.Choice("phone", "Phone call", reveals=("phone", "may_leave_message")),
            forms.Choice("post", "Letter", reveals=("address",)),
        ),
    )
    email = forms.EmailField(
        label="Your email address",
        called="your email address",
        hint="You sign in with it, unless somebody else does already.",
    )
    mobile = forms.PhoneField(label="Your mobile number", called="your mobile number")
    phone = forms.PhoneField(label="Your phone number", called="your phone number")
    may_leave_message = forms.YesNoField(
        label="Can we leave a message on it?", missing="Select yes if we can leave a message"
    )
    address = forms.LongTextField(
        label="Your address", called="your address", hint="With the postcode", rows=4, max_length=300
    )
    by_channel: ClassVar = {"email": "email", "text": "mobile", "phone": "phone", "post": "address"}

    def prepare(self) -> None:
        if settings.TEXT_GATEWAY:  # else a number opens nothing
            self.fields["mobile"].hint = MOBILE_OPENS  # type: ignore[attr-defined]

    def fill(self, answers: Answers) -> dict[str, Any]:
        kept = {name: _as_written(value) for name, value in super().fill(answers).items()}
        return kept | {"ways": [way for way, name in self.by_channel.items() if answers.get(name)]}

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "ways"}

    def said(self) -> list[str]:
        given = [str(self.initial[name] or "") for name in self.by_channel.values()]
        leave = {True: ["You can leave a message"], False: ["Do not leave a message"]}
        said = [value for value in given if value]
        return said + (leave.get(self.initial["may_leave_message"], []) if self.initial["phone"] else [])


def _as_written(value: Any) -> Any:
    """A telephone number as people write it; anything else as it is."""
    return telephone(value) if isinstance(value, str) and value.startswith("+") else value


class PreferredForm(PageForm):
    preferred = forms.RadiosField(
        label="Which way do you like best?", missing="Select the way you like best", page_heading=True
    )

    def prepare(self) -> None:
        words = {channel.value: channel.label for channel in Channel}
        given = [way for way, name in ContactForm.by_channel.items() if self.answers.get(name)]
        self.fields["preferred"].offer([(way, sentence(words[way])) for way in given])  # type: ignore[attr-defined]


class NeedsForm(NeedsQuestions, PageForm):
    def fill(self, answers: Answers) -> dict[str, Any]:
        kept = super().fill(answers)
        nothing = "needs" in answers.get("done", ()) and not kept["needs"]
        return kept | {"needs": [NOTHING] if nothing else kept["needs"]}

    def values(self) -> dict[str, Any]:
        return self.cleaned_data | {"needs": [need for need in self.cleaned_data["needs"] if need != NOTHING]}

    def said(self) -> list[str]:
        nothing = ["I do not need any of these"] if self.initial.get("needs") == [NOTHING] else []
        return [need_words(need.kind, need.detail) for need in needs_said(self.initial)] or nothing


class ShareNeedsForm(PageForm):
    share_needs = forms.YesNoField(
        label="Can we tell your instructors what helps you?",
        missing="Select yes if we can tell your instructors",
        page_heading=True,
    )


class EmergencyForm(PageForm):
    heading = "Who should we call in an emergency?"
    paragraphs = (
        "Somebody who can be reached while you are in a class. Please tell them that you gave us their number.",
    )
    emergency_name = forms.TextField(label="Their name", called="the name of somebody we can call")
    emergency_relationship = forms.TextField(
        label="Who they are to you", hint="For example, wife, son or neighbour", max_length=100, required=False
    )
    emergency_phone = forms.PhoneField(label="Their phone number", called="their phone number", autocomplete="off")

    def fill(self, answers: Answers) -> dict[str, Any]:
        return {name: _as_written(value) for name, value in super().fill(answers).items()}


class MoreForm(PageForm):
    health_note = forms.LongTextField(
        label="Is there anything else we should know to keep you safe?",
        hint="You can leave this out. One of our team reads what you write.",
        required=False,
        max_length=2000,
        page_heading=True,
    )


def consent_form(text: ConsentText) -> type[PageForm]:
    """The page that asks for one consent, in the words of `text`; nothing is ticked beforehand."""

    class ConsentForm(PageForm):
        heading = text.title
        paragraphs = tuple(line for line in text.body.splitlines() if line.strip())
        agrees = forms.YesNoField(label="Do you agree?", missing="Select yes if you agree, or no if you do not")

        def fill(self, answers: Answers) -> dict[str, Any]:
            return {"agrees": (answers.get("consents") or {}).get(text.kind, {}).get("given")}

        def values(self) -> dict[str, Any]:
            return {"consents": {text.kind: {"given": self.cleaned_data["agrees"], "text": text.pk}}}

    return ConsentForm


def referrer_form(referrer: Referrer) -> type[PageForm]:
    """The page that asks what whoever referred the person may hear."""

    class ReferrerForm(PageForm):
        heading = "The person who asked us to get in touch"
        paragraphs = (
            f"{referrer.words}, asked us to get in touch with you.",
            "If you say no to both, we forget who it was.",
        )
        referrer_told = forms.YesNoField(
            label="Can we tell them that you have joined?",
            hint="We say only that, without your name. We say nothing about your health.",
            missing="Select yes if we can tell them that you have joined",
        )
        referrer_kept = forms.YesNoField(
            label="Can we keep their name and how to reach them?",
            hint="Our team can then ask them, if there is a question about which exercise is safe for you.",
            missing="Select yes if we can keep how to reach them",
        )

        def said(self) -> list[str]:
            told, kept = self.initial["referrer_told"], self.initial["referrer_kept"]
            return [
                "You can tell them that I have joined" if told else "Do not tell them that I have joined",
                "You can keep how to reach them" if kept else "Do not keep how to reach them",
            ]

    return ReferrerForm


def question_field(question: Question, *, page_heading: bool = False, named: bool = False) -> Offering:
    """The field that asks one health question. `named`: among others on a page, so its error says which one it is."""
    several = question.kind == "any"
    options = [
        forms.Choice(o.value, o.label, reveals=(o.asks,) if o.asks else (), exclusive=several and o.alone)
        for o in question.options
    ]
    field = forms.CheckboxesField if several else forms.RadiosField
    missing = "Select the ones that are true for you" if several else "Select your answer"
    if named:
        missing = f"{question.short}: {missing[:1].lower()}{missing[1:]}"
    return field(label=question.ask, hint=question.why, missing=missing, options=options, page_heading=page_heading)


def health_form(question: Question, follow_ups: tuple[Question, ...], version: str) -> type[PageForm]:
    """The page of one health question, with the follow-ups that its options open."""

    class QuestionForm(PageForm):
        def fill(self, answers: Answers) -> dict[str, Any]:
            same_wording = answers.get("health_version") == version
            kept = (answers.get("health") or {}) if same_wording else {}
            return {name: kept[name] for name in self.base_fields if kept.get(name)}

        def values(self) -> dict[str, Any]:
            return {"health": self.cleaned_data, "health_version": version}

    QuestionForm.base_fields = {
        question.id: question_field(question, page_heading=True),
        **{follow_up.id: question_field(follow_up) for follow_up in follow_ups},
    }
    return QuestionForm
