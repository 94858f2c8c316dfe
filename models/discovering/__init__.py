"""Titles that are in no catalogue: found beside OST words, part numbers and dramas, and ranked by their rise."""
