"""Every kind of service that there can be, and what each owes. A kind is one profile; a set of kinds is a group."""
