"""Connectors: one outside service a module, each answering with `OsmTables` or a file."""
