"""Reports: notebook templates run for every school and team, and shown as pages."""
