"""Recipes that train the small adapters shipped with the package (extra `train`)."""
