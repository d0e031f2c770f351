"""The record in PostgreSQL, by a role that may only append."""
