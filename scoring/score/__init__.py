"""One service: what it owes, what that comes to, and why."""
