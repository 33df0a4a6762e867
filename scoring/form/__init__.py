"""What people fill in: the questions, and the questionnaire as a workbook."""
