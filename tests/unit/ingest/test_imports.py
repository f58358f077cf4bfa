import subprocess
import sys


def test_worker_loads_nothing_heavy():
    heavy = "torch", "faiss", "spacy", "numpy", "presidio_analyzer", "sqlcipher3", "pydantic"
    code = f"""if True:
        import sys
        import ragslm.ingest.worker
        from ragslm.registry import load_domains
        for domain in load_domains(["generic", "medical", "banking"]):
            domain.parsers()
        print(sorted(set({heavy!r}) & set(sys.modules)))
    """
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
