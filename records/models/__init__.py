"""Rows about records as a whole. Import from here."""

from records.models.merges import Merge, MergeChange, What
from records.models.pairs import TwoPeople

__all__ = ["Merge", "MergeChange", "TwoPeople", "What"]
