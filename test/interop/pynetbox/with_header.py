"""The caller unlocks, and gives pynetbox the session key as a header."""

import os

import pynetbox

url, token, key = (os.environ[name] for name in ("LATCHKEY_URL", "LATCHKEY_TOKEN", "KEY_FILE"))
device = os.environ["DEVICE"]
body = {"device": {"name": device}, "role": {"slug": "login"}}


def unlocked():
    nb = pynetbox.api(url, token=token)
    with open(key, encoding="ascii") as text:
        session = nb.plugins.secrets.session_keys.create({"private_key": text.read(), "preserve_key": True})
    nb.http_session.headers["X-Session-Key"] = session.session_key
    return nb.plugins.secrets.secrets


def test_header():
    """creates and reads a secret with a session key that the caller got"""
    secrets = unlocked()
    made = secrets.create(name="by header", plaintext="value", **body)
    assert secrets.get(made.id).plaintext == "value"


def test_without():
    """gets no value without the header"""
    made = unlocked().create(name="closed", plaintext="value", **body)
    assert pynetbox.api(url, token=token).plugins.secrets.secrets.get(made.id).plaintext is None


def test_save():
    """changes a value and a name by save, and sends nothing where nothing was changed"""
    secrets = unlocked()
    made = secrets.create(name="saved", plaintext="before", **body)
    assert not secrets.get(made.id).save()
    made.plaintext = "after"
    made.name = "renamed"
    assert made.save()
    read = secrets.get(made.id)
    assert (read.name, read.plaintext, str(read.role)) == ("renamed", "after", "Login")


def test_lists():
    """makes many, counts and filters them, and walks their pages in order"""
    secrets = unlocked()
    secrets.create([{**body, "name": f"page-{n}", "plaintext": str(n)} for n in range(5)])
    names = [f"page-{n}" for n in range(5)]
    assert secrets.count(name=names, device=device) == 5
    assert [one.plaintext for one in secrets.filter(name=names, device=device, limit=2)] == ["0", "1", "2", "3", "4"]
    assert {*names} <= {one.name for one in secrets.all(limit=3)}


def test_bulk():
    """changes and deletes many at once"""
    secrets = unlocked()
    made = [secrets.create(name=f"bulk-{n}", plaintext="x", **body) for n in range(2)]
    assert secrets.update([{"id": one.id, "plaintext": "y"} for one in made])
    assert secrets.get(made[1].id).plaintext == "y"
    assert secrets.delete([one.id for one in made])
    assert secrets.get(made[0].id) is None
