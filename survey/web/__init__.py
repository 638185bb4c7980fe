"""What is seen in a browser: one room per audience."""
