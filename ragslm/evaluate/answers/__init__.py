"""Whole answers side by side: the bare model, plain RAG and ragslm, over the same questions."""
