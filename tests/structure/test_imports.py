"""The direction of imports is law (contracts in pyproject.toml)."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"]
PROJECT = (ROOT / "pyproject.toml").read_text()
RULES = tomllib.loads(PROJECT)["tool"]["importlinter"]
LAYERS, INSIDE, INSIDE_OUTCOMES, ROOT_UNUSED, PURE = RULES["contracts"]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(LINT, cwd=folder, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}, check=False)


@pytest.mark.slow
def test_every_contract_is_kept():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{len(RULES['contracts'])} kept, 0 broken" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line"),
    [("outcomes/models.py", "import classes.models"), ("classes/api/__init__.py", "import safefit.api")],
)
def test_a_house_whose_imports_go_down_is_kept(house, file, line):
    (house / file).write_text(line + "\n")
    assert broken(house) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("messaging/models.py", "import participants", LAYERS),
        ("participants/models.py", "import instructors", LAYERS),
        ("participants/models.py", "import outcomes", LAYERS),
        ("classes/models.py", "import frontend", LAYERS),
        ("frontend/__init__.py", "import safefit.urls", LAYERS),
        ("classes/telling.py", "import classes.places", INSIDE),
        ("classes/places.py", "import classes.timetable", INSIDE),
        ("outcomes/safety.py", "import outcomes.releases", INSIDE_OUTCOMES),
        ("classes/models.py", "import safefit.settings", ROOT_UNUSED),
        ("classes/models.py", "import safefit.api", ROOT_UNUSED),
        ("accounts/permissions.py", "import django.db", PURE),
    ],
)
def test_a_house_with_one_wrong_import_is_refused(house, file, line, contract):
    (house / file).write_text(line + "\n")
    assert contract["name"] in broken(house)


@pytest.mark.slow
def test_every_pure_module_is_held_to_it(house):
    for module in PURE["source_modules"]:
        (house / file_of(module)).write_text("import django.db\n")
    said = lint(house).stdout
    assert [module for module in PURE["source_modules"] if f"{module} -> django" not in said] == []


def broken(house: Path) -> list[str]:
    """The names of the contracts that are not kept."""
    said = lint(house).stdout
    assert " kept, " in said, said
    return re.findall(r"^(.+) BROKEN", said, re.MULTILINE)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Modules of the names that the real contracts hold, empty, under these very contracts."""
    contracts = PROJECT[PROJECT.index("[tool.importlinter]") : PROJECT.index("[tool.djlint]")]
    (tmp_path / "pyproject.toml").write_text(contracts)
    listed = [
        name for rule in (ROOT_UNUSED, PURE) for key in ("source_modules", "forbidden_modules") for name in rule[key]
    ]
    ours = {name for name in listed if name.split(".")[0] in RULES["root_packages"]}
    for inside in (INSIDE, INSIDE_OUTCOMES):
        ours |= {f"{inside['containers'][0]}.{name}" for layer in inside["layers"] for name in layer.split(" | ")}
    for module in ours | {"safefit.urls", "safefit.settings", "safefit.api", "classes.api.sessions"}:
        file = tmp_path / file_of(module)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        for folder in file.relative_to(tmp_path).parents[:-1]:
            (tmp_path / folder / "__init__.py").touch()
    return tmp_path


def file_of(module: str) -> str:
    """Its place in the made-up house: a folder, where a pure module that is named stands inside it."""
    is_folder = module in RULES["root_packages"] or any(one.startswith(f"{module}.") for one in PURE["source_modules"])
    return module.replace(".", "/") + ("/__init__.py" if is_folder else ".py")
