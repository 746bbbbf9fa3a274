"""A window that shows the picture: ``render_mode="human"``. It imports pygame, so it is opened only when asked for."""

import os

import numpy as np
from gymnasium import logger
from gymnasium.error import DependencyNotInstalled
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.installation import install_command

try:
    import pygame
except ImportError as error:
    raise DependencyNotInstalled(
        f"A window needs pygame, which is not installed: run {install_command('render')}."
    ) from error

_TITLE = "negoenv"
_DRIVER = "SDL_VIDEODRIVER"  # environment variable that names how pygame draws; "dummy" draws nowhere, as tests want it
_UNSEEN = "offscreen"  # what SDL falls back on where there is no desktop


class Window:
    """A window on the desktop that shows one picture after another, no faster than a person can follow.

    Once its user has closed it, it stays closed and pictures go unseen: a long run need not end with its window.
    """

    def __init__(self, fps: float) -> None:
        """Wait to be shown something.

        Args:
            fps: at most so many pictures a second.
        """
        self._fps = fps
        self._clock = pygame.time.Clock()
        self._screen: pygame.Surface | None = None
        self._dismissed = False

    def show(self, picture: NDArray[np.uint8]) -> None:
        """Show a picture, and wait until the last one was seen for long enough.

        Args:
            picture: uint8 of shape ``(height, width, 3)``; the first one sets the size of the window.

        Raises:
            NegoenvError: if there is no desktop to open a window on.
        """
        if self._dismissed:
            return
        if self._screen is None:
            self._screen = _open(picture.shape[1], picture.shape[0])
        pygame.surfarray.blit_array(self._screen, picture.swapaxes(0, 1))
        pygame.display.flip()
        if any(event.type == pygame.QUIT for event in pygame.event.get()):
            self.close()
            self._dismissed = True
            return
        self._clock.tick(self._fps)

    def close(self) -> None:
        """Take the window off the desktop."""
        if self._screen is not None:
            self._screen = None
            pygame.display.quit()


def _open(width: int, height: int) -> "pygame.Surface":
    """Open the window."""
    try:
        pygame.display.init()
        screen = pygame.display.set_mode((width, height))
    except pygame.error as error:
        raise NegoenvError(
            f"render_mode 'human' finds no desktop to open a window on ({error}); "
            "use 'rgb_array', or 'ansi' for a transcript."
        ) from None
    pygame.display.set_caption(_TITLE)
    if pygame.display.get_driver() == _UNSEEN and _DRIVER not in os.environ:
        logger.warn("render_mode 'human' finds no desktop to open a window on: its pictures go unseen.")
    return screen
