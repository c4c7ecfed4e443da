"""What happens without anyone asking: jobs of the queue, one file for each domain."""
