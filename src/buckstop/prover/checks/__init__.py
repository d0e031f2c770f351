"""The checks of rules and routes: one file each, named like its code, in the order of the list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from buckstop.diagnostics import Diagnostic
from buckstop.prover.checks import (
    catch_all_without_team,
    continue_false_is_default,
    continue_tells_two_teams,
    continue_without_effect,
    endpoint_shared,
    inhibit_equal_absent,
    inhibited_by_others,
    label_reserved,
    matcher_always_holds,
    matcher_label_uncarried,
    matcher_takes_missing,
    matcher_value_misspelt,
    matchers_deprecated,
    models_share_group,
    observer_hides_default,
    quantile_beyond_buckets,
    quantile_per_series,
    receiver_of_two_teams,
    receiver_told_twice,
    receiver_unreached,
    receiver_without_integrations,
    repeat_too_long,
    route_dead,
    route_falls_to_default,
    route_loses_part,
    route_options_only,
    rule_without_team,
    several_teams_answer,
    severity_not_routed,
    sli_without_rule,
    team_routed_elsewhere,
    team_untold_at_times,
    team_without_route,
    teams_file_receiver_unknown,
    teams_share_group,
    template_can_fail,
    template_cannot_execute,
    template_file_invalid,
)
from buckstop.prover.checks.subject import (
    Answered,
    Check,
    RouteCheck,
    RouteSubject,
    Subject,
    TeamTimes,
)

CHECKS: Final[tuple[Check, ...]] = (
    rule_without_team.check,
    team_without_route.check,
    team_routed_elsewhere.check,
    several_teams_answer.check,
    receiver_told_twice.check,
    inhibited_by_others.check,
    inhibit_equal_absent.check,
    team_untold_at_times.check,
    teams_file_receiver_unknown.check,
    template_cannot_execute.check,
    template_can_fail.check,
    template_file_invalid.check,
    receiver_without_integrations.check,
    receiver_unreached.check,
    observer_hides_default.check,
    catch_all_without_team.check,
    route_dead.check,
    route_loses_part.check,
    route_falls_to_default.check,
    route_options_only.check,
    continue_tells_two_teams.check,
    receiver_of_two_teams.check,
    endpoint_shared.check,
    teams_share_group.check,
    matcher_takes_missing.check,
    matcher_always_holds.check,
    matcher_label_uncarried.check,
    matcher_value_misspelt.check,
    severity_not_routed.check,
    models_share_group.check,
    continue_without_effect.check,
    continue_false_is_default.check,
    repeat_too_long.check,
    label_reserved.check,
    matchers_deprecated.check,
    quantile_beyond_buckets.check,
    quantile_per_series.check,
    sli_without_rule.check,
)


ROUTE_CHECKS: Final[frozenset[RouteCheck]] = frozenset(
    (
        catch_all_without_team.check,
        continue_false_is_default.check,
        continue_without_effect.check,
        endpoint_shared.check,
        matcher_always_holds.check,
        matcher_takes_missing.check,
        matchers_deprecated.check,
        observer_hides_default.check,
        receiver_of_two_teams.check,
        receiver_unreached.check,
        receiver_without_integrations.check,
        repeat_too_long.check,
        route_dead.check,
        route_falls_to_default.check,
        route_loses_part.check,
        route_options_only.check,
        teams_file_receiver_unknown.check,
        template_can_fail.check,
        template_cannot_execute.check,
        template_file_invalid.check,
    )
)
"""Those of `CHECKS` that look at the routes alone."""

RouteFindings = Mapping[Check, tuple[Diagnostic, ...]]
"""What each of `ROUTE_CHECKS` finds."""


def route_findings(subject: RouteSubject) -> RouteFindings:
    """What is found of the routes, whatever rules there are."""
    return {check: tuple(check(subject)) for check in ROUTE_CHECKS}


def run_checks(subject: Subject, of_routes: RouteFindings) -> tuple[Diagnostic, ...]:
    """The findings of every check, in the order of `CHECKS`."""
    return tuple(
        found
        for check in CHECKS
        for found in (of_routes[check] if check in of_routes else check(subject))
    )


__all__ = [
    "CHECKS",
    "ROUTE_CHECKS",
    "Answered",
    "Check",
    "RouteFindings",
    "RouteSubject",
    "Subject",
    "TeamTimes",
    "route_findings",
    "run_checks",
]
