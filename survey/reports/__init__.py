"""What goes out as a file, or comes in as one: workbooks, charts, registers."""
