"""The objects of the API under CallFire's own names."""
