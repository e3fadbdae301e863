"""Secrets groups and their slots, managed by an unmodified pynautobot."""

from latchkey import *


def test_group():
    """a group is created, got, changed, counted and deleted"""
    made = groups.create(name="Access switches", description="all of them")
    equal((str(made), groups.get(name="Access switches").id), ("Access switches", made.id))
    equal(groups.get("Access switches"), made)
    made.description = "those in use"
    equal(made.save(), True)
    equal(groups.get(made.id).description, "those in use")
    equal((groups.count("access swi"), names(groups.filter(name__isw="Access"))), (1, ["Access switches"]))
    equal(made.delete(), True)
    equal(groups.get(made.id), None)


def test_groups_bulk():
    """groups are created, updated and deleted by lists"""
    made = groups.create([{"name": "many 1"}, {"name": "many 2"}])
    for row in made:
        row.description = "many"
    equal([row.description for row in groups.update(made)], ["many", "many"])
    equal(groups.delete(made), True)
    equal(groups.count(name__isw="many"), 0)


def test_slot():
    """a slot names its group and its secret, by id, by name or as records"""
    group, secret = groups.create(name="Core"), new_secret()
    by_id = slots.create(secrets_group=group.id, secret=secret.id, access_type="SSH", secret_type="username")
    by_name = slots.create(secrets_group={"name": "Core"}, secret={"name": secret.name}, access_type="SSH", secret_type="password")
    equal(str(by_id), f"Core: SSH username: {secret.name}")
    equal((by_name.secrets_group.id, by_name.secret.id), (group.id, secret.id))
    equal((by_id.access_type, by_name.secret_type), ("SSH", "password"))


def test_nested():
    """what a slot does not tell of its secret, the client fetches from the secret's address"""
    slot = slots.get(new_slot().id)
    equal(slot.secret.provider, "environment-variable")
    equal(slot.secrets_group.name, slots.get(slot.id, depth=1).secrets_group.name)


def test_slots_filter():
    """slots are found by group, by secret, by type and by free text"""
    slot = new_slot()
    group, secret = str(slot.secrets_group), str(slot.secret)
    for found in (
        slots.filter(secrets_group=group),
        slots.filter(secrets_group=slot.secrets_group.id, access_type="SSH"),
        slots.filter(secret=secret, secret_type=["password", "key"]),
        slots.filter(group),
    ):
        equal([row.id for row in found], [slot.id])
    equal(names(secrets.filter(secrets_groups=group)), [secret])
    equal(slots.filter(secrets_group=group, access_type="REST"), [])


def test_slot_save():
    """a slot is saved as another one"""
    slot = slots.get(new_slot().id)
    slot.secret_type = "key"
    equal(slot.updates(), {"secret_type": "key"})
    equal(slot.save(), True)
    slot.secret = new_secret().id
    equal(slot.save(), True)
    again = slots.get(slot.id)
    equal((again.secret_type, again.secret.id), ("key", slot.secret))


def test_slots_bulk():
    """slots are created, updated and deleted by lists"""
    group, secret = groups.create(name="Listed slots"), new_secret()
    slot = {"secrets_group": group.id, "secret": secret.id, "access_type": "REST"}
    made = slots.create([{**slot, "secret_type": "token"}, {**slot, "secret_type": "key"}])
    equal([row.access_type for row in slots.update([{"id": row.id, "access_type": "HTTP(S)"} for row in made])], ["HTTP(S)"] * 2)
    equal(slots.delete([row.id for row in made]), True)
    equal(slots.count(secrets_group="Listed slots"), 0)


def test_slot_twice():
    """a slot that is taken is refused with the reason"""
    slot = new_slot()
    again = {"secrets_group": slot.secrets_group.id, "secret": slot.secret.id, "access_type": "SSH", "secret_type": "password"}
    refused(lambda: slots.create(**again), "code 400", "must make a unique set")


def test_whole():
    """a group is created with its slots in one request, and gets others in another"""
    first, second = new_secret(), new_secret()
    slot = {"access_type": "SSH", "secret_type": "username", "secret": first.id}
    made = groups.create(name=fresh("whole"), secrets_group_associations=[slot])
    equal([str(row.secret) for row in slots.filter(secrets_group=made.id)], [first.name])
    equal(groups.update(made.id, {"secrets_group_associations": [{**slot, "secret": {"name": second.name}}]}), True)
    equal([str(row.secret) for row in slots.filter(secrets_group=made.id)], [second.name])
    name = fresh("half")
    refused(lambda: groups.create(name=name, secrets_group_associations=[slot, slot]), "code 400")
    equal(groups.count(name=name), 0)


def test_needed():
    """a secret that fills a slot is not deleted: the refusal names the group"""
    slot = new_slot()
    refused(lambda: secrets.get(slot.secret.id).delete(), "code 409", str(slot.secrets_group))
    equal(slots.get(slot.id).delete(), True)
    equal(secrets.get(slot.secret.id).delete(), True)


def test_group_goes():
    """a group takes its slots with it and leaves the secrets"""
    slot = new_slot()
    equal(groups.get(slot.secrets_group.id).delete(), True)
    equal(slots.get(slot.id), None)
    equal(secrets.get(slot.secret.id).id, slot.secret.id)


def test_choices():
    """tells the choices of slots, and that groups have none"""
    choices = slots.choices()
    equal(sorted(choices), ["access_type", "secret_type"])
    equal({"value": "HTTP(S)", "display": "HTTP(S)"} in choices["access_type"], True)
    equal({"value": "password", "display": "Password"} in choices["secret_type"], True)
    equal(groups.choices(), {})


def test_notes():
    """groups take notes; slots have none"""
    slot = slots.get(new_slot().id)
    group = groups.get(slot.secrets_group.id)
    group.notes.create({"note": "of the night shift"})
    equal([row.note for row in group.notes.list()], ["of the night shift"])
    refused(slot.notes.list, "could not be found")
