"""The way of a step, from the action to the reward, is the one that CONTRIBUTING tells."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MOST = 12
BESIDE = ("negoenv/numerics/", "negoenv/engine/reset.py")  # libraries, and what begins episodes


def test_the_way_is_short_and_told():
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    words = [sys.executable, "-W", "error", "-m", "tests.way_of_a_step"]
    printed = subprocess.run(words, check=True, cwd=ROOT, env=environment, capture_output=True, text=True).stdout
    way = [file for file in printed.split() if not file.startswith(BESIDE)]
    told = re.findall(r"^\d+\. `(negoenv/[\w/]+\.py)`", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.M)
    assert sorted(way) == sorted(told)
    assert len(way) <= MOST
