"""The shapes of bodies, queries and answers."""
