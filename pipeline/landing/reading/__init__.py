"""Reading: from the bytes that a school sent to rows of text, each with its physical line."""
