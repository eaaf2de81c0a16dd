"""Formats by language; Django has none for Vietnamese that fit."""
