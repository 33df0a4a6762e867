"""One round of a service's answers, from whatever file holds it."""
