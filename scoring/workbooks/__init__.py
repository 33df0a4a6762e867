"""Results as workbooks, for spreadsheet programs. They show what others computed."""
