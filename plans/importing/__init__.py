"""Spreadsheets become tasks, agencies or scores: read, mapped, previewed, then all rows or none."""
