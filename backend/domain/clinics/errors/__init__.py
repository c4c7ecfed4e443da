"""The situations that stop somebody at a clinic, a file a concern."""
