"""Who is sent where, from when to when; teams and rotations."""
