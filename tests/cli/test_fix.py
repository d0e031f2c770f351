"""``buckstop fix``: a diff first, then the file; secrets never shown, nothing lost."""

from __future__ import annotations

import base64
import stat
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from buckstop.cli.main import root

OLD = """\
# who is told
global:
  slack_api_url: https://hooks.example/s3cret # ours
route:
  receiver: rest
  routes:
  - match: # the team
      team: sre
    receiver: rest
receivers:
- name: rest
  slack_configs: [{channel: '#a'}]
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "alertmanager.yml"
    path.write_text(OLD)
    return path


def fix(*words: str) -> Result:
    return CliRunner().invoke(root, ["fix", *words])


def test_the_diff_is_shown_and_nothing_is_written(file: Path) -> None:
    """Exit 1 says that there is something to mend; a secret beside it is not shown."""
    result = fix()
    assert result.exit_code == 1
    assert "-  - match: # the team\n-      team: sre\n+  - matchers: # the team\n" in result.stdout
    assert '+      - team="sre"\n' in result.stdout
    assert "s3cret" not in result.output
    assert "1 mend to make" in result.stderr
    assert file.read_text() == OLD


def test_write_mends_the_file_and_keeps_its_mode(file: Path) -> None:
    """A second run has nothing to do."""
    file.chmod(0o640)
    assert fix("--write", str(file)).exit_code == 0
    assert file.read_text() == OLD.replace("match:", "matchers:").replace(
        "  team: sre", '  - team="sre"'
    )
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    again = fix(str(file))
    assert (again.exit_code, again.stdout) == (0, "")
    assert "nothing to mend" in again.stderr


def test_secrets_move_to_files_that_only_their_owner_reads(file: Path) -> None:
    """The configuration names them by absolute paths; no output has them."""
    preview = fix("--secrets-folder", "secrets")
    assert preview.exit_code == 1
    assert not Path("secrets").exists()
    result = fix("--secrets-folder", "secrets", "--write")
    assert result.exit_code == 0
    assert "s3cret" not in preview.output + result.output
    secret = file.parent / "secrets" / "global.slack_api_url"
    assert f"slack_api_url_file: '{secret}' # ours" in file.read_text()
    assert secret.read_text() == "https://hooks.example/s3cret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_a_file_in_the_way_of_a_secret_changes_nothing(file: Path) -> None:
    """What stands there is somebody's; it is neither overwritten nor taken for ours."""
    folder = file.parent / "secrets"
    folder.mkdir()
    other = folder / "global.slack_api_url"
    other.write_text("another")
    result = fix("--secrets-folder", "secrets", "--write")
    assert result.exit_code == 2
    assert "holds something else" in result.output
    assert (file.read_text(), other.read_text()) == (OLD, "another")
    assert sorted(path.name for path in file.parent.iterdir()) == ["alertmanager.yml", "secrets"]
    other.write_text("https://hooks.example/s3cret")
    assert fix("--secrets-folder", "secrets", "--write").exit_code == 0


def test_where_the_file_cannot_be_written_no_secret_stays_behind(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is lost, and nothing is left, when the last step fails."""

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    result = fix("--secrets-folder", "secrets", "--write")
    assert result.exit_code == 2
    assert "the disk is full" in result.output
    assert file.read_text() == OLD
    assert list((file.parent / "secrets").iterdir()) == []


def test_a_file_with_errors_is_left_alone(file: Path) -> None:
    """What Alertmanager refuses is said as `check` says it; secrets on the line are not."""
    file.write_text(OLD.replace("receiver: rest\nreceivers", "receiver: gone\nreceivers"))
    result = fix("--write")
    assert result.exit_code == 1
    assert "receiver-undefined" in result.output
    assert "s3cret" not in result.output


@pytest.mark.parametrize("words", [("missing.yml",), ("--target", "alertmanager=new"), ("empty",)])
def test_what_cannot_run_exits_2(file: Path, words: tuple[str, ...]) -> None:
    """A slip in the command is told apart from a file to mend."""
    (file.parent / "empty").mkdir()
    assert fix(*words).exit_code == 2


def objects(text: str) -> str:
    """A Secret that holds the file `text`, and another secret."""
    return (
        "apiVersion: v1\nkind: Secret\nmetadata: {name: alertmanager-main}\nstringData:\n"
        f"  token: hunter22\n  alertmanager.yaml: |\n{textwrap.indent(text, '    ')}"
    )


def test_kubernetes_objects_are_mended_where_they_stand(file: Path) -> None:
    """All files of a folder at once; no value of a Secret is shown but the lines of its file."""
    other = file.parent / "objects.yaml"
    other.write_text(objects(OLD))
    preview = fix()
    assert preview.exit_code == 1
    assert '+          - team="sre"\n' in preview.stdout
    assert "objects.yaml: 1 mend to make" in preview.stderr
    assert "hunter22" not in preview.output
    assert "s3cret" not in preview.output
    assert other.read_text() == objects(OLD)
    assert fix("--write").exit_code == 0
    assert other.read_text() == objects(file.read_text())
    assert fix().stderr == "2 files: nothing to mend\n"


def test_an_encoded_file_is_shown_decoded(file: Path) -> None:
    """A diff of base64 says nothing, and would give the whole file away."""
    encoded = base64.b64encode(OLD.encode()).decode()
    file.write_text(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: main}\n"
        f"data: {{alertmanager.yaml: {encoded}}}\n"
    )
    preview = fix()
    assert "--- a/alertmanager.yml(Secret main, alertmanager.yaml)\n" in preview.stdout
    assert '+      - team="sre"\n' in preview.stdout
    assert "s3cret" not in preview.output
    assert encoded not in preview.output
    assert fix("--write").exit_code == 0
    assert fix().exit_code == 0


def test_what_is_piped_in_is_shown_and_never_written(file: Path) -> None:
    """What `helm template` renders is mended in the chart."""
    file.unlink()
    shown = CliRunner().invoke(root, ["fix", "-"], input=objects(OLD))
    assert shown.exit_code == 1
    assert '+          - team="sre"\n' in shown.stdout
    assert "to make where this was rendered from" in shown.stderr
    refused = CliRunner().invoke(root, ["fix", "--write", "-"], input=objects(OLD))
    assert refused.exit_code == 2
    assert "mend what it was rendered from" in refused.output


def test_an_object_with_errors_fails_though_others_are_mended(file: Path) -> None:
    """Whoever reads exit 0 may believe that all was looked at."""
    broken = objects(OLD.replace("receiver: rest\nreceivers", "receiver: gone\nreceivers"))
    file.write_text(f"{broken}---\n{objects(OLD).replace('main', 'other')}")
    result = fix("--write")
    assert result.exit_code == 1
    assert "receiver-undefined" in result.output
    assert "s3cret" not in result.output
    assert "1 mend made" in result.stderr
