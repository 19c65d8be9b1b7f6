"""The front door: children that never outlive it, work that is not done twice, words when something is wrong."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from safefit import steps, toolchain
from safefit.postgres import ROOT
from safefit.steps import Stopped, begin


@pytest.fixture(scope="module")
def run() -> ModuleType:
    loader = SourceFileLoader("front_door", str(ROOT / "run"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("said", "up"),
    [
        ('{"status": "unwell", "worker": "well", "jobs": "x was not done in time."}', True),
        ('{"status": "unwell", "worker": "shows no sign of life.", "jobs": "x was not done in time."}', False),
        ('{"status": "unwell", "worker": "shows no sign of life.", "jobs": "well"}', False),
        ("<h1>Bad gateway</h1>", False),
    ],
)
def test_a_copy_that_was_off_at_night_is_up_all_the_same(run: ModuleType, said: str, up: bool) -> None:
    assert run.is_up(said) is up


# --- children ----------------------------------------------------------------


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""  # empty for a zombie
    except OSError:
        return False


def eventually(condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 10
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
    return condition()


def parent_and_child(note: Path) -> list[str | Path]:
    """A program that starts one of its own and writes both numbers down."""
    return ["sh", "-c", f"sleep 600 & echo $$ $! > {note}.new; mv {note}.new {note}; wait"]


def numbers_in(note: Path) -> list[int]:
    assert eventually(note.exists)
    return [int(number) for number in note.read_text().split()]


def stop_once_there(*notes: Path) -> Callable[[Callable[[], None]], None]:
    def welcome(still_well: Callable[[], None]) -> None:
        still_well()
        assert all(eventually(note.exists) for note in notes)
        raise steps.Stopped

    return welcome


def test_stopping_leaves_no_program_and_none_of_its_children(run: ModuleType, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    programs = {"web": parent_and_child(one), "worker": parent_and_child(two)}
    assert run.supervise(programs, tmp_path / "logs", stop_once_there(one, two)) == 0
    assert eventually(lambda: not any(alive(pid) for pid in numbers_in(one) + numbers_in(two)))


def test_a_program_that_will_not_listen_is_ended_all_the_same(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "STOP_WITHIN", 0.2)
    note = tmp_path / "note"
    stubborn = ["sh", "-c", f"trap '' TERM; echo $$ > {note}; while :; do sleep 0.1; done"]
    run.supervise({"web": stubborn}, tmp_path / "logs", stop_once_there(note))
    assert eventually(lambda: not any(map(alive, numbers_in(note))))


def test_when_one_program_ends_the_other_is_stopped_and_its_last_words_are_shown(
    run: ModuleType, tmp_path: Path
) -> None:
    note = tmp_path / "note"
    fails = ["sh", "-c", f"while [ ! -e {note} ]; do sleep 0.05; done; echo no such table; exit 1"]
    with pytest.raises(steps.Trouble, match=r"(?s)worker program has ended.*no such table"):
        run.supervise({"web": parent_and_child(note), "worker": fails}, tmp_path / "logs", lambda still_well: None)
    assert eventually(lambda: not any(alive(pid) for pid in numbers_in(note)))


def test_children_end_when_the_front_door_is_killed_outright(tmp_path: Path) -> None:
    note = tmp_path / "note"
    program = f"from safefit import steps; steps.call(['sh', '-c', 'echo $$ > {note}; exec sleep 600'])"
    front_door = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT)
    (pid,) = numbers_in(note) if eventually(lambda: note.exists() and note.read_text() != "") else [0]
    front_door.kill()
    front_door.wait()
    assert eventually(lambda: not alive(pid))


def test_a_failing_program_is_quoted_with_advice() -> None:
    with pytest.raises(steps.Trouble, match=r"(?s)out of paper.*sh failed. Buy some"):
        steps.must(["sh", "-c", "echo out of paper; exit 3"], "Buy some.")


def test_words_on_a_wrong_setting_are_shown_alone() -> None:
    with pytest.raises(steps.Trouble) as trouble:
        steps.must(["sh", "-c", f"echo set it to 5; exit {os.EX_CONFIG}"], "Buy some.")
    assert str(trouble.value) == "set it to 5"


def test_the_end_of_the_previous_run_is_kept(run: ModuleType, tmp_path: Path) -> None:
    for word in ("first", "second"):
        run.begin_logged(["echo", word], tmp_path / "web.log").wait()
    assert (tmp_path / "web.log").read_text() == "second\n"
    assert (tmp_path / "web.previous.log").read_text() == "first\n"


# --- doing things once -------------------------------------------------------


def test_work_is_done_again_only_when_its_inputs_change(tmp_path: Path) -> None:
    made, done = tmp_path / "made", []

    def work() -> None:
        done.append(1)
        made.touch()

    for inputs in ("a", "a", "b", "b"):
        steps.once("Working", tmp_path / "stamps" / "x", inputs, made, work)
    assert len(done) == 2
    made.unlink()
    steps.once("Working", tmp_path / "stamps" / "x", "b", made, work)
    assert len(done) == 3


def test_work_that_failed_is_done_again(tmp_path: Path) -> None:
    made, stamp = tmp_path / "made", tmp_path / "stamp"
    steps.once("Working", stamp, "a", made, made.touch)

    def fail() -> None:
        raise steps.Trouble("no")

    with pytest.raises(steps.Trouble):
        steps.once("Working", stamp, "b", made, fail)
    done: list[int] = []
    steps.once("Working", stamp, "a", made, lambda: done.append(1))
    assert done


def test_a_fingerprint_sees_content_names_and_new_files(tmp_path: Path) -> None:
    folder = tmp_path / "assets"
    folder.mkdir()
    seen = {steps.fingerprint(folder)}
    for name, content in (("a.css", "1"), ("a.css", "2"), ("b.css", "2")):
        (folder / name).write_text(content)
        seen.add(steps.fingerprint(folder))
    (folder / "b.css").rename(folder / "c.css")
    seen.add(steps.fingerprint(folder))
    assert len(seen) == 5
    assert steps.fingerprint(folder) in seen


# --- what it stands on -------------------------------------------------------


def test_the_installer_is_pinned_by_the_lock_file() -> None:
    pin = toolchain.uv_pin()
    assert pin.startswith("uv==")
    assert pin.count("--hash=sha256:") > 5
    assert re.fullmatch(r"(.*\\\n)*.*[0-9a-f]", pin)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-postgres.lock", "requirements-node.lock"])
def test_every_fetched_package_has_a_version_and_a_hash_and_no_address(name: str) -> None:
    lines = [line for line in (ROOT / name).read_text().splitlines() if not line.lstrip().startswith("#")]
    packages = [line for line in lines if not line.startswith(" ")]
    assert packages
    assert all("==" in line and line.endswith("\\") for line in packages)
    assert "://" not in "\n".join(lines)


def test_a_browser_that_does_not_start_is_no_browser(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("SAFEFIT_CHROMIUM", str(broken))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(toolchain, "TOOLS", tmp_path)
    monkeypatch.setattr(toolchain, "browser_from_apt", lambda _: [])
    monkeypatch.setattr(toolchain, "browser_from_playwright", list)
    assert not toolchain.find_browser()
    broken.write_text("#!/bin/sh\nexit 0\n")
    assert toolchain.find_browser()
    assert os.environ["SAFEFIT_CHROMIUM"] == str(broken)


def test_a_browser_without_windows_is_taken_first_and_fetched_before_another_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def put(name: str) -> str:
        (tmp_path / name).write_text("#!/bin/sh\nexit 0\n")
        (tmp_path / name).chmod(0o755)
        return str(tmp_path / name)

    asked: list[str] = []
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(toolchain, "browser_from_apt", lambda package: asked.append(package) or [])
    put("chromium")
    monkeypatch.setenv("SAFEFIT_CHROMIUM", "")
    assert toolchain.find_browser()
    assert (os.environ["SAFEFIT_CHROMIUM"], asked) == (str(tmp_path / "chromium"), [toolchain.WINDOWLESS])
    windowless = put(toolchain.WINDOWLESS)
    monkeypatch.setenv("SAFEFIT_CHROMIUM", "")
    assert toolchain.find_browser()
    assert (os.environ["SAFEFIT_CHROMIUM"], asked) == (windowless, [toolchain.WINDOWLESS])


# --- commands ----------------------------------------------------------------


def test_a_taken_port_is_named_and_the_next_one_used(
    run: ModuleType, taken_port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with run.free_port(taken_port) as chosen:
        assert chosen > taken_port
    assert f"Port {taken_port} is already taken" in capsys.readouterr().out


def test_two_copies_started_together_never_get_the_same_port(run: ModuleType) -> None:
    with run.free_port(18731) as one, run.free_port(18731) as two:
        assert one != two


def test_a_second_start_on_the_same_state_says_where_the_first_one_is(run: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "address").write_text("http://127.0.0.1:8123")
    with run.only_one(tmp_path):
        with pytest.raises(steps.Trouble, match=r"at http://127.0.0.1:8123.*--state"):
            with run.only_one(tmp_path):
                pass


@pytest.fixture
def calls(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Record what the tests command would run; nothing is prepared, everything passes, no browser is there."""
    recorded: list[list[str]] = []

    def record(command: list[object], **_: object) -> int:
        recorded.append([str(part) for part in command])
        return 0

    monkeypatch.setattr(run, "prepare", lambda: None)
    monkeypatch.setattr(run, "find_browser", lambda: False)
    monkeypatch.setattr(run, "call", record)
    monkeypatch.setattr(run, "compiled_meanwhile", lambda state: contextlib.nullcontext())
    monkeypatch.delenv("CI", raising=False)
    return recorded


