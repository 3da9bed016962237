"""One file per operation of CallFire; the file name is the operation id in snake_case."""
