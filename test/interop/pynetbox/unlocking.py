"""pynetbox unlocks by itself, with the private key in a file."""

import os

import pynetbox

url, token, key = (os.environ[name] for name in ("LATCHKEY_URL", "LATCHKEY_TOKEN", "KEY_FILE"))
nb = pynetbox.api(url, token=token, private_key_file=key)


def create(name, value):
    return nb.secrets.secrets.create(device={"name": "r1"}, role={"slug": "login"}, name=name, plaintext=value)


def test_create_and_get():
    """creates a secret and reads its value by id and by name"""
    made = create("first", "s3cret")
    assert nb.secrets.secrets.get(made.id).plaintext == "s3cret"
    assert nb.secrets.secrets.get(name="first", device="r1").plaintext == "s3cret"


def test_save():
    """changes a value and a name by save"""
    made = create("saved", "before")
    made.plaintext = "after"
    made.name = "renamed"
    assert made.save()
    assert nb.secrets.secrets.get(made.id).plaintext == "after"


def test_lists():
    """makes many, counts, filters and lists them"""
    body = {"device": {"name": "r1"}, "role": {"slug": "login"}}
    nb.secrets.secrets.create([{**body, "name": f"many-{n}", "plaintext": str(n)} for n in range(3)])
    assert nb.secrets.secrets.count(role="login") >= 3
    found = list(nb.secrets.secrets.filter(name=["many-0", "many-2"]))
    assert [one.plaintext for one in found] == ["0", "2"]
    assert len(list(nb.secrets.secrets.all())) >= 3
    assert len(list(nb.secrets.secrets.all(limit=0))) == nb.secrets.secrets.count()


def test_choices():
    """asks for the choices of a secret, which has none"""
    assert nb.secrets.secrets.choices() == {}


def test_bulk():
    """changes and deletes many at once"""
    made = [create(f"bulk-{n}", "x") for n in range(2)]
    assert nb.secrets.secrets.update([{"id": one.id, "plaintext": "y"} for one in made])
    assert nb.secrets.secrets.get(made[1].id).plaintext == "y"
    assert nb.secrets.secrets.delete([one.id for one in made])
    assert nb.secrets.secrets.get(made[0].id) is None


def test_plugin_mount():
    """finds the same secrets on the mount of the plugin"""
    made = create("mounted", "twice")
    assert nb.plugins.secrets.secrets.get(made.id).plaintext == "twice"


def test_version():
    """tells NetBox's version"""
    assert nb.version == "2.9"


def test_wrong_key():
    """says that a private key is none"""
    try:
        pynetbox.api(url, token=token, private_key="none").secrets.secrets.get(1)
    except pynetbox.RequestError as fault:
        assert fault.error == "Invalid private key."
    else:
        raise AssertionError("nothing was raised")
