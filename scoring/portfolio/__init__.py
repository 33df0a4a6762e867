"""Many services: a file is checked, scored and written piece by piece."""
