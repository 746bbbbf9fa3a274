"""A negotiation in a window, and as a video."""

import re
import sys

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.error import DependencyNotInstalled
from gymnasium.wrappers import RecordVideo

from negoenv import NegoenvError
from negoenv.game.tactics import Move
from negoenv.installation import install_command

# A window, and videos

ID = "negoenv/Procurement-v0"


@pytest.fixture
def no_desktop(monkeypatch):
    """Draw windows nowhere, and as fast as they come."""
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setitem(gym.spec(ID).make().unwrapped.metadata, "render_fps", 100_000)


def test_human_shows_the_picture_after_each_reset_and_step(no_desktop):
    import pygame

    env = gym.make(ID, render_mode="human")
    drawn = gym.make(ID, render_mode="rgb_array")
    for each in (env, drawn):
        each.reset(seed=3)
    for move in (None, Move.OPEN_FAIR, Move.PROBE):
        if move is not None:
            env.step(int(move))
            drawn.step(int(move))
        shown = pygame.surfarray.array3d(pygame.display.get_surface()).swapaxes(0, 1)
        assert np.array_equal(shown, drawn.render())
        assert env.render() is None
    env.close()
    assert not pygame.display.get_init()
    env.close()  # as often as one likes


def test_human_opens_no_window_before_it_is_reset(no_desktop):
    import pygame

    env = gym.make(ID, render_mode="human")
    assert not pygame.display.get_init()
    env.close()


def test_a_closed_window_stays_closed_and_the_talks_go_on(no_desktop):
    import pygame

    env = gym.make(ID, render_mode="human")
    env.reset(seed=3)
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    env.step(int(Move.OPEN_FAIR))
    assert not pygame.display.get_init()
    env.step(int(Move.PROBE))
    assert not pygame.display.get_init()
    env.close()


def test_a_window_that_cannot_be_opened_is_told(monkeypatch):
    monkeypatch.setenv("SDL_VIDEODRIVER", "nonsense")
    env = gym.make(ID, render_mode="human")
    with pytest.raises(NegoenvError, match="no desktop to open a window on"):
        env.reset(seed=3)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is a desktop whatever the environment says")
def test_a_window_that_nobody_sees_is_told(monkeypatch):
    for variable in ("SDL_VIDEODRIVER", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(variable, raising=False)
    env = gym.make(ID, render_mode="human")
    with pytest.warns(UserWarning, match="no desktop to open a window on: its pictures go unseen"):
        env.reset(seed=3)
    env.close()


def test_a_window_without_pygame_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygame", None)
    monkeypatch.delitem(sys.modules, "negoenv.viewer.window", raising=False)
    monkeypatch.delattr("negoenv.viewer.window", raising=False)
    with pytest.raises(DependencyNotInstalled, match=re.escape(install_command("render"))):
        gym.make(ID, render_mode="human").reset(seed=3)


def test_gymnasium_records_a_video(tmp_path):
    pytest.importorskip("moviepy", reason="RecordVideo needs moviepy, the extra `video`")
    env = RecordVideo(
        gym.make(ID, render_mode="rgb_array"), str(tmp_path / "videos"), name_prefix="talks", disable_logger=True
    )
    env.reset(seed=3)
    for move in (Move.OPEN_FAIR, Move.PROBE, Move.WALK_AWAY):
        env.step(int(move))
    env.close()
    (video,) = tmp_path.glob("videos/*.mp4")
    from moviepy import VideoFileClip

    with VideoFileClip(str(video)) as clip:
        assert clip.size == [800, 500]
        assert clip.fps == gym.spec(ID).make().metadata["render_fps"]
        assert clip.n_frames == 4
