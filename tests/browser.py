"""A Chromium for tests: looked for, not fetched, on a user's machine.

Where ``CI`` or ``NEGOENV_INSTALL_BROWSER`` is set it is installed with apt, by root; ``make board`` sets the latter.
"""

import os
import shutil
import subprocess

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
PATIENCE = 300_000  # milliseconds; a browser on a busy machine takes long


def browser():
    """Return the path of a Chromium, installing one where that was asked for, or skip."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None and (os.environ.get("CI") or os.environ.get("NEGOENV_INSTALL_BROWSER")):
        if shutil.which("apt-get") is None or os.geteuid() != 0:
            pytest.skip("Chromium is missing and cannot be installed: that takes apt-get and root")
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(["apt-get", *command], check=True, capture_output=True)
        path = shutil.which("chromium")
    return path or pytest.skip("Chromium is not installed; `make board` installs it with apt")
