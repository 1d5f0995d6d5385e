"""The engine's part played by an OpenSearch server: SEARCH_URL=opensearch://… (see docs/search.md).

Analysis, wording, order and correction stay those of the door: the server is given stems and told exactly what to match.
"""
