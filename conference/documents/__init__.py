"""What is drawn or written for people: PDF, calendar files, pictures, codes."""
