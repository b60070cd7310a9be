"""The file with what is known, and a disk that fails it."""
