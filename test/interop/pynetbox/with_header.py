"""The caller unlocks, and gives pynetbox the session key as a header."""

import os

import pynetbox

url, token, key = (os.environ[name] for name in ("LATCHKEY_URL", "LATCHKEY_TOKEN", "KEY_FILE"))


def test_header():
    """creates and reads a secret with a session key that the caller got"""
    nb = pynetbox.api(url, token=token)
    with open(key, encoding="ascii") as text:
        session = nb.plugins.secrets.session_keys.create({"private_key": text.read(), "preserve_key": True})
    nb.http_session.headers["X-Session-Key"] = session.session_key
    body = {"device": {"name": "r1"}, "role": {"slug": "login"}}
    made = nb.plugins.secrets.secrets.create(name="by header", plaintext="value", **body)
    assert nb.plugins.secrets.secrets.get(made.id).plaintext == "value"
