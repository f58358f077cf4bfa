"""Commands that train the adapters shipped with the package (extra `train`)."""

from pathlib import Path
from random import Random
from typing import Annotated

import typer

from ragslm._optional import require
from ragslm.cli.common import Bar, app, out
from ragslm.models.catalogue import entry
from ragslm.models.pull import locate
from ragslm.settings import Settings

train_app = typer.Typer(no_args_is_help=True, help="Train the small adapters (extra `train`).")
app.add_typer(train_app, name="train")


@train_app.command()
def reranker(
    data: Annotated[Path, typer.Option("--data", help="Folder with the sources' folders.")],
    to: Annotated[Path, typer.Option("--to", help="Safetensors file to write.")],
    minutes: Annotated[float, typer.Option(help="Time for training, after mining.")] = 25.0,
    seed: Annotated[int, typer.Option(help="Of the draw, the order and the first values.")] = 7,
) -> None:
    """The cross-encoder's adapter: mine groups, train, validate on the subjects held out."""
    from ragslm.models.pair_encoder import ENCODER
    from ragslm.retrieval.embedder import MiniLmEmbedder
    from ragslm.specialise.lora import Recipe
    from ragslm.specialise.mining import Group, mine
    from ragslm.specialise.reranker import agreement, train
    from ragslm.specialise.sources import SOURCES

    folder = locate(ENCODER, Settings.load().models.folder)
    embedder = MiniLmEmbedder(folder, entry(ENCODER).sha256)
    random = Random(seed)  # noqa: S311 - a draw, not a secret
    groups: list[Group] = []
    for source in SOURCES:
        out.print(f"mining {source.name} ({source.licence})", markup=False)
        groups += mine(source, source.read(data), embedder, random)
    with Bar("Train") as bar:
        tensors = train(
            folder,
            groups,
            Recipe(seconds=60 * minutes),
            seed=seed,
            progress=lambda step, steps, loss: bar(step, steps, f"steps, loss {loss:.2f}"),
        )
    require("safetensors.torch", extra="train").save_file(tensors, str(to))
    for share in agreement(folder, to, [group for group in groups if group.validates]):
        out.print(f"{share.name:50} right passage first {share.value:.3f} n={share.n}", markup=False)
