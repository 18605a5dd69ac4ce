"""The stories run from top to bottom, each figure drawn."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

STORIES = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.stem)
# ipykernel and zmq leave their sockets to the interpreter's end.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning")
def test_a_story_runs_to_its_end(story):
    notebook = nbformat.read(story, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(story.parent))
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) >= 6
    assert not any(output.get("name") == "stderr" for output in outputs)
