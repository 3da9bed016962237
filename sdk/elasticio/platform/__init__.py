"""The platform's API and storage over HTTP."""
