"""Clients of the host that the test started, and rows for them."""

import os
import uuid

import pynautobot

from expecting import equal, raised

url = os.environ["LATCHKEY_URL"]


def client(token=None, **options):
    return pynautobot.api(url, token=token or os.environ["LATCHKEY_TOKEN"], **options)


nb = client()
secrets = nb.extras.secrets
groups = nb.extras.secrets_groups
slots = nb.extras.secrets_groups_associations
nowhere = "00000000-0000-4000-8000-000000000000"


def fresh(word):
    """A name that no other row has."""
    return f"{word} {uuid.uuid4().hex[:12]}"


def secret_body(name, **fields):
    return {"name": name, "provider": "environment-variable", "parameters": {"variable": "INTEROP"}, **fields}


def new_secret(name=None, **fields):
    return secrets.create(**secret_body(name or fresh("secret"), **fields))


def new_slot():
    """A group with one secret as its SSH password."""
    group = groups.create(name=fresh("group"))
    return slots.create(secrets_group=group.id, secret=new_secret().id, access_type="SSH", secret_type="password")


def names(rows):
    return [row.name for row in rows]


def refused(action, *parts):
    return raised(pynautobot.RequestError, action, *parts)


def detail(record, name):
    """An address below a row, as the client opens those it has no word for."""
    return pynautobot.core.endpoint.DetailEndpoint(record, name)
