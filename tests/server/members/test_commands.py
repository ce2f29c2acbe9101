"""People and their roles: added, changed, removed, and never without an administrator."""

import asyncio

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from autosky_desktop.domain.people import MemberRemoval, MemberSetting, PersonSettings, Role
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.members.commands import PeopleCommands
from autosky_desktop.server.people import queries as people
from autosky_desktop.server.people.authenticator import NotSignedIn, principal_of
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from tests.support.people import ANA

BEA = PersonSettings(name="Bea", email="Bea@Example.com")
RUI = PersonSettings(name="Rui", email="rui@x.example")
ERP, CRM = "erp-production", "erp-staging"


def commands_of(parts):
    return PeopleCommands(parts.engine, parts.unit_of_work, parts.bus, parts.time)


async def principal(parts, identity):
    async with parts.engine.connect() as connection:
        return await principal_of(connection, identity)


def give(commands, holder, role, environment="*", kind="person"):
    asked = MemberSetting(kind=kind, holder=holder, role=role)
    return commands.give(asked, principal=ANA, environment=environment)


def take(commands, holder, environment="*", kind="person"):
    asked = MemberRemoval(kind=kind, holder=holder)
    return commands.take(asked, principal=ANA, environment=environment)


def test_a_person_has_no_role_until_one_is_given(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        bea = await commands.add(BEA, principal=ANA)
        assert (await commands.people()).persons == [bea]
        assert (bea.name, bea.email, bea.active) == ("Bea", "bea@example.com", True)
        assert not (await principal(parts, bea.id)).sees(ERP)
        held = await give(commands, "bea@example.com", "operator", ERP)
        assert [(it.name, it.role, it.everywhere) for it in held.members] == [
            ("Bea", "operator", False)
        ]
        told = await principal(parts, bea.id)
        assert (told.role_in(ERP), told.role_in(CRM)) == (Role.OPERATOR, None)
        await give(commands, "BEA@example.com", "viewer", ERP)
        assert (await principal(parts, bea.id)).role_in(ERP) is Role.VIEWER
        assert (await take(commands, "bea@example.com", ERP)).members == []
        assert not (await principal(parts, bea.id)).sees(ERP)

    with_parts(story)


def test_who_is_in_a_group_has_its_roles_and_the_widest_counts(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        bea = await commands.add(replace(BEA, groups=["night", "day", "night"]), principal=ANA)
        assert bea.groups == ["day", "night"]
        await give(commands, "night", "manager", ERP, kind="group")
        await give(commands, "day", "viewer", ERP, kind="group")
        await give(commands, "bea@example.com", "operator", ERP)
        assert (await principal(parts, bea.id)).role_in(ERP) is Role.MANAGER
        await commands.change(bea.id, replace(BEA, groups=["day"]), principal=ANA)
        assert (await principal(parts, bea.id)).role_in(ERP) is Role.OPERATOR
        assert [it.name for it in (await commands.members(ERP)).members] == ["night", "Bea", "day"]

    with_parts(story)


def test_an_email_address_is_of_one_person_whatever_its_case(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        await commands.add(BEA, principal=ANA)
        rui = await commands.add(RUI, principal=ANA)
        for work in (
            commands.add(replace(BEA, email="BEA@EXAMPLE.COM"), principal=ANA),
            commands.add(replace(BEA, email="bea@\uff45xample.com"), principal=ANA),
            commands.change(rui.id, replace(BEA, name="Rui"), principal=ANA),
        ):
            with pytest.raises(Refusal) as refused:
                await work
            assert refused.value.code is Code.ID_TAKEN

    with_parts(story)


@pytest.mark.parametrize(
    "asked",
    [
        replace(BEA, email="bea"),
        replace(BEA, email="a b@c"),
        replace(BEA, name=" \u200b "),
        replace(BEA, groups=["day", "night "]),
        replace(BEA, groups=["ni\u200bght"]),
        replace(BEA, groups=["night\nroot made eve a manager of *"]),
    ],
    ids=["no-address", "a-space", "no-name", "a-blank", "hidden", "a-line"],
)
def test_what_is_no_person_is_refused(with_parts, asked):
    async def story(parts):
        with pytest.raises(Refusal) as refused:
            await commands_of(parts).add(asked, principal=ANA)
        assert refused.value.code is Code.INVALID_REQUEST

    with_parts(story)


def test_who_is_removed_may_nothing_and_comes_back_as_the_same_person_with_no_role(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        bea = await commands.add(replace(BEA, groups=["day"]), principal=ANA)
        await give(commands, "bea@example.com", "operator", ERP)
        await commands.remove(bea.id, principal=ANA)
        assert (await commands.people()).persons == []
        with pytest.raises(NotSignedIn):
            await principal(parts, bea.id)
        with pytest.raises(Refusal) as refused:
            await give(commands, "bea@example.com", "operator", ERP)
        assert refused.value.code is Code.NOBODY_OF_THAT_NAME
        again = await commands.add(BEA, principal=ANA)
        assert (again.id, again.active, again.groups) == (bea.id, True, [])
        assert (await principal(parts, bea.id)).roles == {}

    with_parts(story)


def test_the_last_administrator_stays_one(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        bea = await commands.add(replace(BEA, groups=["admins"]), principal=ANA)
        await give(commands, "admins", "manager", kind="group")
        for work in (
            commands.remove(bea.id, principal=ANA),
            commands.change(bea.id, BEA, principal=ANA),
            commands.change(bea.id, replace(BEA, groups=["admins"], active=False), principal=ANA),
            give(commands, "admins", "operator", kind="group"),
            take(commands, "admins", kind="group"),
        ):
            with pytest.raises(Refusal) as refused:
                await work
            assert refused.value.code is Code.LAST_ADMINISTRATOR
            assert (await principal(parts, bea.id)).administers
        await commands.add(RUI, principal=ANA)
        await give(commands, "rui@x.example", "manager")
        await commands.remove(bea.id, principal=ANA)

    with_parts(story)


@pytest.mark.parametrize("group", ["night ", "ni\u200bght", "night\nday", "\0"])
def test_no_role_is_given_to_a_group_that_looks_like_another(with_parts, group):
    async def story(parts):
        commands = commands_of(parts)
        with pytest.raises(Refusal) as refused:
            await give(commands, group, "manager", kind="group")
        assert refused.value.code is Code.INVALID_REQUEST
        assert (await commands.members()).members == []

    with_parts(story)


async def connected(engine):
    """Have two connections that are ready: none of two that write waits for its own."""
    async with engine.connect() as one, engine.connect() as other:
        await asyncio.gather(one.execute(select(1)), other.execute(select(1)))


def test_of_two_who_remove_each_other_at_once_one_stays(with_parts):
    async def story(parts):
        workers = [UnitOfWork(parts.engine, Bus(), parts.time) for _ in range(2)]
        each = [PeopleCommands(parts.engine, it, Bus(), parts.time) for it in workers]
        ids = [(await each[0].add(one, principal=ANA)).id for one in (BEA, RUI)]
        for identity in ids:
            await give(each[0], identity, "manager")
        await connected(parts.engine)
        for _ in range(10):
            taken = (take(it, identity) for it, identity in zip(each, ids, strict=True))
            done = await asyncio.gather(*taken, return_exceptions=True)
            refused = [it.code for it in done if isinstance(it, Refusal)]
            assert refused == [Code.LAST_ADMINISTRATOR], done
            for identity in ids:
                await give(each[0], identity, "manager")

    with_parts(story)


def test_of_two_who_add_one_person_at_once_one_is_told_of_the_other(with_parts):
    async def story(parts):
        workers = [UnitOfWork(parts.engine, Bus(), parts.time) for _ in range(2)]
        each = [PeopleCommands(parts.engine, it, Bus(), parts.time) for it in workers]
        await connected(parts.engine)
        added = (it.add(BEA, principal=ANA) for it in each)
        done = await asyncio.gather(*added, return_exceptions=True)
        assert [it.code for it in done if isinstance(it, Refusal)] == [Code.ID_TAKEN], done

    with_parts(story)


def test_nobody_has_a_role_where_there_is_no_environment(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        bea = await commands.add(BEA, principal=ANA)
        for work in (
            give(commands, bea.id, "manager", "nowhere"),
            take(commands, bea.id, "nowhere"),
            commands.members("nowhere"),
        ):
            with pytest.raises(Refusal) as refused:
                await work
            assert refused.value.code is Code.NOT_FOUND
        assert (await principal(parts, bea.id)).roles == {}

    with_parts(story)


def test_those_who_may_give_a_role_are_named(with_parts):
    async def story(parts):
        commands = commands_of(parts)
        await commands.add(BEA, principal=ANA)
        await commands.add(RUI, principal=ANA)
        await give(commands, "rui@x.example", "manager")
        await give(commands, "rui@x.example", "manager", ERP)
        await give(commands, "bea@example.com", "manager", ERP)
        async with parts.engine.connect() as connection:
            assert await people.managers(connection, ERP) == ["Rui", "Bea"]
            assert await people.managers(connection, CRM) == ["Rui"]

    with_parts(story)
