"""Real Prometheus and Alertmanager as child processes: find, start, await, reload, stop."""
