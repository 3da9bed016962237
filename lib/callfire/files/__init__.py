"""Files: uploads with their sources and checks, and downloads."""
