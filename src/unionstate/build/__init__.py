"""Turn chapters into pages: run them, remember the runs, hand the results to Sphinx."""
