"""Small mistakes that tests must notice, as a table: `tests.check_mutants` makes them one at a time."""

from typing import NamedTuple

DYNAMICS = ("test_dynamics", "test_bargaining", "test_powers", "test_ultimatums", "test_properties", "test_golden")
DEALS = ("test_partnership", "test_golden")
SUPPLIER = ("test_supplier_tactics", "test_properties", "test_golden")
OUTCOMES = ("test_deals", "test_observation", "test_parity", "test_properties", "test_partnership", "test_golden")
MOVES = ("test_combined_moves", "test_golden")
SEEN = ("test_observation", "test_properties", "test_golden")
VECTOR = ("test_autoreset", "test_contract", "test_contract_options", "test_parity", "test_actions", "test_threads")
BRIDGE = ("test_learning", "test_sb3_rows", "test_resuming")
TRAINING = ("test_training", "test_training_progress", "test_learning", "test_resuming")
POLICIES = ("test_learning", "test_bundle", "test_foreign", "test_onnx")
FILES = ("test_writing", "test_resuming", "test_bundle")


class Mutant(NamedTuple):
    """One mistake."""

    file: str  # relative to the root
    old: str  # what stands there once
    new: str  # what is put in its place
    tests: tuple[str, ...]  # modules of which one must fail


_GAME, _ENGINE, _LEARNING = "negoenv/game", "negoenv/engine", "agents/learning"

