"""What a chapter cell can show: figures, key numbers, tables, the data used, the source page's claims."""

#: How the build recognises what a cell published.
FIGURE = "application/vnd.unionstate.figure+json"
NUMBERS = "application/vnd.unionstate.numbers+json"
