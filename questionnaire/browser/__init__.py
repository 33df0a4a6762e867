"""The bridge to the browser, and the scripts that run there."""
