"""Flag: results made comparable, which one decides, and who is below expectation."""
