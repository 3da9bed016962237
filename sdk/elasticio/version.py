"""The version of this distribution, in a module of its own so that every other can import it."""

__version__ = "0.1.0"
