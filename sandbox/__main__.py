"""python -m sandbox: the command `callfire-sandbox`, run from this repository."""

from callfire_sandbox.__main__ import main

if __name__ == "__main__":
    main()
