"""What people read: words, charts, texts, the report and the report of technologies."""
