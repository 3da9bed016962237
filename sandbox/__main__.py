"""python -m sandbox: run a CallFire on this machine until Ctrl-C."""

import argparse
import sys

from sandbox.server import PASSWORD, USERNAME, Options, Server


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Run a CallFire on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=0, help="port to listen on (default: a free one)")
    parser.add_argument("--username", default=USERNAME, help="user name of the API credentials")
    parser.add_argument("--password", default=PASSWORD, help="password of the API credentials")
    given = parser.parse_args()
    server = Server(Options(**vars(given)))
    sys.stdout.write(f"CallFire sandbox at {server.root}/v2, login {given.username} / {given.password}\n")
    sys.stdout.flush()
    server.serve_here()


if __name__ == "__main__":
    main()