def test_journeys_that_cannot_run_are_a_loud_line_here_and_a_failure_in_ci(
    run: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run.main(["test"]) == 0
    assert "THE JOURNEYS WERE NOT RUN" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert run.main(["test"]) == 1


def test_the_checks_come_before_the_tests_and_one_failure_fails_all(
    run: ModuleType, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run.main(["test"]) == 0
    assert [call[-1] if "check" in call else call[2] for call in calls] == ["check", "pytest", "pytest"]
    monkeypatch.setattr(run, "find_browser", lambda: True)
    monkeypatch.setattr(run, "call", lambda command, **_: int("check" in command))
    assert run.main(["test"]) == 1


def test_a_whole_run_takes_every_file_of_tests_once(run: ModuleType) -> None:
    def files(part: str) -> set[Path]:
        path = ROOT / part
        return set(path.rglob("test_*.py")) if path.is_dir() else {path}

    taken: list[Path] = []
    for chosen in run.WHOLE_RUN.values():
        named = [files(part) for part in chosen if not part.startswith("--")]
        left_out = [files(part.removeprefix("--ignore=")) for part in chosen if part.startswith("--ignore=")]
        taken += set().union(*named) if named else files("tests").difference(*left_out)
    assert sorted(taken) == sorted(files("tests"))


def test_what_rules_and_actions_leave_untaken_is_asked_of_every_test_without_a_browser(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr(run, "prepare", lambda: None)
    monkeypatch.setattr(run, "find_browser", lambda: True)
    monkeypatch.setattr(run, "compiled_meanwhile", lambda state: contextlib.nullcontext())
    monkeypatch.delenv("SAFEFIT_WATCHED", raising=False)  # of the run that runs this test
    monkeypatch.setattr(run, "call", lambda command, env=(): asked.append((command[-1], "SAFEFIT_WATCHED" in env)) or 0)
    assert run.main(["cover"]) == 0
    assert asked == [("--ignore=tests/journeys", True)]
    asked.clear()
    assert run.main(["test"]) == 0
    assert asked == [("check", False), ("--ignore=tests/journeys", True), ("tests/journeys", False)]


def test_what_is_read_beside_the_checks_is_ended_with_them(run: ModuleType, tmp_path: Path, monkeypatch: Any) -> None:
    started: list[subprocess.Popen[str]] = []
    monkeypatch.setattr(run, "begin", lambda command, **given: started.append(begin(["sleep", "60"])) or started[0])
    with pytest.raises(Stopped), run.compiled_meanwhile(tmp_path):
        raise Stopped
    assert started[0].poll() is not None


def test_arguments_choose_the_tests(run: ModuleType, calls: list[list[str]]) -> None:
    run.main(["test", "-k", "booking", "-n0"])
    assert [call[3:] for call in calls] == [["-k", "booking", "-n0"]]


def test_no_database_but_a_private_one_is_ever_thrown_away(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere.example/safefit")
    with pytest.raises(steps.Trouble, match="DATABASE_URL is set"):
        run.main(["--state", str(tmp_path), "demo", "--reset"])
    with pytest.raises(steps.Trouble, match="demo --reset"):
        run.main(["--state", str(tmp_path), "demo"])


def test_the_folder_that_was_named_is_worked_on_whatever_the_environment_says(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(run, "prepare", lambda: None)
    monkeypatch.setattr(run.os, "chdir", lambda folder: None)
    monkeypatch.setattr(run.os, "execv", lambda *program: asked.append(os.environ["SAFEFIT_STATE"]))
    for elsewhere in ("/elsewhere", ""):
        monkeypatch.setenv("SAFEFIT_STATE", elsewhere)
        run.hand_over_to_manage(tmp_path, ["version"])
    assert asked == [str(tmp_path)] * 2


def test_invented_people_never_meet_production_settings(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEFIT_MODE", "production")
    with pytest.raises(steps.Trouble, match="SAFEFIT_MODE is production"):
        run.main([])


@pytest.mark.parametrize("typed", ["-1", "0", "99999", "8000.5", "eight", "٨٠٠٠", "9" * 5000, ""])
def test_what_is_no_port_is_refused_in_words(run: ModuleType, typed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run.main([f"--port={typed}"])
    assert "is not a port. Give a whole number from 1 to 65535." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["check", "fix", "help"])
def test_a_word_too_many_is_refused_and_not_overlooked(run: ModuleType, command: str) -> None:
    with pytest.raises(steps.Trouble, match=rf"./run {command} takes nothing after it, so extra --all was not"):
        run.main([command, "extra", "--all"])


@pytest.mark.parametrize("command", ["test", "check", "fix", "demo", "manage", "help"])
def test_a_port_is_refused_where_none_is_used(run: ModuleType, command: str) -> None:
    with pytest.raises(steps.Trouble, match=f"./run {command} uses no port"):
        run.main(["--port", "8100", command])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mysql://u:secret@localhost/x", "DATABASE_URL must name a PostgreSQL database"),
        ("postgresql://u:secret@/x?host=/nowhere", "The database that DATABASE_URL names cannot be used"),
    ],
)
def test_a_database_that_cannot_be_used_ends_the_start_in_words(
    run: ModuleType, url: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("SAFEFIT_MODE", "local")
    monkeypatch.setattr(run, "PYTHON", sys.executable)
    for name in ("SAFEFIT_STATE", "SAFEFIT_PUBLIC_URL"):
        monkeypatch.setenv(name, "")  # the start sets them: put back what was there afterwards
    with pytest.raises(steps.Trouble) as trouble:
        run.prepare_copy(tmp_path, "http://127.0.0.1:8123")
    said = str(trouble.value)
    assert words in said
    assert "Traceback" not in said and "makemigrations" not in said and "secret" not in said and "failed." not in said


def test_help_names_every_command(run: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--help"]) == 0
    told = capsys.readouterr().out
    assert all(f"./run {command}" in told for command in run.COMMANDS)


def test_an_unknown_command_is_refused() -> None:
    answer = subprocess.run([sys.executable, ROOT / "run", "dance"], capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert "invalid choice: 'dance'" in answer.stderr
