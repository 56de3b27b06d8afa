"""Imported once by the fork server: every kernel forked from it finds these libraries in memory."""

from importlib import import_module

import matplotlib

from unionstate.build.forked import HEAVY

matplotlib.use("agg")
for _name in HEAVY:
    import_module(_name)
