"""The warm process that kernels are forked from. Light to import, so that it can be started before anything else is loaded."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from collections.abc import Callable
from types import ModuleType

#: Loaded by the warm process before any kernel. Libraries of other people only: the book's own modules are imported by each chapter,
#: so that the engine sees which it uses. (But for the loader, where all tables are read ahead: no chapter does without it.)
#: What every chapter needs, and what a kernel consists of; the debugger is loaded by each as it starts.
BASE = ["pandas", "matplotlib.pyplot", "matplotlib.backends.backend_svg", "ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.debugger"]
#: What some need: half of the time that loading takes.
MORE = ["scipy.stats", "ruptures", "seaborn"]

_starting = threading.Lock()


def possible() -> bool:
    return os.environ.get("UNIONSTATE_WARM", "1") != "0" and "forkserver" in multiprocessing.get_all_start_methods()


def begin(*, more: bool = True, tables: bool = False) -> None:
    """Start the warm process, which loads libraries while this one goes on: ``more`` for many chapters, a few import what they need
    themselves. With ``tables`` it then reads them all, for chapters that all run."""
    if possible():
        from multiprocessing import forkserver

        wanted = [f"{__package__}.preload", *(MORE if more else []), *([f"{__package__}.preload_tables"] if tables else [])]
        forkserver.set_forkserver_preload([*wanted, f"{__package__}.preload_end"])
        forkserver.ensure_running()


def start(target: Callable, *args) -> multiprocessing.Process:
    """Call ``target(*args)`` in a process of its own, forked from the warm one, which is started first if need be."""
    begin()  # without effect once it runs
    process = multiprocessing.get_context("forkserver").Process(target=target, args=args, daemon=True)
    with _starting:
        # Children would import the main program of the build again; there is nothing of it that they need.
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
    return process
