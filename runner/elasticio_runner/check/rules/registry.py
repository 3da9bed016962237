"""The list of all rules."""

from collections.abc import Callable, Iterator

from elasticio_runner.check.checked_component import CheckedComponent
from elasticio_runner.check.findings import Finding

Rule = Callable[[CheckedComponent], Iterator[Finding]]
RULES: dict[str, Rule] = {}


def rule(check: Rule) -> Rule:
    """Register a rule under the name of its function."""
    RULES[check.__name__] = check
    return check
