"""The one door to the session, and what follows from the answers."""
