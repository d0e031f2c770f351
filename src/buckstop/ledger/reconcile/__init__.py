"""What servers hold when they are asked, against what they have told the ledger by themselves."""
