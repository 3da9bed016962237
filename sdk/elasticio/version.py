"""The version of this distribution, in a separate module that all others can import."""

__version__ = "0.1.0"
