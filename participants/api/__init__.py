"""The API about oneself: one's own record, health answers and breaks, one module each. Addresses are in urls.py.

Here: shapes and HTTP. Not here: any rule. An address without a key: there is no
record of another to ask for.
"""
