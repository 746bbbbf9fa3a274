"""The Gymnasium environment of one negotiation."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gymnasium as gym

from negoenv.base_env import SingleEnv
from negoenv.engine.action_spaces import make_actions
from negoenv.engine.contract_batch import negotiations
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import unknown_name
from negoenv.infos import RENDERED_METADATA
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
    comply with an ultimatum, accept the standing offer, hold firm, or counter; and it may use a tactic of its own
    (`negoenv.game.supplier_tactics`), meant or as a bluff, which comes due some rounds later.

    All prices are fractions of the supplier's first ask.

    ## Action Space
    The argument ``action_space`` says how a move is chosen; ``info["action_mask"]`` (int8) and ``action_masks()`` say
    what is legal. A move that is not legal counts as HOLD and is counted in ``info["illegal_moves"]`` at the end; what
    is not in the space (of 87 moves: 87, -1, 2.7) is refused.

    "discrete" (default) is ``Discrete(87)``, the numbers of `negoenv.game.tactics.Move`:

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
    | named price, % of the benchmark | 24 OFFER_80, 25 OFFER_85, 26 OFFER_90, 27 OFFER_95, 28 OFFER_100, 29 OFFER_105, 30 OFFER_110, 31 OFFER_115 |
    | argument and offer at once | 32-42 REVEAL_BUDGET+, 43-53 CITE_COMPETITORS+, 54-64 DENY_SCARCITY+, 65-75 CLAIM_NEW_PROCESS+, 76-86 ULTIMATUM+ |

    Each argument of the last row goes with eleven offers, in this order: CONCEDE_SMALL, CONCEDE_MODERATE,
    CONCEDE_LARGE, and the named prices. A price can be named once an offer stands, above that offer, below the ask and
    within the budget.

    "factored" is ``MultiDiscrete([14, 19])``: an argument and an offer, by their places in
    `negoenv.game.tactics.ARGUMENTS` and ``OFFERS``; HOLD, the first of each, says nothing and keeps the offer. Of an
    argument and an offer that are not one of the moves above, the offer alone is made. The mask, of length 33, is
    that of the arguments and that of the offers side by side, as sb3-contrib has it.

    "price" is ``Dict(argument=Discrete(15), price=Box(0, 2, (1,)))``: an argument as above, or 14, which is
    WALK_AWAY, and a price, in thousandths, rounded down; one above the budget counts as the budget. A price up to a
    thousandth above the standing offer keeps that offer, one from the ask up takes the ask, one between raises the
    offer to it. In round 0 it is the first offer, made without an argument, and 0 makes none; after that the first
    offer lies above the benchmark. The mask, of length 15, is that of the arguments.

    ## Observation Space
    ``Box`` of float32; public history and noisy cues, never the hidden type. `negoenv.game.observation.named` gives the
    columns by name.

    | column | name | unit | range | meaning |
    |---|---|---|---|---|
    | 0 | progress | fraction of the deadline | [0, 1] | How much of the time is gone. |
    | 1 | rounds_left | rounds x 0.05 | [0, 10] | Rounds left. |
    | 2 | need_left | rounds x 0.05 | [-10, 10] | Rounds left until the buyer needs the goods; below 0 after that. |
    | 3 | offer | fraction of the first ask | [0, 2] | The buyer's standing offer; 0 before there is one. |
    | 4 | ask | fraction of the first ask | [0, 2] | The supplier's standing ask. |
    | 5 | limit | fraction of the first ask | [0, 2] | The buyer's reservation price: what its outside option is worth. |
    | 6 | budget | fraction of the first ask | [0, 2] | The most the buyer may pay. |
    | 7 | benchmark | fraction of the first ask | [0, 2] | Market price that the buyer knows; openings are fractions of it. |
    | 8 | counter | gap fraction | [0, 1] | The supplier's concession in its last reply. |
    | 9 | concession | gap fraction | [0, 1] | Memory of the buyer's recent concession; halves each round. |
    | 10 | reaction | cue | [-3, 3] | How the supplier seemed to take the last move (noisy). |
    | 11 | strain | cue | [-1, 3] | How strained the supplier seemed (noisy). |
    | 12 | wear_strong | fraction | [0, 1] | How worn strong pressure is. |
    | 13 | wear_third_party | fraction | [0, 1] | How worn third parties are. |
    | 14 | wear_ultimatum | fraction | [0, 1] | How worn ultimatums are. |
    | 15 | wear_emotion | fraction | [0, 1] | How worn emotion is. |
    | 16 | stalemate | rounds x 0.2 | [0, 40] | Rounds without movement of either side. |
    | 17 | goodwill | fraction | [0, 1] | What the relationship is worth at the start of this deal. |
    | 18 | weakness_known | 0 or 1 | [0, 1] | Whether the buyer has found the supplier's mistake or weakness. |
    | 19 | cost_estimate | fraction of the first ask | [0, 2] | The buyer's estimate of the reservation price; 0 before it has one. |
    | 20 | quote | fraction of the first ask | [0, 2] | Best quote from a rival; 0 while there is none. |
    | 21 | called | 0 or 1 | [0, 1] | An ultimatum was refused, and nothing has followed yet. |
    | 22 | leader_used | 0 or 1 | [0, 1] | Whether the top leader has spoken. |
    | 23 | probes | count x 0.2 | [0, 40] | Times the buyer asked for costs. |
    | 24 | rivals | count x 0.2 | [0, 40] | Times rivals were really invited. |
    | 25 | bluffs | count x 0.2 | [0, 40] | Bluffs of the buyer that were found out. |
    | 26 | deals_left | count x 0.2 | [0, 2.2] | Deals that may follow this one. |
    | 27 | under_delivered | 0 or 1 | [0, 1] | The supplier delivered less than agreed after the last deal. |
    | 28 | tactic_due | rounds | [0, 20] | Rounds until what the supplier said comes due; 0 if nothing does. |
    | 29 | tactic_result | -1, 0 or 1 | [-1, 1] | What it said turned out a bluff (-1) or true (1) in the last round. |
    | 30 | delay_cost | reward a round x 20 | [0, 20] | What a round after its need date costs the buyer. |
    | 31 | last_strong | 0 or 1 | [0, 1] | The last move was of the family STRONG. |
    | 32 | last_third_party | 0 or 1 | [0, 1] | The last move was of the family THIRD_PARTY. |
    | 33 | last_ultimatum | 0 or 1 | [0, 1] | The last move was of the family ULTIMATUM. |
    | 34 | last_emotion | 0 or 1 | [0, 1] | The last move was of the family EMOTION. |
    | 35 | last_concession | 0 or 1 | [0, 1] | The last move was of the family CONCESSION. |
    | 36 | last_hold | 0 or 1 | [0, 1] | The last move was of the family HOLD. |
    | 37 | last_probe | 0 or 1 | [0, 1] | The last move was of the family PROBE. |
    | 38 | said_flinch | 0 or 1 | [0, 1] | In its last answer: Shows shock at the offer. |
    | 39 | said_scarcity | 0 or 1 | [0, 1] | In its last answer: Says that another buyer wants the goods; if so, it may sell to that one. |
    | 40 | said_price_rise | 0 or 1 | [0, 1] | In its last answer: Announces that the price will rise soon. |
    | 41 | said_higher_authority | 0 or 1 | [0, 1] | In its last answer: Must ask its superiors, who may allow more. |
    | 42 | said_bad_cop | 0 or 1 | [0, 1] | In its last answer: Lets a hard colleague talk, and a kind one next if the buyer gives. |
    | 43 | said_nibble | 0 or 1 | [0, 1] | In its last answer: Asks for a little on top of a concession; who holds out against a bluff gets it back. |
    | 44 | said_exploding_offer | 0 or 1 | [0, 1] | In its last answer: Offers a better price that is good for one round. |
    | 45 | said_threat_to_leave | 0 or 1 | [0, 1] | In its last answer: Threatens to leave unless the buyer gives. |
    | 46 | said_silence | 0 or 1 | [0, 1] | In its last answer: Says nothing, and waits for the buyer to go on. |
    | 47 | said_tied_concession | 0 or 1 | [0, 1] | In its last answer: Promises a step of its own for one of the buyer. |
    | 48 | topic_strong | 0 or 1 | [0, 1] | In its last answer it spoke of orders and stock. |
    | 49 | topic_third_party | 0 or 1 | [0, 1] | In its last answer it spoke of other suppliers. |
    | 50 | topic_ultimatum | 0 or 1 | [0, 1] | In its last answer it spoke of whether the buyer has decided. |
    | 51 | topic_emotion | 0 or 1 | [0, 1] | In its last answer it spoke of how they treat each other. |
    | 52 | topic_concession | 0 or 1 | [0, 1] | In its last answer it spoke of what it would get in return. |

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
    | outside_option | walked away | worth of the best quote of a rival; the cost of a search without one |
    | delay | each step | cost of a round after the buyer's need date, negative |

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

    Then ``info`` holds ``outcome`` (the code of `negoenv.Outcome`: 1 a deal, 2 a breakdown, 3 walked away, 4 the
    deadline; ``metadata["outcomes"]`` has their names), ``price``, ``surplus_share``, ``supplier_margin``, ``goodwill``, ``under_delivery_probability`` (these five only with a deal, and of the last
    one), ``rounds``, ``illegal_moves``, ``bluffs``, ``deals``, and with ``reveal=True`` the hidden type under
    ``hidden``.

    ## Arguments
    - ``scenario``: a `negoenv.Scenario`, the name of a preset, a mapping of changes to the preset of the id, or the
      path of a YAML file with such a mapping. Every key is checked.
    - ``population``: replaces the suppliers of all splits: "marketplace" (fitted to human bargaining),
      "marketplace_draws" (the same, as uncertain as the data leaves them), "ebay" (fitted to published numbers), or the
      path of a YAML file with a `negoenv.scenarios.population.Population`.
    - ``split``: "train" (default), "validation", "test" or "unseen", the population that suppliers come from. Validation
      has that of the test unless the scenario says otherwise, but never the same suppliers, whatever the seeds. "unseen"
      has kinds of supplier, constants of the model and tactics of the supplier that training never shows.
    - ``reveal``: whether the hidden type goes into ``info`` at the end (default ``False``).
    - ``action_space``: "discrete" (default), "factored" or "price", see above.
    - ``render_mode``: "ansi" (a transcript in sentences), "rgb_array" (a picture), or "human" (the same picture in a
      window, after each ``reset`` and ``step``). Pictures need Pillow, windows pygame: the extra ``render``.

    ## Vectorized environment
    ``gymnasium.make_vec("negoenv/Procurement-v0", num_envs=1024)`` steps all rows in one compiled call, with any
    autoreset mode; row i replays this environment bit for bit for ``seed + i``.

    ## Version History
    v0: first version.
    """  # noqa: E501 - rows of a table are not broken

    metadata = {**RENDERED_METADATA, "render_modes": [HUMAN, *RENDERERS]}  # noqa: RUF012
    batch: NegotiationBatch

    def __init__(
        self,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        reveal: bool = False,
        render_mode: str | None = None,
        base: str = "Procurement",
        population: Population | str | Path | None = None,
        action_space: str = "discrete",
    ) -> None:
        if render_mode not in (None, *self.metadata["render_modes"]):
            raise unknown_name("render_mode", render_mode, self.metadata["render_modes"])
        self.scenario = resolve(scenario, base, population)
        batch = self._negotiation(split)
        super().__init__(batch, reveal, make_actions(action_space, batch))
        self.render_mode = render_mode
        self._recorder = None if render_mode is None else Recorder()
        self._window: Window | None = None

    def _negotiation(self, split: str) -> NegotiationBatch:
        """Return the one row that is played."""
        return negotiations(1, self.scenario, split)

    def _record(self, move: int | None) -> None:
        if self._recorder is None:
            return
        if move is None:
            self._recorder.begin(self.batch)
        else:
            self._recorder.step(self.batch, move)
        self._show()

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
