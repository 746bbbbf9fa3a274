"""How a negotiation is shown: a `Recorder` keeps what happened, `RENDERERS` show it.

    events      what a step looks like from the buyer's side
    recorded    one negotiation, played and recorded
    phrases     the words
    transcript  the text ("ansi")
    picture     the picture ("rgb_array")
    window      the same picture in a window ("human")

Adding a view is adding a row to `RENDERERS`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from negoenv.viewer.events import Event, Recorder
from negoenv.viewer.picture import render_rgb_array
from negoenv.viewer.recorded import RecordedNegotiation
from negoenv.viewer.transcript import render_ansi, transcript_lines, transcript_steps, wrapped

__all__ = [
    "RENDERERS",
    "Event",
    "RecordedNegotiation",
    "Recorder",
    "render_ansi",
    "render_rgb_array",
    "transcript_lines",
    "transcript_steps",
    "wrapped",
]

RENDERERS: Mapping[str, Callable[[Sequence[Event]], Any]] = {"ansi": render_ansi, "rgb_array": render_rgb_array}
"""What draws the events so far, by render mode."""
