"""Writes the sample district. Nothing here reads what it wrote: the manifest says what was meant."""
