"""What every parser must hold, as a pytest suite.

class TestMyParser(ParserContract):
    @pytest.fixture
    def parser(self) -> Parser:
        return MyParser()

    @pytest.fixture
    def samples(self) -> list[SourceDocument]:
        return [SourceDocument(uri="file:///a.my", content=Path("a.my").read_bytes())]
"""

import random
from collections.abc import Sequence
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

import pytest

from ragslm.errors import QuarantineError
from ragslm.protocols import Container, Parser
from ragslm.types import PLACE, Block, LabelledField, ParsedDocument, SourceDocument

_HEAD = 4096
_PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


class ParserContract:
    """Subclass it and override the two fixtures."""

    @pytest.fixture
    def parser(self) -> Parser:
        """The parser under test."""
        raise NotImplementedError

    @pytest.fixture
    def samples(self) -> Sequence[SourceDocument]:
        """Documents it must be able to read, at least one."""
        raise NotImplementedError

    def test_is_a_parser(self, parser: Parser) -> None:
        """It has the protocol's members, and a name."""
        assert isinstance(parser, Parser)
        assert parser.name
        assert "/" in parser.media_type

    def test_claims_its_samples_by_content_and_suffix(
        self, parser: Parser, samples: Sequence[SourceDocument]
    ) -> None:
        """What it can read, it claims."""
        for sample in samples:
            assert parser.claims(sample.content[:_HEAD], PurePosixPath(sample.uri).suffix.lower()), sample.uri

    def test_does_not_claim_a_picture(self, parser: Parser) -> None:
        """Content outweighs the suffix; an unknown binary file is no document."""
        assert not parser.claims(_PICTURE[:_HEAD], ".png")

    def test_finds_text_in_every_sample(self, parser: Parser, samples: Sequence[SourceDocument]) -> None:
        """Every sample has words, and blocks that hold them."""
        for sample in samples:
            parsed = parser.parse(sample)
            assert parsed.text.strip(), sample.uri
            assert parsed.blocks, sample.uri

    def test_parsing_twice_gives_the_same(self, parser: Parser, samples: Sequence[SourceDocument]) -> None:
        """Offsets stored yesterday must fit tomorrow."""
        for sample in samples:
            assert parser.parse(sample) == parser.parse(sample), sample.uri

    def test_spans_are_in_range_sorted_and_apart(
        self, parser: Parser, samples: Sequence[SourceDocument]
    ) -> None:
        """Blocks, sections, pages and fields each lie inside the text, in order, without overlaps."""
        for sample in samples:
            assert_sound(parser.parse(sample))

    def test_empty_content_is_quarantined(self, parser: Parser) -> None:
        """0 bytes are no document."""
        with pytest.raises(QuarantineError):
            parser.parse(SourceDocument(uri="file:///empty", content=b""))

    def test_noise_is_quarantined(self, parser: Parser) -> None:
        """Random bytes end in a reason, not in another error."""
        noise = random.Random(7).randbytes(20_000)  # noqa: S311 (no secret)
        with pytest.raises(QuarantineError):
            parser.parse(SourceDocument(uri="file:///noise", content=noise))

    @pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
    def test_a_cut_off_file_parses_or_is_quarantined(
        self, parser: Parser, samples: Sequence[SourceDocument], share: float
    ) -> None:
        """No other error leaves the parser, and what it gives is sound."""
        for sample in samples:
            cut = sample.content[: int(len(sample.content) * share)]
            try:
                parsed = parser.parse(SourceDocument(uri=sample.uri, content=cut))
            except QuarantineError:
                continue
            assert_sound(parsed)

    def test_reasons_hold_no_text_of_the_document(self, parser: Parser) -> None:
        """A reason is shown and logged, so it must not carry what the document says."""
        with pytest.raises(QuarantineError) as caught:
            parser.parse(SourceDocument(uri="file:///x", content=b"\x00<secretword>{secretword\x00"))
        assert "secretword" not in str(caught.value)


class ContainerContract(ParserContract):
    """For a parser whose documents hold others."""

    def test_members_are_the_same_every_time(self, parser: Parser, samples: Sequence[SourceDocument]) -> None:
        """Places are unique and stable: a member's uri is made of them."""
        assert isinstance(parser, Container)
        for sample in samples:
            members = list(parser.members(sample))
            assert members == list(parser.members(sample)), sample.uri
            places = [member.place for member in members]
            assert len(set(places)) == len(places), sample.uri
            assert all(PLACE.fullmatch(place) for place in places), sample.uri

    def test_a_member_has_content_or_a_reason(
        self, parser: Parser, samples: Sequence[SourceDocument]
    ) -> None:
        """What cannot be read says why."""
        assert isinstance(parser, Container)
        for sample in samples:
            for member in parser.members(sample):
                assert not (member.content and member.reason), sample.uri

    @pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
    def test_members_of_a_cut_off_file(
        self, parser: Parser, samples: Sequence[SourceDocument], share: float
    ) -> None:
        """No other error leaves the parser."""
        assert isinstance(parser, Container)
        for sample in samples:
            cut = sample.content[: int(len(sample.content) * share)]
            with suppress(QuarantineError):
                list(parser.members(SourceDocument(uri=sample.uri, content=cut)))


def assert_sound(parsed: ParsedDocument) -> None:
    """Every offset of a parsed document is in range, sorted and free of overlaps."""
    size = len(parsed.text)
    for spans in (parsed.pages, parsed.sections, parsed.blocks, sorted(parsed.fields, key=_start)):
        _assert_apart(spans, size)
    assert [page.number for page in parsed.pages] == list(range(1, len(parsed.pages) + 1))
    for block in parsed.blocks:
        assert parsed.text[block.start : block.end].strip(), block
    covered = "".join(_outside(parsed.text, parsed.blocks))
    assert not covered.strip(), "text outside of every block"


def _start(field: LabelledField) -> int:
    return field.start


def _assert_apart(spans: Sequence[Any], size: int) -> None:
    position = 0
    for span in spans:
        assert position <= span.start <= span.end <= size, span
        position = span.end


def _outside(text: str, blocks: Sequence[Block]) -> list[str]:
    """What lies between the blocks."""
    edges = [0, *(edge for block in blocks for edge in (block.start, block.end)), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
