"""`achievement explain`: why one pupil has each status, to the file and line."""
