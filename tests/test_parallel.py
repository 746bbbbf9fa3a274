"""Processes side by side: how far they are is told, and one that fails or dies takes no other along."""

import os

import pytest

from agents.parallel import all_outcomes, in_parallel, tell_done


def half(number):
    """Tell something, and fail or die as told."""
    tell_done(10 * number)
    if number == 1:
        raise ValueError("one")
    if number == 2:
        os._exit(1)


@pytest.mark.slow
def test_one_that_fails_or_dies_takes_no_other_along():
    found = dict(all_outcomes(half, [(number,) for number in range(5)], 2))
    assert [found[number] is None for number in range(5)] == [True, False, False, True, True]
    assert str(found[1]) == "one"
    assert "ended from outside" in str(found[2])


def test_what_fails_here_is_told_like_that():
    found = dict(all_outcomes(half, iter([(0,), (1,), (3,)]), 1))
    assert [str(error) for error in found.values()] == ["None", "one", "None"]


def test_how_far_it_is_is_told():
    told = []
    assert list(in_parallel(half, [(3,), (4,)], 1, told.append)) == [0, 1]
    assert told == [{0: 30}, {1: 40}]
    tell_done(5)
    assert len(told) == 2, "nobody listens any more"
