"""The shipped finder reads what rules and the spaCy model leave in doubt."""

from functools import cache

import pytest

from ragslm.models.pull import locate
from ragslm.privacy.scrubber import PresidioScrubber, build_scrubber
from ragslm.privacy.tagger import ADAPTER, AdapterTagger
from ragslm.privacy.vault import Vault
from ragslm.settings import PrivacySettings, Settings
from tests.unit.privacy.conftest import Table

pytestmark = pytest.mark.models


@cache
def scrubber(*, finder: bool) -> PresidioScrubber:
    folder = Settings.load().models.folder
    return build_scrubber(
        PrivacySettings(),
        ner_folder=locate("en-core-web-sm", folder),
        recognisers=[],
        vault=Vault(Table(), b"k" * 32),
        tagger=AdapterTagger(locate("all-minilm-l6-v2", folder)) if finder else None,
    )


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("ask zsófia kardos whether the form came", "zsófia kardos"),
        ("We asked Okwudili and Sigþrúður to sign.", "Okwudili"),
        (
            "Seen by BSN Okonkwo today.",
            "Okonkwo",
        ),  # letters before it may be a qualification as well as a firm
        ("Referred by DDS Nwachukwu for extraction.", "Nwachukwu"),
        ("please post it to 14 kastanjelaan, 3511 utrecht", "14 kastanjelaan"),
        (
            "Ship to:\n2210 Puistokatu 7\nSuite 12\nKuopiola\nFinland 40211",
            "Puistokatu 7\nSuite 12\nKuopiola",
        ),
    ],
)
def test_names_and_addresses_of_the_world_are_found(text, gone):
    assert gone not in scrubber(finder=True).scrub(text).text


@pytest.mark.parametrize(
    "text",
    [
        "Start Coumadin 5 mg, stop Keflex; Wegener granulomatosis and Charcot foot were excluded.",
        "ExxonMobil, Best Buy and Lockheed Martin Corporation reported Net Sales of $ 4.2 billion.",
        "Item 2. Properties\nWe lease 12 Distribution Centers and 340 Square Feet in Ohio.",
    ],
)
def test_knowledge_is_kept(text):
    assert scrubber(finder=True).scrub(text).text == text


def test_the_policy_tells_whether_the_finder_read_and_which():
    assert scrubber(finder=True).version != scrubber(finder=False).version


def test_one_long_text_is_read_as_its_parts_are():
    filler = "the account was closed in the same month and the fee was paid in full by the bank. " * 3
    text = "".join(f"{filler}We wrote to Zsófia Kardos {i} times.\n" for i in range(40))
    tagger = AdapterTagger(locate("all-minilm-l6-v2", Settings.load().models.folder), ADAPTER)
    assert sum(text[t.start : t.end] == "Zsófia Kardos" for t in tagger.tag([text])[0]) > 30
