"""Measurements and long runs that are no tests: one command each, figures in README.md."""
