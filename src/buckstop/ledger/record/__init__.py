"""What makes the events a record: the chain, the tree over it, its checkpoints, its erasures."""
