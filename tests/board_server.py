"""A board, served as by a user, and what it answers when asked for its data."""

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.browser import PATIENCE


@contextmanager
def serve(directory):
    """Run ``negoenv board``, and give its address."""
    command = [sys.executable, "-m", "negoenv", "board", str(directory), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True) as server:
        try:
            said = []
            for line in server.stdout:  # ends when the server does
                said.append(line)
                if found := re.search(r"http://127\.0\.0\.1:\d+/\S*", line):
                    break
            else:
                pytest.fail(f"TensorBoard did not start: {''.join(said)}")
            yield found[0]
        finally:
            server.terminate()


def fetch(board, route, body=None, **query):
    """Return what the server at ``board.url`` answers, parsed if it is JSON."""
    url = f"{board.url}/data/{route}" + (f"?{urlencode(query)}" if query else "")
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data, {"Content-Type": "application/json"}), timeout=PATIENCE / 1000) as answer:
        content = answer.read()
    return json.loads(content) if answer.headers.get_content_type() == "application/json" else content
