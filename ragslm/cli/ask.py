"""Commands that look things up: search, ask, chat, verify."""

import signal
import sys
from pathlib import Path
from typing import Annotated

import typer

from ragslm.assistant import Assistant
from ragslm.cli.common import (
    AsOf,
    ConfigFile,
    DomainName,
    Filter,
    Insecure,
    Json,
    Scope,
    Workspace,
    app,
    err,
    open_assistant,
    out,
    parse_filters,
    print_json,
)
from ragslm.cli.render import show_answer, show_hit, show_sentence
from ragslm.types import Mode
from ragslm.types.answers import MODES

ModeOption = Annotated[
    str | None, typer.Option("--mode", help="quote or near; none: what the engine deserves.")
]


@app.command()
def search(
    question: str,
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="Passages at most.")] = 10,
    filters: Filter = None,
    scope: Scope = None,
    as_of: AsOf = None,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """Find passages."""
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant:
        hits = assistant.search(question, k=k, filters=parse_filters(filters), scope=scope, as_of=as_of)
        if not hits:
            _say_where_documents_are(assistant)
    if as_json:
        print_json(hits)
        return
    for rank, hit in enumerate(hits, 1):
        show_hit(rank, hit)


@app.command()
def ask(
    question: str,
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    mode: ModeOption = None,
    filters: Filter = None,
    scope: Scope = None,
    as_of: AsOf = None,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """Answer a question; every sentence is checked against the source it cites."""
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant:
        answer = assistant.ask(
            question, filters=parse_filters(filters), scope=scope, as_of=as_of, mode=_mode(mode)
        )
        if answer.refused:
            _say_where_documents_are(assistant)
    if as_json:
        print_json(answer)
    else:
        show_answer(answer)


@app.command()
def chat(
    workspace: Workspace = Path("workspace"),
    domain: DomainName = None,
    mode: ModeOption = None,
    scope: Scope = None,
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
) -> None:
    """Ask one question after the other; an empty line ends it, Ctrl-C and SIGTERM too."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was shown is recorded first
    with open_assistant(workspace, domain, config, insecure=insecure_demo) as assistant:
        out.print(f"{assistant.intended_use}\nAn empty line ends the conversation.")
        conversation: str | None = "new"
        while question := _read("> "):
            for event in assistant.stream(question, conversation, scope=scope, mode=_mode(mode)):
                if event.sentence is not None:
                    show_sentence(event.sentence)
                if event.answer is not None:
                    conversation = event.answer.conversation
                    if event.answer.refused:
                        out.print(event.answer.text)
                        _say_where_documents_are(assistant)


@app.command()
def verify(
    claim: str,
    passages: Annotated[list[str], typer.Argument(help="Texts that should support it.")],
    workspace: Workspace = Path("workspace"),
    config: ConfigFile = None,
    insecure_demo: Insecure = False,
    as_json: Json = False,
) -> None:
    """Say whether texts support a claim; exit code 1 if they do not."""
    with open_assistant(workspace, None, config, insecure=insecure_demo) as assistant:
        verdict = assistant.verify(claim, passages)
    if as_json:
        print_json(verdict)
    else:
        out.print(f"{'supported' if verdict.supported else 'not supported'} ({verdict.score:.2f})")
        for reason in verdict.reasons:
            out.print(f"  {reason}")
    if not verdict.supported:
        raise typer.Exit(1)


def _say_where_documents_are(assistant: Assistant) -> None:
    """Nothing, unless this domain holds no document and another does."""
    if assistant.health()["documents"]:
        return
    counts = {name: assistant.for_domain(name).health()["documents"] for name in assistant.settings.domains}
    if filled := [name for name, count in counts.items() if count]:
        err.print(
            f"The domain {assistant.domain!r} holds no documents; documents are in {', '.join(filled)}. "
            f"Ask there: -d {filled[0]}"
        )


def _mode(name: str | None) -> Mode | None:
    if name not in (None, *MODES):
        raise typer.BadParameter(f"mode is one of {', '.join(MODES)}")
    return name


def _read(prompt: str) -> str:
    sys.stdout.write(prompt)
    sys.stdout.flush()
    return sys.stdin.readline().strip()
