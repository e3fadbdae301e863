"""The oldest pynautobot that asks for the version of the API with its token, as newer Nautobots want it, too."""

from latchkey import *


def test_version():
    """connects, which asks for the version"""
    equal(client().version, "3.2")


def test_secret():
    """a secret is created, got, changed, counted and deleted"""
    name = fresh("old")
    made = secrets.create(**secret_body(name))
    made.description = "changed"
    equal(made.save(), True)
    equal((secrets.get(made.id).description, secrets.get(name=name).id), ("changed", made.id))
    equal((secrets.count(name), names(secrets.filter(name__ic=name.upper()))), (1, [name]))
    equal(made.delete(), True)
    equal(secrets.get(made.id), None)


def test_bulk():
    """lists are created, updated and deleted"""
    made = secrets.create([secret_body(fresh("old")) for _ in range(3)])
    equal([row.description for row in secrets.update([{"id": row.id, "description": "all"} for row in made])], ["all"] * 3)
    equal(secrets.delete(made), True)


def test_slots():
    """a group with a slot is created, and refuses to lose its secret"""
    slot = new_slot()
    equal([row.id for row in slots.filter(secrets_group=str(slot.secrets_group))], [slot.id])
    refused(lambda: secrets.get(slot.secret.id).delete(), "code 409")
    equal(groups.get(slot.secrets_group.id).delete(), True)


def test_pages():
    """all goes beyond one page"""
    tag = nb.extras.tags.create(name=fresh("old"), content_types=["extras.secret"])
    made = secrets.create([secret_body(fresh("old"), tags=[tag.id]) for _ in range(70)])
    equal(sorted(names(secrets.filter(tags=tag.id))), sorted(names(made)))
    equal(len(client(threading=True).extras.secrets.filter(tags=tag.id)), 70)
