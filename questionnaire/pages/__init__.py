"""One module a page, each a plain function."""
