"""How long it takes to import the package, and to make the first step with and without a cache of compiled code."""

import os
import statistics
import subprocess
import sys
import tempfile

_BARE = "import gymnasium, numpy, numba"
_IMPORT = f"{_BARE}; import negoenv"
_STEP = """
import time; import gymnasium as gym; import negoenv
start = time.perf_counter()
env = gym.make("negoenv/Procurement-v0"); env.reset(seed=0); env.step(18)
print(time.perf_counter() - start)
"""
_TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def startup(repetitions: int = 5, cold: bool = True) -> dict[str, float]:
    """Return seconds: of the import over those of its three big dependencies, and of reset and first step.

    Args:
        repetitions: medians are taken of so many processes each.
        cold: whether to time the first step without any compiled code, too.
    """
    with tempfile.TemporaryDirectory() as folder:
        results = {"first_step_cold": _seconds(_STEP, folder)} if cold else {}
        warm = None if not cold else folder
        pairs = [(_seconds(_TIMED.format(_IMPORT)), _seconds(_TIMED.format(_BARE))) for _ in range(repetitions)]
        steps = [_seconds(_STEP, warm) for _ in range(repetitions)]
    results["import_over_dependencies"] = statistics.median(one - other for one, other in pairs)
    results["first_step_warm"] = statistics.median(steps)
    return results


def _seconds(program: str, cache: str | None = None) -> float:
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": cache} if cache else {})}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])
