"""Leading an open incident's alerts to the team that is accountable, on every Alertmanager."""
