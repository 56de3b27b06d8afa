"""Imported once by the fork server: every kernel forked from it finds these libraries in memory."""

import gc
from importlib import import_module

import matplotlib

from unionstate.build.forked import HEAVY

matplotlib.use("agg")
for _name in HEAVY:
    import_module(_name)
gc.collect()
gc.freeze()  # no kernel need look for garbage among what is imported here, nor copy its memory to do so
