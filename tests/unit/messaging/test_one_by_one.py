from collections.abc import Iterator

import pytest
from django.db import InterfaceError, OperationalError
from structlog.testing import capture_logs

from messaging import one_by_one as module
from messaging.models import Message
from messaging.one_by_one import in_turn, one_by_one


class Busy(Exception):
    pass


def work(row: int) -> int:
    if row == 2:
        raise ValueError("Pat has breast cancer")
    if row == 3:
        raise Busy
    return row * 10


def test_what_fails_stops_nothing_after_it_and_is_raised_at_the_end_with_the_name_of_its_row() -> None:
    served: list[int] = []
    with capture_logs() as logs, pytest.raises(ExceptionGroup) as raised:
        one_by_one(lambda row: served.append(work(row)), [1, 2, 3, 4], busy=(Busy,))
    assert served == [10, 40]
    (fault,) = raised.value.exceptions
    assert isinstance(fault, ValueError) and fault.__notes__ == ["2"]
    assert [(line["event"], line["row"]) for line in logs] == [("row_failed", "2"), ("row_busy", "3")]
    assert "Pat" not in str(logs)


def test_without_a_fault_all_that_came_of_it_is_returned() -> None:
    assert one_by_one(work, [1, 3, 4], busy=(Busy,)) == [10, 40]


def test_a_row_is_named_by_its_key_and_by_nothing_that_is_in_it() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        one_by_one(lambda message: 1 / 0, [Message(pk=7, kind="booking_confirmed")])
    assert raised.value.exceptions[0].__notes__ == ["messaging.message 7"]


def test_a_step_that_fails_keeps_no_later_one_from_being_taken() -> None:
    taken: list[str] = []

    def first() -> None:
        raise ValueError

    def second() -> None:
        taken.append("second")

    with pytest.raises(ExceptionGroup) as raised:
        in_turn(first, second)
    assert taken == ["second"] and raised.value.exceptions[0].__notes__ == ["first"]


class Database:
    def __init__(self, *, gone: bool) -> None:
        self.gone = gone

    def ensure_connection(self) -> None:
        if self.gone:
            raise OperationalError("connection refused")


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError])
@pytest.mark.parametrize(("gone", "tried"), [(True, [1]), (False, [1, 2])])
def test_a_database_that_has_gone_is_no_fault_of_the_row_and_ends_the_work(
    monkeypatch: pytest.MonkeyPatch, fault: type[Exception], gone: bool, tried: list[int]
) -> None:
    monkeypatch.setattr(module, "connection", Database(gone=gone))
    seen: list[int] = []

    def rows() -> Iterator[int]:
        for row in (1, 2):
            seen.append(row)
            yield row

    def fails(row: int) -> None:
        raise fault

    with pytest.raises(OperationalError if gone else ExceptionGroup):
        one_by_one(fails, rows())
    assert seen == tried
