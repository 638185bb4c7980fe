"""A questionnaire while it is written: unfinished, edited question by question, looked over."""
