"""A run that leaves out a line or a branch of what is watched fails, whoever of its workers took the rest."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests import watching

RULE = """
def half(of):
    if of > 1:
        of = of / 2
    return of


def twice(of):
    return of * 2
"""


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> watching.Watch:
    """One that watches a package of one rule."""
    (tmp_path / "arithmetic").mkdir()
    (tmp_path / "arithmetic" / "__init__.py").touch()
    (tmp_path / "arithmetic" / "rule.py").write_text(RULE)
    (tmp_path / "arithmetic" / "edge.py").write_text(RULE)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.slipcover]\nsource = ["arithmetic"]\nomit = ["*/edge.py"]\nexclude-also = []\n'
    )
    monkeypatch.setattr(watching, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("arithmetic", "arithmetic.rule"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return watching.Watch()


@pytest.fixture
def rule(watch: watching.Watch) -> Any:
    return importlib.import_module("arithmetic.rule")


def test_a_line_that_no_test_takes_is_left_out(watch: watching.Watch, rule: Any) -> None:
    rule.half(3), rule.half(1)
    (found,) = [one for name, one in watch.taken()["files"].items() if name.endswith("rule.py")]
    assert found["missing_lines"] == [9]
    assert watching.left_out(watch.taken())
    rule.twice(1)
    assert not watching.left_out(watch.taken())


def test_a_branch_that_no_test_takes_is_left_out(watch: watching.Watch, rule: Any) -> None:
    rule.half(3), rule.twice(1)
    (found,) = [one for name, one in watch.taken()["files"].items() if name.endswith("rule.py")]
    assert (found["missing_lines"], found["missing_branches"]) == ([], [(3, 5)])
    assert watching.left_out(watch.taken())


def test_a_file_that_nothing_loads_is_left_out_and_one_that_is_not_watched_is_not(watch: watching.Watch) -> None:
    assert {Path(name).name for name in watch.taken()["files"]} == {"__init__.py", "rule.py"}
    assert watching.left_out(watch.taken())


def test_what_one_worker_took_and_another_did_not_is_taken(watch: watching.Watch, rule: Any) -> None:
    rule.half(3), rule.half(1)
    of_another = watch.taken()
    for file in of_another["files"].values():
        file["executed_lines"] = [*file["executed_lines"], *file["missing_lines"]]
        file["missing_lines"] = []
    watch.pytest_testnodedown(SimpleNamespace(workeroutput={"taken": of_another}))
    assert not watching.left_out(watch.taken())


Finish = Callable[..., Any]


@pytest.fixture
def finish(watch: watching.Watch) -> Finish:
    def end(exitstatus: int, **config: Any) -> Any:
        session = SimpleNamespace(config=SimpleNamespace(**config), testscollected=1, exitstatus=exitstatus)
        watch.pytest_sessionfinish(session)  # type: ignore[arg-type]
        return session

    return end


def test_a_run_that_leaves_something_out_fails(rule: Any, finish: Finish) -> None:
    rule.half(3), rule.half(1)
    assert finish(0).exitstatus == pytest.ExitCode.TESTS_FAILED
    assert finish(4).exitstatus == 4  # says why already
    rule.twice(1)
    assert finish(0).exitstatus == 0


def test_a_worker_hands_on_what_it_took_and_judges_nothing(rule: Any, finish: Finish) -> None:
    handed_on: dict[str, Any] = {}
    assert finish(0, workeroutput=handed_on).exitstatus == 0
    assert any(name.endswith("rule.py") for name in handed_on["taken"]["files"])
