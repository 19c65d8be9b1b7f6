"""Erasing what is held about one person: what it would do, asking for it, doing it, and doing it again after a restore.

preview.py says what would happen; asking.py is called by pages and refuses; ending.py ends their part at once;
erase.py does it, for the worker; ledger.py remembers whom, without a name.
"""
