"""What `make check-oldest` installs."""

import subprocess
import sys

import pytest

from tests.oldest_versions import PROJECT, oldest


def test_of_two_requirements_both_are_met():
    assert oldest(["a>=1.9", "B-c[d]>=2", "a>=1.10"]) == {"a": "1.10", "b-c": "2"}


@pytest.mark.parametrize("requirement", ["a", "a==1", "a>=1,<2", "a>=1rc1"])
def test_what_names_no_oldest_version_is_refused(requirement):
    with pytest.raises(ValueError, match="is not of the form name>=version"):
        oldest([requirement])


def test_it_needs_nothing_that_is_installed():
    words = [sys.executable, "-S", "-m", "tests.oldest_versions", "train,render"]
    done = subprocess.run(words, cwd=PROJECT.parent, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert {"torch", "numpy", "pillow"} <= {line.partition("==")[0] for line in lines}
    assert all("==" in line for line in lines)
