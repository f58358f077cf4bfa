"""How well identifiers are found, and what is knowledge left alone: `ragslm eval identifiers`.

Cases are made from the identifiers' own specifications with a fixed seed, never from what the recognisers
look for; their check digits are computed here, not with `ragslm.privacy.checksums`. Sentences fall into two
halves: recognisers may be mended on `dev`, figures are stated for `check`.
"""
