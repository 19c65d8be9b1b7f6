"""Extracts for research: what may be in one, how it is protected, sealed, agreed to by two people, and ended."""
