"""What Prometheus sees: counts and seconds by route and stage, never a text, an id or a name."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ragslm.types import Answer

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


class Metrics:
    """The counters of one application, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "ragslm_requests", "Requests by route.", ["method", "route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "ragslm_request_seconds", "Seconds by route.", ["route"], buckets=SECONDS, registry=self.registry
        )
        self.stages = Histogram(
            "ragslm_stage_seconds", "Seconds by stage.", ["stage"], buckets=SECONDS, registry=self.registry
        )
        self.answers = Counter(
            "ragslm_answers",
            "Answers given.",
            ["engine", "mode", "refused", "fallback"],
            registry=self.registry,
        )
        self.dropped = Counter("ragslm_dropped_sentences", "Sentences not shown.", registry=self.registry)
        self.scrubbed = Counter(
            "ragslm_scrubbed_entities", "Personal data found in questions.", ["type"], registry=self.registry
        )
        self.working = Gauge("ragslm_working", "Requests being worked on.", registry=self.registry)
        self.waiting = Gauge("ragslm_waiting", "Requests waiting for a worker.", registry=self.registry)

    def observe_request(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one request; `route` is the route's template."""
        self.requests.labels(method, route, str(status)).inc()
        self.seconds.labels(route).observe(seconds)

    def observe_answer(self, answer: Answer) -> None:
        """Count one answer with the seconds of its stages."""
        fell_back = str(answer.fallback is not None).lower()
        self.answers.labels(answer.engine, answer.mode, str(answer.refused).lower(), fell_back).inc()
        self.dropped.inc(answer.dropped.count)
        for stage, seconds in answer.usage.seconds.items():
            self.stages.labels(stage).observe(seconds)
        for kind, count in answer.scrubbed.items():
            self.scrubbed.labels(kind).inc(count)

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
