"""What machines read of a document: Dublin Core, schema.org, meta elements, the card that social networks show."""
