from messaging.ways import Limits, Point, ways_to_reach

EMAIL, MOBILE = Point("email", "una@example.org"), Point("text", "+447700900111")
PHONE, POST = Point("phone", "+441632960222"), Point("post", "1 Made Up Street")


def test_the_preferred_way_comes_first_and_other_senders_after_it():
    assert ways_to_reach([MOBILE, PHONE, EMAIL], {"email", "text"}) == (MOBILE, EMAIL)


def test_who_prefers_a_call_is_called_although_an_email_address_is_known():
    assert ways_to_reach([PHONE, EMAIL], {"email"}) == (PHONE,)


def test_who_prefers_texts_is_emailed_while_nothing_sends_texts():
    assert ways_to_reach([MOBILE, EMAIL], {"email"}) == (EMAIL,)


def test_a_mobile_number_is_called_when_nothing_else_is_known():
    assert ways_to_reach([MOBILE], {"email"}) == (Point("phone", "+447700900111"),)


def test_a_letter_goes_to_who_has_only_an_address():
    assert ways_to_reach([POST], {"email"}) == (POST,)


def test_a_way_that_lacks_something_gives_room_to_another_in_writing_that_does_not():
    unread = Limits(unmet={"post": ("screen_reader",)})
    assert ways_to_reach([POST, EMAIL], {"email"}, unread) == (EMAIL,)
    assert ways_to_reach([EMAIL, POST], {"email"}, Limits(unmet={"email": ("large_print",)})) == (POST,)


def test_nobody_who_asked_to_be_written_to_is_called_instead():
    limits = Limits(unmet={"email": ("braille",), "post": ("braille",)})
    (way,) = ways_to_reach([EMAIL, PHONE, POST], {"email"}, limits)
    assert (way, limits.of(way.channel)) == (EMAIL, ("braille",))
    assert ways_to_reach([PHONE, EMAIL], {"email"}, limits) == (PHONE,)


def test_a_channel_that_does_not_work_is_left_out_while_another_does():
    assert ways_to_reach([PHONE, EMAIL], {"email"}, Limits(closed=frozenset({"phone"}))) == (EMAIL,)
    limits = Limits(frozenset({"phone", "email", "post"}), {"phone": ("by_text",)})
    assert ways_to_reach([MOBILE], {"email"}, limits) == (Point("phone", "+447700900111"),)
    assert limits.of("phone") == ("by_text",) and limits.of("post") == ()


def test_after_a_failure_only_ways_that_meet_the_need_are_tried():
    both = Limits(unmet={"text": ("easy_read",)})
    assert ways_to_reach([EMAIL, MOBILE], {"email", "text"}, both) == (EMAIL,)


def test_somebody_without_any_contact_point_cannot_be_reached():
    assert ways_to_reach([], {"email"}) == ()
