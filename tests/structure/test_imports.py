"""The direction of imports is law (contracts in pyproject.toml)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ["safefit", "accounts", "messaging", "participants", "instructors", "classes", "outcomes", "frontend"]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(LINT, cwd=folder, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False)


@pytest.mark.slow
def test_every_contract_is_kept():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("messaging/models.py", "import participants"),
        ("participants/models.py", "import instructors"),
        ("participants/models.py", "import outcomes"),
        ("accounts/permissions.py", "import django.db"),
        ("classes/models.py", "import frontend"),
    ],
)
def test_a_house_with_one_wrong_import_is_refused(tmp_path, file, line):
    house = small_house(tmp_path)
    assert lint(house).returncode == 0
    (house / file).write_text(line + "\n")
    assert lint(house).returncode == 1


def small_house(root: Path) -> Path:
    """Packages of the same names, empty, under the layers and purity contracts of the real house."""
    layers = (ROOT / "pyproject.toml").read_text().split("layers = [")[1].split("]")[0]
    for package in (
        "safefit",
        "accounts",
        "messaging",
        "participants",
        "instructors",
        "classes",
        "outcomes",
        "frontend",
    ):
        (root / package).mkdir()
        for name in ("__init__", "models", "urls", "permissions"):
            (root / package / f"{name}.py").write_text("")
    (root / "pyproject.toml").write_text(
        "[tool.importlinter]\n"
        f"root_packages = {json.dumps(PACKAGES)}\n"
        "include_external_packages = true\n"
        "[[tool.importlinter.contracts]]\n"
        f'name = "layers"\ntype = "layers"\nlayers = [{layers}]\n'
        "[[tool.importlinter.contracts]]\n"
        'name = "pure"\ntype = "forbidden"\nsource_modules = ["accounts.permissions"]\nforbidden_modules = ["django"]\n'
    )
    return root
