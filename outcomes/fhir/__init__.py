"""Questionnaires that come as files in the shape of FHIR R4, and answers that go out in it. PURE: no Django.

Here: a file read into clean items with a report of everything that was refused,
left out or worth knowing (reading.py and what it stands on), answers in FHIR's
shape (given.py, shapes.py), and which questions the answers so far leave standing
(gates.py). Not here: the questions of a form (outcomes/questions/), those that
a recipe scores (outcomes/questions/binding.py), rows and actions (outcomes/bringing.py).
Nothing in a file is ever run, and no address in it is ever fetched.
"""
