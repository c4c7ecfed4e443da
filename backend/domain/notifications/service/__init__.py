"""Owing, reading and delivering notices, a file a concern."""
