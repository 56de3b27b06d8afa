"""Computations of the chapters that are not argument: one module per chapter, `stats` for what several share."""
