"""The API of messages, for the desk. Addresses: urls.py."""
