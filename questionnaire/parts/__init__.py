"""Parts of a page that more than one page shows, or that a page would be too long with."""
