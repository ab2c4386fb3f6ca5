"""Where temperatures settle: one state, all of them, branches, stability."""
