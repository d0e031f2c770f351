"""What is proven of what the servers have loaded, again whenever that changes."""
