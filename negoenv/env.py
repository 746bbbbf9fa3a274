"""The Gymnasium environment of one negotiation."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray

from negoenv.base_env import SingleEnv
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import unknown_name
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario
from negoenv.viewer import RENDERERS, Recorder

if TYPE_CHECKING:
    from negoenv.viewer.window import Window

HUMAN = "human"
"""The render mode that opens a window."""


class NegotiationEnv(SingleEnv):
    """A buyer negotiates a price with a supplier whose type is hidden.

    ## Description
    The buyer, an e-commerce company, presses for a better price: strong pressure, third parties, ultimatums, emotional
    pressure, moderate concessions. Pressure comes from goals, time, information and fatigue. Built up step by step it
    wins; forced, it breaks the negotiation. A concession can help or embolden. The deal must leave the supplier a
    profit, because there is a next one. Each step is one move of the buyer and the supplier's answer: it may leave,
    comply with an ultimatum, accept the standing offer, hold firm, or counter.

    All prices are fractions of the supplier's first ask.

    ## Action Space
    ``Discrete(24)``, see `negoenv.game.tactics.Move`. ``info["action_mask"]`` (int8) and ``action_masks()`` say which moves
    are legal. A move that is not legal counts as HOLD and is counted in ``info["illegal_moves"]`` at the end; what is
    no move (24, -1, 2.7) is refused.

    | family | moves |
    |---|---|
    | opening (round 0 only) | 0 OPEN_LOW, 1 OPEN_MODERATE, 2 OPEN_FAIR |
    | strong pressure | 3 REVEAL_BUDGET, 4 CITE_COMPETITORS, 5 DENY_SCARCITY |
    | third party | 6 INVITE_RIVALS, 7 CLAIM_NEW_PROCESS |
    | ultimatum | 8 ULTIMATUM, 9 LEADER_ULTIMATUM |
    | emotional pressure | 10 RAISE_VOICE, 11 FURY, 12 SILENCE, 13 SILENT_THREAT, 14 WALK_OUT |
    | concession | 15 CONCEDE_SMALL, 16 CONCEDE_MODERATE, 17 CONCEDE_LARGE |
    | retreat and information | 18 HOLD, 19 PROBE |
    | close | 20 ACCEPT, 21 WALK_AWAY |
    | conditional concession | 22 EXCHANGE, 23 HARD_EXCHANGE |

    ## Observation Space
    ``Box`` of float32; public history and noisy cues, never the hidden type. `negoenv.game.observation.named` gives the
    columns by name.

    | column | name | unit | range | meaning |
    |---|---|---|---|---|
    | 0 | progress | fraction of the deadline | [0, 1] | How much of the time is gone. |
    | 1 | rounds_left | rounds x 0.05 | [0, 10] | Rounds left. |
    | 2 | offer | fraction of the first ask | [0, 2] | The buyer's standing offer; 0 before there is one. |
    | 3 | ask | fraction of the first ask | [0, 2] | The supplier's standing ask. |
    | 4 | limit | fraction of the first ask | [0, 2] | The buyer's reservation price: what its outside option is worth. |
    | 5 | budget | fraction of the first ask | [0, 2] | The most the buyer may pay. |
    | 6 | benchmark | fraction of the first ask | [0, 2] | Market price that the buyer knows; openings are fractions of it. |
    | 7 | counter | gap fraction | [0, 1] | The supplier's concession in its last reply. |
    | 8 | concession | gap fraction | [0, 1] | Memory of the buyer's recent concession; halves each round. |
    | 9 | reaction | cue | [-3, 3] | How the supplier seemed to take the last move (noisy). |
    | 10 | strain | cue | [-1, 3] | How strained the supplier seemed (noisy). |
    | 11 | wear_strong | fraction | [0, 1] | How worn strong pressure is. |
    | 12 | wear_third_party | fraction | [0, 1] | How worn third parties are. |
    | 13 | wear_ultimatum | fraction | [0, 1] | How worn ultimatums are. |
    | 14 | wear_emotion | fraction | [0, 1] | How worn emotion is. |
    | 15 | stalemate | rounds x 0.2 | [0, 40] | Rounds without movement of either side. |
    | 16 | goodwill | fraction | [0, 1] | What the relationship is worth at the start of this deal. |
    | 17 | weakness_known | 0 or 1 | [0, 1] | Whether the buyer has found the supplier's mistake or weakness. |
    | 18 | cost_estimate | fraction of the first ask | [0, 2] | The buyer's estimate of the reservation price; 0 before it has one. |
    | 19 | quote | fraction of the first ask | [0, 2] | Best quote from a rival; 0 while there is none. |
    | 20 | called | 0 or 1 | [0, 1] | An ultimatum was refused, and nothing has followed yet. |
    | 21 | leader_used | 0 or 1 | [0, 1] | Whether the top leader has spoken. |
    | 22 | probes | count x 0.2 | [0, 40] | Times the buyer asked for costs. |
    | 23 | rivals | count x 0.2 | [0, 40] | Times rivals were really invited. |
    | 24 | bluffs | count x 0.2 | [0, 40] | Bluffs of the buyer that were found out. |
    | 25 | deals_left | count x 0.2 | [0, 2.2] | Deals that may follow this one. |
    | 26 | under_delivered | 0 or 1 | [0, 1] | The supplier delivered less than agreed after the last deal. |
    | 27 | last_strong | 0 or 1 | [0, 1] | The last move was of the family STRONG. |
    | 28 | last_third_party | 0 or 1 | [0, 1] | The last move was of the family THIRD_PARTY. |
    | 29 | last_ultimatum | 0 or 1 | [0, 1] | The last move was of the family ULTIMATUM. |
    | 30 | last_emotion | 0 or 1 | [0, 1] | The last move was of the family EMOTION. |
    | 31 | last_concession | 0 or 1 | [0, 1] | The last move was of the family CONCESSION. |
    | 32 | last_hold | 0 or 1 | [0, 1] | The last move was of the family HOLD. |
    | 33 | last_probe | 0 or 1 | [0, 1] | The last move was of the family PROBE. |

    ## Rewards
    The sum of ``info["reward_terms"]``, each weighted by the scenario (`negoenv.game.reward.WEIGHTS`):

    | term | when | what |
    |---|---|---|
    | surplus | deal | the buyer's share of the bargaining surplus (limit less reservation price) |
    | goodwill | last deal | what the relationship is worth afterwards; saturates in the supplier's margin |
    | under_delivery | deal | expected cost of a squeezed or humiliated supplier's under-delivery, negative |
    | rounds | each step | cost of a round, negative |
    | tactics | each step | real cost of the move, such as inviting rivals, negative |
    | breakdown | breakdown | penalty, negative |
    | deadline | deadline | penalty, negative |
    | outside_option | walked away | worth of the best quote of a rival |

    ## Starting State
    The supplier asks 1 (or its reservation price, if higher). Its type is drawn from the population of the ``split``;
    limit, benchmark and goodwill from the ranges of the scenario. ``reset(options=...)`` takes
    ``{"supplier": {field: value}}`` or the name of an archetype, and ``{"context": {field: value}}`` for fields of
    `negoenv.game.state.STATE`.

    ## Episode End
    ``terminated`` at a deal, a breakdown (the supplier leaves), when the buyer walks away, and at the deadline, which
    belongs to the game and is visible. ``truncated`` only by ``max_episode_steps``, which ``gymnasium.make`` and
    ``gymnasium.make_vec`` take. Where the scenario has several ``deals``, one that is not
    the last is rewarded as it is made, and the same supplier negotiates again, if it will: what it remembers goes on
    (`negoenv.game.after_deal`), prices start anew, and the episode ends with the first deal that fails.

    Then ``info`` holds ``outcome`` ("deal", "breakdown", "walked_away", "deadline"), ``price``, ``surplus_share``,
    ``supplier_margin``, ``goodwill``, ``under_delivery_probability`` (these five only with a deal, and of the last
    one), ``rounds``, ``illegal_moves``, ``bluffs``, ``deals``, and with ``reveal=True`` the hidden type under
    ``hidden``.

    ## Arguments
    - ``scenario``: a `negoenv.Scenario`, the name of a preset, a mapping of changes to the preset of the id, or the
      path of a YAML file with such a mapping. Every key is checked.
    - ``population``: replaces the suppliers of all splits: "marketplace" (fitted to human bargaining),
      "marketplace_draws" (the same, as uncertain as the data leaves them), "ebay" (fitted to published numbers), or the
      path of a YAML file with a `negoenv.scenarios.population.Population`.
    - ``split``: "train" (default), "validation" or "test", the population that suppliers come from. Validation has that
      of the test unless the scenario says otherwise, but never the same suppliers, whatever the seeds.
    - ``reveal``: whether the hidden type goes into ``info`` at the end (default ``False``).
    - ``render_mode``: "ansi" (a transcript in sentences), "rgb_array" (a picture), or "human" (the same picture in a
      window, after each ``reset`` and ``step``). Pictures need Pillow, windows pygame: the extra ``render``.

    ## Vectorized environment
    ``gymnasium.make_vec("negoenv/Procurement-v0", num_envs=1024)`` steps all rows in one compiled call, with any
    autoreset mode; row i replays this environment bit for bit for ``seed + i``.

    ## Version History
    v0: first version.
    """  # noqa: E501 - rows of a table are not broken

    metadata = {"render_modes": [HUMAN, *RENDERERS], "render_fps": 2}  # noqa: RUF012
    batch: NegotiationBatch

    def __init__(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        reveal: bool = False,
        render_mode: str | None = None,
        base: str = "Procurement",
        population: Population | str | Path | None = None,
    ) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise unknown_name("render_mode", render_mode, self.metadata["render_modes"])
        self.scenario = resolve(scenario, base, population)
        super().__init__(NegotiationBatch(1, self.scenario, split), reveal)
        self.render_mode = render_mode
        self._recorder = None if render_mode is None else Recorder()
        self._window: Window | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start an episode; see `SingleEnv.reset`."""
        started = super().reset(seed=seed, options=options)
        if self._recorder is not None:
            self._recorder.begin(self.batch)
            self._show()
        return started

    def step(self, action: np.int64) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        """Play one move; see `SingleEnv.step`."""
        stepped = super().step(action)
        if self._recorder is not None:
            self._recorder.step(self.batch, int(action))
            self._show()
        return stepped

    def _show(self) -> None:
        """Show the picture so far in the window, if that is wanted."""
        if self.render_mode != HUMAN or self._recorder is None:
            return
        if self._window is None:
            from negoenv.viewer.window import Window  # imports pygame, which only windows need

            self._window = Window(self.metadata["render_fps"])
        self._window.show(RENDERERS["rgb_array"](self._recorder.events))

    def render(self) -> Any:
        """Return what the render mode asks for.

        Returns:
            The transcript so far ("ansi", a str); the picture so far ("rgb_array", uint8 ``(500, 800, 3)``); or
            ``None`` ("human", whose window `reset` and `step` keep up to date).
        """
        if self._recorder is None or self.render_mode is None:
            gym.logger.warn('render() without a render_mode; use gym.make(id, render_mode="ansi") or "rgb_array".')
            return None
        return None if self.render_mode == HUMAN else RENDERERS[self.render_mode](self._recorder.events)

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
        super().close()
