"""What GitHub does for the repository: pinned, bounded, and with the least it needs."""

import json
from pathlib import Path
import re
from typing import Any

import pytest
import yaml

from custom_components.sinotrack.const import DOMAIN

ROOT = Path(__file__).parent.parent
GITHUB = ROOT / ".github"

MANIFEST = json.loads((ROOT / f"custom_components/{DOMAIN}/manifest.json").read_text())
HOME: str = MANIFEST["documentation"]

_USES = re.compile(r"^\s*(?:- )?uses: (.*)$", re.MULTILINE)
# A commit and, for people and for dependabot, what it is called.
_PINNED = re.compile(
    r"[\w.-]+(?:/[\w.-]+)+@[0-9a-f]{40} # (?:v\d+\.\d+\.\d+|main|master)"
)

# Whoever may change the repository or its issues, and what for.
MAY_WRITE = {("release", "archive"): {"contents"}}

# What a stranger may put a shell command into: a title, a branch, a tag.
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")


def load(path: Path) -> dict[str, Any]:
    """Read YAML in which `on` is a word and no truth."""
    content = yaml.load(path.read_text(), Loader=yaml.BaseLoader)  # noqa: S506  only texts
    assert isinstance(content, dict)
    return content


WORKFLOWS = {path.stem: load(path) for path in (GITHUB / "workflows").glob("*")}
JOBS = {
    (name, job): content
    for name, workflow in WORKFLOWS.items()
    for job, content in workflow["jobs"].items()
}
FORMS = {
    path.stem: load(path)
    for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml")
    if path.stem != "config"
}

each_workflow = pytest.mark.parametrize("name", sorted(WORKFLOWS))
each_job = pytest.mark.parametrize("job", sorted(JOBS), ids="/".join)
each_form = pytest.mark.parametrize("name", sorted(FORMS))


def steps(*job: str) -> list[dict[str, Any]]:
    """Give the steps of a job, named by its workflow and itself."""
    found: list[dict[str, Any]] = JOBS[job[0], job[1]]["steps"]
    return found


def commands(*job: str) -> str:
    """Give all that a job runs in a shell."""
    return "\n".join(step.get("run", "") for step in steps(*job))


def actions(*job: str) -> set[str]:
    """Give the names of the actions that a job uses."""
    return {step["uses"].split("@")[0] for step in steps(*job) if "uses" in step}


def test_workflows_are_these() -> None:
    assert WORKFLOWS.keys() == {"lint", "release", "test", "validate"}


@pytest.mark.parametrize(
    "path",
    sorted(path for path in GITHUB.rglob("*") if path.suffix in {".yml", ".yaml"}),
    ids=lambda path: path.name,
)
def test_every_file_is_yaml_without_tabs(path: Path) -> None:
    assert load(path)
    assert "\t" not in path.read_text()


@each_workflow
def test_action_is_pinned_by_its_commit(name: str) -> None:
    (path,) = (GITHUB / "workflows").glob(f"{name}.*")
    used = _USES.findall(path.read_text())

    assert used
    assert [action for action in used if not _PINNED.fullmatch(action)] == []


def test_action_has_one_commit_everywhere() -> None:
    used = {
        step["uses"]
        for content in JOBS.values()
        for step in content["steps"]
        if "uses" in step
    }

    assert len(used) == len({action.split("@")[0] for action in used})


@each_workflow
def test_workflow_may_do_nothing_by_itself(name: str) -> None:
    assert WORKFLOWS[name]["permissions"] == {}


@each_job
def test_job_may_read_and_writes_only_where_it_is_known_why(
    job: tuple[str, str],
) -> None:
    permissions = JOBS[job]["permissions"]

    assert permissions
    assert {
        name for name, right in permissions.items() if right != "read"
    } == MAY_WRITE.get(job, set())


@each_job
def test_job_ends_in_time(job: tuple[str, str]) -> None:
    assert 1 <= int(JOBS[job]["timeout-minutes"]) <= 60


@each_job
def test_job_runs_on_a_machine_that_does_not_change_overnight(
    job: tuple[str, str],
) -> None:
    assert not JOBS[job]["runs-on"].endswith("latest")


@each_workflow
def test_newer_run_of_a_workflow_does_not_race_with_an_older_one(name: str) -> None:
    concurrency = WORKFLOWS[name]["concurrency"]

    assert "github.ref" in concurrency["group"]
    # A release that is stopped halfway would lack its archive.
    assert ("cancel-in-progress" in concurrency) is (name != "release")


@each_job
def test_checkout_leaves_no_token_behind(job: tuple[str, str]) -> None:
    for step in steps(*job):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] == "false"


