"""What only developers run: set-up, PostgreSQL and Valkey from pip wheels, the supervisor of `make run`."""
