"""What an unmodified pynautobot asks beside rows: versions, status, maps of addresses, the change log, options of all requests."""

from latchkey import *


def test_version():
    """tells the version of the API, the newest one where none is asked for"""
    equal(nb.version, "3.2")
    equal([client(api_version=version).version for version in ("2.0", "2.4", "3.1")], ["2.0", "2.4", "3.1"])


def test_api_version():
    """works with each version, for a client and for one request"""
    made = new_secret()
    for version in ("2.0", "2.1", "2.2", "2.3", "2.4", "3.0", "3.1", "3.2"):
        other = client(api_version=version).extras.secrets
        row = other.get(name=made.name)
        row.description = f"by {version}"
        equal(row.save(), True)
        equal(other.create(**secret_body(f"of {version}")).delete(), True)
        equal(secrets.get(name=made.name, api_version=version).description, f"by {version}")


def test_other_versions():
    """a version that Nautobot has not is refused with those there are"""
    for version in ("1.3", "9.9", "x"):
        refused(lambda: client(api_version=version).version, "code 406", "2.0, 2.1, 2.2, 2.3, 2.4, 3.0, 3.1, 3.2")
        refused(lambda: secrets.filter(name="x", api_version=version), "code 406")


def test_status():
    """tells what it is and of which version"""
    equal("latchkey-version" in nb.status(), True)


def test_openapi():
    """fetches the description of the API"""
    paths = nb.openapi()["paths"]
    equal("/api/extras/secrets/{id}/" in paths, True)
    equal(client(api_version="3.1").openapi()["paths"].keys() == paths.keys(), True)
    refused(pynautobot.api(url).openapi, "code 403")


def test_dir():
    """tells its collections to who looks around in a client"""
    for name in ("secrets", "secrets_groups", "secrets_groups_associations", "tags", "notes", "object_changes"):
        equal(name in dir(nb.extras), True)
    equal("permissions" in dir(nb.users), True)


def test_changes():
    """every change of a row is in the change log, with what was before and after"""
    made = new_secret()
    made.update({"description": "changed"})
    made.delete()
    changes = nb.extras.object_changes.filter(changed_object_id=made.id, sort="time")
    equal([change.action.value for change in changes], ["create", "update", "delete"])
    equal([change.user_name for change in changes], ["admin"] * 3)
    equal(str(changes[1]), changes[1].request_id)
    equal(changes[1].object_data["description"], "changed")
    equal(nb.extras.object_changes.get(changes[0].id).changed_object_type, "extras.secret")
    refused(lambda: changes[0].delete(), "code 405")


def test_many_to_many():
    """exclude_m2m of a client is sent with reads and with writes"""
    tag = nb.extras.tags.create(name="many to many", content_types=["extras.secret"])
    made = new_secret(tags=[tag.id])
    lean, full = client(exclude_m2m=True), client(exclude_m2m=False)
    equal("tags" in dict(lean.extras.secrets.get(made.id)), False)
    equal(lean.extras.secrets.get(made.id).update({"description": "lean"}), True)
    equal([row.description for row in lean.extras.secrets.update([{"id": made.id, "description": "list"}])], ["list"])
    equal([str(row) for row in full.extras.secrets.get(made.id).tags], ["many to many"])
    slot = new_slot()
    equal("secrets" in dict(nb.extras.secrets_groups.get(slot.secrets_group.id)), False)
    shown = full.extras.secrets_groups.get(slot.secrets_group.id).secrets
    equal([row.id for row in shown], [slot.id])


def test_include():
    """include of a client is sent with reads and with writes"""
    rich = client(include_default="computed_fields,relationships").extras.secrets
    row = rich.create(**secret_body("included"))
    equal(dict(rich.get(row.id))["computed_fields"], {})
    equal("computed_fields" in dict(secrets.get(row.id)), False)
    row.description = "rich"
    equal(row.save(), True)


def test_tags():
    """tags are created, changed, found and deleted"""
    made = nb.extras.tags.create(name="critical", content_types=["extras.secret"], color="ff0000")
    made.color = "00ff00"
    equal(made.save(), True)
    equal(nb.extras.tags.get(name="critical").color, "00ff00")
    equal(nb.extras.tags.get(name="critical").content_types, ["extras.secret"])
    equal(made.delete(), True)
    equal(nb.extras.tags.get(made.id), None)


def test_objects():
    """objects have a group, at an address of Latchkey's own that the client knows nothing about"""
    slot = new_slot()
    objects = pynautobot.core.app.App(nb, "inventory").objects
    made = objects.create(object_type="dcim.device", name="csr1", secrets_group=slot.secrets_group.id, attributes={"site": {"slug": "iad"}})
    equal(objects.get(name="csr1").secrets_group.id, slot.secrets_group.id)
    answer = detail(groups.get(slot.secrets_group.id), "check").create({"access_type": "SSH", "secret_type": "password", "object": {"id": made.id}})
    equal(answer, {"result": True, "message": "Passed"})


def test_devices():
    """devices and git repositories are found where the client looks for them, with their group"""
    group = groups.create(name=fresh("group"))
    device = nb.dcim.devices.create(name=fresh("switch"), role="access", secrets_group=group.id)
    equal(nb.dcim.devices.get(name=device.name).secrets_group.id, group.id)
    equal((str(nb.dcim.devices.get(device.id)), nb.dcim.devices.count(secrets_group=group.name)), (device.name, 1))
    repository = nb.extras.git_repositories.create(name=fresh("repo"), remote_url="https://latchkey.example/x.git", secrets_group=group.id)
    equal([row.name for row in nb.extras.git_repositories.filter(secrets_group=group.name)], [repository.name])
    equal(group.delete(), True)
    equal(nb.dcim.devices.get(device.id).secrets_group, None)
