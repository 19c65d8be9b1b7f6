"""The REST API of classes: sessions, bookings, waiting (here) and registers (register.py).

Edges only: read, check, call the action, answer. Nothing imports this package
but the address book.
"""
