"""The pages for whoever looks at more than one service: obligations, portfolio, verify, sources."""
