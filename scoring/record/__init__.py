"""What is filed, as documents to be edited (DOCX): the compliance record, and the report of the technologies examined."""
