"""Judges a service against the drafted and the amended rulebook; knows nothing of a screen."""
