"""The pages that the site must have: fixed addresses, texts that staff edits (core.Page)."""

# slug → address; the first texts are in trajectoire/core/data/pages.toml.
PAGES = {
    "la-structure": "la-structure/",
    "aide": "aide/",
    "accessibilite": "accessibilite/",
    "mentions-legales": "mentions-legales/",
    "donnees-personnelles": "donnees-personnelles/",
}
VRL = "vrl"  # its text too is a Page; its address belongs to the vrl app
