"""Scrubber, policy, recognisers shared by the domains, and the vault of pseudonyms."""
