"""Event files for TensorBoard: numbers by split, figures, texts, tables and hyperparameters, each with its explanation.

Train, validation and test suppliers are told apart by the run and not by the tag, so that one chart shows all three:
the run itself has the test, ``train`` and ``validation`` below it the curves. What a tag is called is in `tags`.
"""

import io
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.table import Table
from stable_baselines3.common.logger import KVWriter, Logger
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2
from tensorboard.plugins.hparams import metadata as hparams_metadata
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.record_writer import RecordWriter

from negoenv.benchmark.evaluation import Episodes, Interval
from negoenv.markdown import literal
from negoenv.markdown import table as markdown_table

from .event_file import EventFile
from .figures.pictures import Picture, guide
from .figures.theme import LIGHT, drawing, pixels
from .report import Report, scalars
from .tables import cells_of
from .tags import FAILS, NEGOTIATES, START, TAGS, TEST, TRAIN
from .transcripts import Transcript

HPARAMS: dict[str, tuple[str, Any]] = {
    "learning_rate": ("learning rate", api_pb2.DATA_TYPE_FLOAT64),
    "algorithm": ("algorithm", api_pb2.DATA_TYPE_STRING),
    "batch_size": ("batch size", api_pb2.DATA_TYPE_FLOAT64),
    "gamma": ("discount", api_pb2.DATA_TYPE_FLOAT64),
    "network": ("network", api_pb2.DATA_TYPE_STRING),
    "seed": ("seed", api_pb2.DATA_TYPE_FLOAT64),
    "total_steps": ("steps", api_pb2.DATA_TYPE_FLOAT64),
}
"""The columns of the HPARAMS tab, with their heads. The tab sorts them by name, those that differ between runs first:
only the learning rate is said to differ, so it comes first."""

METRICS = ("return", "breakdown_rate", "price", "rounds")
"""The numbers beside them, all on test suppliers."""

_RUN_OF = {TEST: "", "rollout": TRAIN, "time": TRAIN}  # where what is logged under a prefix goes, if not by its name


class BoardWriter(KVWriter):
    """Writes what is logged in a run directory, and in ``train`` and ``validation`` below it.

    A key is ``<split>/<name>``; names that are not in `tags.TAGS` are left out. Means may come with their interval.
    Where a training goes on, TensorBoard is told to forget what was drawn of steps that are made once more.

    Attributes:
        returns: the returns that were logged, by split: pairs of step and interval, from which learning curves are
            drawn. TensorBoard has no curves with intervals but those that need two more tags each.
    """

    def __init__(self, directory: Path, first_step: int | None = None) -> None:
        """Prepare to write.

        Args:
            directory: of the run.
            first_step: the first step that is not drawn yet, if there are event files already.
        """
        self._directory = directory
        self._first_step = first_step
        self._files: dict[str, EventFile] = {}
        self.returns: dict[str, list[tuple[int, Interval]]] = defaultdict(list)

    def drawn(self) -> dict[str, Any]:
        """Return `returns` as plain data."""
        return {
            split: [[step, *astuple(interval)] for step, interval in points] for split, points in self.returns.items()
        }

    def restore(self, drawn: Mapping[str, Any]) -> None:
        """Take over what `drawn` gave."""
        for split, points in drawn.items():
            self.returns[split] = [(step, Interval(*interval)) for step, *interval in points]

    def write(self, key_values: dict[str, Any], key_excluded: dict[str, Any], step: int = 0) -> None:
        """Write numbers, as Stable-Baselines3 hands them over."""
        for key, value in key_values.items():
            split, _, name = key.partition("/")
            if name not in TAGS:
                continue
            if isinstance(value, Interval):
                self.returns[split].append((step, value))
                value = value.mean
            tag = TAGS[name]
            entry = Summary.Value(tag=tag.path, simple_value=float(value), metadata=_explained(tag.name, tag.meaning))
            self._add(Summary(value=[entry]), step, _RUN_OF.get(split, split))
        self.flush()

    def picture(self, tag: str, image: NDArray[np.uint8], meaning: str, step: int) -> None:
        """Write an image, uint8 of shape ``(height, width, 3)``."""
        encoded = io.BytesIO()
        Image.fromarray(image).save(encoded, "PNG")
        height, width, colorspace = image.shape
        content = Summary.Image(
            height=height, width=width, colorspace=colorspace, encoded_image_string=encoded.getvalue()
        )
        metadata = _explained(tag.partition("/")[2], meaning)
        self._add(Summary(value=[Summary.Value(tag=tag, image=content, metadata=metadata)]), step)

    def text(self, tag: str, markdown: str, step: int) -> None:
        """Write a text in Markdown."""
        self._add(text_pb(tag, markdown), step)

    def hparams(self, values: Mapping[str, Any]) -> None:
        """Write one row of the HPARAMS tab; what is None, or no column, is left out."""
        infos = [
            api_pb2.HParamInfo(name=name, display_name=head, type=kind, differs=name == next(iter(HPARAMS)))
            for name, (head, kind) in HPARAMS.items()
        ]
        metrics = [
            api_pb2.MetricInfo(
                name=api_pb2.MetricName(tag=TAGS[name].path), display_name=TAGS[name].name,
                description=TAGS[name].meaning,
            )
            for name in METRICS
        ]  # fmt: skip
        data = plugin_data_pb2.HParamsPluginData(
            experiment=api_pb2.Experiment(hparam_infos=infos, metric_infos=metrics)
        )
        self._add(
            Summary(
                value=[
                    Summary.Value(
                        tag=hparams_metadata.EXPERIMENT_TAG,
                        metadata=hparams_metadata.create_summary_metadata(data),
                        tensor=hparams_metadata.NULL_TENSOR,
                    )
                ]
            )
        )
        row = {name: values[name] for name in HPARAMS if values.get(name) is not None}
        self._add(hparams_pb(row, trial_id=""))  # a trial for each run, and not for each set of values

    def _add(self, summary: Any, step: int = 0, run: str = "") -> None:
        """Write one summary, into a new event file if the run has none yet."""
        if run not in self._files:
            self._files[run] = EventFile(self._directory / run, self._first_step)
        self._files[run].add_summary(summary, step)

    def flush(self) -> None:
        """Write what is waiting."""
        for file in self._files.values():
            file.flush()

    def close(self) -> None:
        """Close the event files."""
        for file in self._files.values():
            file.close()


