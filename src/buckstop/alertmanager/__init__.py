"""``alertmanager.yml``: types, reading, writing, and where a concrete alert goes."""