@each_job
def test_no_command_is_put_together_from_what_others_write(
    job: tuple[str, str],
) -> None:
    assert _EXPRESSION.findall(commands(*job)) == []


@each_workflow
def test_pull_request_of_a_stranger_gets_no_rights(name: str) -> None:
    assert not WORKFLOWS[name]["on"].keys() & {"pull_request_target", "workflow_run"}


def test_home_assistant_and_hacs_are_asked_at_every_change_and_daily() -> None:
    triggers = WORKFLOWS["validate"]["on"]

    assert triggers.keys() >= {"push", "pull_request", "schedule"}
    (schedule,) = triggers["schedule"]
    assert schedule["cron"].endswith(" * * *")
    assert "home-assistant/actions/hassfest" in actions("validate", "hassfest")
    (hacs,) = (
        step
        for step in steps("validate", "hacs")
        if "hacs/action" in step.get("uses", "")
    )
    assert hacs["with"]["category"] == "integration"
    assert "ignore" not in hacs["with"]


def test_lowest_and_newest_home_assistant_are_tested() -> None:
    matrix = JOBS["test", "test"]["strategy"]["matrix"]

    assert matrix == {"home-assistant": ["lowest", "newest"]}
    runs = {
        step["if"]: step["run"]
        for step in steps("test", "test")
        if step.get("run", "").startswith("scripts/test")
    }
    assert runs == {
        "matrix.home-assistant == 'lowest'": "scripts/test",
        "matrix.home-assistant == 'newest'": "scripts/test tests",
    }
    assert JOBS["test", "test"]["strategy"]["fail-fast"] == "false"


def test_lint_checks_all_python_programs_too() -> None:
    programs = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "scripts").iterdir())
        if path.is_file() and re.match(r"#!.*python", path.read_text())
    ]

    for line in commands("lint", "lint").splitlines():
        if "ruff" in line:
            assert all(program in line for program in programs)
    assert f"mypy {' '.join(programs)}" in commands("lint", "lint")


def test_release_is_refused_unless_its_tag_is_the_version() -> None:
    assert WORKFLOWS["release"]["on"] == {"release": {"types": ["published"]}}
    assert JOBS["release", "archive"]["env"] == {
        "TAG": "${{ github.event.release.tag_name }}"
    }
    names = [step["name"] for step in steps("release", "archive")]
    assert names.index("Compare the tag with the manifest") < names.index(
        "Attach it to the release"
    )


def test_release_archive_holds_the_inside_of_the_integration() -> None:
    run = commands("release", "archive")

    assert f"git archive --output {DOMAIN}.zip HEAD:custom_components/{DOMAIN}" in run
    assert f'gh release upload "$TAG" {DOMAIN}.zip' in run
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs.get("filename", f"{DOMAIN}.zip") == f"{DOMAIN}.zip"


def test_dependabot_updates_actions_and_tools_but_not_home_assistant() -> None:
    updates = {
        update["package-ecosystem"]: update
        for update in load(GITHUB / "dependabot.yml")["updates"]
    }

    assert updates.keys() == {"github-actions", "pip"}
    tools = {rule["dependency-name"] for rule in updates["pip"]["allow"]}
    required = (ROOT / "requirements.in").read_text()
    assert all(re.search(rf"^{tool}==", required, re.MULTILINE) for tool in tools)
    assert not any("home" in tool for tool in tools)


@each_form
def test_form_has_what_github_demands(name: str) -> None:
    form = FORMS[name]
    fields = [field for field in form["body"] if field["type"] != "markdown"]

    assert form["name"]
    assert form["description"]
    assert all(field["attributes"]["label"] for field in fields)
    identifiers = [field["id"] for field in fields]
    assert len(identifiers) == len(set(identifiers))


def test_bug_form_asks_for_what_is_needed_to_find_the_bug() -> None:
    fields = {field.get("id"): field for field in FORMS["bug"]["body"]}

    assert {
        name
        for name, field in fields.items()
        if field.get("validations", {}).get("required") == "true"
    } >= {"what", "home-assistant", "integration", "model", "diagnostics"}
    frames = fields["frames"]["attributes"]
    assert "scripts/decode" in frames["description"]
    assert "Replace the ID" in frames["description"].replace("\n", " ")


def test_weakness_in_security_is_reported_in_private() -> None:
    config = load(GITHUB / "ISSUE_TEMPLATE/config.yml")
    private = f"{HOME}/security/advisories/new"

    assert config["blank_issues_enabled"] == "false"
    assert private in {link["url"] for link in config["contact_links"]}
    assert private in (ROOT / "SECURITY.md").read_text()
