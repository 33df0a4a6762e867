"""The pages on which a provider answers, and what they come to."""
