"""What all tests share: property tests draw the same examples every time, no test is judged by its speed, and windows
are drawn nowhere."""

import os

from hypothesis import settings

settings.register_profile("negoenv", derandomize=True, deadline=None, database=None, print_blob=False)
settings.load_profile("negoenv")

os.environ["SDL_VIDEODRIVER"] = "dummy"
