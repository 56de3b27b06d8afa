"""What the chapters compute: pure functions, one module a chapter."""
