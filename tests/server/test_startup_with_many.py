"""A folder that begins with a crowd of environments, and goes on with them."""

from tests.support.process import Embedded


def found(plane: Embedded) -> list[str]:
    with plane.client() as client:
        return [each["id"] for each in client.get("environments").json()["environments"]]


def test_a_new_folder_begins_with_as_many_as_wanted_and_later_starts_go_on(tmp_path):
    folder = tmp_path / "big"
    folder.mkdir()
    crowd = ["company-001", "company-002", "company-003"]
    with Embedded(folder, more=["--environments", "3", "--servers", "4"]) as plane:
        assert found(plane) == crowd
        assert plane.leave() == 0
    with Embedded(folder) as plane, plane.client() as client:
        assert found(plane) == crowd
        servers = client.get("environments/company-002").json()["servers"]
        assert len(servers) == 4
        assert plane.leave() == 0
    with Embedded(folder, more=["--environments", "9"]) as plane:
        assert found(plane) == crowd
        assert plane.leave() == 0


def test_a_demo_stays_a_demo(tmp_path):
    with Embedded(tmp_path) as plane:
        demo = found(plane)
        assert plane.leave() == 0
    with Embedded(tmp_path, more=["--environments", "2"]) as plane:
        assert found(plane) == demo
        assert plane.leave() == 0
