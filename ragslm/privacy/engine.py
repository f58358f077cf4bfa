"""Presidio's analyzer over ragslm's own registry and a spaCy model cut down to what finds names."""

import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

from ragslm.errors import ModelError
from ragslm.privacy.appearance import find_as_seen
from ragslm.privacy.excerpts import excerpts
from ragslm.privacy.one_thread import OneThread
from ragslm.privacy.recogniser import forget
from ragslm.privacy.second_reading import SecondReading
from ragslm.privacy.tagger import Tagger

# The tagger, parser and lemmatizer cost two thirds of the time and find no personal data.
_LEFT_OUT = ["tagger", "parser", "lemmatizer", "attribute_ruler", "senter"]
_RECENT = 5_000  # excerpts kept with their names, about 200 characters each

_LONE = re.compile(r"[\ud800-\udfff]")  # halves of a pair, which no tokenizer takes


@dataclass(frozen=True, slots=True)
class Named:
    """A name that was read, in the words of spaCy's `Span`."""

    label_: str
    start_char: int
    end_char: int


class NameReader(NlpEngine):  # type: ignore[misc]  # Presidio ships no types
    """A Presidio NLP engine that only reads names: spaCy's tok2vec and ner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.nlp: Any = None
        self._recent: OrderedDict[str, list[Named]] = OrderedDict()
        self._guard = Lock()
        self._one_thread = OneThread()

    def load(self) -> None:
        """Load the model from its folder.

        Raises:
            ModelError: the folder holds no spaCy model.
        """
        import spacy
        from thinc.api import use_ops

        try:
            with use_ops("numpy", use_blis=False):  # the model keeps it: OpenBLAS is faster
                self.nlp = spacy.load(self.folder, exclude=_LEFT_OUT)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"No spaCy model in {str(self.folder)!r} ({type(error).__name__}). Run `ragslm models pull`."
            ) from None
        words = self.nlp.get_pipe("tok2vec") if "tok2vec" in self.nlp.pipe_names else None
        if words is not None and "ner" not in words.listening_components:
            self.nlp.remove_pipe("tok2vec")  # the name reader has one of its own

    def is_loaded(self) -> bool:
        """Whether `load` has run."""
        return self.nlp is not None

    def process_text(self, text: str, language: str) -> NlpArtifacts:
        """Artefacts of one text."""
        return next(iter(self.process_batch([text], language)))[1]

    def process_batch(
        self, texts: Iterable[str], language: str, batch_size: int = 256, n_process: int = 1, **_: Any
    ) -> Iterator[tuple[str, NlpArtifacts]]:
        """(text, artefacts) of many texts, read in batches.

        On this thread alone: two that share Python's lock take half as long again as one, and 2.5 times the
        processor.
        """
        kept = list(texts)
        docs = [self.nlp.make_doc(text) for text in kept]
        with self._one_thread:
            for _ in self.nlp.pipe(docs, batch_size=batch_size):
                pass  # a document is labelled in place
        for text, doc in zip(kept, docs, strict=True):
            yield text, NlpArtifacts(list(doc.ents), doc, [], [], None, language)

    def read(self, texts: Sequence[str], *, whole: bool = False) -> list[NlpArtifacts]:
        """Names as offsets in each text, and no words.

        Args:
            texts: what to read.
            whole: read all of it, not only where a name could count.
        """
        spans = [[(0, len(text))] if whole else excerpts(text) for text in texts]
        parts = [[text[start:end] for start, end in own] for text, own in zip(texts, spans, strict=True)]
        names = self._names(part for own in parts for part in own)
        return [
            NlpArtifacts(
                [
                    Named(name.label_, name.start_char + start, name.end_char + start)
                    for (start, _), part in zip(own, texts_of, strict=True)
                    for name in names[part]
                ],
                [],
                [],
                [],
                None,
                "en",
            )
            for own, texts_of in zip(spans, parts, strict=True)
        ]

    def _names(self, parts: Iterable[str]) -> dict[str, list[Named]]:
        """Names of each part. A page's running head comes again."""
        wanted = list(dict.fromkeys(parts))
        with self._guard:
            names = {part: self._recent[part] for part in wanted if part in self._recent}
        for part, artefacts in self.process_batch([part for part in wanted if part not in names], "en"):
            names[part] = [Named(e.label_, e.start_char, e.end_char) for e in artefacts.entities]
        with self._guard:
            self._recent.update(names)
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return names

    def is_stopword(self, word: str, language: str) -> bool:
        """Whether spaCy calls it a stop word."""
        return bool(self.nlp.vocab[word].is_stop)

    def is_punct(self, word: str, language: str) -> bool:
        """Whether spaCy calls it punctuation."""
        return bool(self.nlp.vocab[word].is_punct)

    def get_supported_entities(self) -> list[str]:
        """What the model's labels are used for."""
        return ["PERSON"]

    def get_supported_languages(self) -> list[str]:
        """English only."""
        return ["en"]


class _NoContext(ContextAwareEnhancer):  # type: ignore[misc]
    """Leaves scores alone: ragslm's rules look at the words around a match themselves."""

    def __init__(self) -> None:
        super().__init__(0.0, 0.0, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[Any],
        nlp_artifacts: Any,
        recognizers: list[Any],
        context: Any = None,
    ) -> list[Any]:
        return raw_results


class Finder:
    """Raw findings of every recogniser, for many texts at once.

    Args:
        folder: of the spaCy model.
        recognisers: Presidio recognisers.
        tagger: reads again what they leave in doubt; None: nothing does.
    """

    def __init__(self, folder: Path, recognisers: Sequence[Any], tagger: Tagger | None = None) -> None:
        self.folder = folder
        self._second = SecondReading(tagger) if tagger else None
        self._reader = NameReader(folder)
        self._reader.load()
        self._engine = AnalyzerEngine(
            registry=RecognizerRegistry(recognizers=list(recognisers), supported_languages=["en"]),
            nlp_engine=self._reader,
            supported_languages=["en"],
            context_aware_enhancer=_NoContext(),
        )
        self.entities = frozenset(e for r in recognisers for e in r.supported_entities)
        self.versions = [f"{r.name} {r.version}" for r in recognisers]
        meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
        self.versions.append(f"spacy {meta.get('name')} {meta.get('version')}")
        self.versions += [tagger.version] if tagger else []

    def find(self, texts: Sequence[str], threshold: float) -> list[list[Any]]:
        """Presidio results per text with a score of at least `threshold`.

        A recogniser is shown the text as it is seen, the names that `excerpts` lets pass, all of them at a
        threshold of 0, and no words.
        """
        readable = [_LONE.sub("\ufffd", text) for text in texts]
        try:
            return find_as_seen(partial(self._find, threshold), readable)
        finally:
            forget()

    def _find(self, threshold: float, texts: Sequence[str]) -> list[list[Any]]:
        found = [
            self._engine.analyze(text, "en", nlp_artifacts=artefacts, score_threshold=threshold)
            for text, artefacts in zip(texts, self._reader.read(texts, whole=threshold <= 0), strict=True)
        ]
        if self._second:
            for own, more in zip(found, self._second.read(texts, found), strict=True):
                own += [result for result in more if result.score >= threshold]
        return found
