"""What is asked, counted and computed: pure functions and values, no input or output."""
