"""Files: uploads, downloads and where they come from."""
