"""What a run is called after: the keys in which it differs from the configuration that it was started from."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

MAX_LABEL = 48
"""Characters of the longest name that is made here; figures and tables have no room for more."""

_DIGEST_LETTERS = 4
_FOREIGN = re.compile(r"[^A-Za-z0-9_.+-]+")  # letters that a name must not have, and = which separates


def named_changes(
    before: Mapping[str, Any], after: Mapping[str, Any], leave_out: Collection[str] = ()
) -> dict[str, str]:
    """Return each key of which the value was changed, and how a name tells it, for example ``"gamma=0.99"``.

    Args:
        before: keys and values; those of a mapping inside count by themselves.
        after: the same with changes.
        leave_out: keys that do not count.
    """
    found: dict[str, str] = {}
    for key, value in after.items():
        old = before.get(key)
        if value == old or key in leave_out:
            continue
        if isinstance(value, Mapping):
            found |= named_changes(old if isinstance(old, Mapping) else {}, value)
        else:
            found[key] = f"{_label(key)}={_label(value)}"
    return found


def run_label(base: str, named_changes: Sequence[str] = ()) -> str:
    """Return a name made of a base and of changes, as many as find room; a digest stands for the others."""
    whole = "_".join([base, *named_changes])
    if len(whole) <= MAX_LABEL:
        return whole
    rest = f"_etc-{hashlib.sha256(whole.encode()).hexdigest()[:_DIGEST_LETTERS]}"
    room = MAX_LABEL - len(rest)
    name = base[:room].rstrip("._+=-")
    for change in named_changes:
        if len(name) + 1 + len(change) > room:
            break
        name = f"{name}_{change}"
    return f"{name}{rest}"


def _label(value: Any) -> str:
    """Return a key or a value in letters that a name may have."""
    if isinstance(value, (list, tuple)):
        return "-".join(map(_label, value)) or "none"
    if isinstance(value, float) and float(f"{value:g}") == value:
        value = f"{value:g}"
    text = json.dumps(value) if value is None or isinstance(value, bool) else str(value)
    return re.sub(r"\.{2,}", ".", _FOREIGN.sub("-", text)).strip(".") or "-"
