"""What of rules and actions the tests take: with SAFEFIT_WATCHED=1 a run fails that leaves out a line or a branch.

Loaded by `-p tests.watching` before anything of ours is imported, because what is watched is
changed while it is loaded. Not here: what is watched ([tool.slipcover] in pyproject.toml).
SlipCover's marks are woven into the code and cost little; tracing costs half as much again.
"""

from __future__ import annotations

import io
import os
import tomllib
from typing import Any

import pytest
import slipcover

from safefit.postgres import ROOT

WATCHED = "SAFEFIT_WATCHED"
# When marks that have told all are taken out again: that looks through every function there is, for half a second, and
# again each time a function that it cannot reach is called so often. Left in they cost nothing that can be measured.
NEVER = 2**31 - 1
Taken = dict[str, Any]  # as slipcover.merge_coverage wants it


class Watch:
    """One process's marks, and in the one that others work for: theirs too."""

    def __init__(self) -> None:
        chosen = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["slipcover"]
        self.marks = slipcover.Slipcover(
            branch=True,
            d_miss_threshold=NEVER,
            source=[str(ROOT / one) for one in chosen["source"]],
            omit=chosen["omit"],
            exclude_also=chosen["exclude-also"],
        )
        matcher = slipcover.FileMatcher(sources=[ROOT / one for one in chosen["source"]], omit=chosen["omit"])
        slipcover.ImportManager(self.marks, matcher).__enter__()
        self.of_others: list[Taken] = []

    def taken(self) -> Taken:
        """What this process and those that worked for it have taken."""
        taken: Taken = self.marks.get_coverage()
        for one in self.of_others:
            slipcover.merge_coverage(taken, one)
        return taken

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(session.config, "workeroutput"):
            taken = self.taken()
            session.config.workeroutput["taken"] = {"meta": taken["meta"], "files": taken["files"]}
        elif session.testscollected and not session.exitstatus and left_out(self.taken()):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        if (output := getattr(node, "workeroutput", None)) is not None:  # one that crashed hands on nothing
            self.of_others.append(output["taken"])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        taken = self.taken()
        said = io.StringIO()
        slipcover.print_coverage(taken, outfile=said, skip_covered=True)
        terminalreporter.section("lines and branches of rules and actions that no test takes")
        terminalreporter.write_line(said.getvalue() if left_out(taken) else "none")


def left_out(taken: Taken) -> bool:
    """Whether a line or a branch was not taken."""
    return bool(taken["summary"]["missing_lines"] or taken["summary"]["missing_branches"])


def pytest_configure(config: pytest.Config) -> None:
    if watch:
        config.pluginmanager.register(watch)


watch = Watch() if os.environ.get(WATCHED) else None
