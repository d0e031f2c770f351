"""What an incident is, and what may happen to it: values, a fold of events, pure decisions."""
