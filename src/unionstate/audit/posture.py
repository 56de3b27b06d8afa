"""Data tests of the source page's claims in military/posture."""