MUTANTS = (
    # What carries over between deals
    Mutant(f"{_GAME}/after_deal.py", "    s.goodwill = goodwill\n", "", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "    s.deals_left -= 1.0\n", "    s.deals_left -= 2.0\n", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "s.weakness_known = s.under_delivered", "s.weakness_known = 0.0", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "    s.tension = 0.0\n", "", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "    s.quote = 0.0\n", "", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "    s.accustomed = 0.0\n", "", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "    s.offer = 0.0\n", "", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "u_again >= deals_again", "u_again < deals_again", DEALS),
    Mutant(f"{_GAME}/after_deal.py", "1.0 if u_delivery < under_delivery", "1.0 if u_delivery > under_delivery", DEALS),
    # What an outcome is worth
    Mutant(f"{_GAME}/reward.py", "0.0 < s.quote < s.limit", "0.0 < s.quote", OUTCOMES),
    Mutant(f"{_GAME}/reward.py", "min(1.0, buyer_share(s.quote, s, p, c))", "buyer_share(s.quote, s, p, c)", OUTCOMES),
    Mutant(f"{_GAME}/reward.py", "if s.deals_left == 0.0:", "if s.deals_left >= 0.0:", OUTCOMES),
    Mutant(f"{_GAME}/reward.py", "gain if is_affordable else min(0.0, gain)", "gain", OUTCOMES),
    Mutant(f"{_GAME}/reward.py", "terms[i, 6] = -w.deadline", "terms[i, 6] = -w.breakdown", OUTCOMES),
    Mutant(f"{_GAME}/reward.py", "terms[i, 4] = -w.tactics * e.cost", "terms[i, 4] = -e.cost", OUTCOMES),
    # What is reported of an episode
    Mutant(f"{_GAME}/episode_info.py", "report.rounds = int(s.step)", "report.rounds = int(s.round)", OUTCOMES),
    Mutant(f"{_GAME}/episode_info.py", "report.deals = int(s.deals)", "report.deals = int(s.deals > 0.0)", OUTCOMES),
    Mutant(f"{_GAME}/episode_info.py", "report.bluffs = int(s.bluffs)", "report.bluffs = int(s.probes)", OUTCOMES),
    Mutant(
        f"{_GAME}/episode_info.py",
        "report.goodwill = goodwill_after(s, p, c) if report.is_deal else np.nan",
        "report.goodwill = goodwill_after(s, p, c)",
        OUTCOMES,
    ),
    # What is seen
    Mutant(f"{_GAME}/observation.py", "ROUND_SCALE * max(0.0, s.deadline - s.round)", "ROUND_SCALE * s.deadline", SEEN),
    Mutant(f"{_GAME}/observation.py", " * visible[_FIRST_SEEN:_FIRST_LAST]", "", SEEN),
    Mutant(f"{_GAME}/observation.py", "_LAST_OF_MOVE * visible[_FIRST_LAST:_FIRST_SAID]", "_LAST_OF_MOVE", SEEN),
    # The supplier's own tactics, and the pressure on the buyer
    Mutant(f"{_GAME}/supplier_turn.py", "u_meant < p.honesty", "u_meant > p.honesty", SUPPLIER),
    Mutant(f"{_GAME}/supplier_turn.py", "(t.gives > 0.0) != (s.pend", "(t.gives > 0.0) == (s.pend", SUPPLIER),
    Mutant(f"{_GAME}/supplier_turn.py", "min(s.ask, s.ask_before)", "s.ask_before", SUPPLIER),
    Mutant(f"{_GAME}/supplier_turn.py", "u_use >= p.tactics_rate", "u_use >= 1.0", SUPPLIER),
    Mutant(f"{_GAME}/supplier_turn.py", "    return u < t.exit\n", "    return False\n", SUPPLIER),
    Mutant(f"{_GAME}/reward.py", "s.round > s.need_date", "s.round >= s.need_date", SUPPLIER),
    Mutant(f"{_GAME}/legal_moves.py", "price <= s.budget", "price <= s.ask", MOVES),
    Mutant(f"{_GAME}/legal_moves.py", "_FRACTIONS[k]) <= s.budget", "_FRACTIONS[k]) <= s.ask", MOVES),
    # How a step goes
    Mutant(f"{_GAME}/transition.py", "s.credibility *= c.walk_out_credibility", "pass", DYNAMICS),
    Mutant(f"{_GAME}/transition.py", "        s.called = 1.0\n", "", DYNAMICS),
    Mutant(f"{_GAME}/transition.py", "s.round >= s.deadline:", "s.round > s.deadline:", DYNAMICS),
    Mutant(f"{_GAME}/transition.py", "        settle(s, s.ask)\n", "        settle(s, s.offer)\n", DYNAMICS),
    Mutant(f"{_GAME}/beliefs.py", "s.credibility *= c.called_credibility", "pass", DYNAMICS),
    Mutant(f"{_GAME}/beliefs.py", "firm *= 1.0 + c.leader_belief", "firm *= 1.0", DYNAMICS),
    Mutant(f"{_GAME}/bargaining.py", "s.tension - p.tolerance", "s.tension - 2.0 * p.tolerance", DYNAMICS),
    # Many episodes
    Mutant(f"{_ENGINE}/batch.py", "        self.episodes[chosen] = -1\n", "", VECTOR),
    Mutant("negoenv/base_env.py", "            self._over &= ~rows\n", "", VECTOR),
    Mutant("negoenv/base_env.py", "        self._steps[rows] = 0\n", "", VECTOR),
    Mutant("negoenv/base_env.py", "self._over = ended.copy()", "self._over = terminated.copy()", VECTOR),
    Mutant(
        "negoenv/base_env.py",
        "        self.batch.copy_buffers()\n        self.batch.reset",
        "        self.batch.reset",
        VECTOR,
    ),
    Mutant(
        "negoenv/base_env.py",
        "return self._steps >= self.max_episode_steps",
        "return self._steps > self.max_episode_steps",
        VECTOR,
    ),
    # The bridge to Stable-Baselines3
    Mutant("negoenv/interop/sb3_rows.py", "self._returns[rows], self._lengths[rows] = 0.0, 0", "pass", BRIDGE),
    Mutant("negoenv/interop/sb3.py", "(~terminated[finished]).tolist()", "terminated[finished].tolist()", BRIDGE),
    Mutant("negoenv/interop/sb3.py", "            memory[name][:] = array\n", "            pass\n", BRIDGE),
    # Training
    Mutant(
        f"{_LEARNING}/callbacks.py",
        "_mean_return(report) > _mean_return",
        "_mean_return(report) < _mean_return",
        TRAINING,
    ),
    Mutant(
        f"{_LEARNING}/callbacks.py",
        "            self._acted = self.num_timesteps\n        self._set_due",
        "            pass\n        self._set_due",
        TRAINING,
    ),
    Mutant(f"{_LEARNING}/callbacks.py", "            self._uses[dones] = 0\n", "", TRAINING),
    Mutant(f"{_LEARNING}/training_state.py", "    _restore_optimizer(model", "    (lambda *_: 0)(model", TRAINING),
    Mutant(
        f"{_LEARNING}/training_state.py",
        "    _restore_random_state(model, state",
        "    (lambda *_: 0)(model, state",
        TRAINING,
    ),
    Mutant(f"{_LEARNING}/training_state.py", "    buffer.pos, buffer.full = state", "    _ = state", TRAINING),
    Mutant(f"{_LEARNING}/train.py", "config.total_steps - before,", "config.total_steps,", TRAINING),
    Mutant(f"{_LEARNING}/train.py", 'run.evaluate(policy, "validation"', 'run.evaluate(policy, "test"', TRAINING),
    Mutant(f"{_LEARNING}/train.py", "None if curves is None else steps + 1 if steps else 0", "None", TRAINING),
    # Policies of others, files
    Mutant(
        f"{_LEARNING}/network_policy.py",
        "np.where(legal, numbers, -np.inf)",
        "np.where(True, numbers, -np.inf)",
        POLICIES,
    ),
    Mutant(f"{_LEARNING}/storage.py", "!= spec.bundle.weights_sha256", '== ""', POLICIES),
    Mutant(f"{_LEARNING}/sb3_zip.py", "weights_only=True", "weights_only=False", POLICIES),
    Mutant(f"{_LEARNING}/bundle.py", "if name not in FILES]", "if name in ()]", POLICIES),
    Mutant(
        f"{_LEARNING}/onnx_file.py", "return torch.where(is_legal, best, self._substitute)", "return best", POLICIES
    ),
    Mutant(f"{_LEARNING}/state_file.py", "[:1] != [digest.encode()]", "[:1] == []", FILES),
    Mutant(
        "agents/reporting/files.py",
        "            beside.unlink(missing_ok=True)\n            raise",
        "            raise",
        FILES,
    ),
)
