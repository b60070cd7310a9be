"""The rules of what reports mean, with the time injected."""
