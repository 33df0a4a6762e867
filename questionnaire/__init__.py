"""Asks: the wizard and the other pages. The user interface is thin; what is right is decided in `scoring`."""
