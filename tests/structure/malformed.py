"""What people and programs send by mistake or on purpose: some hundreds of values for a field, kind by kind.

Here: the values. Not here: where they are sent (test_bad_input.py). Each is one that some program somewhere read
wrongly: as a number that it is not, as a day that there is none of, as markup, as a command, as an end of a line.
"""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

HALF: Final = "\ud800"  # half a character: JSON can write it, and no database keeps it
NOTHING: Final = (
    None,
    "",
    " ",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
    "\u3000",
    "\u200b",
    "\ufeff",
    "null",
    "None",
    "undefined",
)
TRUTHS: Final = (True, False, "true", "True", "on", "yes", "1", "0", "-0", "NaN", "nan", "Infinity", "-Infinity")
NUMBERS: Final = (
    0, -1, 1.5, 10**19, -(10**19), 2**31, 2**31 - 1, -(2**31) - 1, 2**63, 2**63 - 1, 1e308, 5e-324, -0.0,
    "1.", ".5", "1,5", "1.000,5", "1_000", "0x1F", "0b11", "1e999", "-1e999", "1e-999", "٣", "৪", "Ⅷ", "²", "½", "१२",
    "+1", "--1", "1-", "1 2", "00000000000000000000001", "9" * 400, "0." + "1" * 400, "£5", "5%", "1/0", "1;2",
)  # fmt: skip
DAYS: Final = (
    "2027-02-30", "2027-13-01", "2027-00-10", "0000-01-01", "0001-01-01", "9999-12-31", "10000-01-01", "-2027-01-01",
    "2027-1-1", "20270101", "01/02/2027", "31.12.2027", "2027-W01-1", "2027-366", "2027-02-29", "2027-01-01T00:00:00",
    "2027-03-28T01:30:00", "2027-10-31T01:30:00", "2027-01-01T24:00:00", "2027-01-01T00:00:60Z", "٢٠٢٧-٠١-٠١",
    "2027-01-01T00:00:00+99:99", "2027-01-01T00:00:00.0000000000001Z", "today", "1e3-01-01", "2027-01-01\x00",
)  # fmt: skip
TIMES: Final = (
    "25:61", "24:00", "00:00", "23:59:60", "7", "7:5", "07:05:00.123456789", "-01:00", "7am", "07.05", "٠٧:٠٥", ":",
    "12:00+01:00", "P1Y", "PT25H", "-PT1S", "1 day, 0:00:00", "99999999 00:00:00", "1:60",
)  # fmt: skip
LENGTHS: Final = (
    "x" * 256,
    "x" * 5_001,
    "x" * 40_000,
    "😀" * 600,
    "a\u0301" * 500,
    "word " * 1_000,
    "\n" * 3_000,
    "é" * 65,
)
UNICODE: Final = (
    "\x00", "a\x00b", "\x01", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\ufffd", "\ufffe", "\U0010ffff",
    "\u202eevil", "\u2066a\u2069", "Zoë\u0308", "ﷺ", "İ", "ı", "ß", "ſ", "K", "𝟜𝟚", "👩‍👩‍👧‍👦", "🇬🇧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "\u0e33\u0e33",
    "Ⓐⓑ", "ａｂ", "а", "раураl", "\u0301", "T\u0336o\u0336", "العربية", "עברית", "தமிழ்", "中文", "ไทย",
)  # fmt: skip
MARKUP: Final = (
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'onfocus=a",
    "<svg/onload=alert(1)>", "<!--", "]]>", "<![CDATA[", "&lt;b&gt;", "&#0;", "&#x110000;", "{{7*7}}", "{% debug %}",
    "${7*7}", "#{7*7}", "<%= 7 %>", "%(name)s", "{name}", "{0.__class__}", "%s%n", "javascript:alert(1)", "[a](b)",
    "data:text/html,<b>", "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>", "<style>*{display:none}",
)  # fmt: skip
COMMANDS: Final = (
    "' OR 1=1 --", "'; DROP TABLE accounts_person; --", "\\", "'", '"', "`", "%", "_", "%%", "\\'", "1' AND SLEEP(0)#",
    "$(id)", "`id`", "; ls", "| cat", "&& id", "../../etc/passwd", "..\\..\\boot.ini", "/dev/null", "C:\\", "file:///",
    "=cmd()|A1", "+1+1", "-2+3", "@SUM(1)", "\t=1", "|x", "*", "**", "(", "(((((a+)+)+)+)+)$", "[", "\\d", "^",
    "$", "?",
)  # fmt: skip
ADDRESSES: Final = (
    "//evil.example", "https://evil.example", "http://[::1", "http://127.0.0.1:1", "ftp://a",
    "mailto:a@example.org", "#",
    "a@", "@b", "a@b", "a@b..c", "a b@example.org", "a@example.org\r\nBcc: b@example.org", "a\r\nBcc: b@example.org",
    '"a b"@example.org', "a@[127.0.0.1]", "a@xn--", "é@example.org", "a@例え.jp", "<a@example.org>",
    "a@example.org,b@c.org",
    f"{'a' * 65}@example.org", f"a@{'b' * 250}.org", "+44", "+", "07700 900 98", "+447700900982x1", "07700900982;ext=1",
    "+999123456789012345", "(07700) 900-982", "999", "tel:999", "SO14 3", "SO143AA1", "so14 3aa", "00000000-0000-0000",
    "SF-0000-0000", "sf 2k4m 7pqr", "943 476 5919", "9434765918", "0000000000",
)  # fmt: skip
SHAPES: Final = (
    [], {}, [None], [[1]], [{}], {"$ne": 1}, {"": ""}, {"__proto__": {}}, ["a"] * 1_000, [[[[[[[[]]]]]]]],
    {"a": {"a": {}}},
    "[]", "{}", '{"a": 1}', "[1,2]", "a,b", "a;b", "a&b=c", "a=b", "a[]=b", "a.b", "__class__", "pk", "id", "-1,", ",",
)  # fmt: skip
VALUES: Final[tuple[Any, ...]] = tuple(
    chain(
        (HALF,), NOTHING, TRUTHS, NUMBERS, DAYS, TIMES, LENGTHS, UNICODE, MARKUP, COMMANDS, ADDRESSES, SHAPES
    )
)  # fmt: skip
TYPED: Final = tuple(value for value in VALUES if isinstance(value, str) and value != HALF)
