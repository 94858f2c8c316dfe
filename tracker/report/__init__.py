"""The weekly report: one week of the database as HTML, Markdown, JSON, CSV and Atom."""
