"""The rules of the platform's designer and of the runtime, in the sections of the platform's documentation.

RULES is {name of a rule: the function that yields its findings}.
"""

from elasticio_runner.check.rules import (
    component,
    credentials,
    form_fields,
    functions,
    metadata,
    order,
    python_modules,
    selects,
)
from elasticio_runner.check.rules.registry import RULES, Rule

SECTIONS = (component, functions, python_modules, order, credentials, form_fields, selects, metadata)

__all__ = ["RULES", "SECTIONS", "Rule"]
