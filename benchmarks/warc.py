"""Speed and memory of reading a large web archive.

    python benchmarks/warc.py [MEGABYTES …]

Writes WARC.gz files of about that size (default 10 and 100) into a temporary folder, of generated pages in Arabic and
English and of pictures, reads each in a process of its own, and prints pages and megabytes a second (of processor time)
and the most memory that the process held: it must not grow with the file.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

from khabar.pages import iter_sources
from khabar.records import Page

WORDS = (
    "أعلن وزير الصحة في المدينة اليوم وصول قافلة من الأدوية إلى المركز بعد أيام على الطريق وقال إن الفرق بدأت العمل "
    "مع المنظمات الدولية في توزيع المواد الغذائية على السكان ودعا الحكومة إلى فتح المعبر"
).split()


def records() -> Iterator[bytes]:
    """Records without end: of ten, six pages in Arabic, two in English, a picture and a request."""
    draw = random.Random(7)
    number = 0
    while True:
        number += 1
        kind, content, status = "response", "text/html; charset=utf-8", 200
        if number % 10 < 6:
            lines = (" ".join(draw.choices(WORDS, k=60)) for _ in range(12))
            body = f"<html><body><h1>{number}</h1>{''.join(f'<p>{line}.</p>' for line in lines)}</body></html>".encode()
        elif number % 10 < 8:
            body = b"<html><body><p>" + b"The ministry announced a plan for the port. " * 100 + b"</p></body></html>"
        elif number % 10 == 8:
            body, content = draw.randbytes(20_000), "image/jpeg"
        else:
            body, kind = b"", "request"
        block = f"HTTP/1.1 {status} OK\r\nContent-Type: {content}\r\n\r\n".encode() + body
        head = (
            f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://e.example/{number}\r\n"
            f"WARC-Date: 2024-05-06T01:02:03Z\r\nContent-Length: {len(block)}\r\n\r\n"
        )
        yield head.encode() + block + b"\r\n\r\n"


def write(path: Path, size: int) -> None:
    """A file of at least `size` bytes, a gz member a record."""
    with path.open("wb") as stream:
        for record in records():
            machine = zlib.compressobj(1, zlib.DEFLATED, 31)
            stream.write(machine.compress(record) + machine.flush())
            if stream.tell() >= size:
                return


def measure(path: str) -> None:
    """Reads a file and prints what it took."""
    start = time.process_time()
    pages = sum(isinstance(item, Page) for item in iter_sources([path]))
    took = time.process_time() - start
    size = Path(path).stat().st_size / 2**20
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    speed = f"{pages / took:6.0f} a second  {size / took:6.1f} MB/s"
    print(f"{size:5.0f} MB  {pages:7} pages in Arabic  {speed}  {most:5.0f} MB held", flush=True)


def main() -> None:
    if sys.argv[1:2] == ["--read"]:
        measure(sys.argv[2])
        return
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, sys.argv[1:] or ("10", "100")):
            path = Path(folder) / f"{size}.warc.gz"
            write(path, size * 2**20)
            subprocess.run([sys.executable, __file__, "--read", str(path)], check=True, stderr=subprocess.DEVNULL)
            path.unlink()


if __name__ == "__main__":
    main()
