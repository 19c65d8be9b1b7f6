"""Claims in other modules than tests say as much as a test does when they fail."""

import pytest

pytest.register_assert_rewrite("tests.unit.safefit.demo_claims")
