"""Compares what the documents show with what runs gave.

    documents.py printed OUTPUT...      every line that a document shows of the sample's run was printed by one of the runs
    documents.py pictures SHOWN NEW     the committed screenshot is as large as a new one, and neither is blank

Times, names of runs and the places of tables and files may differ. What a document shows is the first run of the sample
with the salts that .ci/run sets.
"""

import re
import sys
from pathlib import Path

from matplotlib.image import imread

ROOT = Path(__file__).resolve().parent.parent
SHOWN = {
    "README.md": ("<!-- sample output -->", "<!-- end of sample output -->"),
    "jobs/docs/operations.md": ("<!-- whole output -->", "<!-- end of whole output -->"),
}


def lines(text):
    """Lines without what differs from run to run."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    text = re.sub(r"\d{8}T\d{6}Z-[0-9a-f]{6}", "RUN", text)
    text = re.sub(r"\d+\.\d s\b", "TIME", text)
    text = re.sub(r"target/ci/(warehouse|exports)", r"target/\1", text)
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def printed(outputs):
    said = {line for output in outputs for line in lines(Path(output).read_text(encoding="utf-8"))}
    broken = 0
    for document, (begin, end) in SHOWN.items():
        text = (ROOT / document).read_text(encoding="utf-8")
        shown = [line for line in lines(text.split(begin)[1].split(end)[0]) if line != "```"]
        missing = [line for line in shown if line not in said]
        for line in missing:
            print(f"BROKEN  {document} shows what no run printed: {line}")
        print(f"{document}: {len(shown) - len(missing)} of {len(shown)} lines were printed")
        broken += len(missing) + (len(shown) < 12)
    return 1 if broken else 0


def pictures(shown, new):
    broken = 0
    sizes = []
    for path in (shown, new):
        image = imread(path)
        sizes.append(image.shape[:2])
        if image.std() < 0.05:
            print(f"BROKEN  {path} is blank")
            broken += 1
    if sizes[0] != sizes[1]:
        print(f"BROKEN  {shown} and {new} differ in size: {sizes}")
        broken += 1
    return 1 if broken else 0


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "printed":
        sys.exit(printed(sys.argv[2:]))
    elif len(sys.argv) == 4 and sys.argv[1] == "pictures":
        sys.exit(pictures(*sys.argv[2:]))
    else:
        sys.exit(__doc__)
