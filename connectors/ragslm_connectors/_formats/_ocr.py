"""Words of a page that is a picture, read by Tesseract, a program that is called and never imported.

It gets the picture on its standard input and writes a table of words to its standard output: no file.
Source: tesseract(1), "stdin", "stdout" and the configuration file `tsv`.
"""

import os
import shutil
import statistics
import subprocess
from functools import cache
from typing import Any

from ragslm.errors import QuarantineError
from ragslm_connectors._formats._pdf_words import Word

REMEDY = "apt-get install tesseract-ocr"
"""The line that brings the program to a Debian machine."""
_DPI = 300  # what Tesseract's models were trained at
_PIXELS = 40_000_000  # of one picture, at most
_SECONDS = 100  # for one page
_LEAST_SURE = 30  # confidence, 0 to 100, under which a word is dirt on the paper
_ALIKE = 0.35  # lines whose height is this near the page's median are of one size


@cache
def command() -> tuple[str, ...] | None:
    """The one command line that is run, or None where Tesseract is not installed."""
    program = shutil.which("tesseract")
    return (program, "stdin", "stdout", "-l", "eng", "--dpi", str(_DPI), "tsv") if program else None


def read_picture(page: Any) -> list[Word]:
    """Words of a pypdfium2 page, lines from top to bottom. Boxes in points of the page as it is shown.

    `first` counts the words, so that a run of the layout leads back to its word.

    Raises:
        QuarantineError: Tesseract failed or took too long.
    """
    scale = min(_DPI / 72, (_PIXELS / (page.get_width() * page.get_height())) ** 0.5)
    image = page.render(scale=scale, draw_annots=False).to_pil().convert("L")
    head = f"P5 {image.width} {image.height} 255\n".encode()
    table = _run(head + image.tobytes())
    return in_lines(_words(table, scale, page.get_height()))


def _run(picture: bytes) -> str:
    line = command()
    if line is None:  # pragma: no cover - the caller has asked before
        raise QuarantineError(f"Scanned pages are read by Tesseract. Run: {REMEDY}")
    try:
        done = subprocess.run(
            list(line),
            input=picture,
            stdout=subprocess.PIPE,
            timeout=_SECONDS,
            check=True,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except subprocess.TimeoutExpired:
        raise QuarantineError(f"Tesseract took longer than {_SECONDS} s for one page.") from None
    except (subprocess.CalledProcessError, OSError) as error:
        raise QuarantineError(f"Tesseract failed ({type(error).__name__}) on a scanned page.") from None
    return done.stdout.decode("utf-8", "replace")


def _words(table: str, scale: float, height: float) -> list[Word]:
    """Words of Tesseract's table, as high as the line they stand in. Points, origin at the bottom left."""
    found: list[Word] = []
    top = bottom = 0.0
    for row in table.split("\n")[1:]:
        cells = row.split("\t")
        if len(cells) < 12:
            continue
        left, upper, width, high = (int(cell) / scale for cell in cells[6:10])
        if cells[0] == "4":
            top, bottom = height - upper, height - upper - high
        elif cells[0] == "5" and cells[11].strip() and float(cells[10]) >= _LEAST_SURE:
            found.append(Word(cells[11].strip(), 0, left, bottom, left + width, top))
    if found:
        usual = statistics.median(word.height for word in found)
        for word in found:
            if abs(word.height - usual) < _ALIKE * usual:
                word.bottom = word.top - usual
    return found


def in_lines(words: list[Word]) -> list[Word]:
    """Words numbered in lines from top to bottom over the whole width, so that rows of a table stay whole."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: -word.top):
        middle = (word.top + word.bottom) / 2
        line = next((one for one in reversed(lines) if one[0].bottom < middle < one[0].top), None)
        if line is None:
            lines.append([word])
        else:
            line.append(word)
    ordered = [word for line in lines for word in sorted(line, key=lambda word: word.left)]
    for number, word in enumerate(ordered):
        word.first = number
    return ordered