def _explained(name: str, meaning: str) -> SummaryMetadata:
    return SummaryMetadata(display_name=name, summary_description=meaning)


def event_logger(directory: Path, first_step: int | None = None) -> Logger:
    """Return a logger that writes event files into ``directory``, and nothing else; see `BoardWriter`."""
    directory.mkdir(parents=True, exist_ok=True)
    return Logger(str(directory), [BoardWriter(directory, first_step)])


def begun_now(content: bytes) -> bytes:
    """Return an event file whose first record, which says when its run began, says now; the others are as they were."""
    first = io.BytesIO()
    version = Event(wall_time=time.time(), file_version="brain.Event:2")
    RecordWriter(first).write(version.SerializeToString())
    length = int.from_bytes(content[:8], "little")
    return first.getvalue() + content[length + 16 :]  # 16: the length itself, and two checksums


def writer_of(logger: Logger) -> BoardWriter:
    """Return the writer behind a logger of `event_logger`, for what is no number."""
    (writer,) = (output for output in logger.output_formats if isinstance(output, BoardWriter))
    return writer


def record_episodes(logger: Logger, split: str, episodes: Episodes) -> None:
    """Hand what is said of episodes in numbers to a logger."""
    for name, value in scalars(episodes).items():
        logger.record(f"{split}/{name}", value)
    logger.record(f"{split}/return", Interval.of(episodes.returns))


def record_report(logger: Logger, report: Report, split: str = "") -> None:
    """Hand what is said of a policy in numbers to a logger, under the split of its suppliers or another one."""
    split = split or report.split
    record_episodes(logger, split, report.episodes)
    if report.score is not None:
        logger.record(f"{split}/score", report.score.mean)
    if report.unseen is not None:
        logger.record(f"{split}/return_on_unseen_kinds", report.unseen.mean)


CARD_DPI = 200  # pixels an inch: twice those of a card, for screens that have them
_NARROW = ("walked away", "deadline", "surplus share", "goodwill", "rounds")  # columns that the tab has no room for

_TEXT_OF = {
    "best": (NEGOTIATES, "best negotiation"),
    "typical": (NEGOTIATES, "typical negotiation"),
    "worst": (FAILS, "worst negotiation"),
    "breakdown": (FAILS, "a breakdown"),
}
PLACES = {
    "Which is better, how sure?": "group 1; tab HPARAMS",
    "How does it negotiate?": "group 2; tab TEXT, in words",
    "Where does it fail?": "group 3; tab TEXT, its worst",
    "How did it learn?": "group 4; return in group 1",
}
"""Where each question is answered."""

_LINES = "Curves: runs ending in train or validation. Flat: test."


def put_picture(logger: Logger, picture: Picture, step: int) -> None:
    """Draw a figure into the group of its question."""
    with drawing(LIGHT):
        image = pixels(picture.draw(LIGHT), CARD_DPI)
    writer_of(logger).picture(f"{picture.question}/{picture.title}", image, picture.caption, step)


def put_pictures(logger: Logger, pictures: Sequence[Picture], step: int) -> None:
    """Draw those figures that can be read on a card."""
    for picture in pictures:
        if picture.small:
            put_picture(logger, picture, step)


def put_transcripts(logger: Logger, transcripts: Sequence[Transcript], step: int) -> None:
    """Put transcripts into the TEXT tab, under the question that each answers."""
    for transcript in transcripts:
        text = "\n\n".join((f"**{literal(transcript.title)}**", *map(literal, transcript.lines)))
        writer_of(logger).text("/".join(_TEXT_OF[transcript.name]), text, step)


def put_guide(logger: Logger, title: str, facts: Sequence[str]) -> None:
    """Say what this is and where to look: as a figure, for the tab that opens first shows no text, and as text."""
    put_picture(logger, guide(title, (*facts, _LINES), PLACES), 0)
    head = [f"**{literal(title)}**", "", *(f"{literal(fact)}\n" for fact in (*facts, _LINES))]
    places = markdown_table(("you want to know", "look at"), PLACES.items())
    writer_of(logger).text(f"{START}/guide", "\n".join((*head, places)), 0)


def put_table(logger: Logger, table: Table, name: str = "results") -> None:
    """Put a table into the TEXT tab, under a name."""
    headers, rows = cells_of(table, leave_out=_NARROW)
    cells = markdown_table(headers, [[literal(cell) for cell in row] for row in rows])
    text = (f"**{literal(str(table.title))}**", "", cells, "", str(table.caption or ""))
    writer_of(logger).text(f"{START}/{name}", "\n".join(text), 0)
