"""``buckstop fix``: a diff first, then the file; secrets never shown, nothing lost."""

from __future__ import annotations

import stat
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
