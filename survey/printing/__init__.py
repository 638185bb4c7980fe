"""What is put on paper: posters, tickets and sheets as PDF."""
