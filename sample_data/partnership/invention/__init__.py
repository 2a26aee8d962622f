"""The fictional partnership: schools, pupils, what they attain, and what goes wrong on the way."""
