"""Turn chapters into pages: run them, remember the runs, hand the results to Sphinx.

Imported before any library that reads notebooks, this package saves a second of start-up in each process that does: ``nbformat`` asks
``jsonschema``, which compiles 39 grammars for internationalised addresses if it finds ``rfc3987_syntax``. Nothing in a notebook or in
a book's settings is such an address, so that library is reported missing.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)
