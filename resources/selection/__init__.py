"""« Ma sélection »: documents that a visitor gathers without an account. Its address says them all; nothing is stored here."""
