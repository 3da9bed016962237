"""Files of a new component. `api.py` is copied as it is; the others contain $NAMES to replace."""
