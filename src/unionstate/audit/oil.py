"""Data tests of the source page's claims on oil."""
