"""Executes the notebooks from scratch and compares what comes out with what is committed.

    notebooks.py check   a cell that fails, or answers otherwise than its committed output does, is an error
    notebooks.py write   commits the outputs: writes them into the notebooks

Text must be the same, and in cells tagged `learned`, which show figures of models, its numbers may differ by one in their
last digit or by 1 %. A figure must be a picture that is not blank.
"""

import base64
import io
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from matplotlib.image import imread
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?")


def executed(path):
    """The notebook with the outputs that its committed code gives; an error's text if a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = NotebookClient(
        notebook, timeout=300, record_timing=False, resources={"metadata": {"path": path.parent}}
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return str(error)
    # What a machine adds: the version of its Python, and what the JVM says when it starts.
    notebook.metadata["language_info"] = {"name": "python"}
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    first.outputs = [output for output in first.outputs if output.get("name") != "stderr"]
    return notebook


def numbers_alike(left, right):
    places = len(left.partition(".")[2])
    a, b = (float(text.replace(",", "")) for text in (left, right))
    return abs(a - b) <= max(1.0001 * 10**-places, 0.01 * abs(a))


def texts_alike(left, right, is_learned):
    if left == right:
        return True
    if not is_learned:
        return False
    words = [" ".join(re.sub(r"-{2,}", "-", NUMBER.sub("#", text)).split()) for text in (left, right)]
    numbers = [NUMBER.findall(text) for text in (left, right)]
    return words[0] == words[1] and all(map(numbers_alike, *numbers))


def is_picture(encoded):
    pixels = imread(io.BytesIO(base64.b64decode(encoded)), format="png")
    return min(pixels.shape[:2]) > 100 and pixels.std() > 0.01


def flat(output):
    """What an output shows, by kind."""
    if output.output_type == "stream":
        return {output.name: output.text}
    if output.output_type == "error":
        return {"error": output.evalue}
    return dict(output.data)


def merged(outputs):
    """Streams come in pieces that depend on timing: one piece each."""
    shown = []
    for output in map(flat, outputs):
        if shown and shown[-1].keys() == output.keys() and output.keys() <= {"stdout", "stderr"}:
            (name,) = output
            shown[-1][name] += output[name]
        else:
            shown.append(output)
    return shown


def differences(committed, fresh):
    """What the outputs of a committed notebook and of the same notebook just executed do not share."""
    for old, new in zip(committed.cells, fresh.cells, strict=True):
        if old.cell_type != "code":
            continue
        if old.execution_count != new.execution_count:
            yield f"{old.id}: was number {old.execution_count}, is {new.execution_count}: not executed from top to bottom"
        before, after = merged(old.outputs), merged(new.outputs)
        if [output.keys() for output in before] != [output.keys() for output in after]:
            kinds = [[sorted(output) for output in outputs] for outputs in (before, after)]
            yield f"{old.id}: showed {kinds[0]}, shows {kinds[1]}"
            continue
        is_learned = "learned" in old.metadata.get("tags", [])
        for was, now in zip(before, after):
            for kind in was:
                if kind == "image/png":
                    if not (is_picture(was[kind]) and is_picture(now[kind])):
                        yield f"{old.id}: a figure is blank"
                elif kind == "stderr":
                    yield f"{old.id}: warns: {now[kind]}"
                elif not texts_alike(was[kind], now[kind], is_learned):
                    yield f"{old.id}: {kind} was\n{was[kind]}\nand is\n{now[kind]}"


def main(mode):
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    broken = 0
    with ProcessPoolExecutor(max_workers=2) as pool:
        for path, fresh in zip(paths, pool.map(executed, paths)):
            if isinstance(fresh, str):
                print(f"BROKEN  {path.name}: {fresh}")
                broken += 1
            elif mode == "write":
                nbformat.write(fresh, path)
                print(f"{path.name}: written")
            else:
                found = list(differences(nbformat.read(path, as_version=4), fresh))
                for line in found:
                    print(f"BROKEN  {path.name}, {line}")
                code = [cell for cell in fresh.cells if cell.cell_type == "code"]
                figures = sum("image/png" in output for cell in code for output in map(flat, cell.outputs))
                print(f"{path.name}: {len(code)} cells, {figures} figures, {len(found)} of them differ from what is committed")
                broken += len(found)
    if broken:
        sys.exit("The committed outputs are not those of the code: look at the differences, then `.ci/notebooks.py write`.")


if __name__ == "__main__":
    if sys.argv[1:] not in (["check"], ["write"]):
        sys.exit(__doc__)
    main(sys.argv[1])
