import pytest

from messaging.gsm7 import BASIC, length, parts, plain


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("Pat’s “class” – 6:30pm…", 'Pat\'s "class" - 6:30pm...'),
        ("Café Müller, Ñandú", "Café Müller, Ñandu"),
        ("Łukasz ğ ş Čapek", "Lukasz g s Capek"),
        ("e\u0301", "é"),
        ("€5 [x]", "€5 [x]"),
        ("日本 ☺", "?? ?"),
        ("a\u00a0b", "a b"),
    ],
)
def test_what_a_plain_text_lacks_is_written_by_what_comes_nearest(written, sent):
    assert plain(written) == sent


def test_the_table_has_its_127_characters_and_no_more():
    assert len(BASIC) == 127  # 128 places, one of them for what leads to the others


@pytest.mark.parametrize(
    ("text", "messages"),
    [("", 1), ("x" * 160, 1), ("x" * 161, 2), ("x" * 306, 2), ("x" * 307, 3), ("x" * 459, 3), ("x" * 460, 4)],
)
def test_a_text_is_counted_in_parts(text, messages):
    assert parts(text) == messages


def test_some_characters_count_twice():
    assert length("€") == 2
    assert parts("x" * 159 + "€") == 2
