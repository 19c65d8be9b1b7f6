"""The parcel that a person gets, in one ZIP: a page to read, the same as JSON, what they have as FHIR, and their files.

Not here: what is read (reading.py), the page (paper.py).
"""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from dataclasses import asdict
from typing import Final

from django.core.serializers.json import DjangoJSONEncoder

from participants.rules.condition import bundle_of
from records.exporting.paper import ABOUT, draw_paper
from records.exporting.reading import Record

PAPER, DATA, CONDITIONS = "read-me-first.html", "everything.json", "conditions.fhir.json"
FORMAT: Final = "1"


def pack(record: Record, *, made_at: dt.datetime) -> bytes:
    """The bytes of the ZIP."""
    told = {
        "format": FORMAT,
        "made_at": made_at,
        "about": record.person.full_name,
        "please_read": ABOUT,
        "tables": [asdict(section) for section in record.sections],
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parcel:
        parcel.writestr(PAPER, draw_paper(record, made_at=made_at))
        parcel.writestr(DATA, json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        if record.conditions:
            parcel.writestr(CONDITIONS, json.dumps(bundle_of(record.conditions), ensure_ascii=False, indent=1))
        for name, file in record.files.items():
            parcel.writestr(name, file)
    return content.getvalue()
