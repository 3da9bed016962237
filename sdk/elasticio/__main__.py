"""`python -m elasticio` runs the command `elasticio`."""

import sys

from elasticio.cli import main

if __name__ == "__main__":
    sys.exit(main())
