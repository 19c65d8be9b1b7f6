"""What a message to everybody of a class may not say, as a table."""

import pytest

from classes.telling.note_words import Findings, findings

OURS = "01632 960 000"
NAMES = ("Pat", "Featherstonehaugh-Cholmondeley", "", "O’Neill", "J")


def found(text):
    return findings(text, names=NAMES, our_number=OURS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The car park is closed. Please use the one in Church Lane.", Findings()),
        ("Everybody in the cancer group: after chemo, rest.", Findings(telling=("cancer", "chemo"))),
        ("Cancer, cancer", Findings(telling=("Cancer", "cancer"))),
        ("Join at https://zoom.example/j/1", Findings(links=("https://zoom.example/j/1",))),
        ("See www.example.org", Findings(links=("www.example.org",))),
        ("At zoom.us/j/98765?pwd=abc", Findings(links=("zoom.us/j/98765?pwd=abc",))),
        ("meet.google.com/abc-defg-hij it is", Findings(links=("meet.google.com/abc-defg-hij",))),
        ("On teams.live.com/meet/935", Findings(links=("teams.live.com/meet/935",))),
        ("On other.example:443/meet", Findings(links=("other.example:443/meet",))),
        ("Go to us02web.Zoom.us and wait.", Findings(links=("us02web.Zoom.us",))),
        ("Come at 10.30/11.00, by car and/or bus.No dogs.", Findings()),
        ("pat brings the bands. Pat knows.", Findings(names=("pat", "Pat"))),
        ("The Cholmondeley room", Findings()),
        ("Ask Featherstonehaugh-Cholmondeley", Findings(names=("Featherstonehaugh-Cholmondeley",))),
        ("O’Neill has the key, J has not", Findings(names=("O’Neill",))),
        (f"Call us on {OURS}.", Findings()),
        ("Call us on +44 1632 960000 or 18001 01632 960 000.", Findings()),
        ("Ring Ines on 07700 900123.", Findings(numbers=("07700 900123",))),
        ("Ring (01632) 960-111", Findings(numbers=("(01632) 960-111",))),
        ("We meet at 10.30 on 3.2.2027, room 12.", Findings()),
        ("Write to ines@example.org", Findings(mailboxes=("ines@example.org",))),
        ("Write to pat@example.org", Findings(mailboxes=("pat@example.org",))),
    ],
)  # fmt: skip
def test_what_is_found_in_the_words(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("findings", "refused", "doubtful"),
    [
        (Findings(), False, False),
        (Findings(telling=("x",)), True, False),
        (Findings(links=("x",)), True, False),
        (Findings(names=("x",)), False, True),
        (Findings(numbers=("x",)), False, True),
        (Findings(mailboxes=("x",)), False, True),
    ],
)
def test_what_is_refused_and_what_is_only_looked_at_again(findings, refused, doubtful):
    assert (findings.refused, findings.doubtful) == (refused, doubtful)


JOIN, DIAL = "https://www.rooms.example/r/482915?pwd=x", "+44 20 7946 0018, then 771 204 #"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("The room is Rooms.example /r/482915 as ever.", ("rooms.example/r/482915",)),
        ("Its number is 482 915.", ("482 915",)),
        ("Ring (020) 7946 0018", ("020) 7946 0018",)),
        ("Then press 771204.", ("771204",)),
        ("We begin at 10.30 in room 482.", ()),
    ],
)
def test_what_leads_into_this_very_class_is_refused(text, links):
    said = findings(text, names=(), our_number=OURS, ways_in=(JOIN, DIAL))
    assert set(links) <= set(said.links) and said.refused == bool(links)
    assert not findings("We begin at 10.30.", names=(), our_number=OURS, ways_in=("https://rooms.example", "")).refused
