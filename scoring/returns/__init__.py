"""Many files that providers sent: each recognised and verified, and what they come to."""
