"""What holds while processes are killed and servers go away."""
