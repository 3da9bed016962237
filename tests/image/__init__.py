"""The image in a container engine, see `make image`."""
