"""The web page of the sandbox: its files in `static/`, and the requests that only the page sends."""
