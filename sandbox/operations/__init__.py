"""All operations of the API. Importing a module here declares the operations in it."""

from sandbox.operation import OPERATIONS
from sandbox.operations import account, texts

__all__ = ["OPERATIONS", "account", "texts"]
