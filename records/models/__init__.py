"""Rows about records as a whole. Import from here."""

from records.models.pairs import TwoPeople

__all__ = ["TwoPeople"]
