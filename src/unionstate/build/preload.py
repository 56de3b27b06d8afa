"""Imported once by the fork server: every kernel forked from it finds these libraries in memory."""

import os
from importlib import import_module

import matplotlib

from unionstate.build.forked import BASE

os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"  # a kernel's debugger, which nobody attaches to, warns otherwise
matplotlib.use("agg")
for _name in BASE:
    import_module(_name)
