"""Who answers for each rule: decided, refuted with a witness, or open with the reason."""
