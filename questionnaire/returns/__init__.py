"""Returns: the files that providers sent, and the review of one of them."""
