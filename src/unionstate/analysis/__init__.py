"""Computations of the chapters that are not argument: one module per chapter, `stats` and `change` for what several share."""
