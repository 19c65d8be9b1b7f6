"""Rows about records as a whole. Import from here."""

from records.models.merges import Merge, MergeChange, What
from records.models.pairs import TwoPeople
from records.models.rights import CopyQuerySet, Erasure, ErasureRequest, RecordCopy

__all__ = ["CopyQuerySet", "Erasure", "ErasureRequest", "Merge", "MergeChange", "RecordCopy", "TwoPeople", "What"]
