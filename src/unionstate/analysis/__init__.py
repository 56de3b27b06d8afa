"""Computations that chapters share or that are not argument: small, pure, documented."""
