"""Imported by the fork server after the libraries where every chapter will run: each kernel finds the tables read and checked."""

from contextlib import suppress

from unionstate import tables
from unionstate.package import DataError

with suppress(DataError, OSError):  # said in full where a table is loaded
    tables.check()
