"""CallFire's objects, under CallFire's own names."""
