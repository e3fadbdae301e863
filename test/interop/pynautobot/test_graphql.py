"""GraphQL by an unmodified pynautobot."""

from latchkey import *


def asked(query, **variables):
    return nb.graphql.query(query=query, variables=variables or None).json["data"]


def test_query():
    """rows are asked for with the fields that are wanted"""
    made = new_secret(description="by GraphQL")
    equal(asked('{ secrets(name: ["%s"]) { id name description provider } }' % made.name)["secrets"], [
        {"id": made.id, "name": made.name, "description": "by GraphQL", "provider": "environment-variable"}
    ])


def test_variables():
    """takes variables"""
    made = new_secret()
    data = asked("query ($name: [String]) { secrets(name: $name) { name } }", name=[made.name])
    equal(data["secrets"], [{"name": made.name}])


def test_slots():
    """slots lead to their group and their secret"""
    slot = new_slot()
    data = asked(
        '{ secrets_group_associations(secrets_group: ["%s"]) { access_type secret_type secrets_group { name } secret { name } } }'
        % slot.secrets_group.id
    )
    equal(data["secrets_group_associations"], [
        {"access_type": "SSH", "secret_type": "PASSWORD", "secrets_group": {"name": str(slot.secrets_group)}, "secret": {"name": str(slot.secret)}}
    ])


def test_refused():
    """a query that is none is told, and no value can be asked for"""
    error = raised(pynautobot.core.graphql.GraphQLException, lambda: asked("{ secrets { value } }"), "Cannot query field 'value'")
    equal(error.status_code, 400)
    raised(pynautobot.core.graphql.GraphQLException, lambda: asked("{"))


def test_no_token():
    """who is not known is refused"""
    error = raised(Exception, lambda: pynautobot.api(url).graphql.query(query="{ secrets { name } }"), "403")
    equal(error.response.status_code, 403)
