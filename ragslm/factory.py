"""The one place that picks concrete classes. Everything else meets them as protocols."""

import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ragslm._configured import Configured
from ragslm._engines import Engines
from ragslm._showing import Showing
from ragslm._streams import Streams
from ragslm.access.clearance import common, restorable
from ragslm.errors import ConfigError
from ragslm.models.pair_encoder import ENCODER
from ragslm.pipeline import Pipeline, Rules
from ragslm.protocols import AuditLog, Calculator, ChatEngine, Domain, Embedder, Guard, Scrubber, Verifier
from ragslm.registry import load_domains, load_prompt
from ragslm.settings import Settings
from ragslm.store.catalogue import Catalogue
from ragslm.store.keys import derive, find_key
from ragslm.types import Identity, ModelRef, PrivacyPolicy

if TYPE_CHECKING:
    from ragslm.grounding.answerability import Judge
    from ragslm.grounding.entailment import Entailment
    from ragslm.grounding.ranker import Ranker
    from ragslm.grounding.trained import Trained
    from ragslm.ingest.runner import Ingest
    from ragslm.ingest.sync import Sync
    from ragslm.privacy.tagger import Tagger
    from ragslm.privacy.vault import Vault
    from ragslm.retrieval.cross_encoder import CrossEncoder
    from ragslm.retrieval.known_questions import KnownQuestions
    from ragslm.retrieval.late_interaction import LateInteraction
    from ragslm.retrieval.reranker import PairScorer, Reranker
    from ragslm.retrieval.retriever import HybridRetriever
    from ragslm.store.viewer import Viewer

T = TypeVar("T")
_log = logging.getLogger(__name__)


def open_parts(
    workspace: Path,
    *,
    key: str | bytes | None,
    config: Path | None,
    arguments: dict[str, Any],
    engine: ChatEngine | None = None,
    domain: str | None = None,
) -> "Parts":
    """Open the store of a workspace, making one in an absent or empty folder; models load when needed.

    `domain` must be among the configured ones; None is the one that is used where none is named.

    Raises:
        KeyMissingError: no key was found.
        WrongKeyError: the key is not this workspace's.
        ConfigError: a setting or the domain is wrong; no workspace was made.
        ModelError: a folder that a setting names holds no model; no workspace was made.
    """
    configured = Configured(config, arguments)
    configured.check(domain or configured.settings.domain)
    found = find_key(key, os.environ, workspace)
    fresh = not workspace.exists() or (workspace.is_dir() and not any(workspace.iterdir()))
    catalogue = (Catalogue.create if fresh else Catalogue.open)(workspace, found)
    return Parts(catalogue, found, configured, engine)


