"""The database engine: PostgreSQL, with an end to waiting for a server that says nothing. Named in settings.py."""
