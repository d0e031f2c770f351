"""The ledger's API and pages."""
