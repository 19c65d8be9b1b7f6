import pytest

from participants.rules.admission import Reason
from participants.rules.signposts import BadSignposts, Place, read_onward, read_signposts

PLACE = {"name": "Somewhere", "what": "Help."}
WHOLE = {reason.value: {"words": "No.", "place": [PLACE]} for reason in Reason}


def test_every_reason_is_read_with_its_places():
    assert [signpost.reason for signpost in read_signposts(WHOLE)] == list(Reason)


@pytest.mark.parametrize(
    "broken",
    [
        {name: part for name, part in WHOLE.items() if name != "too_young"},
        WHOLE | {"too_young": {"words": "No.", "place": []}},
        WHOLE | {"too_young": {"words": "No.", "place": [PLACE | {"link": "http://example.org"}]}},
    ],
)
def test_content_that_leads_nowhere_is_refused(broken):
    with pytest.raises(BadSignposts):
        read_signposts(broken)


@pytest.mark.parametrize(
    "broken", [{}, {"words": "Go on."}, {"words": "Go on.", "place": [PLACE | {"link": "http://x"}]}]
)
def test_the_end_of_a_programme_leads_somewhere(broken):
    assert read_onward({"words": "Go on.", "place": [PLACE]}).places == (Place(**PLACE),)
    with pytest.raises(BadSignposts):
        read_onward(broken)
