"""The checks of rules and routes: one file each, named like its code, in the order of the list."""

from __future__ import annotations

from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks import (
    catch_all_without_team,
    continue_false_is_default,
    continue_without_effect,
    inhibited_by_others,
    matchers_deprecated,
    models_share_group,
    observer_hides_default,
    quantile_beyond_buckets,
    quantile_per_series,
    receiver_told_twice,
    receiver_unreached,
    receiver_without_integrations,
    rule_without_team,
    several_teams_answer,
    severity_not_routed,
    sli_without_rule,
    team_routed_elsewhere,
    team_untold_at_times,
    team_without_route,
    teams_file_receiver_unknown,
    template_can_fail,
    template_cannot_execute,
    template_file_invalid,
)
from buckstop.prover.checks.subject import Answered, Check, Subject, TeamTimes

CHECKS: Final[tuple[Check, ...]] = (
    rule_without_team.check,
    team_without_route.check,
    team_routed_elsewhere.check,
    several_teams_answer.check,
    receiver_told_twice.check,
    inhibited_by_others.check,
    team_untold_at_times.check,
    teams_file_receiver_unknown.check,
    template_cannot_execute.check,
    template_can_fail.check,
    template_file_invalid.check,
    receiver_without_integrations.check,
    receiver_unreached.check,
    observer_hides_default.check,
    catch_all_without_team.check,
    severity_not_routed.check,
    models_share_group.check,
    continue_without_effect.check,
    continue_false_is_default.check,
    matchers_deprecated.check,
    quantile_beyond_buckets.check,
    quantile_per_series.check,
    sli_without_rule.check,
)


def run_checks(subject: Subject) -> tuple[Diagnostic, ...]:
    """The findings of every check, in the order of `CHECKS`."""
    return tuple(found for check in CHECKS for found in check(subject))


__all__ = ["CHECKS", "Answered", "Check", "Subject", "TeamTimes", "run_checks"]
