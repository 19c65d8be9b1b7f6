"""Instructors who hold every credential unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from instructors.models import Credential, CredentialKind, Instructor
from tests.factories.accounts import PersonFactory, ProgrammeFactory


class InstructorFactory(DjangoModelFactory[Instructor]):
    class Meta:
        model = Instructor
        skip_postgeneration_save = True

    person = factory.SubFactory(PersonFactory)
    programme = factory.SubFactory(ProgrammeFactory)

    @factory.post_generation
    def credentials(self: Instructor, create: bool, extracted: Any, **kwargs: Any) -> None:  # type: ignore[misc]
        """`credentials=[kind, …]` names those that are held; none named means all."""
        kinds = CredentialKind.values if extracted is None else extracted
        checked_by = PersonFactory() if kinds else None  # one who has seen all of them, and one statement for all rows
        rows = [CredentialFactory.build(instructor=self, kind=kind, verified_by=checked_by) for kind in kinds]
        Credential.objects.bulk_create(rows)


class CredentialFactory(DjangoModelFactory[Credential]):
    class Meta:
        model = Credential

    instructor = factory.SubFactory(InstructorFactory, credentials=[])
    kind = CredentialKind.CANCER_EXERCISE
    issued_on = dt.date(2024, 1, 1)
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + dt.timedelta(days=365))
    evidence = "seen"
    verified_by = factory.SubFactory(PersonFactory)
    verified_at = factory.LazyFunction(timezone.now)
