"""Fuzzing that follows coverage, for one parser: atheris looks for inputs that reach new lines.

pip install 'ragslm[fuzz]'
python tests/fuzz/guided.py PARSER [-runs=100000] [further flags of libFuzzer]

Begins with the samples that the parser claims. An input that ends in anything but a document or a reason is
written to the working folder as `crash-…`.
"""

import sys
import tempfile
import warnings
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["ragslm_connectors"]):
    import ragslm_connectors
    from ragslm.registry import domain_names, find_parser, load_domains

    DOMAINS = load_domains(domain_names())
    PARSERS = {parser.name: parser for domain in DOMAINS for parser in domain.parsers()}

from ragslm.testing.fuzzing import assert_contained

LONGEST = 60_000
PLACES = [Path(__file__).parents[1] / "data", Path(ragslm_connectors.__file__).parent / "samples"]


def main() -> None:
    """Fuzz the named parser until libFuzzer's limits end it."""
    if len(sys.argv) < 2 or sys.argv[1] not in PARSERS:
        sys.exit(f"Name one of: {' '.join(PARSERS)}")
    parser = PARSERS[sys.argv.pop(1)]
    warnings.simplefilter("ignore")

    def one(content: bytes) -> None:
        assert_contained(parser, content)

    with tempfile.TemporaryDirectory() as corpus:
        for number, file in enumerate(
            file for place in PLACES for file in place.rglob("*") if file.is_file()
        ):
            content = file.read_bytes()
            if (
                len(content) <= LONGEST
                and find_parser(DOMAINS, content[:4096], file.suffix.lower()) is parser
            ):
                Path(corpus, str(number)).write_bytes(content)
        atheris.Setup([*sys.argv, f"-max_len={LONGEST}", corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
