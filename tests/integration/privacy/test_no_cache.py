"""No cache of a function keeps a document's or a question's text from before it was scrubbed."""

import functools
import gc
import types
from collections.abc import Iterator
from pathlib import Path

import pytest

from ragslm import Assistant

WORD = "zebedeequux"
LETTER = f"""# Letter of Mr. {WORD.title()} Miller

Patient: {WORD.title()} Miller

Write to {WORD}@example.org. Mr. {WORD.title()} Miller takes 5 mg of warfarin every evening.
Warfarin interacts with NSAIDs and the risk of bleeding rises.
"""


def caches() -> dict[str, str]:
    """What every cached function of ours keeps, as one text in lower case, by its name."""
    wrappers = [found for found in gc.get_objects() if type(found) is functools._lru_cache_wrapper]
    ours = [found for found in wrappers if found.__module__.startswith("ragslm")]
    return {f"{one.__module__}.{one.__qualname__}": " ".join(texts(one, set())).lower() for one in ours}


def texts(found: object, seen: set[int], depth: int = 0) -> Iterator[str]:
    for one in gc.get_referents(found):
        if isinstance(one, str):
            yield one
        elif depth < 6 and id(one) not in seen and not isinstance(one, (type, types.ModuleType)):
            seen.add(id(one))
            if not isinstance(one, types.FunctionType):
                yield from texts(one, seen, depth + 1)


@pytest.mark.models
def test_what_was_scrubbed_stays_in_no_cache(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "letter.md").write_text(LETTER, "utf-8")
    extractive = {"engine": "extractive"}
    with Assistant.open(tmp_path / "w", "medical", key="2d" * 32, generation=extractive) as assistant:
        assert assistant.ingest(tmp_path / "letters").added == 1
        answer = assistant.ask(f"Does warfarin interact with NSAIDs for {WORD}@example.org?")
        assistant.ask(f"What does Mr. {WORD.title()} Miller take? Write to {WORD}@example.org.")
        kept = caches()
        assert "bleeding" in answer.text
        assert "bleeding" in kept["ragslm.grounding.reading.text.read"], "what is kept can be seen from here"
        assert [name for name, text in kept.items() if WORD in text] == []
        assert not [text for text in assistant._parts.embedder._cache if WORD in text.lower()]
