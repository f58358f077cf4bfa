"""`python -m ragslm`: the command line."""

from ragslm.cli import main

main()
