"""New words: every text and number of a version in one form, kept as a version of its own.

Here: the form, one field for each value. Not here: which values there are and
what is refused (accounts/content.py). Nothing that people see changes: the new
version is not used until somebody starts it.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_http_methods

from accounts.content import NothingChanged, Version, write_version
from accounts.content_words import BadContent, Leaf, Route, Value, leaves
from frontend import forms
from frontend.signed_in import user_of
from frontend.views.content.reading import answers_for_content, version_or_404

SAME = "Nothing is different from the version you started from. Change something, then save."


class WordsForm(forms.Form):
    """Every value of one version that may be changed, and why it is."""

    def __init__(self, data: QueryDict | None, *, version: Version) -> None:
        super().__init__(data)
        self.leaves = {f"word{place}": leaf for place, leaf in enumerate(leaves(version.kind.words, version.body))}
        for name, leaf in self.leaves.items():
            self.fields[name] = _field(leaf)
        self.fields["why"] = forms.LongTextField(
            label=f"Why do these {version.kind.made_of} change?",
            called="why",
            hint="It stays with this version.",
            rows=3,
            max_length=500,
        )

    @property
    def sections(self) -> list[tuple[str, list[BoundField]]]:
        """The fields under the part of the content that they belong to: a question with its answers."""
        by_section = groupby(self.leaves.items(), key=lambda item: item[1].section)
        return [(section, [self[name] for name, _ in items]) for section, items in by_section]

    @property
    def values(self) -> dict[Route, Value]:
        return {leaf.route: _value(leaf, self.cleaned_data[name]) for name, leaf in self.leaves.items()}


def _field(leaf: Leaf) -> Any:
    word = leaf.word
    asked: dict[str, Any] = {
        "label": leaf.label,
        "called": leaf.called,
        "required": not word.optional and bool(leaf.value),
    }
    if isinstance(leaf.value, int):
        return forms.NumberField(initial=str(leaf.value), min_value=word.least, max_value=word.most, **asked)
    if isinstance(leaf.value, list):
        most = word.most * max(12, len(leaf.value))
        hint = "One line for each step."
        return forms.LongTextField(initial="\n".join(leaf.value), rows=5, max_length=most, hint=hint, **asked)
    if word.most > 150:
        return forms.LongTextField(initial=leaf.value, rows=2, max_length=word.most, **asked)
    return forms.TextField(initial=leaf.value, max_length=word.most, **asked)


def _value(leaf: Leaf, given: Any) -> Value:
    if isinstance(leaf.value, list):
        return [line.strip() for line in str(given).splitlines() if line.strip()]
    return int(given) if isinstance(leaf.value, int) else str(given)


@require_http_methods(["GET", "HEAD", "POST"])
@answers_for_content
def change(request: HttpRequest, content: str, version: str) -> HttpResponse:
    base = version_or_404(content, version)
    form = WordsForm(forms.posted(request), version=base)
    if form.is_valid():
        try:
            written = write_version(
                kind=base.kind,
                based_on=base.name,
                values=form.values,
                why=form.cleaned_data["why"],
                by=user_of(request).person,
            )
        except NothingChanged:
            form.add_error(None, SAME)
        except BadContent as wrong:
            form.add_error(None, f"This cannot be kept. {wrong}")
        else:
            messages.success(request, f"Version {written.version} is kept. It is not in use, and not signed off.")
            return redirect("content:version", content=content, version=written.version)
    return forms.render_form(request, "frontend/content/change.html", {"version": base, "kind": base.kind}, form)


urlpatterns = [path("<slug:content>/<slug:version>/change/", change, name="change")]
