"""The frame of a page, and the pieces that pages share."""
