"""Passwords in tests: the algorithm of production with the least work, because hundreds of them are made and compared.

Not here: which algorithm (safefit/settings.py); that production keeps its costs (tests/unit/accounts/test_hashing.py).
"""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1