class Parts:
    """What one workspace is made of, each part built at its first use and shared by all domains."""

    def __init__(
        self,
        catalogue: Catalogue,
        key: bytes,
        configured: Configured,
        engine: ChatEngine | None,
    ) -> None:
        self.catalogue = catalogue
        self.streams = Streams()
        self.default_domain = configured.settings.domain
        self._key = key
        self._configured = configured
        self._settings = configured.settings
        self._given_engine = engine
        self._built: dict[str, Any] = {}
        self._lock = threading.RLock()

    # ---------------------------------------------------------------- settings and domains

    def settings_of(self, domain: str) -> Settings:
        """Settings under one domain's profile.

        Raises:
            ConfigError: the domain is not among the configured ones.
        """
        return self._configured.of(domain)

    @property
    def domains(self) -> list[Domain]:
        """The configured domains."""
        return load_domains(self._settings.domains)

    # ---------------------------------------------------------------- parts shared by every domain

    @property
    def audit(self) -> AuditLog:
        """The hash-chained log."""
        from ragslm.audit.log import HashChainedLog

        return self._once("audit", lambda: HashChainedLog(self.catalogue))

    @property
    def embedder(self) -> Embedder:
        """The sentence encoder, SHA-256 checked."""
        from ragslm.models.catalogue import entry
        from ragslm.models.pull import locate
        from ragslm.retrieval.embedder import MiniLmEmbedder

        def build() -> Embedder:
            name = self._settings.models.encoder
            return MiniLmEmbedder(locate(name, self._settings.models.folder), entry(name).sha256)

        return self._once("embedder", build)

    def question_embedder(self, domain: str) -> Embedder:
        """Embeds a domain's questions: as passages, or under the shipped adapter."""
        from ragslm.models.pull import locate
        from ragslm.retrieval.question_encoder import QuestionEncoder

        encoder, folder = self._settings.models.encoder, self._settings.models.folder
        if encoder != ENCODER or not self.settings_of(domain).retrieval.question_adapter:
            return self.embedder
        return self._once("question embedder", lambda: QuestionEncoder(locate(encoder, folder)))

    def known_questions(self, domain: str) -> "KnownQuestions | None":
        """Questions whose paragraph a domain knows, for the encoder whose cosines were looked at; None: it
        names none.
        """
        from ragslm.retrieval.known_questions import KnownQuestions

        names = self.settings_of(domain).retrieval.known_questions
        if not names or self._settings.models.encoder != ENCODER:
            return None
        return self._once(
            f"known questions {domain}", lambda: KnownQuestions.read(names, self.question_embedder(domain))
        )

    @property
    def vault(self) -> "Vault":
        """Pseudonyms and their originals, inside the encrypted store."""
        from ragslm.privacy.vault import Vault

        return self._once("vault", lambda: Vault(self.catalogue, self.catalogue.pseudonym_key))

    @property
    def recognisers(self) -> list[Any]:
        """New Presidio recognisers of the configured domains; the shared ones are not among them."""
        return [recogniser for domain in self.domains for recogniser in domain.recognisers()]

    @property
    def scrubber(self) -> Scrubber:
        """One scrubber for the whole workspace, under the strictest policy of its domains.

        One policy keeps a person's pseudonym the same everywhere, and a document brought in under one
        domain is never less scrubbed than another domain asks for.
        """
        from ragslm.models.pull import locate
        from ragslm.privacy.scrubber import build_scrubber

        def build() -> Scrubber:
            return build_scrubber(
                self._configured.strictest(),
                ner_folder=locate(self._settings.models.ner, self._settings.models.folder),
                recognisers=self.recognisers,
                vault=self.vault,
                tagger=self._tagger(),
            )

        return self._once("scrubber", build)

    def scrubbed_otherwise(self) -> bool:
        """Whether what is stored was scrubbed under another policy, or by other recognisers, than configured.

        Ingest refuses to mix the two; questions go on over the text as it is.
        """
        made = self.catalogue.identity()
        return made is not None and made.scrubber != self.scrubber.version

    @property
    def guard(self) -> Guard:
        """The last step before text leaves, whichever way."""
        from ragslm.privacy.guard import OutputGuard

        return self._once("guard", lambda: OutputGuard(self.scrubber))

    def _tagger(self) -> "Tagger | None":
        """The trained finder of names and addresses, or the model named in its place; None: switched off."""
        from ragslm.models.pull import locate
        from ragslm.privacy.foreign_tagger import ForeignTagger
        from ragslm.privacy.tagger import AdapterTagger

        finder = self._configured.strictest().finder
        if isinstance(finder, Path):
            return ForeignTagger(finder)
        return AdapterTagger(locate(ENCODER, self._settings.models.folder)) if finder else None

    @property
    def privacy_policy(self) -> PrivacyPolicy:
        """What the scrubber does, as a report states it."""
        from ragslm.privacy.policy import tightened

        found = tightened(self._configured.strictest())
        return PrivacyPolicy(self.scrubber.version, found.threshold, found.profiles, found.actions)

    def restorable(self, identity: Identity, domain: str | None = None) -> frozenset[str] | None:
        """Entity types that an identity sees restored: under one domain's rules, or, where none is known,
        what the rules of every configured domain allow; see `ragslm.access.clearance.restorable`.

        Raises:
            ConfigError: the domain is not configured, so nobody knows its rules.
        """
        from ragslm.privacy.policy import restore_rules

        if identity.owner or not identity.cleared:
            return restorable(identity, {})
        domains = self._settings.domains if domain is None else (domain,)
        rules = (restore_rules(self.settings_of(name).privacy) for name in domains)
        return common(restorable(identity, one) for one in rules)

    @property
    def retriever(self) -> "HybridRetriever":
        """Dense and lexical search over the derived indexes."""
        from ragslm.retrieval.retriever import HybridRetriever

        return self._once(
            "retriever",
            lambda: HybridRetriever(
                self.catalogue,
                self.embedder,
                lambda domain: self.settings_of(domain).retrieval,
                derive(self._key, "index"),
                glossary=lambda domain: self.settings_of(domain).glossary,
                questions=self.question_embedder,
                known_questions=self.known_questions,
                late_interaction=self.late_interaction,
                reranker=self.reranker,
            ),
        )

    def late_interaction(self, domain: str) -> "LateInteraction | None":
        """Compares candidates by sentences with the encoder that adapters fit; None: switched off."""
        from ragslm.models.pull import locate
        from ragslm.retrieval.late_interaction import EncoderStates, LateInteraction

        encoder, folder = self._settings.models.encoder, self._settings.models.folder
        settings = self.settings_of(domain).retrieval
        if encoder != ENCODER or not settings.late_interaction:
            return None
        reader = self._once("encoder states", lambda: EncoderStates(locate(encoder, folder)))
        return LateInteraction(reader, most=settings.late_interaction, seconds=settings.rerank_seconds)

    def reranker(self, domain: str) -> "Reranker | None":
        """Orders candidates by the weight of the domain's profile."""
        from ragslm.retrieval.reranker import Reranker

        settings = self.settings_of(domain).retrieval
        scorer = self.pair_scorer(domain) if settings.rerank and settings.rerank_weight else None
        if scorer is None:
            return None
        return Reranker(
            scorer,
            most=settings.rerank,
            seconds=settings.rerank_seconds,
            weight=settings.rerank_weight,
            reads=None if self._settings.retrieval.reranker else settings.rule_reader,
        )

    def pair_scorer(self, domain: str) -> "PairScorer | None":
        """The cross-encoder that is named, or the one that is shipped for the domain."""
        from ragslm.retrieval.cross_encoder import BriefReader, ForeignCrossEncoder

        named = self._settings.retrieval.reranker
        if named is not None:
            return self._once("pair scorer", lambda: ForeignCrossEncoder(named))
        own = self._own_reader(rules=self.settings_of(domain).retrieval.rule_reader is not None, int8=True)
        return own and BriefReader(own)

    def ranker(self, domain: str) -> "Ranker":
        """Cuts and ranks evidence, with the domain's abbreviations."""
        from ragslm.grounding.ranker import Ranker
        from ragslm.retrieval.glossary import by_member, by_name, spelled_out

        glossary = self.settings_of(domain).glossary
        spelled = partial(spelled_out, glossary=glossary, abbreviated=False)
        named = partial(by_name, glossary=glossary)
        return self._once(
            f"ranker {domain}",
            lambda: Ranker(
                self.embedder,
                spelled=spelled,
                named=named,
                told=lambda question, evidence: by_member(question, glossary, evidence),
                judges=self._judges(domain),
            ),
        )

    def _judges(self, domain: str) -> "list[Judge]":
        """Who reads whether evidence answers: nobody where another cross-encoder is named."""
        from ragslm.grounding.answerability import FITTED_RULES, READ_RULES, Judge, fitted

        own, reads = self._own_reader(), self.settings_of(domain).retrieval.rule_reader
        judges = [Judge(own, fitted())] if own else []
        known, reader = self.known_questions(domain), self._own_reader(rules=True) if reads else None
        if known and reader:  # its curve was fitted with known questions
            judges.append(Judge(reader, fitted(FITTED_RULES), READ_RULES, reads, known.closest))
        return judges

    def _own_reader(self, *, rules: bool = False, int8: bool = False) -> "CrossEncoder | None":
        """A shipped cross-encoder on the encoder it was trained for; None where another is named.

        The judgement of evidence was fitted on exact scores; an order of candidates is as good in int8.
        """
        from ragslm.models.pull import locate
        from ragslm.retrieval.cross_encoder import ADAPTER, RULES, CrossEncoder

        encoder, folder = self._settings.models.encoder, self._settings.models.folder
        if self._settings.retrieval.reranker is not None or encoder != ENCODER:
            return None
        adapter = RULES if rules else ADAPTER
        return self._once(
            f"reader {adapter.stem} {int8}", lambda: CrossEncoder(locate(encoder, folder), adapter, int8=int8)
        )

    def verifier(self, domain: str) -> Verifier:
        """Judges claims against passages, with the error rate that the domain's profile promises.

        Where neither the shipped adapter's encoder nor another verifier is there, the literal checks judge
        alone, which shows less and nothing more.
        """
        from ragslm.grounding.verifier import EvidenceVerifier
        from ragslm.models.pull import is_present

        settings = self._settings
        own = settings.models.encoder == ENCODER and is_present(ENCODER, settings.models.folder)
        opened = (lambda: self.trained(domain)) if own or settings.grounding.verifier else None
        support = self.settings_of(domain).grounding.support
        return self._once(f"verifier {domain}", lambda: EvidenceVerifier(support, trained=opened))

    def trained(self, domain: str) -> "Trained":
        """The scorer of other wordings with the threshold of one domain; loaded when first asked for."""
        from ragslm.grounding.trained import OWN_SCALE, Trained, read_calibration

        settings = self.settings_of(domain).grounding

        def build() -> "Trained":
            if settings.verifier is not None:
                return Trained(self._entailment(settings.verifier), OWN_SCALE, settings.support)
            calibration = read_calibration()
            threshold = calibration.threshold(domain, settings.error_rate)
            return Trained(self._entailment(None), calibration.curve, threshold.score)

        return self._once(f"trained {domain}", build)

    def _entailment(self, named: Path | None) -> "Entailment":
        """The model that is named, or the shipped adapter on the encoder it was trained for."""
        from ragslm.grounding.entailment import ADAPTER, AdapterEntailment, ForeignEntailment
        from ragslm.models.pull import locate

        if named is not None:
            return self._once(f"entailment {named}", lambda: ForeignEntailment(named))
        folder = self._settings.models.folder
        return self._once("entailment", lambda: AdapterEntailment(locate(ENCODER, folder), ADAPTER))

    @property
    def viewer(self) -> "Viewer":
        """Pages and sections of stored documents."""
        from ragslm.store.viewer import Viewer

        return self._once("viewer", lambda: Viewer(self.catalogue, self.domains, lambda: self.guard))

    # ---------------------------------------------------------------- parts of one domain

    def engines(self, domain: str) -> Engines:
        """Who selects, who words, and who takes over.

        A model below a billion parameters selects worse than the encoder (docs/decisions.md), so under
        `auto` it words answers in `near` mode on request, and the sources are quoted otherwise.
        """
        from ragslm.generation.extractive import ExtractiveEngine

        def build() -> Engines:
            extractive = ExtractiveEngine()
            settings = self.settings_of(domain)
            if settings.generation.engine == "extractive" and self._given_engine is None:
                return Engines(selector=extractive, writer=extractive, fallback=extractive)
            from ragslm.generation.choose import build_engine

            writer = self._given_engine or build_engine(
                settings.generation,
                prompt=load_prompt(domain),
                chat_model=settings.models.chat,
                folder=settings.models.folder,
                salt=derive(self._key, "prefix cache").hex(),
            )
            small = settings.generation.engine == "auto" and writer.default_mode == "quote"
            return Engines(selector=extractive if small else writer, writer=writer, fallback=extractive)

        return self._once(f"engines {domain}", build)

    def pipeline(self, domain: str) -> Pipeline:
        """The journey of a question under one domain's profile."""
        self.tell_of_the_policy()
        return self._once(f"pipeline {domain}", lambda: self._build_pipeline(domain))

    def tell_of_the_policy(self) -> None:
        """Log, once, that questions are answered from text that was scrubbed otherwise than is configured."""

        def tell() -> bool:
            otherwise = self.scrubbed_otherwise()
            if otherwise:
                _log.warning(
                    "Stored documents were scrubbed under another policy than the one configured, and "
                    "questions are answered from that text. Scrub it anew: ragslm ingest --rebuild PATH"
                )
            return otherwise

        self._once("told of the policy", tell)

    def calculator(self, domain: str) -> Calculator:
        """Works out what a domain's questions ask to be calculated."""
        from ragslm.grounding.calculation.calculator import EvidenceCalculator
        from ragslm.grounding.calculation.measures import Measures
        from ragslm.grounding.calculation.named import named_ratios
        from ragslm.grounding.calculation.statements import Statements
        from ragslm.retrieval.glossary import by_name

        settings = self.settings_of(domain)
        return EvidenceCalculator(
            named_ratios(settings.ratios),
            partial(by_name, glossary=settings.glossary),
            Measures(settings.measures, Statements(settings.statements)),
        )

    def _build_pipeline(self, domain: str) -> Pipeline:
        from ragslm.grounding.grounder import Grounder
        from ragslm.grounding.redlines import RedLines
        from ragslm.store.provenance import StoredProvenance

        settings = self.settings_of(domain)
        engines, provenance = self.engines(domain), StoredProvenance(self.catalogue)
        mode = settings.generation.mode
        if mode == "free" and settings.grounding.verifier is None:
            raise ConfigError(
                "generation.mode: 'free' needs a large verifier, named in `grounding.verifier`."
            )
        return Pipeline(
            rules=Rules(
                k=settings.retrieval.k,
                most=settings.generation.max_sentences,
                answerable=settings.grounding.answerable,
                mode=engines.writer.default_mode if mode == "auto" else mode,
                refuse=RedLines(settings.refuse, settings.words, settings.refer),
            ),
            scrubber=self.scrubber,
            retriever=self.retriever,
            ranker=self.ranker(domain),
            engines=engines,
            grounder=Grounder(self.verifier(domain), settings.grounding),
            calculator=self.calculator(domain),
            provenance=provenance,
            showing=Showing(
                guard=self.guard, provenance=provenance, restorable=partial(self.restorable, domain=domain)
            ),
            conversations=self.catalogue,
            audit=self.audit,
        )

    def ingest(self, domain: str) -> "Ingest":
        """Brings documents in under one domain's profile."""
        from ragslm.ingest.runner import Ingest
        from ragslm.privacy.policy import NEVER_STORED, tightened

        return self._once(
            f"ingest {domain}",
            lambda: Ingest(
                self.catalogue,
                self.scrubber,
                self.embedder,
                settings=self.settings_of(domain).ingest,
                domains=self._settings.domains,
                domain=domain,
                unkept=NEVER_STORED if tightened(self._configured.strictest()).forget_authentication else (),
            ),
        )

    @property
    def sync(self) -> "Sync":
        """Keeps the workspace in step with the sources of `sources.yaml`."""
        from ragslm.ingest.sync import Sync

        return self._once(
            "sync",
            lambda: Sync(
                self.catalogue,
                settings=self.settings_of,
                ingest=self.ingest,
                default=self.default_domain,
                domains=self._settings.domains,
            ),
        )

    def model_refs(self, domain: str) -> list[ModelRef]:
        """The models in use, with their SHA-256."""
        from ragslm.models.pull import model_ref

        names = (self._settings.models.encoder, self._settings.models.ner)
        return [self.engines(domain).writer.model, *map(model_ref, names)]

    def health(self, domain: str, identity: Identity) -> dict[str, str | int | bool]:
        """Counts and names, without any text; of documents, those that the identity may read count."""
        engines = self.engines(domain)
        return {
            "domain": domain,
            "selector": engines.selector.name,
            "writer": engines.writer.name,
            "documents": self.catalogue.count_documents(domain, identity),
            "quarantined": len(self.catalogue.quarantined()),
            "change": self.catalogue.seq(),
            "scrubbed_otherwise": self.scrubbed_otherwise(),
        }

    def check_ready(self, domain: str) -> None:
        """Nothing, if a question could be answered now. No model is loaded for it.

        Raises:
            ModelError: a model that every answer needs is not there, or is not the pinned one.
            WorkspaceError: the store does not answer.
        """
        from ragslm.models.pull import locate

        self.catalogue.seq()
        self.engines(domain)
        models = self._settings.models
        own = [ENCODER] if self._configured.strictest().finder is True else []
        for name in (models.encoder, models.ner, *own):
            locate(name, models.folder)

    # ---------------------------------------------------------------- life

    def warm(self, domain: str) -> None:
        """Load what the first question needs."""
        self.pipeline(domain)
        self.scrubber.scrub("Warm.")
        self.retriever.refresh()

    def close(self) -> None:
        """Record the answers under way; save the index snapshot; free workers, models and files.

        Raises:
            AuditError: an answer under way could not be recorded.
        """
        try:
            self.streams.close()
        finally:
            self._free()

    def _free(self) -> None:
        """Close every part that was built, then the store."""
        with self._lock:
            built, self._built = self._built, {}
        for name, part in built.items():
            if name.startswith("engines"):
                part.writer.close()
            elif name.startswith(("ingest", "retriever")):
                part.close()
        self.catalogue.close()

    def _once(self, name: str, build: Callable[[], T]) -> T:
        """Build a part at its first use."""
        part = self._built.get(name)
        if part is None:
            with self._lock:
                if name not in self._built:
                    self._built[name] = build()
                part = self._built[name]
        result: T = part
        return result
