"""What is kept: functions (session, …) → core values. They never commit."""
