"""What the strict base refuses that stock REST framework lets through."""

import io

import pytest
from django.test import Client
from rest_framework import exceptions, serializers
from rest_framework.test import APIRequestFactory

from safefit.api import (
    MAX_NESTING,
    Conflict,
    Page,
    StrictBooleanField,
    StrictCharField,
    StrictDateField,
    StrictDateTimeField,
    StrictFloatField,
    StrictIntegerField,
    StrictJSONParser,
    StrictSerializer,
    nesting_of,
    problem_response,
)


def parse(text: str | bytes):
    return StrictJSONParser().parse(io.BytesIO(text.encode() if isinstance(text, str) else text))


@pytest.mark.parametrize(
    ("text", "depth"),
    [("1", 0), ("[]", 1), ('{"a": [1, {"b": 2}]}', 3), ('"[[[["', 0), (r'"\"[["', 0), ('["[\\\n[', 1)],
)
def test_nesting_counts_brackets_outside_strings(text, depth):
    assert nesting_of(text) == depth


def test_a_body_of_quotes_alone_is_read_once_and_not_once_for_each_quote():
    assert nesting_of('"' + '\\"' * 200_000) == 0


@pytest.mark.parametrize("text", [r'{"\ud800": 1}', r'["\uD83D"]', r'"\udc00\ud800"'])
def test_half_a_letter_is_refused(text):
    with pytest.raises(exceptions.ParseError):
        parse(text)


def test_a_letter_written_as_two_escapes_is_read():
    assert parse(r'["\ud83d\ude00", "\\ud800"]') == ["\U0001f600", r"\ud800"]


def test_json_as_deep_as_allowed_is_read_and_one_deeper_is_refused():
    assert parse("[" * MAX_NESTING + "]" * MAX_NESTING)
    with pytest.raises(exceptions.ParseError):
        parse("[" * (MAX_NESTING + 1) + "]" * (MAX_NESTING + 1))


@pytest.mark.parametrize("text", ["[" * 100_000, "NaN", "[Infinity]", '{"a": 1, "a": 2}', "{", "", b"\xff\xfe"])
def test_what_is_not_plain_json_is_refused(text):
    with pytest.raises(exceptions.ParseError):
        parse(text)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (StrictIntegerField(), "1_000"),
        (StrictIntegerField(), "٣"),
        (StrictIntegerField(), 1.0),
        (StrictIntegerField(), True),
        (StrictFloatField(), "1.5"),
        (StrictFloatField(), float("inf")),
        (StrictBooleanField(), "yes"),
        (StrictBooleanField(), 1),
        (StrictCharField(), 5),
        (StrictCharField(), "a\x00b"),
        (StrictCharField(), "\u202etaP"),
        (StrictDateField(), "٢٠٢٦-١٢-٠١"),
        (StrictDateField(), "2026-02-30"),
        (StrictDateField(), 20261201),
        (StrictDateTimeField(), "2026-12-01T18:30:00"),
        (StrictDateTimeField(), "٢٠٢٦-12-01T18:30:00Z"),
    ],
)
def test_a_value_that_only_looks_right_is_refused(field, value):
    with pytest.raises(serializers.ValidationError):
        field.run_validation(value)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (StrictIntegerField(), 3),
        (StrictFloatField(), 1.5),
        (StrictBooleanField(), False),
        (StrictCharField(), "-Ann"),
        (StrictCharField(), "Two lines\nand a tab\t"),
        (StrictDateField(), "2026-12-01"),
        (StrictDateTimeField(), "2026-12-01T18:30:00+00:00"),
    ],
)
def test_a_right_value_is_taken(field, value):
    field.run_validation(value)


class Example(StrictSerializer):
    name = StrictCharField()
    number = StrictIntegerField(read_only=True)


@pytest.mark.parametrize("name", ["role", "number"])
def test_a_name_that_cannot_be_set_is_refused_by_name(name):
    serializer = Example(data={"name": "Pat", name: 1})
    assert not serializer.is_valid()
    assert set(serializer.errors) == {name}


def test_a_body_that_is_no_object_is_refused():
    assert not Example(data=["Pat"]).is_valid()


@pytest.mark.parametrize("query", [{"page": "0"}, {"page": "1.5"}, {"page_size": "1_0"}, {"page_size": "-1"}])
def test_a_page_that_is_no_whole_number_is_refused(query):
    request = APIRequestFactory().get("/", query)
    request.query_params = request.GET  # type: ignore[attr-defined]
    with pytest.raises(serializers.ValidationError):
        Page().paginate_queryset(list(range(50)), request)


def test_a_huge_page_is_cut_to_the_cap():
    request = APIRequestFactory().get("/", {"page_size": "1000000"})
    request.query_params = request.GET  # type: ignore[attr-defined]
    assert len(Page().paginate_queryset(list(range(500)), request)) == 100


def test_a_conflict_is_a_problem_document_with_its_code_and_facts():
    response = problem_response(Conflict("The last place has just gone.", "session_full", waiting=3), {})
    assert response is not None
    assert response.status_code == 409
    assert response.content_type == "application/problem+json"
    assert response.data["code"] == "session_full" and response.data["waiting"] == 3


def test_a_fault_of_ours_is_left_to_the_error_handler():
    assert problem_response(RuntimeError("secret"), {}) is None


class _Twice(StrictSerializer):
    number = StrictIntegerField(min_value=1)
    numbers = serializers.ListField(child=StrictIntegerField(min_value=1))


def test_each_shape_has_its_fields_for_itself():
    one, other = _Twice(data={"number": 1, "numbers": [1]}), _Twice(data={"number": 0, "numbers": [0]})
    assert one.is_valid() and not other.is_valid()
    for name in ("number", "numbers"):
        mine, others = one.fields[name], other.fields[name]
        assert mine is not others
        assert (mine.parent, others.parent) == (one, other)
    assert one.fields["numbers"].child is not other.fields["numbers"].child  # type: ignore[attr-defined]
    assert set(other.errors) == {"number", "numbers"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("*/*", 200),
        ("application/json", 200),
        ("text/html, */*;q=0.1", 200),
        ("application/json; indent=2", 200),
        ("text/html", 406),
    ],
)
def test_an_answer_is_json_for_whoever_takes_it(accept, status):
    answer = Client().get("/api/v1/sessions/", headers={"Accept": accept})
    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/json" if status == 200 else "application/problem+json")
