"""Measure what several suppliers are worth."""

from ..studies.pages import fill, require_page
from ..studies.sourcing import EPISODES, MEASURED_SOURCING, sourcing_page
from ..terminal import printed_after
from .options import Count, Page, ShowProgress


def main(
    episodes: Count = EPISODES,
    page: Page = None,
    progress: ShowProgress = True,
) -> None:
    """Pair games with one to five suppliers, quotes that are true or made up, one source and two; time steps."""
    require_page(page, MEASURED_SOURCING)
    measured = sourcing_page(episodes, progress)
    with printed_after(measured):
        fill(page, {MEASURED_SOURCING: measured})
