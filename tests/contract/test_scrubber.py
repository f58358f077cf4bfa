"""PresidioScrubber against the scrubber contract, with the real spaCy model, and with the trained finder."""

from functools import cache
from pathlib import Path

import pytest

from ragslm.privacy.scrubber import PresidioScrubber, build_scrubber
from ragslm.privacy.tagger import AdapterTagger
from ragslm.privacy.vault import Vault
from ragslm.settings import PrivacySettings
from ragslm.testing.scrubber_contract import ScrubberContract
from ragslm_connectors.banking.recognisers import build as banking
from ragslm_connectors.medical.recognisers import build as medical
from tests.unit.privacy.conftest import Table


@cache
def built(models: Path, *, finder: bool) -> PresidioScrubber:
    return build_scrubber(
        PrivacySettings(),
        ner_folder=models / "en-core-web-sm",
        recognisers=[*medical(), *banking()],
        vault=Vault(Table(), b"k" * 32),
        tagger=AdapterTagger(models / "all-minilm-l6-v2") if finder else None,
    )


@pytest.mark.models
class TestPresidioScrubber(ScrubberContract):
    @pytest.fixture
    def scrubber(self, models: Path) -> PresidioScrubber:
        return built(models, finder=False)

    def test_every_mention_of_a_person_goes(self, scrubber):
        text = "Patient: DOE, JOHN\nJohn Doe was seen. Mr. Doe felt well. doe is a deer."
        done = scrubber.scrub(text)
        assert "John" not in done.text
        assert "Doe" not in done.text
        assert "doe is a deer" in done.text

    @pytest.mark.parametrize(
        "text",
        [
            "Hodgkin lymphoma and Parkinson's disease were excluded.",  # eponyms
            "Reg E and Regulation Z are rules of the CFPB.",  # law
            "PLAN OF CARE\nMetformin 500 mg twice daily; HbA1c 7.2 %.",  # heading, drug, lab
            "ISIN US0378331005, LEI 5493001KJTIIGC8Y1R12, BIC DEUTDEFF500.",  # institutions
            "SNOMED 44054006, NDC 0002-8215-01, CPT 99213, ICD-10 S52.521A.",  # codes
        ],
    )
    def test_knowledge_is_kept(self, scrubber, text):
        assert scrubber.scrub(text).text == text

    def test_sensitive_authentication_data_is_dropped_not_kept(self, scrubber):
        done = scrubber.scrub("Card 4111111111111111, CVV 123, PIN 4821.")
        assert "123" not in done.text
        assert "4821" not in done.text
        assert "4821" not in scrubber.restore(done.text)


@pytest.mark.models
class TestWithFinder(TestPresidioScrubber):
    @pytest.fixture
    def scrubber(self, models: Path) -> PresidioScrubber:
        return built(models, finder=True)
