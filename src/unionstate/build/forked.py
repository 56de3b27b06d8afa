"""The warm process that kernels are forked from. Light to import, so that it can be started before anything else is loaded."""

from __future__ import annotations

import multiprocessing
import os

#: Libraries of other people only: the book's own modules are imported by each chapter, so that the engine sees which it uses.
HEAVY = ["pandas", "matplotlib.pyplot", "seaborn", "scipy.stats", "ruptures", "ipykernel.kernelapp", "ipykernel.ipkernel"]


def possible() -> bool:
    return os.environ.get("UNIONSTATE_WARM", "1") != "0" and "forkserver" in multiprocessing.get_all_start_methods()


def context():
    """The fork server's context, told what to import."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload([f"{__package__}.preload"])
    return found


def begin() -> None:
    """Start the warm process, which imports while this one goes on."""
    if possible():
        from multiprocessing import forkserver

        context()
        forkserver.ensure_running()
