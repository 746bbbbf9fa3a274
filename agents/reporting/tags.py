"""What TensorBoard shows under which name: the four questions as groups, and every number with its meaning."""

from dataclasses import dataclass

from negoenv.game.effects import Family
from negoenv.markdown import table

START = "0. Start here"
BETTER = "1. Which policy is better"
NEGOTIATES = "2. How it negotiates"
FAILS = "3. Where it fails"
LEARNS = "4. How it learns"
FAMILY_USE = "5. Moves by family"

QUESTIONS = {
    BETTER: "Which policy is better, and how sure is that?",
    NEGOTIATES: "How does it negotiate?",
    FAILS: "Where does it fail?",
}
"""What figures and transcripts answer, by the group that they stand in, in the order in which one asks."""

TRAIN, VALIDATION, TEST = "train", "validation", "test"


@dataclass(frozen=True)
class Tag:
    """One number that TensorBoard shows."""

    group: str  # the heading that it stands under
    name: str  # what it is called there
    meaning: str  # one line on what it is, and which way is good

    @property
    def path(self) -> str:
        """The tag as TensorBoard knows it."""
        return f"{self.group}/{self.name}"


_OUTCOMES = {
    BETTER: {
        "return": "Mean sum of rewards of an episode; higher is better.",
        "score": "The return, rescaled: 0 is the random policy, 1 the best known reference; higher is better.",
        "return_on_unseen_kinds": "The return against suppliers of kinds that training never shows; higher is better.",
    },
    NEGOTIATES: {
        "price": "Mean price of the deals, as a fraction of the supplier's first ask; lower is better.",
        "surplus_share": "Mean share of the bargaining surplus that the deals give the buyer; higher is better.",
        "rounds": "Mean number of rounds of an episode; each costs a little.",
    },
    FAILS: {
        "deal_rate": "Share of the episodes that end with a deal; higher is better.",
        "breakdown_rate": "Share of the episodes in which the supplier breaks off; lower is better.",
        "walked_away_rate": "Share of the episodes in which the buyer leaves.",
        "deadline_rate": "Share of the episodes that reach the deadline without a deal; lower is better.",
        "goodwill": "Mean goodwill of the supplier after a deal, 0 to 1; higher is better.",
    },
}
_ALGORITHM = {
    "learning_rate": "Step size of the optimiser.",
    "entropy_loss": "Minus the mean entropy of the policy; rises to 0 as it makes up its mind.",
    "approx_kl": "How far an update moves the policy (approximate KL divergence); PPO.",
    "clip_fraction": "Share of the samples whose update is clipped; PPO.",
    "explained_variance": "How well the critic predicts returns: 1 is perfectly, 0 no better than their mean.",
    "value_loss": "Squared error of the critic; lower is better.",
    "loss": "What the optimiser minimises; of DQN the error of the action values.",
    "exploration_rate": "Share of random moves; DQN.",
    "fps": "Environment steps a second, evaluations included.",
}

OUTCOME_TAGS = {
    key: Tag(group, key.replace("_", " "), meaning)
    for group, meanings in _OUTCOMES.items()
    for key, meaning in meanings.items()
}
"""What an episode came to, by the names of `negoenv.benchmark.evaluation.Episodes.metrics`."""

FAMILY_TAGS = {
    f"use_{family.name.lower()}": Tag(
        FAMILY_USE,
        family.name.lower().replace("_", " "),
        f"Mean number of moves of the family {family.name.lower().replace('_', ' ')} in an episode.",
    )
    for family in Family
}
"""How often each family of moves is used."""

ALGORITHM_TAGS = {key: Tag(LEARNS, key.replace("_", " "), meaning) for key, meaning in _ALGORITHM.items()}
"""What the algorithm says of itself, by the names of Stable-Baselines3."""

TAGS = OUTCOME_TAGS | FAMILY_TAGS | ALGORITHM_TAGS
"""Every number that TensorBoard shows, by the name under which it is logged."""


def tag_table() -> str:
    """Return `TAGS` as a Markdown table."""
    tags = sorted(TAGS.values(), key=lambda tag: tag.path)
    return table(("tag", "what it is"), [(tag.path, tag.meaning) for tag in tags])
