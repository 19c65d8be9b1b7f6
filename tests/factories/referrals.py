"""What a professional says who refers somebody, and the form in which they send it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.utils import timezone

from participants.registering.referrals import Referral

SENT = {
    "name": "Ravi Referrer",
    "role": "physiotherapist",
    "organisation": "Invented Hospital",
    "your_email": "ravi@hospital.example",
    "given_name": "Rea",
    "family_name": "Ferred",
    "born-day": "14",
    "born-month": "3",
    "born-year": "1958",
    "cancer": "suspected",
    "ways": ["email", "phone"],
    "email": "rea@example.org",
    "phone": "01632 960333",
    "preferred": "email",
    "safety_note": "",
    "agreed": "yes",
    "agreed_on-day": "1",
    "agreed_on-month": "11",
    "agreed_on-year": "2026",
}


def referral(**changes: Any) -> Referral:
    said = {
        "id": uuid.uuid4(),
        "name": "Ravi Referrer",
        "role": "physiotherapist",
        "organisation": "Invented Hospital",
        "email": "ravi@hospital.example",
        "phone": "",
        "given_name": "Rea",
        "family_name": "Ferred",
        "born": dt.date(1958, 3, 14),
        "contacts": {"email": "rea@example.org"},
        "preferred": "email",
        "cancer": "suspected",
        "agreed_on": timezone.localdate(),
    }
    return Referral(**(said | changes))
