"""A WordPress site (WXR) brought in: what the export says (wxr), its texts cleaned (cleaning), what becomes of it (target)."""
