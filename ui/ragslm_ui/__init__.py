"""The web page of ragslm."""
