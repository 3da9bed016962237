"""The platform's API, its object storage, and files at URLs, all over HTTP."""
