"""What a chapter cell can show: figures, key numbers, tables, files, the data used, the source page's claims."""

#: How the build recognises what a cell published.
FIGURE = "application/vnd.unionstate.figure+json"
NUMBERS = "application/vnd.unionstate.numbers+json"
FILE = "application/vnd.unionstate.file+json"

#: How a drawing recognises the marks that say their row (beginning of their id).
TOLD = "told:"
