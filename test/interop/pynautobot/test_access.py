"""Users, groups, tokens and permissions, managed by an unmodified pynautobot, and what they then allow another one."""

from latchkey import *

users, tokens, permissions = nb.users.users, nb.users.tokens, nb.users.permissions
forbidden = ("code 403", "You do not have permission to perform this action.")


def someone(*granted, write_enabled=True):
    """A user with these permissions, and a client with a token of theirs."""
    user = users.create(username=fresh("user").replace(" ", "-"), password="correct horse battery")
    for object_types, actions, constraints in granted:
        permissions.create(
            name=fresh("permission"), object_types=object_types, actions=actions, constraints=constraints, users=[user.id]
        )
    token = tokens.create(user=user.id, write_enabled=write_enabled)
    return user, client(token.key)


def test_users():
    """a user is created, got, changed and deleted; the password is never told"""
    user = users.create(username="maria", password="correct horse battery", email="maria@latchkey.example")
    equal((str(user), "password" in dict(user), "correct horse" in str(dict(user))), ("maria", False, False))
    user.first_name = "Maria"
    equal(user.save(), True)
    equal(users.get(username="maria").first_name, "Maria")
    equal(user.delete(), True)
    equal(users.get(user.id), None)


def test_groups():
    """a user's groups are set by id and by name, and give their permissions"""
    group = nb.users.groups.create(name="operators")
    user, other = someone()
    made = new_secret()
    permissions.create(name="of operators", object_types=["extras.secret"], actions=["view"], groups=[group.id])
    refused(lambda: other.extras.secrets.get(made.id), *forbidden)
    equal(user.update({"groups": [{"name": "operators"}]}), True)
    equal(other.extras.secrets.get(made.id).name, made.name)


def test_permissions():
    """the constraints of a permission are plain JSON, are saved, and are read when they are stored"""
    made = permissions.create(name="of lab", object_types=["extras.secret"], actions=["view"], constraints={"name__startswith": "lab"})
    made.constraints = [{"name": "lab"}, {"tags__name": "lab"}]
    equal(made.save(), True)
    again = permissions.get(name="of lab")
    equal((again.constraints, again.enabled, again.object_types), (made.constraints, True, ["extras.secret"]))
    refused(lambda: made.update({"constraints": {"nme": "lab"}}), "code 400", "nme")
    refused(lambda: made.update({"constraints": {}}), "code 400", "constraints")


def test_nothing_granted():
    """who was given nothing is refused everything"""
    _, other = someone()
    made = new_secret()
    for action in (
        lambda: other.extras.secrets.all(),
        lambda: other.extras.secrets.get(made.id),
        lambda: other.extras.secrets.create(**secret_body("never")),
        lambda: other.extras.secrets.update(made.id, {"description": "never"}),
        lambda: other.extras.secrets.delete([made.id]),
    ):
        refused(action, *forbidden)
    raised(ValueError, other.extras.secrets.choices, "Unexpected format")


def test_constraint():
    """who was given some rows has those alone: others are not there"""
    inside, outside = new_secret(name="constrained one"), new_secret()
    _, other = someone([["extras.secret"], ["view", "change"], {"name__startswith": "constrained"}])
    mine = other.extras.secrets
    equal(names(mine.all()), ["constrained one"])
    equal((mine.count(), mine.get(outside.id), mine.get(inside.id).name), (1, None, "constrained one"))
    equal(mine.get(inside.id).update({"description": "by who may"}), True)
    refused(lambda: mine.update(outside.id, {"description": "never"}), "could not be found")
    refused(lambda: mine.update(inside.id, {"name": "out of the constraint"}), *forbidden)
    refused(lambda: detail(mine.get(inside.id), "check").list(), *forbidden)


def test_tokens():
    """a key is told once; a token that does not write reads only; a deleted one is invalid"""
    _, other = someone([["extras.secret"], ["view", "add"], None], write_enabled=False)
    made = new_secret()
    equal(other.extras.secrets.get(made.id).name, made.name)
    refused(lambda: other.extras.secrets.create(**secret_body("never")), *forbidden)
    token = tokens.create(description="for one request")
    equal((len(token.key), "key" in dict(tokens.get(token.id))), (40, False))
    equal(client(token.key).version, "3.2")
    equal(token.delete(), True)
    refused(lambda: client(token.key).version, "code 403", "Invalid token")


def test_no_token():
    """a client without a token, or with a wrong one, is refused with the reason"""
    refused(lambda: client("no-such-token-0123456789").extras.secrets.all(), "code 403", "Invalid token")
    refused(lambda: pynautobot.api(url).extras.secrets.all(), "code 403", "Authentication credentials were not provided.")


def test_inactive():
    """a user who is made inactive is refused at once"""
    user, other = someone([["extras.secret"], ["view"], None])
    other.extras.secrets.all()
    equal(user.update({"is_active": False}), True)
    refused(lambda: other.extras.secrets.all(), "code 403", "User inactive")
