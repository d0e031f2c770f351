"""Charter in; rules, routes, wiring and tests out."""
