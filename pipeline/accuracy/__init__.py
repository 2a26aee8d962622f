"""Check: the rules that data must keep, Great Expectations' verdict on them, the gate."""
