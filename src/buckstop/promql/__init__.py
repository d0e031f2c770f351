"""PromQL: whether an expression parses, and what it says about labels."""
