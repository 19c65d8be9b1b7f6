"""Summaries for organisations: built, attacked, frozen, and what was published before."""
