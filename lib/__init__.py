"""The CallFire connector: knows CallFire, knows no broker and no environment variable."""
