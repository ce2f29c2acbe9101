"""What routes require of their callers: every route says it, and it is enforced."""

import ast
from pathlib import Path

import pytest
from litestar.handlers import HTTPRouteHandler

from autosky_desktop import server
from autosky_desktop.domain.people import Role
from autosky_desktop.server.application import handlers, open_paths
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.people.requires import OPEN, REQUIRES, Requires

OWN = ("/me/", "/sign-in", "/tokens")
"""Where people change what is their own, whatever their role."""
CODE = Path(server.__file__).parent


def named(handler: HTTPRouteHandler) -> str:
    return str(handler.operation_id)


@pytest.mark.parametrize("handler", handlers(), ids=named)
def test_a_route_says_what_it_requires(handler: HTTPRouteHandler) -> None:
    needed = handler.opt.get(REQUIRES)
    assert isinstance(needed, Requires), f"{named(handler)} does not say who may call it"
    for path in handler.paths:
        assert needed.of is None or f"{{{needed.named or needed.of}:str}}" in path
        own = path.startswith(OWN)
        assert needed.of or own or ":str}" not in path or needed.role is Role.MANAGER


def test_nobody_is_let_in_unasked_but_to_see_whether_it_lives() -> None:
    opened = {path for it in handlers() if it.opt[REQUIRES] == OPEN for path in it.paths}
    assert {path for path in opened if not path.startswith("/sign-in")} == {"/healthz", "/readyz"}
    assert open_paths() == {f"/v1{path}" for path in opened}
    assert open_paths(sign_in=False) == {"/v1/healthz", "/v1/readyz"}


def test_to_change_what_is_not_one_s_own_takes_more_than_a_viewer() -> None:
    for handler in handlers():
        if handler.http_methods != {"GET"}:
            needed = handler.opt[REQUIRES]
            if needed.role is None:
                assert all(path.startswith(OWN) for path in handler.paths), named(handler)
            else:
                assert needed.role.includes(Role.OPERATOR), named(handler)


def test_no_function_of_the_control_plane_takes_the_bare_name_of_an_operator() -> None:
    for file in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = {it.arg for it in (*node.args.args, *node.args.kwonlyargs)}
                known_by_token = node.name == "__init__" and "token" in given
                assert "operator" not in given or known_by_token, f"{file}: {node.name}"


def test_what_stands_for_all_environments_is_the_id_of_none(client) -> None:
    """An administrator of single environments could be one of all by it."""
    asked = {"kind": "group", "holder": "night", "role": "manager"}
    for path in ("environments/*/members", "environments/%2a/members"):
        answer = client.put(path, json=asked)
        assert (answer.status_code, answer.json()["code"]) == (404, "not-found")
    assert client.get("members").json() == {"members": []}


ROLES = (Role.VIEWER, Role.OPERATOR, Role.MANAGER)


@pytest.mark.parametrize(("number", "role"), list(enumerate(ROLES)))
def test_each_role_includes_those_before_it(number: int, role: Role) -> None:
    assert [it for it in ROLES if role.includes(it)] == list(ROLES[: number + 1])


def test_a_role_that_we_do_not_know_includes_nothing() -> None:
    assert not any(Role("owner").includes(role) for role in ROLES)


def test_the_wider_of_two_roles_counts() -> None:
    somebody = Principal(
        id="1", name="Ana", everywhere=Role.OPERATOR, roles={"a": Role.VIEWER, "b": Role.MANAGER}
    )
    assert somebody.role_in("a") is Role.OPERATOR
    assert somebody.role_in("b") is Role.MANAGER
    assert somebody.may(Role.OPERATOR, "elsewhere")
    assert not somebody.may(Role.MANAGER, "a")
    nobody = Principal(id="2", name="Rui", roles={"a": Role.VIEWER})
    assert nobody.sees("a")
    assert not nobody.sees("b")
