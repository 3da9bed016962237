"""Requests to CallFire: client, credentials, errors and paging."""
