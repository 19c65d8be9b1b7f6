"""What a password costs whoever has stolen the table: production's own figures, which the other tests do without."""

from __future__ import annotations

from argon2 import extract_parameters
from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher, make_password
from django.test import override_settings

from safefit import settings
from tests.hashing import QuickArgon2


def test_the_hasher_of_production_makes_each_guess_dear() -> None:
    with override_settings(PASSWORD_HASHERS=settings.PASSWORD_HASHERS):
        stored = make_password("three unlikely words")
    costs = extract_parameters(stored.removeprefix("argon2"))
    assert (costs.type.name, costs.time_cost, costs.memory_cost) == ("ID", 2, 102_400)


def test_every_other_test_uses_the_same_algorithm_with_less_work() -> None:
    assert isinstance(get_hasher(), QuickArgon2)
    assert QuickArgon2.algorithm == Argon2PasswordHasher.algorithm
