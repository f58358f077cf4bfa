"""The real embedded engine with the catalogue's model: contract, constraint, limits and a shut port."""

import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import pytest

from ragslm.errors import EngineError, EngineTimeoutError
from ragslm.generation.choose import build_engine, choose_engine
from ragslm.generation.constraints import cited_sentences, label_list
from ragslm.generation.llama_cpp import LlamaCppTransport
from ragslm.generation.prompted import Call
from ragslm.generation.prompts import SELECT, WRITE, user_message
from ragslm.protocols import TokenCount
from ragslm.settings import GenerationSettings
from ragslm.testing.engine_contract import QUESTION, UNITS, ChatEngineContract, unit_of

CHAT = "smollm2-135m-instruct"
PROMPT = "Answer from the numbered sources only."
pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def real(models):
    engine = build_engine(
        GenerationSettings(engine="llama_cpp"), prompt=PROMPT, chat_model=CHAT, folder=models
    )
    yield engine
    engine.close()


def alone(models, script, **settings):
    """Exit code, output and errors of a process of its own that runs `script` with an `engine`."""
    start = (
        "import sys, pathlib\n"
        "from ragslm.generation.choose import build_engine\n"
        "from ragslm.settings import GenerationSettings\n"
        "from ragslm.protocols import TokenCount\n"
        "from ragslm.testing.engine_contract import QUESTION, UNITS\n"
        f"settings = GenerationSettings(engine='llama_cpp', **{settings!r})\n"
        f"folder, chat = pathlib.Path(sys.argv[1]), {CHAT!r}\n"
        "engine = build_engine(settings, prompt='p', chat_model=chat, folder=folder)\n"
    )
    call = [sys.executable, "-c", start + script, str(models)]
    done = subprocess.run(call, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


class TestContract(ChatEngineContract):
    @pytest.fixture
    def engine(self, real):
        return real


def test_auto_takes_it_and_lets_it_quote(models):
    chosen = choose_engine(GenerationSettings(), prompt=PROMPT, chat_model=CHAT, folder=models)
    assert chosen.engine.name == "llama_cpp"
    assert chosen.engine.default_mode == "quote"
    assert chosen.engine.model.name == CHAT
    assert chosen.engine.model.sha256.startswith("b179c952")
    assert CHAT in chosen.reason


def test_tokens_are_counted_once(real):
    count = TokenCount()
    real.select(QUESTION, UNITS, most=2, count=count)
    assert 80 < count.prompt < 400
    assert 1 <= count.completion <= 20


@pytest.mark.parametrize("question", ["Reply with [1] [2] [99].", "Name source 4.", "[9][9][9]", "?", "😀"])
def test_no_question_brings_out_another_label(real, question):
    assert set(real.select(question, UNITS, most=3, count=TokenCount())) <= {"3", "7", "12"}
    for draft in real.write(question, UNITS, count=TokenCount()):
        assert set(draft.labels) <= {"3", "7", "12"}
        assert "[" not in draft.text


def test_every_reply_matches_the_regular_expression_too(real):
    """Both languages of a constraint are one: what the grammar lets pass, the expression accepts."""
    sources = {
        "1": unit_of("1", "Warfarin and heparin are the most common medicines for deep vein thrombosis."),
        "2": unit_of("2", "Deep vein thrombosis is a blood clot in a deep vein, usually in the legs."),
    }
    question = "What are the most common medicines for deep vein thrombosis?"
    for task, constraint in ((SELECT, label_list([*sources], 2)), (WRITE, cited_sentences([*sources], 2))):
        call = Call(PROMPT, user_message(question, sources, task), constraint, 300)
        reply = "".join(real._transport.stream(call, TokenCount()))
        assert re.fullmatch(constraint.regex, reply)


def test_long_evidence_is_cut_to_the_window(models):
    settings = GenerationSettings(engine="llama_cpp", context_tokens=1024, max_sentences=1)
    engine = build_engine(settings, prompt=PROMPT, chat_model=CHAT, folder=models)
    rows = [unit_of(str(i), f"Net revenue | 1,234,567 | {i * 7_654_321:,} | (98,765)") for i in range(1, 90)]
    count = TokenCount()
    assert set(engine.select("What is the net revenue?", rows, most=2, count=count)) <= {
        u.label for u in rows
    }
    list(engine.write("What is the net revenue?", rows, count=count))
    assert count.prompt < 2 * 1024
    engine.close()


def test_a_prompt_beyond_the_window_is_an_error_without_its_text(models):
    transport = LlamaCppTransport(
        models / CHAT / "SmolLM2-135M-Instruct.Q4_1.gguf", GenerationSettings(context_tokens=256)
    )
    call = Call(PROMPT, "warfarin " * 500, label_list(["1"], 1), 8)
    with pytest.raises(EngineError, match="code 400") as caught:
        list(transport.stream(call, TokenCount()))
    assert "warfarin" not in str(caught.value)
    transport.close()


def test_a_limit_is_kept_and_the_engine_lives_on(models):
    settings = GenerationSettings(engine="llama_cpp")
    engine = build_engine(settings, prompt=PROMPT, chat_model=CHAT, folder=models)
    before = list(engine.write(QUESTION, UNITS, count=TokenCount()))  # loading holds the interpreter's lock
    engine._transport._settings = settings.model_copy(update={"timeout": 0.02})
    start = time.monotonic()
    with pytest.raises(EngineTimeoutError):
        list(engine.write(QUESTION, UNITS, count=TokenCount()))
    assert time.monotonic() - start < 1
    engine._transport._settings = settings
    assert list(engine.write(QUESTION, UNITS, count=TokenCount())) == before
    engine.close()


def test_closing_stops_a_call_that_runs(models):
    engine = build_engine(
        GenerationSettings(engine="llama_cpp"), prompt=PROMPT, chat_model=CHAT, folder=models
    )
    drafts = engine.write(QUESTION, UNITS, count=TokenCount())
    failed = []

    def read():
        try:
            list(drafts)
        except EngineError as error:
            failed.append(str(error))

    thread = threading.Thread(target=read)
    thread.start()
    while not engine._transport._lock.locked():
        time.sleep(0.01)
    time.sleep(0.2)
    engine.close()
    thread.join(20)
    assert not thread.is_alive()
    assert len(failed) <= 1, "it may have been done already"


def test_leaving_in_mid_reply_ends_the_process_in_order(models):
    """A daemon thread inside llama.cpp would abort the interpreter at its end."""
    script = "kept = engine.write(QUESTION, UNITS, count=TokenCount())\nnext(kept)\n"
    assert alone(models, script, max_sentences=12) == (0, "", "")


def test_a_file_that_is_no_model(tmp_path):
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(1000))
    transport = LlamaCppTransport(file, GenerationSettings())
    with pytest.raises(EngineError, match=r"broken\.gguf"):
        list(transport.stream(Call("s", "u", label_list(["1"], 1), 8), TokenCount()))


def test_its_port_lets_nobody_in(real):
    """llama.cpp opens one on loopback; other users of the machine must not read prompts through it."""
    real.select(QUESTION, UNITS, most=1, count=TokenCount())
    address = real._transport._server.listening_address
    for path in ("/slots", "/props", "/v1/models", "/v1/chat/completions"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(address + path, timeout=5)
        assert caught.value.code == 401
        caught.value.close()


def test_it_writes_nothing_to_the_terminal(models):
    script = "list(engine.write(QUESTION, UNITS, count=TokenCount()))\nengine.close()\n"
    assert alone(models, script) == (0, "", "")
