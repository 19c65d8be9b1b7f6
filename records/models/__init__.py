"""Rows about records as a whole. Import from here."""
