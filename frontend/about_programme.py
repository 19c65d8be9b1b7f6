"""A form about one programme, which is asked for only where there are several. Base of the forms that need it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.models import Programme
from frontend import forms


class AboutProgramme(forms.Form):
    programme: forms.RadiosField | forms.SelectField = forms.RadiosField(
        label="Which programme is it about?", missing="Select a programme"
    )

    def __init__(self, programmes: Iterable[Programme], *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.programmes = {str(programme.pk): programme for programme in programmes}
        self.fields["programme"].offer([(key, one.name) for key, one in self.programmes.items()])  # type: ignore[attr-defined]
        if len(self.programmes) < 2:
            del self.fields["programme"]

    @property
    def about(self) -> Programme:
        """Of a valid form."""
        return self.programmes[self.cleaned_data.get("programme") or next(iter(self.programmes))]
