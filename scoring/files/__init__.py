"""What came in and what goes out, as files: nothing here knows a rule."""
