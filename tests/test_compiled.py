"""The dynamics are written once: what Numba compiles and what Python runs give the same numbers."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from negoenv import compiled, kernels, reports
from negoenv.ladder import batch as ladder
from tests.uncompiled import results

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def in_python(tmp_path_factory):
    """Everything that the uncompiled functions give, played in a process of their own."""
    path = tmp_path_factory.mktemp("uncompiled") / "results.npz"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.uncompiled", str(path)], check=True, cwd=ROOT, env=environment
    )
    with np.load(path) as stored:
        return dict(stored)


@pytest.mark.parametrize("game", ["procurement", "marketplace", "ladder"])
def test_compiled_and_uncompiled_agree(in_python, game):
    found = {name: values for name, values in results().items() if name.startswith(game)}
    assert set(found) == {name for name in in_python if name.startswith(game)}
    for name, values in found.items():
        if values.dtype.kind == "f":  # equal to the last bit where both use one library for exp and pow
            tolerance = 1e-12 if values.dtype == np.float64 else 1e-6
            np.testing.assert_allclose(values, in_python[name], rtol=tolerance, atol=1e-12, err_msg=name, strict=True)
        else:
            np.testing.assert_array_equal(values, in_python[name], err_msg=name, strict=True)
    ended = sum(values.sum() for name, values in found.items() if name.endswith("terminated"))
    assert ended > 60


@pytest.mark.parametrize(
    "entry", [kernels.begin_rows, kernels.step_rows, kernels.show_rows, reports.write_reports, ladder._step_rows]
)
def test_what_is_stored_on_disk_is_stamped_with_all_sources(entry):
    """Numba itself looks at one file only, and would run code that was edited away."""
    assert entry._cache._cache_file._source_stamp == compiled._STAMP
