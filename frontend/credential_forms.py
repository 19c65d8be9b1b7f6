"""Recording one credential: the form, sending it, and the file that goes with it. For instructors and the desk.

Not here: what is refused (instructors/checking.py), the pages (views/teach, views/desk).
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.history import log_read
from accounts.models import Person
from frontend import forms
from frontend.wording import sentence, today
from instructors.checking import EndNeeded, NotACredential, SamePerson, record_credential
from instructors.evidence import MOST_BYTES, NotEvidence, WhyNot
from instructors.models import CheckLevel, Credential, CredentialKind, Evidence, Instructor
from instructors.rules_in_use import credential_rules

NO_COPY = (
    "We keep no copy of a DBS certificate, so nothing was saved. Send it without a file: its level, its date and "
    "whether it is on the update service are enough, and the desk looks at the paper itself"
)
FILE_WORDS = {
    WhyNot.EMPTY: "The file is empty. Choose another",
    WhyNot.TOO_BIG: f"The file must be smaller than {MOST_BYTES // 1024**2} MB",
    WhyNot.OTHER_TYPE: "The file must be a PDF, a JPEG or a PNG. Take a photograph of it, or save it as a PDF",
    WhyNot.BROKEN: "The file is not whole. Open it to see that it is right, save it again, and choose it again",
    WhyNot.TOO_MANY_PIXELS: "The picture is too large to be opened safely. Take it again in a smaller size",
}
ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class CredentialForm(forms.Form):
    """`checks`: somebody of the desk fills it in, who may have seen the paper itself."""

    issued_on = forms.DateField(
        label="From which day does it count?", called="the day from which it counts", latest=today
    )
    expires_on = forms.DateField(
        label="Until when, as it is written on it?",
        called="the day on which it runs out",
        hint="Leave it empty if no day is written on it",
        required=False,
    )
    level = forms.RadiosField(
        label="Which level?",
        missing="Select the level",
        options=[(level.value, sentence(level.label)) for level in CheckLevel],
    )
    update_service = forms.YesNoField(
        label="Is it on the DBS update service?", missing="Select yes if it is on the update service"
    )
    evidence = forms.TextField(
        label="Number on it", hint="Or where it can be seen", called="the number", required=False, max_length=200
    )
    file = forms.FileField(
        label="A picture or PDF of it",
        called="the file",
        hint="PDF, JPEG or PNG, up to 5 MB. Without one, show the paper to the desk",
        accept=".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png",
        most_bytes=MOST_BYTES,
        required=False,
    )
    seen = forms.ConfirmField(
        label="I have seen the paper itself, or its entry in a register",
        hint="Without this it waits to be checked",
        missing="Tick it, or leave it empty",
        required=False,
    )

    def __init__(self, *args: Any, kind: str, checks: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kind, is_dbs = kind, kind == CredentialKind.DBS
        for name in ("file",) if is_dbs else ("level", "update_service"):
            del self.fields[name]
        if not checks:
            del self.fields["seen"]
        if credential_rules().kinds[kind].needs_end:
            ends = self.fields["expires_on"]
            ends.required, ends.hint = True, ""  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if self.kind == CredentialKind.DBS and self.files:
            self.add_error(None, NO_COPY)
        ends, begins = given.get("expires_on"), given.get("issued_on")
        if ends and begins and ends < begins:
            self.add_error("expires_on", "It must run out after the day from which it counts")
        return given


def record(form: CredentialForm, instructor: Instructor, by: Person) -> Credential | None:
    """What was sent, recorded; None where it is refused, with the words on the form."""
    given = form.cleaned_data
    file = given.get("file")
    try:
        return record_credential(
            instructor=instructor,
            kind=form.kind,
            issued_on=given["issued_on"],
            expires_on=given["expires_on"],
            evidence=given["evidence"],
            level=given.get("level", ""),
            update_service=bool(given.get("update_service")),
            file=file.read() if file else None,
            verified=bool(given.get("seen")),
            by=by,
        )
    except NotEvidence as refused:
        form.add_error("file", FILE_WORDS[refused.why])
    except EndNeeded:
        form.add_error("expires_on", "Enter the day on which it runs out")
    except NotACredential:
        form.add_error(None, "This cannot be recorded. Open the page again")
    except SamePerson:
        form.add_error("seen", "Nobody vouches for what they hold themselves. Somebody else must look at it")
    return None


def sent(request: HttpRequest) -> tuple[Any, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def evidence_file(file: Evidence, *, purpose: str, by: Person) -> HttpResponse:
    """To be saved, never shown in place: it is somebody else's file. Each opening is logged."""
    log_read(target=file.credential.instructor.person, purpose=purpose, what="evidence", by=by)
    name = f"evidence-{file.credential_id}.{ENDINGS[file.media_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}
    return HttpResponse(bytes(file.content), content_type=file.media_type, headers=headers)
