"""The waiting list: whose turn it is, what is offered and until when, and what becomes of it.

Here: `serving` (who gets a place that has come free, in the transaction that freed
it), `offers` (the rows of what is offered), `offer_times` (until when; pure),
`answering` (yes and no, in writing or by a call), `running_out` (what nobody
answers, by the clock) and `priority` (who is put first, and why). Not here:
joining and leaving the list, which are ways of booking (booking.py); the calls
themselves (messaging.worklist); words and pages.
"""
