"""Teams, models, objectives and the decision table: what an organisation declares."""
