"""Presidio as it comes, to measure beside ragslm over the same spaCy model."""

from collections.abc import Callable
from pathlib import Path

from ragslm.errors import ConfigError
from ragslm.protocols import Scrubber

_THRESHOLD = 0.3  # presidio-research's own


def stock_presidio(scrubber: Scrubber) -> Callable[[list[str]], list[list[tuple[str, int, int]]]]:
    """Entity type, start and end of what stock Presidio replaces in each of many texts.

    Args:
        scrubber: whose spaCy model Presidio is given.

    Raises:
        ConfigError: the scrubber has no spaCy model.
    """
    folder = getattr(scrubber, "ner_folder", None)
    if not isinstance(folder, Path):
        raise ConfigError(f"{type(scrubber).__name__} has no spaCy model that stock Presidio could use.")

    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    models = [{"lang_code": "en", "model_name": str(folder)}]
    nlp = NlpEngineProvider(nlp_configuration={"nlp_engine_name": "spacy", "models": models}).create_engine()
    engine = AnalyzerEngine(nlp_engine=nlp, supported_languages=["en"])

    def find(texts: list[str]) -> list[list[tuple[str, int, int]]]:
        found = (engine.analyze(text, "en", score_threshold=_THRESHOLD) for text in texts)
        return [[(r.entity_type, r.start, r.end) for r in results] for results in found]

    return find
