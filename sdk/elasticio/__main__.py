"""`python -m elasticio` is `elasticio`."""

import sys

from elasticio.cli import main

sys.exit(main())
