from messaging.ways import Point, ways_to_reach

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


def test_by_hand_leaves_out_every_sender():
    assert ways_to_reach([EMAIL, POST], {"email"}, by_hand=True) == (POST,)
    assert ways_to_reach([EMAIL], {"email"}, by_hand=True) == ()


def test_somebody_without_any_contact_point_cannot_be_reached():
    assert ways_to_reach([], {"email"}) == ()
