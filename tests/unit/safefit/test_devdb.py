"""The private PostgreSQL server, on real servers: started, shared, killed, adopted, stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from cryptography.fernet import Fernet

import manage
from safefit import devdb, postgres

USE_IT = """
import sys, pathlib
from safefit import devdb
server = devdb.Server(pathlib.Path(sys.argv[1]), durable=False)
server.hold()
import psycopg
with psycopg.connect(server.url) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS mark (x int)") if sys.argv[2] == "make" else None
    connection.execute("INSERT INTO mark VALUES (1)")
server.release()
"""


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "state"
    yield folder
    if folder.is_dir():
        server = devdb.Server(folder)
        if pid := server._recorded_pid():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(server._socket_folder(), ignore_errors=True)
        shutil.rmtree(server.home, ignore_errors=True)


def started(state: Path) -> devdb.Server:
    server = devdb.Server(state, durable=False)
    server.hold()
    return server


def ask(server: devdb.Server, question: str) -> object:
    with psycopg.connect(server.url, autocommit=True) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def pid_of(server: devdb.Server) -> int:
    pid = server._recorded_pid()
    assert pid is not None
    return pid


def write_dead_pid(server: devdb.Server, pid: int) -> None:
    """Leave behind what a power cut leaves behind, with a number that lives on as something else."""
    (server.data / "postmaster.pid").write_text(f"{pid}\n{server.data}\n")


def test_a_server_can_exclude_overlaps_and_listens_to_no_network(state: Path) -> None:
    server = started(state)
    ask(server, "CREATE EXTENSION btree_gist")
    assert ask(server, "SHOW listen_addresses") == ""
    assert ask(server, "SHOW server_encoding") == "UTF8"
    assert ask(server, "SELECT current_database()") == "safefit"
    assert stat.S_IMODE(server._socket_folder().stat().st_mode) == 0o700
    server.release()


def test_only_the_test_server_gives_up_safety_for_speed(state: Path) -> None:
    careful = devdb.Server(state)
    careful.hold()
    assert ask(careful, "SHOW fsync") == "on"
    careful.release()
    hasty = started(state)
    assert ask(hasty, "SHOW fsync") == "off"
    hasty.release()


def test_data_survive_a_stop_and_nothing_is_left_running(state: Path) -> None:
    first = started(state)
    ask(first, "CREATE TABLE kept (x int)")
    pid, socket_folder = pid_of(first), first._socket_folder()
    first.release()
    assert not postgres.running(pid, first.data)
    assert not socket_folder.exists()
    second = started(state)
    assert ask(second, "SELECT count(*) FROM kept") == 0
    second.release()


def test_the_server_stops_with_its_last_user_and_not_before(state: Path) -> None:
    one, two = started(state), started(state)
    pid = pid_of(one)
    one.release()
    assert ask(two, "SELECT 1") == 1
    two.release()
    assert not postgres.running(pid, two.data)


def test_letting_go_twice_or_of_nothing_is_harmless(state: Path) -> None:
    server = started(state)
    server.release()
    server.release()


def test_a_killed_server_comes_back_with_its_data(state: Path) -> None:
    killed = devdb.Server(state)
    killed.hold()
    ask(killed, "CREATE TABLE kept AS SELECT 7 AS x")
    os.kill(pid_of(killed), signal.SIGKILL)
    again = started(state)
    assert ask(again, "SELECT x FROM kept") == 7
    again.release()
    killed.release()


def test_a_server_left_behind_by_a_killed_process_is_adopted(state: Path) -> None:
    program = (
        f"import pathlib, os; from safefit import devdb; devdb.Server(pathlib.Path({str(state)!r})).hold(); os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", program], check=False, cwd=postgres.ROOT)
    server = devdb.Server(state)
    pid = pid_of(server)
    server.hold()
    assert pid_of(server) == pid
    server.release()
    assert not postgres.running(pid, server.data)


def test_a_pid_that_now_belongs_to_another_program_does_not_hinder_the_start(state: Path) -> None:
    server = started(state)
    server.release()
    write_dead_pid(server, os.getpid())
    server.hold()
    assert ask(server, "SELECT 1") == 1
    server.release()


def test_a_zombie_does_not_hinder_the_start(state: Path) -> None:
    server = started(state)
    server.release()
    zombie = subprocess.Popen(["true"])
    time.sleep(0.2)
    write_dead_pid(server, zombie.pid)
    server.hold()
    assert ask(server, "SELECT 1") == 1
    server.release()
    zombie.wait()


def test_six_starts_at_once_share_one_server(state: Path) -> None:
    command = [sys.executable, "-c", USE_IT, str(state)]
    subprocess.run([*command, "make"], check=True, cwd=postgres.ROOT)
    starts = [subprocess.Popen([*command, "use"], cwd=postgres.ROOT) for _ in range(6)]
    assert [start.wait(60) for start in starts] == [0] * 6
    server = started(state)
    assert ask(server, "SELECT count(*) FROM mark") == 7
    server.release()


def test_a_start_killed_half_way_through_the_first_time_is_begun_anew(state: Path) -> None:
    devdb.make_state(state)
    server = devdb.Server(state, durable=False)
    server._make_home()
    (server.home / "data.new").mkdir()
    (server.home / "data.new" / "half").write_text("written")
    server._give(server.home / "data.new")
    server.hold()
    assert ask(server, "SELECT 1") == 1
    server.release()


def test_a_path_too_long_for_a_socket_is_no_hindrance(state: Path) -> None:
    server = started(state / ("long" * 20) / ("longer" * 10))
    assert ask(server, "SELECT 1") == 1
    server.release()
    shutil.rmtree(server.home)


def test_data_of_a_version_that_is_gone_are_named_and_left_alone(state: Path) -> None:
    devdb.make_state(state)
    server = devdb.Server(state)
    server._make_home()
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(postgres.NoPostgres, match="made by PostgreSQL 9, which is no longer here"):
        server.hold()
    server.release()
    assert (server.data / "PG_VERSION").exists()


def test_a_server_that_cannot_start_shows_its_last_words(state: Path) -> None:
    server = started(state)
    server.release()
    with (server.data / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = nonsense\n")
    with pytest.raises(postgres.DatabaseTrouble, match="shared_buffers"):
        server.hold()
    server.release()


def test_without_programs_the_message_says_where_they_come_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SAFEFIT_HIDE_POSTGRES", "1")
    monkeypatch.setattr(postgres, "WHEEL", tmp_path)
    with pytest.raises(postgres.NoPostgres, match="Start SafeFit with ./run"):
        postgres.find_programs()


def test_programs_that_are_too_old_or_lack_an_extension_are_passed_over(tmp_path: Path) -> None:
    def pretend(version: str) -> Path:
        folder = tmp_path / version
        folder.mkdir()
        for name in postgres.PROGRAM_NAMES:
            (folder / name).write_text(
                f'#!/bin/sh\n[ "$1" = --version ] && echo "{name} (PostgreSQL) {version}" || echo {folder}\n'
            )
            (folder / name).chmod(0o755)
        return folder

    old, new = pretend("14.9"), pretend("16.2")
    assert postgres.inspect(new) is None
    for folder in (old, new):
        (folder / "extension").mkdir()
        (folder / "extension" / "btree_gist.control").touch()
    assert postgres.inspect(old) is None
    assert postgres.inspect(new) == postgres.Programs(new, 16)
    (new / "initdb").unlink()
    assert postgres.inspect(new) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must change to another account")
def test_root_hands_the_server_to_an_account_without_rights(state: Path) -> None:
    server = started(state)
    assert os.stat(f"/proc/{pid_of(server)}").st_uid != 0
    assert stat.S_IMODE(server.home.stat().st_mode) == 0o700
    server.release()


def test_resetting_empties_the_database_even_while_somebody_is_connected(state: Path) -> None:
    server = started(state)
    ask(server, "CREATE TABLE gone (x int)")
    with psycopg.connect(server.url):
        devdb.reset(state)
    assert ask(server, "SELECT to_regclass('gone')") is None
    server.release()


def test_a_state_folder_that_cannot_be_made_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(postgres.DatabaseTrouble, match="cannot be used"):
        devdb.make_state(tmp_path / "file" / "state")


@pytest.mark.parametrize("left_open", [False, True])
def test_only_the_owner_reads_the_mail_of_a_copy(tmp_path: Path, left_open: bool) -> None:
    if left_open:
        (tmp_path / "mail").mkdir(mode=0o755)
    devdb.make_state(tmp_path)
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SAFEFIT_MODE", "SAFEFIT_STATE", "SAFEFIT_SECRET_KEY", "SAFEFIT_ENCRYPTION_KEYS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere.example/safefit")


@pytest.mark.usefixtures("bare_environment")
def test_the_keys_of_a_copy_are_made_once_and_only_its_owner_reads_them(state: Path) -> None:
    devdb.prepare_environment(state)
    key = os.environ.pop("SAFEFIT_ENCRYPTION_KEYS")
    devdb.prepare_environment(state)
    assert os.environ["SAFEFIT_ENCRYPTION_KEYS"] == key
    assert Fernet(key)
    assert len(os.environ["SAFEFIT_SECRET_KEY"]) >= 50
    assert stat.S_IMODE((state / "keys.json").stat().st_mode) == 0o600
    assert json.loads((state / "keys.json").read_text())["SAFEFIT_ENCRYPTION_KEYS"] == key


@pytest.mark.usefixtures("bare_environment")
@pytest.mark.parametrize("command", ["score_file", "attack_release"])
def test_a_command_that_reads_files_alone_is_given_settings_and_no_database(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.setattr(sys, "argv", ["manage.py", command, "FILE"])
    found: list[str] = []
    monkeypatch.setattr(manage, "execute_from_command_line", lambda typed: found.append(os.environ["DATABASE_URL"]))
    monkeypatch.setattr(manage, "private_state", lambda: pytest.fail("it looks for a private database"))
    manage.main()
    assert found == [devdb.NO_DATABASE] and os.environ["SAFEFIT_SECRET_KEY"] and os.environ["SAFEFIT_ENCRYPTION_KEYS"]


@pytest.mark.usefixtures("bare_environment")
def test_what_is_set_stays_and_a_named_database_starts_no_server(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAFEFIT_MODE", "production")
    devdb.prepare_environment(state)
    assert os.environ["SAFEFIT_MODE"] == "production"
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere.example/safefit"
    assert os.environ["SAFEFIT_STATE"] == str(state)
    assert not (state / "postgres").exists()
